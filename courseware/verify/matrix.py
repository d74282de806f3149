"""`course verify matrix`: every solution under every setting, once each; what was run is kept, and not run again."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import platformdirs

from courseware import course
from courseware.course import LessonInfo
from courseware.files import write_whole
from courseware.verify.judging import EXERCISES, OUTPUTS, Finding, Row, judge
from courseware.verify.running import LIMITS, Limits, Run, run_notebook
from courseware.verify.settings import Setting
from courseware.verify.table import installed
from courseware.verify.workers import ProgressLine, run_all, workers

FOLDER = ".verify"
NOT_IN_LESSONS = (
    "verify",
    "grading",
    "authoring",
    "quiz",
    "cli",
    "learner",
)  # parts of the package that no claim rests on
OF_A_LESSON = "lessons"  # has a folder a lesson


@dataclass
class Claim:
    """One claim over all settings.

    Attributes:
        margins: by setting, how far from failing; None for what is exact.
        held: by setting, whether it held; without an entry it was not reached.
    """

    slug: str
    sentence: str
    margins: dict[str, float | None] = field(default_factory=dict)
    held: dict[str, bool] = field(default_factory=dict)

    @property
    def closest(self) -> tuple[float, str] | None:
        """The smallest margin and its setting, if there are margins at all."""
        return min(((margin, name) for name, margin in self.margins.items() if margin is not None), default=None)

    @property
    def room(self) -> float | None:
        """The smallest margin in units of how much it varied; None where it did not vary."""
        known = [margin for margin in self.margins.values() if margin is not None]
        spread = max(known) - min(known) if len(known) > 1 else 0.0
        return min(known) / spread if spread > 1e-6 else None


@dataclass
class Matrix:
    """All that was run.

    Attributes:
        rows: by setting and slug, the verdicts on one run; a claim's condition, execution and exercises decide.
        when: by setting and slug, the day of the run.
    """

    settings: list[Setting]
    infos: list[LessonInfo]
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    when: dict[tuple[str, str], str] = field(default_factory=dict)

    def flips(self) -> list[tuple[str, str]]:
        """Each setting and lesson in which something does not hold; other text on the screen alone is none."""
        failed = {
            (name, c.slug) for claims in self.claims.values() for c in claims for name in c.held if not c.held[name]
        }
        return [key for key, row in self.rows.items() if failures(row) or key in failed]

    def add(self, setting: Setting, info: LessonInfo, run: Run, day: str) -> None:
        """Enter one run."""
        key = setting.name, info.slug
        self.rows[key] = judge(info, [run], [], 0)
        self.when[key] = day
        known = self.claims.setdefault(info.slug, [])
        seen: dict[str, int] = {}
        for entry in run.claims:
            sentence, turn = entry["claim"], seen.get(entry["claim"], 0)
            seen[sentence] = turn + 1
            same = [claim for claim in known if claim.sentence == sentence]
            if turn >= len(same):
                same.append(Claim(info.slug, sentence))
                known.append(same[-1])
            same[turn].held[setting.name] = entry["held"]
            same[turn].margins[setting.name] = entry["margin"]


def failures(row: Row) -> list[Finding]:
    """What decides: an error, a claim that fails, an exercise's check. Other outputs may differ under a setting."""
    return [f for f in row.findings if f.failure and f.column != OUTPUTS and not _only_words(f)]


def _only_words(finding: Finding) -> bool:
    """Whether a check says the same verdict in other words, such as another measured figure."""
    if finding.column != EXERCISES or not finding.diff:
        return False
    marks = {line[:3] for line in finding.diff if line[:1] in "-+"}
    return marks == {"- ✓", "+ ✓"}


