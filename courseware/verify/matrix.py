"""`course verify matrix`: every solution under every setting, once each; what was run is kept, and not run again."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import mean, stdev

import platformdirs

from courseware import course
from courseware.course import LessonInfo
from courseware.files import write_whole
from courseware.verify.judging import EXERCISES, OUTPUTS, Finding, Row, judge
from courseware.verify.running import LIMITS, CellBegun, Limits, Run, run_notebook
from courseware.verify.settings import Setting, installed
from courseware.verify.workers import run_all, workers

FOLDER = ".verify"
# parts of the package that no claim rests on
NOT_IN_LESSONS = ("verify", "grading", "authoring", "quiz", "cli", "learner")
LESSON_NAMED = re.compile(rb"\bcourseware\.lessons\.(\w+)")
TO_TAKE = (
    "models.py",
    "drawings.py",
)  # what one lesson may take from another; a test of the package's imports holds it


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
    def mean_and_spread(self) -> tuple[float, float] | None:
        """Mean and standard deviation (of a sample) of the margins; None where there are not two, or none varies."""
        known = [margin for margin in self.margins.values() if margin is not None]
        spread = stdev(known) if len(known) > 1 else 0.0
        return (mean(known), spread) if spread > 1e-6 else None

    @property
    def steadiness(self) -> float | None:
        """The mean margin in units of its spread: below 4 the claim is fragile."""
        found = self.mean_and_spread
        return found[0] / found[1] if found else None


@dataclass
class Matrix:
    """All that was run.

    Attributes:
        rows: by setting and slug, the verdicts on one run; a claim's condition, execution and exercises decide.
        claims: by slug, then by sentence and how often the lesson has made it before.
        days: those on which something was run.
    """

    settings: list[Setting]
    infos: list[LessonInfo]
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    claims: dict[str, dict[tuple[str, int], Claim]] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)

    def flips(self) -> list[tuple[str, str]]:
        """Each setting and lesson in which something does not hold; other text on the screen alone is none."""
        failed = {(name, c.slug) for c in self.all_claims() for name in c.held if not c.held[name]}
        return [key for key, row in self.rows.items() if failures(row) or key in failed]

    def all_claims(self) -> list[Claim]:
        return [claim for of_lesson in self.claims.values() for claim in of_lesson.values()]

    def add(self, setting: Setting, info: LessonInfo, run: Run, day: str) -> None:
        """Enter one run."""
        self.rows[setting.name, info.slug] = judge(info, [run], [], 0)
        self.days.add(day)
        known = self.claims.setdefault(info.slug, {})
        seen: Counter[str] = Counter()
        for entry in run.claims:
            sentence = entry["claim"]
            claim = known.setdefault((sentence, seen[sentence]), Claim(info.slug, sentence))
            claim.held[setting.name], claim.margins[setting.name] = entry["held"], entry["margin"]
            seen[sentence] += 1


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
    todo = {}
    for setting in settings:
        for info in infos:
            if not setting.fits(info):
                continue
            stored = None if rerun else _read(setting, info)
            if stored:
                matrix.add(setting, info, *stored)
            else:
                todo[f"{setting.name} {info.slug}"] = setting, info

    def work(job: tuple[Setting, LessonInfo], begun: CellBegun) -> Run:
        setting, info = job
        return run_notebook(info.solution, setting.environment, limits, begun)

    def in_words(job: tuple[Setting, LessonInfo], run: Run) -> str:
        wrong = failures(judge(job[1], [run], [], 0))
        return f"{f'{wrong[0].where}: {wrong[0].text}' if wrong else 'holds'} ({run.seconds:.0f} s)"

    for (setting, info), run in run_all(todo, work, in_words, workers(jobs)):
        if not run.trouble:  # what pytest could not run may go well the next time
            _write(setting, info, run)
        matrix.add(setting, info, run, _today())
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
    stored = {"rests_on": rests_on(setting, info), "day": _today(), "run": asdict(run)}
    write_whole(_path(setting, info), json.dumps(stored, ensure_ascii=False))


def rests_on(setting: Setting, info: LessonInfo) -> str:
    """A hash of all that a run depends on: notebook, the package's parts that it uses, versions, setting."""
    notebook, package = info.solution.read_bytes(), _package()
    parts = [notebook, json.dumps(setting.environment, sort_keys=True).encode(), repr(installed()).encode()]
    of_lessons = {path for path in package if path.match("lessons/*/*")}
    own = {path for path in of_lessons if path.parts[1] == info.short_name}
    taken: set[Path] = set()
    texts = [notebook, *(package[path] for path in own)]
    while texts:
        names = {name.decode() for name in LESSON_NAMED.findall(texts.pop())}
        more = {path for path in of_lessons if path.parts[1] in names and path.name in TO_TAKE} - own - taken
        taken |= more
        texts += [package[path] for path in more]
    used = sorted(package.keys() - of_lessons | own | taken)
    return hashlib.sha256(b"\0".join([*parts, *(package[path] for path in used)])).hexdigest()


@cache
def _package() -> dict[Path, bytes]:
    root = Path(__file__).resolve().parent.parent
    files = sorted(path.relative_to(root) for path in root.rglob("*") if path.suffix in (".py", ".txt"))
    return {path: (root / path).read_bytes() for path in files if path.parts[0] not in NOT_IN_LESSONS}


def _today() -> str:
    return f"{datetime.now():%Y-%m-%d}"
