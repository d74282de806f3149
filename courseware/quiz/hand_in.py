"""Write a learner's answers to a file that `course grade` reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

from courseware.errors import CourseError
from courseware.progress import Progress
from courseware.quiz.model import Quiz


def hand_in(quiz: Quiz, progress: Progress, learner: str, file: Path | None = None) -> Path:
    """Write the latest answers of `learner` to `file`, by default ``QUIZ_LEARNER.json`` in the current folder.

    A file that is there already is kept beside the new one, under the next free name. Fields: learner, quiz, seed (of
    the numbers that were drawn) and answers by question id.

    Raises:
        CourseError: for a name without letters, where nothing is answered yet, or if the file cannot be written.
        ProgressError: if the learner's record cannot be read.
    """
    learner = " ".join(learner.split())
    if not re.search(r"\w", learner):
        raise CourseError("No name: say who you are, so that your teacher knows whose answers these are.")
    given = progress.answers(quiz.record)
    answers = {question.id: given[question.id].response for question in quiz.questions if question.id in given}
    if not answers:
        raise CourseError(f"Nothing is answered yet in {quiz.title!r}; answer first, then hand in.")
    safe = re.sub(r"[^\w-]+", "_", learner).strip("_")
    file = file or Path(f"{quiz.lesson}_{safe}.json")
    content = {"learner": learner, "quiz": quiz.lesson, "seed": progress.seed(), "answers": answers}
    try:
        return _write_new(file, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise CourseError(f"{file} cannot be written ({error.strerror}); name another file.") from None


def _write_new(file: Path, text: str) -> Path:
    number = 1
    while True:
        path = file if number == 1 else file.with_stem(f"{file.stem}_{number}")
        try:
            with path.open("x", encoding="utf-8") as new:
                new.write(text)
            return path
        except FileExistsError:
            number += 1
