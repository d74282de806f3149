"""Say what became of the mutants: a table of the lessons, and every survivor that needs a stronger check or a reason."""

from __future__ import annotations

from itertools import groupby

from courseware.tables import text_table
from courseware.verify.mutants.excuses import FILE, Excuse, stale, unexplained
from courseware.verify.mutants.survivors import Outcome

HEAD = ("lesson", "exercises", "mutants", "refused", "listed", "unexplained")


def mutants_text(outcomes: list[Outcome], excuses: list[Excuse]) -> str:
    """Return the table and what is to be done, as text.

    >>> print(mutants_text([Outcome("01_line", "predict", 15, ["w * x -> w * x"])], []))
    lesson   exercises  mutants  refused  listed  unexplained
    ---------------------------------------------------------
    01_line          1       15       14       0            1
    <BLANKLINE>
    Accepted, though changed (strengthen the check, or list it with the reason in equivalent_mutants.toml):
      01_line predict: w * x -> w * x
    """
    open_ones, gone = unexplained(outcomes, excuses), stale(outcomes, excuses)
    rows: list[tuple[str, *tuple[int, ...]]] = []
    for lesson, group in groupby(sorted(outcomes, key=lambda o: o.lesson), key=lambda o: o.lesson):
        own = list(group)
        tried, accepted = sum(o.tried for o in own), sum(len(o.survivors) for o in own)
        left = sum(outcome.lesson == lesson for outcome, _ in open_ones)
        rows.append((lesson, len(own), tried, tried - accepted, accepted - left, left))
    if len(rows) > 1:
        rows.append(("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    text = [text_table(HEAD, rows, numbers=HEAD[1:])]
    if open_ones:
        text += ["", f"Accepted, though changed (strengthen the check, or list it with the reason in {FILE}):"]
        text += [f"  {outcome.lesson} {outcome.exercise}: {change}" for outcome, change in open_ones]
    if gone:
        text += ["", f"Listed in {FILE}, but no mutant like it is accepted any more (remove the entry):"]
        text += [f"  {excuse.lesson} {excuse.exercise}: {pattern}" for excuse, pattern in gone]
    return "\n".join(text)


def holds(outcomes: list[Outcome], excuses: list[Excuse]) -> bool:
    """Whether every survivor is listed and every entry still needed."""
    return not unexplained(outcomes, excuses) and not stale(outcomes, excuses)
