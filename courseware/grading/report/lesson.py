"""One quiz of the report as HTML: the class, the questions at a glance, and each question with what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from courseware.grading.problems import count
from courseware.grading.report import figures
from courseware.grading.report.analysis import FEW, SMALL, LessonAnalysis, QuestionAnalysis
from courseware.grading.report.findings import Finding, findings
from courseware.grading.report.markup import CANNOT, between, line, number, prompt_html, share, title_of
from courseware.grading.statistics import Interval
from courseware.quiz.model import Misconception


def lesson_html(lesson: LessonAnalysis, at: int, known: Mapping[str, Misconception]) -> str:
    """The section of a quiz, the number `at` (from 1) on the page."""
    quiz, statistics, scores = lesson.answers.quiz, lesson.statistics, lesson.scores
    out_of = lesson.answers.out_of
    name = "KR-20" if lesson.dichotomous else "Cronbach’s alpha"
    few = lesson.learners < FEW
    alpha = Interval(float("nan")) if few else statistics.alpha
    quartiles = np.percentile(scores, [25, 50, 75])
    rows = [
        ("Learners" if not lesson.answers.repeats else "Learners (one attempt each)", f"{lesson.learners:,}", ""),
        (
            f"Mean, of {out_of:g} point{'' if out_of == 1 else 's'}",
            number(statistics.mean.value),
            between(statistics.mean),
        ),
        ("Lower quartile, median, upper quartile", ", ".join(f"{q:.3g}" for q in quartiles), ""),
        (f"Reliability ({name})", number(alpha.value), between(alpha)),
    ]
    table = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td class="n">{value}</td><td class="n">{ends}</td></tr>'
        for label, value, ends in rows
    )
    parts = [
        f'<h2 id="lesson{at}">{escape(quiz.lesson)}: {line(quiz.title)}</h2>',
        _size_warning(lesson),
        f'<table><caption>The class</caption><thead><tr><td></td><th scope="col" class="n">Value</th>'
        f'<th scope="col" class="n">95 % interval</th></tr></thead><tbody>{table}</tbody></table>',
        figures.histogram(lesson, f"h{at}"),
        _overview(lesson, at),
        "" if few else figures.intervals(lesson, f"i{at}"),
        ""
        if few
        else '<p class="small">A dot is what this class gave, the line its 95 % interval. Left: the further to the right, the '
        "easier. Right: above 0, learners who do well on the other questions do better on this one.</p>",
    ]
    if lesson.answers.absent:
        absent = ", ".join(escape(name) for name in lesson.answers.absent)
        parts.append(f'<p class="note">No file has answers to: {absent}. These questions are left out.</p>')
    if lesson.answers.quiz.pools:
        parts.append(
            '<p class="note">Of pools each learner was asked other questions. What is said of a question is about those who '
            "were asked it, and how reliable the whole is cannot be said.</p>"
        )
    if lesson.answers.adjusted:
        decided = "".join(f"<li>{escape(name)}: {escape(words)}</li>" for name, words in lesson.answers.adjusted)
        parts.append(f'<div class="note">Decided in adjustments.yaml, and counted so here:<ul>{decided}</ul></div>')
    parts += [_question(question, at, place, known) for place, question in enumerate(lesson.questions, 1)]
    return "\n".join(parts)


def _size_warning(lesson: LessonAnalysis) -> str:
    if lesson.learners < FEW:
        words = (
            f"{count(lesson.learners, 'learner is', 'learners are')} too few to say anything about the questions. What they "
            "chose is listed, nothing is concluded from it."
        )
    elif lesson.learners < SMALL:
        words = f"A class of {lesson.learners} is small: read the intervals, not the numbers alone."
    else:
        return ""
    return f'<p class="note">{words}</p>'


def _overview(lesson: LessonAnalysis, at: int) -> str:
    timed = any(question.seconds for question in lesson.questions)
    rows = []
    for place, question in enumerate(lesson.questions, 1):
        found = findings(question)
        mark = "repair" if any(finding.urgent for finding in found) else "look at it" if found else ""
        time = f'<td class="n">{f"{question.seconds[1]:.0f} s" if question.seconds else CANNOT}</td>' if timed else ""
        rows.append(
            f'<tr><td class="n">{place}</td><th scope="row"><a href="#q{at}-{place}">{escape(question.question.id)}</a></th>'
            f'<td class="n">{share(question.difficulty.value)}</td><td class="n">{number(question.discrimination.value)}</td>'
            f'{time}<td class="{"urgent" if mark == "repair" else ""}">{mark}</td></tr>'
        )
    return (
        '<table><caption>The questions</caption><thead><tr><th scope="col" class="n">No.</th><th scope="col">Question</th>'
        '<th scope="col" class="n">Points earned</th><th scope="col" class="n">Discrimination</th>'
        + ('<th scope="col" class="n">Median time</th>' if timed else "")
        + f'<th scope="col">To do</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _question(analysis: QuestionAnalysis, at: int, place: int, known: Mapping[str, Misconception]) -> str:
    question = analysis.question
    facts = [
        f"Points earned: {share(analysis.difficulty.value)} ({between(analysis.difficulty, share)}).",
        f"Discrimination: {number(analysis.discrimination.value)}"
        + ("" if np.isnan(analysis.discrimination.value) else f" ({between(analysis.discrimination)})")
        + ".",
    ]
    if analysis.seconds:
        low, middle, high = analysis.seconds
        facts.append(f"Time: median {middle:.0f} s (half of the learners between {low:.0f} and {high:.0f} s).")
    prompt = prompt_html(question.prompt)
    if question.kind == "output":
        prompt += f"<pre>{escape(question.code)}</pre>"
    if question.parameters:
        prompt += "<p>(Names in braces stand for numbers that each learner draws.)</p>"
    return "\n".join([
        f'<h3 id="q{at}-{place}">{place}. {escape(question.id)}</h3>',
        f'<div class="prompt">{prompt}</div>',
        *(_finding(finding) for finding in findings(analysis)),
        f"<p>{' '.join(facts)}</p>",
        _choices(analysis, known),
        _others(analysis),
    ])  # fmt: skip


def _finding(finding: Finding) -> str:
    kind = "Repair" if finding.urgent else "Look at it"
    return f'<p class="note finding"><strong>{kind}:</strong> {line(finding.what)} {line(finding.advice)}</p>'


def _others(analysis: QuestionAnalysis) -> str:
    """What was answered beside what the question knows."""
    if not analysis.others:
        return ""
    rows = "".join(
        f'<tr><td class="typed">{escape(text)}</td><td class="n">{number:,}</td></tr>'
        for text, number in analysis.others
    )
    return (
        '<table class="others"><caption>The most frequent of the other wrong answers. Is one of them right?</caption>'
        f'<thead><tr><th scope="col">Answer</th><th scope="col" class="n">Learners</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _choices(analysis: QuestionAnalysis, known: Mapping[str, Misconception]) -> str:
    sizes = analysis.group_sizes
    heads = ""
    if sizes:
        heads = "".join(
            f'<th scope="col" class="n">{name}<br>({size:,})</th>'
            for name, size in zip(("Lower", "Middle", "Upper"), sizes, strict=True)
        )
    rows = []
    for choice in analysis.choices:
        shares = ""
        if sizes:
            shares = "".join(
                f'<td class="n">{share(part) if size else CANNOT}</td>'
                for part, size in zip(choice.by_group, sizes, strict=True)
            )
        mark = " <strong>(right)</strong>" if choice.right else ""
        rows.append(
            f'<tr{" class=right" if choice.right else ""}><th scope="row">{line(choice.text)}{mark}</th>'
            f'<td class="n">{choice.count:,}</td><td class="n">{share(choice.count / analysis.learners)}</td>{shares}'
            f'<td class="small">{title_of(choice.misconception, known)}</td></tr>'
        )
    several = " Several may be ticked." if analysis.question.kind in ("multiple", "matching") else ""
    return (
        f"<table class='choices'><caption>What learners chose, by their points on the other questions.{several}</caption>"
        '<thead><tr><th scope="col">Answer</th><th scope="col" class="n">Learners</th><th scope="col" class="n">Share</th>'
        f'{heads}<th scope="col">Misconception</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
