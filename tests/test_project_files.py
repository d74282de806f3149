"""What README, CONTRIBUTING and the files for a hosting service say is so."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from courseware import course, progress
from courseware.cli import learner
from courseware.learner import copies

ROOT = course.ROOT
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def house(text):
    """The paths of the first block that lists folders: a folder's contents are indented by two below it."""
    block = next(block for block in re.findall(r"```\n(.*?)```", text, flags=re.DOTALL) if "courseware/ " in block)
    above = ""
    for line in block.splitlines():
        name = line.split()[0]
        if not line.startswith(" "):
            above = name if name == "courseware/" else ""
        yield above + name if line.startswith(" ") else name


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_what_the_page_shows_is_there(page):
    paths = list(house((ROOT / page).read_text(encoding="utf-8")))
    assert len(paths) >= 8 and [path for path in paths if not (ROOT / path).exists()] == []


def test_the_pages_name_targets_of_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md", ".github/workflows/checks.yml", ".ci/run"):
        named = set(re.findall(r"^(?:      - run: )?make ([a-z-]+)", (ROOT / page).read_text(), flags=re.MULTILINE))
        assert named and named <= targets, page


def test_the_workflow_runs_the_pythons_of_the_package():
    jobs = YAML(typ="safe").load((ROOT / ".github/workflows/checks.yml").read_text())["jobs"]
    assert jobs["quick"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert jobs["full"]["env"] == {"COURSEWARE_NO_SKIPS": "1"}


def test_the_container_is_made_as_everything_else_is():
    """The Dockerfile's steps are those of the README, from the same lists, with a Python that the package takes."""
    lines = re.sub(r"\\\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]

    def of(kind):
        return [rest for name, rest in steps if name == kind]

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    installs = [step.replace("--no-cache-dir ", "") for step in of("RUN") if step.startswith("pip ")]
    assert len(installs) == 2 and "\n".join(installs) in readme
    [image], environment = of("FROM"), YAML(typ="safe").load((ROOT / "environment.yml").read_text())
    assert f"python={image.removeprefix('python:').removesuffix('-slim')}" in environment["dependencies"]
    for copied in of("COPY"):
        assert all((ROOT / name).exists() for name in copied.split()[:-1])
    assert "USER learner" in lines and lines.index("USER learner") > lines.index(f"RUN {installs[1]}")

    program, *arguments = json.loads(of("CMD")[0])
    assert program == "course" and arguments[0] == "lab"
    given = learner.lab.make_context("lab", arguments[1:]).params
    assert given["ip"] == "0.0.0.0" and str(given["port"]) == of("EXPOSE")[0]
    kept = dict(pair.split("=") for pair in of("ENV")[0].split())
    assert {copies.FOLDER_VARIABLE, progress.FOLDER_VARIABLE} == set(kept)
    assert all(folder.startswith(of("VOLUME")[0] + "/") for folder in kept.values())


def test_what_git_leaves_out_the_container_leaves_out():
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()}
    left_out = {line.removeprefix("**/") for line in (ROOT / ".dockerignore").read_text().split()}
    assert ignored | {".git"} == left_out


def test_learners_get_no_package_under_the_gpl():
    """As the installed packages say themselves; the marked ones are for other systems or Pythons."""
    looked_at = 0
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if not re.match(r"[a-zA-Z]", line):
            continue
        package = Requirement(line.removesuffix("\\"))
        if package.marker and not package.marker.evaluate():
            continue
        about = importlib.metadata.metadata(package.name)
        classifiers = [each for each in about.get_all("Classifier") or [] if each.startswith("License ::")]
        said = [about.get("License-Expression"), (about.get("License") or "").split("\n")[0], *classifiers]
        if not any(said):  # then its licence file tells, by its first words
            files = [each for each in importlib.metadata.files(package.name) or [] if each.name == "LICENSE"]
            said = [each.read_text()[:200] for each in files]
        assert any(said), package.name
        assert not re.search(r"GPL|GNU|SSPL|Commons Clause|proprietary", " ".join(filter(None, said)), re.I), (
            package.name
        )
        looked_at += 1
    assert looked_at > 100


def test_the_version_is_the_same_everywhere():
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text())
    assert str(citation["version"]) == VERSION
    assert f"\n## {VERSION}\n" in (ROOT / "CHANGELOG.md").read_text()


def test_a_skipped_test_fails_where_skips_are_forbidden(tmp_path):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(
        """import pytest

@pytest.mark.skip(reason="no Chromium is installed")
def test_page(): ...

@pytest.mark.skip(reason="only Linux can")
def test_linux(): ...

def test_midway():
    pytest.skip("no Node")
"""
    )
    (tmp_path / "test_other.py").write_text("import pytest\npytest.importorskip('no_such_package')\n")
    command = [sys.executable, "-m", "pytest", "-q", "--continue-on-collection-errors", "-p", "no:cacheprovider"]
    for variable, code, words in [
        ({}, 0, "4 skipped"),
        ({"COURSEWARE_NO_SKIPS": "1"}, 1, "1 failed, 1 skipped, 2 errors"),
    ]:
        environment = {"PATH": "", **variable}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, words in done.stdout) == (code, True), done.stdout + done.stderr
    assert "skipped, which COURSEWARE_NO_SKIPS forbids: Skipped: no Chromium is installed" in done.stdout


@pytest.mark.skipif(shutil.which("sh") is None, reason="only systems with sh have make test")
def test_what_is_left_out_without_browser_and_node_is_said(tmp_path):
    copy, tools = tmp_path / "course", tmp_path / "bin"
    (copy / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "test-tools", copy / "scripts")
    tools.mkdir()
    (tools / "dirname").symlink_to(shutil.which("dirname"))
    (tools / "id").write_text(f"#!{shutil.which('sh')}\necho 1000\n")
    (tools / "id").chmod(0o755)

    def said():
        command = [shutil.which("sh"), str(copy / "scripts" / "test-tools")]
        return subprocess.run(command, env={"PATH": str(tools)}, capture_output=True, text=True, check=True).stdout

    first, second, third = said().splitlines()
    assert "tests in a browser" in first and "sudo apt install chromium" in first
    assert "exported GIFT" in second and "npm ci --prefix tests/quiz/gift_reader" in second
    assert "web site" in third and "npm ci --prefix tests/site/axe" in third
    for tool in ("google-chrome", "node"):
        (tools / tool).symlink_to(shutil.which("true"))
    for place in ("quiz/gift_reader", "site/axe"):
        (copy / "tests" / place / "node_modules").mkdir(parents=True)
    assert said() == ""
