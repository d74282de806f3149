"""A quiz as plain data for the page: what grade.js needs to grade, and the texts as HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic_core import to_jsonable_python

from courseware.quiz.maths import page_html, plain
from courseware.quiz.model import Misconception, Quiz
from courseware.quiz.parameters import choose, shown
from courseware.quiz.questions import NumberQuestion, Question
from courseware.quiz.student_copy import fingerprint

_MARKDOWN = {"prompt", "explanation", "text", "match", "feedback", "wrong"}


def quiz_data(quiz: Quiz, seed: str | int) -> dict[str, Any]:
    """The quiz as the learner called `seed` meets it, texts as HTML; one without keys as every learner may meet it."""
    drawn = quiz.drawn_ids(seed) if quiz.keyed else {question.id for question in quiz.questions}
    questions = [
        _drawn(each, seed, quiz.lesson) if quiz.keyed else _all_draws(each)
        for each in quiz.questions
        if each.id in drawn
    ]
    data = {"slug": quiz.lesson, "title": quiz.title, "fingerprint": fingerprint(quiz), "store": _store(quiz),
            "questions": questions}  # fmt: skip
    if not quiz.keyed:
        return {**data, "pools": quiz.pools} if quiz.pools else data
    # Whoever grades the answers later needs to draw the same.
    return {**data, "seed": seed} if quiz.pools or any(question.parameters for question in quiz.questions) else data


def _drawn(question: Question, seed: str | int, lesson: str) -> dict[str, Any]:
    values = choose(question.parameters, seed, lesson, question.id) if question.parameters else {}
    return _with_draw(question.drawn(seed, lesson), values)


def _all_draws(question: Question) -> dict[str, Any]:
    """A question with parameters as its id and all its `draws`, among which draw.js chooses, in Python's order."""
    if not question.parameters:
        return _with_draw(question, {})
    draws = [_with_draw(drawn, values) for values, drawn in question.draws()]
    return {"id": question.id, "draws": draws, **({"pool": question.pool} if question.pool else {})}


def _with_draw(question: Question, values: Mapping[str, float]) -> dict[str, Any]:
    """The data of a drawn question; answers are kept under the draw, since they are none to other numbers."""
    draw = ",".join(f"{name}={shown(value)}" for name, value in values.items())
    return {**_with_html(question_data(question)), "draw": draw}


def question_data(question: Question) -> dict[str, Any]:
    """A question whose parameters are drawn, as the function `grade` of grade.js takes it; texts stay Markdown."""
    left_out: Any = {"parameters": True, "verify": True, "cites": True, "form": True, "pool": True}
    if isinstance(question, NumberQuestion):
        left_out["known_wrong"] = {"__all__": {"slip"}}
    data = question.model_dump(mode="json", exclude=left_out) if question.keyed else question.in_copy()
    given = [("choices", question.shown)] if question.given else []
    more = {"lines": question.lines, "shown": [entry.id for entry in question.shown],
            "names": question.names_in_copy, **dict(given)}  # fmt: skip
    if isinstance(question, NumberQuestion) and question.keyed:
        values = [question.answer, *(known.value for known in question.known_wrong)]
        more["unsigned"] = all(not isinstance(value, str) and value >= 0 for value in values)
    made: dict[str, Any] = to_jsonable_python({**data, **more, "keyed": question.keyed, "typed": question.typed})
    return made


def misconceptions_data(quizzes: list[Quiz], misconceptions: Mapping[str, Misconception]) -> dict[str, Any]:
    """Title and explanation, as HTML, of each misconception that the quizzes name."""
    named = sorted({key for quiz in quizzes for question in quiz.questions for key in question.misconceptions})
    return {
        key: {"title": page_html(misconceptions[key].title), "explanation": page_html(misconceptions[key].explanation)}
        for key in named
    }


def _store(quiz: Quiz) -> str:
    """The name that the browser keeps answers under: no other bank's quiz of this lesson has the same."""
    if not quiz.is_private:
        return quiz.lesson
    # Pages that version 0.1.0 made of copies kept letters, which stand for options of that page.
    bank = quiz.record if quiz.keyed else f"{quiz.record}, by name"
    return f"{quiz.lesson}-{hashlib.sha256(bank.encode()).hexdigest()[:8]}"


def _with_html(entry: Any) -> Any:
    if isinstance(entry, list):
        return [_with_html(each) for each in entry]
    if not isinstance(entry, dict):
        return entry
    data = {
        name: page_html(value) if name in _MARKDOWN and isinstance(value, str) else _with_html(value)
        for name, value in entry.items()
    }
    if "text" in entry:
        data["plain"] = plain(entry["text"]).replace("`", "")  # for buttons' names and lists that hold text only
    return data
