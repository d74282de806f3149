"""Imports run one way, those for type checkers and those inside functions included: the layers of the package."""

import ast
from pathlib import Path

import pytest

from courseware.course import PACKAGE

# From the bottom up: a part imports from its own layer and from those before it. "" is the package's __init__.py.
LAYERS = (
    {"", "errors", "old_names"},
    {
        "course",
        "files",
        "streams",
        "tables",
        "notebook",
        "timelimit",
        "progress",
        "data",
        "batches",
        "restart",
        "cells",
        "hosted",
        "processes",
    },
    {"repeatable", "margins", "shielded"},
    {"checking", "claims", "drawing", "explorables", "guess", "live"},
    {"checking_keras", "playground"},
    {"quiz"},
    {"lessons"},
    {"learner", "lesson"},
    {"verify", "authoring", "grading", "projects"},
    {"site"},
    {"cli"},
    {"__main__"},
)
LAYER = {part: number for number, parts in enumerate(LAYERS) for part in parts}
# within a layer: who may import whom, besides a part its own modules
ONE_WAY = {("verify", "authoring"), ("lesson", "learner"), ("progress", "course")}
NEVER_KERAS = (
    "quiz",
    "grading",
    "course",
    "progress",
    "errors",
    "files",
    "tables",
    "cli",
    "learner",
    "projects",
    "site",
)
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
NAMES = {".".join(["courseware", *path.with_suffix("").parts]).removesuffix(".__init__"): path for path in MODULES}


def imports(path: Path):
    """All modules that a file names in its imports, by their full names, each with the line."""
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: write the whole name of the module"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in NAMES else node.module, node.lineno


def part_of(path: Path) -> str:
    return "" if path == Path("__init__.py") else path.parts[0].removesuffix(".py")


def test_every_part_of_the_package_has_a_layer():
    assert {part_of(path) for path in MODULES} == LAYER.keys()


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path):
    here = part_of(path)
    for name, line in imports(path):
        if name.split(".")[0] != "courseware":
            continue
        there = name.split(".")[1] if "." in name else ""
        there = there if there in LAYER else ""  # e.g. courseware.open_lesson
        fine = LAYER[there] < LAYER[here] or there == here or (LAYER[there] == LAYER[here] and (here, there) in ONE_WAY)
        assert fine or here == "", f"{path}:{line} imports {name}, which is not below it"


@pytest.mark.parametrize("path", [path for path in MODULES if part_of(path) in NEVER_KERAS], ids=str)
def test_quizzes_grading_and_the_command_never_import_keras(path):
    for name, line in imports(path):
        assert name.split(".")[0] not in ("keras", "tensorflow", "torch", "jax"), f"{path}:{line} imports {name}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "lessons"], ids=str)
def test_a_lesson_takes_from_another_only_what_learners_see_it_take(path):
    for name, line in imports(path):
        if name.startswith("courseware.lessons.") and name.split(".")[2] != path.parts[1]:
            assert name.rpartition(".")[2] in ("models", "drawings"), f"{path}:{line} imports {name}"


def test_no_two_modules_import_one_another():
    wants = {name: {found for found, _ in imports(path) if found in NAMES} for name, path in NAMES.items()}
    order: dict[str, int] = {}

    def visit(name, above):
        assert name not in above, " imports ".join([*above[above.index(name) :], name])
        if name not in order:
            for other in wants[name] - {name}:
                visit(other, [*above, name])
            order[name] = len(order)

    for name in NAMES:
        visit(name, [])
