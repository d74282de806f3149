"""Read a class's answers, whatever files they come in."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from courseware.grading import learnerfile
from courseware.grading.answers import Answers, Given, drawn_questions, identify, no_seed, quiz_of
from courseware.grading.answertable import read_table
from courseware.grading.columns import unknown
from courseware.grading.files import LEARNERS, uploaded_by
from courseware.grading.people import Person, Roster, either_way
from courseware.grading.pools import with_asked
from courseware.grading.problems import SHOWN, AnswersError, Problems
from courseware.grading.seeds import OWN_SEED, tidy_seed
from courseware.quiz.folder import Quizzes
from courseware.quiz.model import Quiz
from courseware.quiz.student_copy import answered_by_place, fingerprint

_MOST_NAMED = 10  # unknown questions of a hand-in
_MOST_OF_ONE = 10  # problems of one of several files that are shown
_NAMELESS = re.compile(r"participant([ _]\d+)?", re.IGNORECASE)  # what Moodle calls learners whose names are hidden


def read_answers(
    files: Iterable[Path], quizzes: Quizzes, problems: Problems, given: Given | None = None
) -> Iterator[tuple[Quiz, Answers]]:
    """The answers in `files`, each batch with its quiz; what cannot be read goes to `problems`.

    Where a quiz is given, answers that say they belong to another are listed. Else the quiz is the one that a row or a
    file names, or that the file's name begins with.
    """
    given, files = given or Given(), list(files)
    problems.alike |= {name for name, number in Counter(path.name for path in files).items() if number > 1}
    problems.most_of_one = SHOWN if len(files) == 1 else _MOST_OF_ONE
    fingerprints: dict[int, tuple[str, ...]] = {}  # of each quiz, which are the same for all
    for path in files:
        try:
            if path.suffix.lower() in LEARNERS:
                quiz, answers = _one_learner(path, quizzes, problems, given, fingerprints)
                yield quiz, with_asked(quiz, answers, problems)
            else:
                for quiz, answers in read_table(path, quizzes, problems, given):
                    yield quiz, with_asked(quiz, answers, problems)
        except AnswersError as error:
            problems.lost(None, None, str(error))


def _one_learner(
    path: Path, quizzes: Quizzes, problems: Problems, given: Given, fingerprints: dict[int, tuple[str, ...]]
) -> tuple[Quiz, Answers]:
    found = learnerfile.read(path)
    quiz = quiz_of(quizzes, given.quiz, found.quiz, path)
    if id(quiz) not in fingerprints:
        fingerprints[id(quiz)] = fingerprint(quiz), fingerprint(quiz, by_place=True)
    known = {question.id for question in quiz.questions}
    strange = [name for name in dict.fromkeys((*found.answers, *found.seconds)) if name not in known]
    for name in strange[:_MOST_NAMED]:
        problems.each(f"{quiz.lesson}: {unknown(name, known)}; the answers to all other questions are graded", path)
    if strange[_MOST_NAMED:]:
        problems.note(path, None, f"{len(strange) - _MOST_NAMED:,} more ids that are no questions of {quiz.lesson}")
    seed = (found.seed and (tidy_seed(found.seed) or found.seed)) or given.seed
    if seed is None and (drawn := [name for name in drawn_questions(quiz) if _given(found.answers.get(name)) != ""]):
        raise AnswersError(f"{path}: {no_seed(drawn)}")
    _compare_with_quiz(path, found, quiz, fingerprints[id(quiz)], problems)
    if path.suffix.lower() == ".json" and not OWN_SEED.fullmatch(seed if seed and found.seed else ""):
        what = "no seed, which the course writes" if found.seed is None else "a seed that is none of the course's"
        problems.each(f"{what}: not handed in with the course, or changed", path, loud=True)
    key, learner, person, wrong = identify(given.roster, [found.id, found.email, found.learner], found.learner)
    if wrong:
        problems.unmatched += 1
        problems.note(path, None, f"{learner!r}: {wrong}")
    _compare_with_folder(path, learner, person, given.roster, problems)
    cells = {name: [json.dumps(_given(found.answers.get(name)))] for name in known}
    seconds = {name: [str(value)] for name, value in found.seconds.items()}
    return quiz, Answers(
        path, "learner", [1], [learner], [seed], [found.attempt], cells, seconds, [key],
        [person] if given.roster else [], [found.handed_in or ""],
        problems.name(path),
    )  # fmt: skip


def _compare_with_quiz(
    path: Path, found: learnerfile.LearnerFile, quiz: Quiz, now: tuple[str, ...], problems: Problems
) -> None:
    """Say where answers were given to another version of the quiz than that which grades them.

    `now` holds its fingerprints: by names, and by places for copies that version 0.1.0 made.

    Raises:
        AnswersError: if they name what they chose by its place, which says nothing in another version.
    """
    by_place = answered_by_place(quiz, found.answers)
    named = ", ".join(f"`{name}`" for name in by_place)
    if found.fingerprint:
        if found.fingerprint in now:
            return
        if by_place:
            raise AnswersError(
                f"{path}: answers to another version of {quiz.lesson} than that which grades them, and {named} by letter or "
                "place, which may have moved; grade it with the version that was handed out"
            )
        problems.each(
            f"WARNING: {quiz.lesson} is not the quiz that was answered: a text, an id, an order or a number has changed since. "
            "Options are found by their ids wherever they stand, so this is fine if you reworded or moved something; if "
            "the question asks something else now, grade with the version that was handed out, or adjust it", path, loud=True
        )  # fmt: skip
    elif by_place:
        # Version 0.1.0 turned an order round that came out right by chance; such letters mean something else now.
        turned = [
            question.id
            for question in quiz.questions
            if question.id in by_place
            and (
                (question.kind == "ordering" and question.shown == question.items)
                or (question.kind == "matching" and question.shown == question.choices)
            )
        ]
        if turned:
            raise AnswersError(
                f"{path}: `{turned[0]}` is answered by letters, and nothing says in which order they stood, which has "
                "changed with version 0.2 of the course; write the ids of the entries instead"
            )
        problems.each(
            f"{quiz.lesson}: answers by letter that do not say which version of the quiz they were given to; they are "
            "right only if no option was moved since", path, loud=True
        )  # fmt: skip


def _given(value: Any) -> Any:
    return "" if value is None else value


def _compare_with_folder(
    path: Path, learner: str, person: Person | None, roster: Roster | None, problems: Problems
) -> None:
    """Note where Moodle says that somebody else uploaded the file than the one whom it names."""
    if (uploader := uploaded_by(path)) and not _NAMELESS.fullmatch(uploader):
        who = roster.find([uploader]) if roster else None
        same = who == person if isinstance(who, Person) else either_way(uploader) == either_way(learner)
        if not same:
            problems.note(path, None, f"{uploader} uploaded it, and in it stands {learner}; ask them whose it is")
