"""The report's figures as SVG: no colour is needed to read them, and each says in words what it shows."""

from __future__ import annotations

from html import escape

import numpy as np

from courseware.grading.report.analysis import LessonAnalysis
from courseware.grading.statistics import Interval

_WIDTH, _LEFT, _ROW = 640, 44, 22


def histogram(lesson: LessonAnalysis, name: str) -> str:
    """How many learners reached how many points."""
    scores, out_of = np.round(lesson.scores, 9), int(np.ceil(lesson.answers.out_of))
    width = max(1, int(np.ceil(out_of / 20)))
    bins = int(np.ceil((out_of + 1) / width))
    counts = np.bincount((scores // width).astype(int), minlength=bins)[:bins]
    height, base, bar = 170, 130, (_WIDTH - _LEFT - 10) / bins
    top = max(counts.max(), 1)
    parts = [f'<line x1="{_LEFT}" y1="{base}" x2="{_WIDTH - 10}" y2="{base}" class="axis"/>']
    spoken = []
    for number, count in enumerate(counts.tolist()):
        first, last = number * width, min((number + 1) * width - 1, out_of)
        label = f"{first}" if first == last else f"{first}–{last}"
        x, tall = _LEFT + number * bar, 105 * count / top
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{base - tall:.1f}" width="{bar - 2:.1f}" height="{tall:.1f}" class="bar"/>'
        )
        if count:
            parts.append(_text(x + bar / 2, base - tall - 4, f"{count:,}", "middle"))
            spoken.append(f"{label} points: {count}")
        if bins <= 24 or not number % 2:
            parts.append(_text(x + bar / 2, base + 15, label, "middle"))
    parts.append(_text((_LEFT + _WIDTH) / 2, base + 33, f"points, of {out_of} (rounded down)", "middle"))
    title = f"Learners by points, {lesson.answers.quiz.lesson}"
    return _svg(name, height, title, "; ".join(spoken) + ".", parts)


def intervals(lesson: LessonAnalysis, name: str) -> str:
    """Difficulty and discrimination of each question, with their intervals, side by side."""
    rows = lesson.questions
    height = 46 + _ROW * len(rows)
    share = _Scale(_LEFT + 10, 300, 0, 1)
    r = _Scale(370, _WIDTH - 15, -1, 1)
    parts = [
        _text(share.at(0.5), 14, "share of points earned", "middle"),
        _text(r.at(0), 14, "discrimination", "middle"),
    ]
    for scale, marks in ((share, (0, 0.5, 1)), (r, (-1, 0, 1))):
        for mark in marks:
            x, kind = scale.at(mark), "zero" if scale is r and mark == 0 else "grid"
            parts.append(f'<line x1="{x:.1f}" y1="36" x2="{x:.1f}" y2="{height - 6}" class="{kind}"/>')
            parts.append(
                _text(x, 31, f"{100 * mark:g} %" if scale is share else f"{mark:g}".replace("-", "−"), "middle")
            )
    spoken = []
    for number, row in enumerate(rows, 1):
        y = 30 + _ROW * number
        parts.append(_text(_LEFT - 8, y + 4, str(number), "end"))
        parts += _dot(share, row.difficulty, y) + _dot(r, row.discrimination, y)
        said = "cannot be said" if np.isnan(row.discrimination.value) else f"{row.discrimination.value:.2f}"
        spoken.append(f"Question {number}: {row.difficulty.value:.0%} of points, discrimination {said}")
    title = f"Difficulty and discrimination of each question, {lesson.answers.quiz.lesson}"
    return _svg(name, height, title, ". ".join(spoken) + ".", parts)


class _Scale:
    """Places values from `low` to `high` between two positions in the figure."""

    def __init__(self, left: float, right: float, low: float, high: float):
        self.left, self.right, self.low, self.high = left, right, low, high

    def at(self, value: float) -> float:
        return self.left + (self.right - self.left) * (value - self.low) / (self.high - self.low)


def _dot(scale: _Scale, interval: Interval, y: float) -> list[str]:
    if np.isnan(interval.value):
        return []
    parts = [f'<circle cx="{scale.at(interval.value):.1f}" cy="{y}" r="4" class="dot"/>']
    if not np.isnan(interval.low):
        low, high = scale.at(interval.low), scale.at(interval.high)
        parts.insert(0, f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}" class="whisker"/>')
    return parts


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(name: str, height: float, title: str, description: str, parts: list[str]) -> str:
    return (
        f'<svg role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {_WIDTH} {height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
