"""The check of a project, from the learner's notebook to the lines of its reply."""

from __future__ import annotations

from pathlib import Path

from courseware.errors import CourseError
from courseware.learner.copies import read_notebook
from courseware.projects.briefs import Brief
from courseware.projects.findings import Finding, judge, trials
from courseware.projects.parts import all_parts
from courseware.projects.sandbox import Limits, run_project
from courseware.projects.start import copy_of


def check_project(brief: Brief, notebook: Path | None = None, limits: Limits | None = None) -> list[Finding]:
    """Run a project's notebook (the learner's own copy, if no other is named) and judge it; the file is only read.

    Raises:
        CourseError: if there is no such notebook.
    """
    notebook = notebook or copy_of(brief)
    if not notebook.exists():
        raise CourseError(f"There is no {notebook}. `course project start {brief.name}` makes it.")
    read_notebook(notebook)  # raises where it is none
    parts = all_parts(brief.name)
    outcome = run_project(notebook, parts.x, parts.held_x, trials(brief, parts), limits or Limits())
    return list(judge(brief, parts, outcome))


def reply(brief: Brief, findings: list[Finding]) -> str:
    """The findings as lines, and what to do next."""
    lines = [f"{'✓' if each.holds else '✗'} {each.words}" for each in findings]
    if all(each.holds for each in findings):
        end = (
            "What a machine can see is in order. Now go through checklist.md, beside the notebook, with somebody else."
        )
    elif any(each.words.startswith("On the held-out") for each in findings):
        end = "The held-out part is worn out a little by each look at it: find the cause in your own rows, not by trying here."
    else:
        end = "Mend this and run the check again. The held-out score is told once everything before it is in order."
    return "\n".join([*lines, "", end])
