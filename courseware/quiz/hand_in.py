"""Write a learner's answers to a file that `course grade` reads."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from courseware.errors import CourseError
from courseware.files import write_new
from courseware.progress import Progress, ProgressError
from courseware.quiz.model import Quiz
from courseware.quiz.results import earlier_grades
from courseware.quiz.student_copy import fingerprint


def hand_in(quiz: Quiz, progress: Progress, learner: str, file: Path | None = None) -> Path:
    """Write the latest answers of `learner` to `file`, by default ``QUIZ_LEARNER.json`` in the current folder.

    A file that is there already is kept beside the new one, under the next free name; only its owner can read it. Fields:
    learner, quiz, fingerprint (of what was seen), seed (of the numbers that were drawn), attempt (how often this quiz was
    handed in, this time counted), handed_in (when), and answers by question id.

    Args:
        quiz: one of the quizzes that `learner` answered.
        progress: the learner's record.
        learner: the name to hand in under.
        file: a file, or a folder that is there.

    Raises:
        CourseError: for a name without letters, where nothing is answered yet, or if the file cannot be written.
        ProgressError: if the learner's record cannot be read.
    """
    learner = " ".join(learner.split())
    if re.search("[\ud800-\udfff]", learner):
        raise CourseError("The name holds something that is no letter (it is not UTF-8); type it again.")
    if not re.search(r"\w", learner):
        raise CourseError("No name: say who you are, so that your teacher knows whose answers these are.")
    seed = progress.seed()
    quiz = quiz.undrawn.drawn(seed)
    answers = {name: grade.response for name, grade in earlier_grades(quiz, progress).items()}
    if not answers:
        raise CourseError(f"Nothing is answered yet in {quiz.title!r}; answer first, then hand in.")
    content = {
        "learner": learner,
        "quiz": quiz.lesson,
        "fingerprint": fingerprint(quiz),
        "seed": seed,
        "attempt": progress.hand_ins(quiz.record) + 1,
        "handed_in": datetime.now().astimezone().isoformat(timespec="seconds"),
        "answers": answers,
    }
    safe = re.sub(r"[^\w-]+", "_", learner).strip("_")[:60]
    name = f"{quiz.lesson}_{safe}.json"
    file = file or Path()
    try:
        path = write_new(file / name if file.is_dir() else file, _text(content), 0o600)
    except OSError as error:
        raise CourseError(f"{file} cannot be written ({error.strerror}); name another file.") from None
    # The answers are handed in; where they cannot be counted, the next ones have the same number and a later time.
    with suppress(ProgressError):
        progress.record_hand_in(quiz.record)
    return path


def _text(content: dict[str, object]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
