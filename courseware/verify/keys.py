"""Quiz keys against the truth: computed answers are computed anew, printed ones printed, and cited cells looked up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import numpy as np

from courseware.quiz.load import QuizError, load_quiz
from courseware.quiz.model import Quiz
from courseware.quiz.questions import NumberQuestion, OutputQuestion

SECONDS = 300
PRINT = """
import contextlib, io, json, sys
printed = []
for code in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            exec(code, {})
        except BaseException as error:
            print(f"{type(error).__name__}: {error}")
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


def quiz_faults(quiz: Path, lesson: Path) -> tuple[int, list[tuple[str, str]]]:
    """Recompute the keys of a quiz, for every number that its questions can draw.

    Args:
        quiz: the quiz file.
        lesson: the notebook whose stored outputs its questions may cite.

    Returns:
        How many keys and citations were looked at; and for each that does not hold, the question's id (empty if the
        quiz itself cannot be read) and what is wrong.
    """
    try:
        loaded = load_quiz(quiz)
    except QuizError as error:
        return 0, [("", problem) for problem in error.problems]
    computed = [q for q in loaded.questions if isinstance(q, NumberQuestion) and q.verify]
    printed = [q for q in loaded.questions if isinstance(q, OutputQuestion)]
    looked_at = len(computed) + len(printed) + sum(len(question.cites) for question in loaded.questions)
    return looked_at, [*_computed(computed), *_printed(printed), *_cited(loaded, lesson)]


def recompute(verify: str, values: Mapping[str, float]) -> float:
    """What a question's `verify` expression gives with the numbers drawn.

    >>> recompute("n * np.sqrt(4)", {"n": 3.0})
    6.0
    """
    numbers = {name: int(value) if float(value).is_integer() else value for name, value in values.items()}
    return float(eval(verify, {"np": np, **numbers}))


def _computed(questions: list[NumberQuestion]) -> Iterator[tuple[str, str]]:
    for question in questions:
        for values, drawn in question.draws():
            given = f" with {values}" if values else ""
            try:
                value = recompute(question.verify or "", values)
            except Exception as error:
                yield question.id, f"`{question.verify}` cannot be computed{given} ({type(error).__name__}: {error})."
                break
            if not drawn.grade(value).correct:
                yield question.id, f"the key is {drawn.answer:g}, but `{question.verify}` is {value:g}{given}."
                break


def _printed(questions: list[OutputQuestion]) -> Iterator[tuple[str, str]]:
    asked = [drawn for question in questions for _, drawn in question.draws()]
    if not asked:
        return
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", PRINT], input=json.dumps([question.code for question in asked]), env=environment,
            capture_output=True, text=True, timeout=SECONDS,
        )  # fmt: skip
        printed = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        yield "", f"the code of its questions could not be run ({type(error).__name__})."
        return
    told = set()
    for question, text in zip(asked, printed, strict=True):
        if question.id not in told and not question.grade(text).correct:
            told.add(question.id)
            yield question.id, f"the key is {question.answer!r}, but its code prints {text!r}."


def _cited(quiz: Quiz, lesson: Path) -> Iterator[tuple[str, str]]:
    if not any(question.cites for question in quiz.questions):
        return
    try:
        notebook = nbformat.read(lesson, as_version=4)
    except Exception:  # told under the notebook itself
        return
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)
    for question in quiz.questions:
        for text in question.cites:
            if text not in shown:
                yield question.id, f"cites {text!r}, which no cell of {lesson.stem} shows any more; look at it again."