def run_matrix(
    infos: Sequence[LessonInfo],
    settings: Sequence[Setting],
    limits: Limits = LIMITS,
    jobs: int | None = None,
    rerun: bool = False,
) -> Matrix:
    """Run the solution of each of `infos` under each of `settings`, but those that stand in the folder already.

    Args:
        rerun: run everything anew.
    """
    matrix = Matrix(list(settings), list(infos))
    todo = []
    for setting in settings:
        for info in infos:
            if not setting.fits(info):
                continue
            stored = None if rerun else _read(setting, info)
            if stored:
                matrix.add(setting, info, *stored)
            else:
                todo.append((setting, info))
    progress = ProgressLine(len(todo))

    def work(job: tuple[Setting, LessonInfo]) -> Run:
        setting, info = job
        name = f"{setting.name} {info.slug}"
        run = run_notebook(
            info.solution, setting.environment, limits, lambda cell, cells: progress.update(name, cell, cells)
        )
        wrong = failures(judge(info, [run], [], 0))
        progress.end(name, f"{f'{wrong[0].where}: {wrong[0].text}' if wrong else 'holds'} ({run.seconds:.0f} s)")
        return run

    try:
        for (setting, info), run in run_all(todo, work, workers(jobs)):
            if not run.trouble:  # what pytest could not run may go well the next time
                _write(setting, info, run)
            matrix.add(setting, info, run, _today())
    finally:
        progress.close()
    return matrix


def _path(setting: Setting, info: LessonInfo) -> Path:
    place = platformdirs.user_cache_path("courseware", appauthor=False) if course.INSTALLED else course.ROOT
    return place / FOLDER / setting.name / f"{info.slug}.json"


def _read(setting: Setting, info: LessonInfo) -> tuple[Run, str] | None:
    """What an earlier run found, if everything that it rests on is still the same."""
    try:
        stored = json.loads(_path(setting, info).read_text(encoding="utf-8"))
        if stored["rests_on"] == rests_on(setting, info):
            return Run(**stored["run"]), stored["day"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _write(setting: Setting, info: LessonInfo, run: Run) -> None:
    stored = {"rests_on": rests_on(setting, info), "day": _today(), "run": run.as_dict()}
    write_whole(_path(setting, info), json.dumps(stored, ensure_ascii=False))


def rests_on(setting: Setting, info: LessonInfo) -> str:
    """A hash of all that a run depends on: notebook, the package's parts that it uses, versions, setting."""
    notebook = info.solution.read_bytes()
    parts = [notebook, json.dumps(setting.environment, sort_keys=True).encode(), repr(installed()).encode()]
    package = _package()
    used = {
        path for path in package if path.parts[0] != OF_A_LESSON or path.parts[1] in ("__init__.py", info.short_name)
    }
    found = _imports(_code(notebook)).union(*(_imports(package[path]) for path in used if path.suffix == ".py"))
    while more := {path for path in package if _module(path) in found} - used:
        used |= more
        found = found.union(*(_imports(package[path]) for path in more))
    return hashlib.sha256(b"\0".join([*parts, *(package[path] for path in sorted(used))])).hexdigest()


def _code(notebook: bytes) -> bytes:
    """The code of a notebook, as one program."""
    cells = json.loads(notebook).get("cells", [])
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code").encode()


def _imports(code: bytes) -> set[str]:
    """The modules that a program may import anywhere, by their full names; what it takes out of them counts as well.

    >>> sorted(_imports(b"import a.b\\nfrom c import d"))
    ['a.b', 'c', 'c.d']
    """
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _module(path: Path) -> str:
    """The full name of a module of the package; data files have one that nothing imports."""
    return ".".join(["courseware", *path.parent.parts, path.stem if path.suffix == ".py" else path.name])


@cache
def _package() -> dict[Path, bytes]:
    root = Path(__file__).resolve().parent.parent
    files = sorted(path.relative_to(root) for path in root.rglob("*") if path.suffix in (".py", ".txt"))
    return {path: (root / path).read_bytes() for path in files if path.parts[0] not in NOT_IN_LESSONS}


def _today() -> str:
    return f"{datetime.now():%Y-%m-%d}"
