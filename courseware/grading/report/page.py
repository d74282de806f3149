"""The report as one HTML page: read offline, on paper or by a screen reader; every text from outside is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from courseware.grading.copies import Likeness
from courseware.grading.problems import count
from courseware.grading.report.analysis import FEW, SMALL, LessonAnalysis, MisconceptionCount
from courseware.grading.report.findings import findings
from courseware.grading.report.gains import LessonGain, gains_html
from courseware.grading.report.lesson import lesson_html
from courseware.grading.report.markup import POLICY, line, share, title_of
from courseware.grading.statistics import REPLICATES, group_share
from courseware.grading.written import PAGE
from courseware.quiz.model import Misconception

_MOST_MISCONCEPTIONS = 20


def page(
    lessons: Sequence[LessonAnalysis],
    misconceptions: Sequence[MisconceptionCount],
    known: Mapping[str, Misconception],
    sources: Sequence[str],
    attempt: str,
    left_out: int,
    alike: Sequence[Likeness] = (),
    names: bool = False,
    gains: Sequence[LessonGain] = (),
) -> str:
    """The whole report.

    Args:
        lessons: one analysis a quiz.
        misconceptions: what learners showed, in the order to be shown.
        known: titles and explanations of misconceptions, by key.
        sources: the names of the files that the answers came from.
        attempt: which attempt of each learner counts: first, last, best or all.
        left_out: how many rows or files could not be graded or read.
        alike: hand-ins that are more alike than chance makes them.
        names: whether learners, and their files, may be named on the page.
        gains: what was gained since a pre-test.
    """
    learners = {name for lesson in lessons for name in lesson.answers.keys}
    parts = [
        f"<h1>Class report: {count(len(learners), 'learner')}, {count(len(lessons), 'quiz', 'quizzes')}</h1>",
        f"<p>{_what_counts(lessons, sources if names else (), len(sources), attempt, left_out)}</p>",
        gains_html(gains),
        "<h2>What to do first</h2>",
        _to_do(lessons, misconceptions, known),
        _contents(lessons, bool(alike), bool(gains)),
        _misconceptions(misconceptions, known),
        *(lesson_html(lesson, at, known) for at, lesson in enumerate(lessons, 1)),
        _alike(alike, names),
        _method(lessons),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{PAGE}{POLICY}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Class report</title><style>{_beside('page.css')}</style></head>\n<body><main>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def _what_counts(
    lessons: Sequence[LessonAnalysis], sources: Sequence[str], files: int, attempt: str, left_out: int
) -> str:
    repeats = sum(lesson.answers.repeats for lesson in lessons)
    shown = ", ".join(escape(name) for name in sources[:6]) + (f" and {len(sources) - 6} more" if sources[6:] else "")
    words = [f"From {count(files, 'file')}{f': {shown}' if shown else ''}."]
    if attempt == "all":
        words.append("All attempts count, so a learner may stand here several times.")
    else:
        words.append(f"Each learner’s {attempt} attempt counts.")
        if repeats:
            other = "later" if attempt == "first" else "other"
            words.append(f"{count(repeats, f'{other} attempt is', f'{other} attempts are')} left out.")
    words.append(
        "A question that was left unanswered, or that could not be read, counts as wrong (0 points), as in the grades."
    )
    if left_out:
        words.append(
            f"<strong>{count(left_out, 'row or file is', 'rows or files are')} not in here</strong>: not read, or not graded."
        )
    return " ".join(words)


def _to_do(
    lessons: Sequence[LessonAnalysis], misconceptions: Sequence[MisconceptionCount], known: Mapping[str, Misconception]
) -> str:
    items = []
    for at, lesson in enumerate(lessons, 1):
        for place, question in enumerate(lesson.questions, 1):
            urgent = [finding for finding in findings(question) if finding.urgent]
            if urgent:
                link = f'<a href="#q{at}-{place}">{escape(lesson.answers.quiz.lesson)}, question {place} ({escape(question.question.id)})</a>'
                items.append(f"<li>Repair {link}: {line(urgent[0].what)}</li>")
    for each in misconceptions[:3]:
        items.append(
            f'<li>Talk about <a href="#misconceptions">“{title_of(each.key, known)}”</a>, '
            f"which {each.showed:,} of {each.met:,} learners showed.</li>"
        )
    if all(lesson.learners < FEW for lesson in lessons):
        items.append(
            f"<li>With fewer than {FEW} learners, this report says nothing about the quality of questions.</li>"
        )
    return f"<ul>{''.join(items)}</ul>" if items else "<p>Nothing stands out.</p>"


def _contents(lessons: Sequence[LessonAnalysis], alike: bool, gains: bool) -> str:
    links = ['<a href="#gains">From the pre-test to the post-test</a>'] if gains else []
    links.append('<a href="#misconceptions">Misconceptions</a>')
    links += [f'<a href="#lesson{at}">{escape(each.answers.quiz.lesson)}</a>' for at, each in enumerate(lessons, 1)]
    if alike:
        links.append('<a href="#alike">Hand-ins that are alike</a>')
    links.append('<a href="#method">How the numbers are made</a>')
    return f'<nav aria-label="Contents">In this report: {", ".join(links)}.</nav>'


def _misconceptions(counts: Sequence[MisconceptionCount], known: Mapping[str, Misconception]) -> str:
    parts = ['<h2 id="misconceptions">Misconceptions</h2>']
    if not counts:
        return "\n".join([*parts, "<p>No answer showed one that the quizzes know.</p>"])
    rows = []
    for place, each in enumerate(counts[:_MOST_MISCONCEPTIONS], 1):
        entry = known.get(each.key)
        title = title_of(each.key, known)
        explanation = f"<br>{line(entry.explanation)}" if entry else ""
        rows.append(
            f'<tr><td class="n">{place}</td><td><strong>{title}</strong>{explanation}'
            f'<br><span class="small">{escape(each.key)}, in {escape(", ".join(each.lessons))}</span></td>'
            f'<td class="n">{each.showed:,} of {each.met:,}</td><td class="n">{share(each.showed / each.met)}</td>'
            f'<td class="n">{each.questions:,}</td><td class="n">{share(each.rate)}</td></tr>'
        )
    more = len(counts) - _MOST_MISCONCEPTIONS
    parts.append(
        "<p>How many learners showed it, of those who answered a question in which it can show; in how many questions "
        "it can; and how many of the answers to these show it, which ranks. What is true instead stands under each "
        "title.</p>"
        '<table><thead><tr><th scope="col" class="n">Rank</th><th scope="col">Misconception</th>'
        '<th scope="col" class="n">Showed it</th><th scope="col" class="n">Share</th>'
        '<th scope="col" class="n">Questions</th><th scope="col" class="n">Of answers</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
    if more > 0:
        parts.append(f"<p>{count(more, 'rarer one is', 'rarer ones are')} not listed.</p>")
    return "\n".join(parts)


def _alike(alike: Sequence[Likeness], names: bool) -> str:
    if not alike:
        return ""
    rows = "".join(
        f"<li>{escape(str(each) if names else f'{len(each.learners)} hand-ins: {each.what}')}.</li>" for each in alike
    )
    where = "" if names else " Whose they are, the command has listed among the problems."
    return (
        '<h2 id="alike">Hand-ins that are alike</h2><p>More alike than chance makes them, which may have several reasons: '
        f"a copied file, a name that is written in two ways, learning together. Ask before you conclude anything.{where}</p>"
        f"<ul>{rows}</ul>"
    )


def _method(lessons: Sequence[LessonAnalysis]) -> str:
    shares = sorted({group_share(lesson.learners) for lesson in lessons})
    groups = " or ".join("27 % at either end" if part < 0.3 else "thirds" for part in shares)
    text = _beside("method.html").rstrip("\n")
    return text.format(groups=groups, replicates=REPLICATES, few=FEW, small=SMALL)


def _beside(name: str) -> str:
    """The text of a file beside this module."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
