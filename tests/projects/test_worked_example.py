"""The worked example passes the check of its project, as it stands."""

from courseware.course import ROOT
from courseware.projects.briefs import find
from courseware.projects.check import check_project, reply


def test_the_worked_example_passes():
    findings = check_project(find("tumours"), ROOT / "projects" / "worked" / "tumours.ipynb")
    assert all(each.holds for each in findings), reply(find("tumours"), findings)
