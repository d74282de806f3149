"""Find what the loader of quizzes lets pass: tells, overlaps, questions without a place in the lesson."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from courseware.course import LessonInfo, ready_lessons
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError, load_to_ask
from courseware.quiz.maths import parsed
from courseware.quiz.model import Quiz
from courseware.quiz.questions import (
    ChoiceQuestion,
    MatchingQuestion,
    NumberQuestion,
    OpenQuestion,
    OrderingQuestion,
    Question,
    SingleChoice,
)
from courseware.quiz.questions.entries import Entry
from courseware.quiz.questions.spelling import normal_text
from courseware.quiz.yamlfile import as_seen

ABOUT_OTHERS = re.compile(
    r"\b(all|none|both|neither|any) of (the )?(above|these|them|others?)\b|\bboth a and b\b", re.IGNORECASE
)
# A student copy makes a name of each id. Nobody can read it back, but anybody can try whether it is that of `right`.
TELLING = re.compile(
    r"(the-)?(right|wrong|correct|incorrect|answer|solution|distractor)(-(one|answer|option|[0-9a-z]))*"
)
NO_PROSE = {"parameters", "verify", "cites", "code", "answer", "answers", "known_wrong"}
BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
PICTURE = re.compile(r"!\[[^\]]*\][(\[]")
MOST_TELLING = 0.4  # share of single choice questions whose key may be the longest (or the shortest) option
FEW = 5  # fewer single choice questions than these tell nothing about habits


def quiz_problems(path: Path, headings: Iterable[str] | None = None, *, private: bool = False) -> list[str]:
    """The faults of one quiz file, a line each, with file, line, and what to do.

    Args:
        path: the quiz file.
        headings: the lesson's section headings; without them, sections are not looked up.
        private: whether it may be an exam, whose questions come in any order and which is handed out without its key.
    """
    try:
        quiz = load_to_ask(path)
    except QuizError as error:
        return error.problems
    if not quiz.keyed:
        return []
    text = path.read_text(encoding="utf-8-sig")
    found = [
        *_questions(quiz),
        *_braces(quiz),
        *_habits(quiz),
        *_forms(quiz),
        *(_telling_names(quiz) if private else ()),
    ]
    if headings is not None:
        found += _sections(quiz, list(headings), in_order=not private)
    return [
        as_seen(f"{path}:{_line(text, name)}: {f'question `{name}`: ' if name else ''}{problem}")
        for name, problem in found
    ]


def folder_problems(folder: Path) -> list[str]:
    """The faults of all quizzes in a folder; sections are looked up in the lesson that a quiz is named after.

    In a private bank the questions may come in any order.

    Raises:
        QuizError: if the folder is not there or has no quizzes.
    """
    found = []
    for path in Quizzes(folder).files:
        lesson = next((info for info in ready_lessons() if info.slug == path.stem), None)
        found += quiz_problems(
            path,
            _headings(lesson) if lesson else None,
            private=lesson is None or path.resolve() != lesson.quiz.resolve(),
        )
    return found


def _headings(lesson: LessonInfo) -> list[str]:
    """The sections of a lesson as it is shipped: an installed course has no sources."""
    cells = json.loads(lesson.lesson.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"^## (.+?)\s*$", text, re.MULTILINE)


def _line(text: str, question: str | None) -> int:
    found = question and re.search(rf"^ *-? *id: *[\"']?{re.escape(question)}[\"']?\s*(#.*)?$", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _questions(quiz: Quiz) -> Iterator[tuple[str, str]]:
    for question in quiz.drawn("lint").questions:
        name = question.id
        options = question.options if isinstance(question, ChoiceQuestion) else ()
        items = question.items if isinstance(question, OrderingQuestion) else options
        for option in options:
            if ABOUT_OTHERS.search(option.text):
                yield name, f"option `{option.id}` speaks of the other options; say what it means by itself"
        if any(PICTURE.search(said) for said in (question.prompt, *(entry.text for entry in items))):
            yield name, "holds a picture, and pictures are not shown; say it in words or in signs"
        texts = [(entry.id, entry.text) for entry in (*items, *_choices(question))]
        for (one, first), (other, second) in combinations(texts, 2):
            if normal_text(first) == normal_text(second):
                yield name, f"`{one}` and `{other}` say the same but for case and signs; change one"
        if len({option.feedback for option in options}) < len(options):
            yield name, "two options share their feedback; say of each why it is right or tempting"
        if isinstance(question, NumberQuestion):
            yield from ((name, fault) for fault in _expressions(question))
            for near, far in combinations([float(known.value) for known in question.known_wrong], 2):
                if question.is_near(near, far):
                    yield name, f"the known wrong values {near:g} and {far:g} overlap within the tolerance; keep one"


def _expressions(question: NumberQuestion) -> Iterator[str]:
    """Expressions that are no Python, which is read here and not run, or that make no slip."""
    for known in question.known_wrong:
        if known.slip and known.slip == question.verify:
            yield f"the slip to {known.value:g} is `verify` itself; write what the slip computes"
    for field, text in [("verify", question.verify), *(("slip", known.slip) for known in question.known_wrong)]:
        try:
            compile(text or "0", field, "eval")
        except (SyntaxError, ValueError):
            yield f"`{field}: {text}` is no Python expression; mend it"


def _choices(question: Question) -> Iterable[Entry]:
    return question.choices if isinstance(question, MatchingQuestion) else ()


def _braces(quiz: Quiz) -> Iterator[tuple[str, str]]:
    """Names in braces in prose that stay as they are."""
    for question in quiz.questions:
        for text in _prose([question.model_dump(exclude=NO_PROSE), *_said_to_wrong(question)]):
            if found := next((name for name in BRACES.findall(text) if name not in question.parameters), None):
                yield (
                    question.id,
                    f"`{{{found}}}` names no parameter, and is shown as it stands; define it under `parameters:`, or write "
                    "it as code",
                )
                break


def _said_to_wrong(question: Question) -> list[str]:
    return [known.feedback for known in question.known_wrong] if isinstance(question, OpenQuestion) else []


def _prose(entry: Any) -> Iterator[str]:
    """The texts in an entry, without their code and formulas."""
    if isinstance(entry, str):
        yield " ".join(
            child.content for token in parsed(entry) for child in token.children or () if child.type == "text"
        )
    elif isinstance(entry, (dict, tuple, list)):
        for each in entry.values() if isinstance(entry, dict) else entry:
            yield from _prose(each)


def _telling_names(quiz: Quiz) -> Iterator[tuple[str, str]]:
    for question in quiz.questions:
        names = [entry.id for entry in question.shown]
        if (telling := [name for name in names if TELLING.fullmatch(name)]) and "left" not in names:
            yield (
                question.id,
                f"the id `{telling[0]}` may tell the key, which a student copy should not; name what it says",
            )


def _habits(quiz: Quiz) -> Iterator[tuple[None, str]]:
    """What lets a learner guess the key without knowing anything."""
    singles = [question for question in quiz.questions if isinstance(question, SingleChoice)]
    places = [[option.correct for option in question.options].index(True) for question in singles]
    if len(singles) < FEW:
        if len(singles) > 1 and len(set(places)) == 1:
            yield None, f"the key is option {places[0] + 1} in all {len(singles)} single choices; move some"
        return
    for place in sorted(set(places)):
        if places.count(place) > len(singles) / 2:
            yield None, f"the key is option {place + 1} in {places.count(place)} of {len(singles)} questions; move some"
    runs = [number for number in range(len(places) - 2) if len(set(places[number : number + 3])) == 1]
    if runs:
        yield (
            None,
            f"the key is option {places[runs[0]] + 1} three times in a row, from `{singles[runs[0]].id}` on; move one",
        )
    for what, extreme in (("longest", max), ("shortest", min)):
        telling = 0
        for question, place in zip(singles, places, strict=True):
            lengths = [len(option.text) for option in question.options]
            telling += lengths[place] == extreme(lengths)
        if telling > len(singles) * MOST_TELLING:
            yield None, f"the key is the {what} option in {telling} of {len(singles)} questions; reword some options"


def _forms(quiz: Quiz) -> Iterator[tuple[str | None, str]]:
    """Sections of which one form asks more than the other, so that they do not ask for the same ideas."""
    counts: dict[str, Counter[str]] = {}
    for question in quiz.questions:
        if question.form:
            counts.setdefault(question.section, Counter())[question.form] += 1
    for section, number in counts.items():
        if number["a"] != number["b"]:
            yield (
                next(each.id for each in quiz.questions if each.form and each.section == section),
                f"of the section {section!r} form a has {number['a']} and form b {number['b']}; mark as many in each",
            )


def _sections(quiz: Quiz, headings: list[str], *, in_order: bool) -> Iterator[tuple[str | None, str]]:
    last = 0
    if any(question.section not in headings for question in quiz.questions):
        yield None, f"the lesson's sections are {', '.join(map(repr, headings))}; name one of them in each question"
    for question in quiz.questions:
        if question.section not in headings:
            near = difflib.get_close_matches(question.section, headings, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "name one it has"
            yield question.id, f"points to the section {question.section!r}, which the lesson does not have; {advice}"
        elif in_order and headings.index(question.section) < last:
            yield question.id, "comes after a question on a later section; put it in the lesson's order"
        else:
            last = headings.index(question.section)
