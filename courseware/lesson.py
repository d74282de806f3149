"""The one object a notebook needs: ``lesson = open_lesson("01_linear_regression")``."""

from __future__ import annotations

import ast
import difflib
import importlib
import inspect
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from IPython.display import display

from courseware import course
from courseware.cells import MISSING, Cells
from courseware.checking import INTERRUPTED, Exercise, examine
from courseware.claims import claim, second_argument
from courseware.errors import CourseError
from courseware.learner.copies import news, solution_for
from courseware.learner.surroundings import usable_backend, usual_settings
from courseware.notebook import output_again, show_widget, someone_is_there, standard_error_closed
from courseware.progress import NOT_STARTED, PASSED, TRY_AGAIN, Progress, ProgressError
from courseware.streams import carry_all

if TYPE_CHECKING:
    from courseware.live import LiveLine

NO_SOLUTIONS = "This copy of the course has no worked answers; run this cell again to begin with the first hint."
SEED_VARIABLE = "COURSEWARE_SEED"
MARKS = {NOT_STARTED: "○", INTERRUPTED: "○", TRY_AGAIN: "✗", PASSED: "✓"}


def open_lesson(slug: str) -> Lesson:
    """Return the lesson called `slug`, e.g. ``open_lesson("01_linear_regression")``.

    Call it before ``import keras``: it loads Keras once, quietly, so that the start-up messages of the
    backend's compiled code stay out of the notebook. What around the lesson would break it is told in a line with its
    remedy, and put right for this notebook. A learner whose copy is of an earlier version of the lesson is told so.

    Raises:
        UnknownLesson: for a name that is not in the course, with the nearest one.
    """
    lesson = Lesson(course.find(slug))
    carry_all(sys.stdout)  # in a script: what a reply repeats may hold any sign
    import_keras_quietly()
    lesson.cells.watch()
    if someone_is_there():
        for note in news([lesson.info]):
            print(note)
    return lesson


class Lesson:
    """Checks, hints, claims and the quiz of one lesson.

    Attributes:
        seed: the whole number that every random draw in the notebook starts from. It is 0 unless
            the environment variable ``COURSEWARE_SEED`` says otherwise; what a lesson claims holds for any.
    """

    def __init__(self, info: course.LessonInfo, progress: Progress | None = None):
        self.info = info
        self.seed = _seed()
        self.cells = Cells(info.lesson)
        self._progress = progress or Progress()
        self._stdout = sys.stdout
        self._hints_shown: dict[str, int] = {}

    def check(self, name: str, answer: Any = MISSING) -> None:
        """Check your answer to the exercise `name` and print what was found."""
        exercise = self._find(name)
        if exercise is None:
            return
        if answer is MISSING:
            print(f'lesson.check needs your answer as well: lesson.check("{name}", {name}), for instance.')
            return
        here: Any = inspect.currentframe()
        written = second_argument(here.f_back)
        names = [node.id for node in ast.walk(written) if isinstance(node, ast.Name)] if written else []
        if stale := next((each for each in names if each in self.cells.stale), None):
            print(
                f"○ {name}: not checked. The cell that makes `{stale}` stopped with {self.cells.stale[stale]}, so `{stale}` "
                "is still what it was before. Mend that cell and run it, then this one."
            )
            return
        verdict = examine(exercise, answer)
        trouble = ""
        # What is written out in the call, as in the demonstration of lesson 00, is not the learner's answer when it fails.
        if verdict.outcome == PASSED or (verdict.outcome == TRY_AGAIN and (names or not written)):
            try:
                self._progress.record_exercise(self.info.slug, name, verdict.outcome)
            except ProgressError as error:
                trouble = str(error)
        output_again(self._stdout)
        print(f"{MARKS[verdict.outcome]} {name}: {verdict.outcome}. {verdict.message}".rstrip())
        if verdict.outcome == TRY_AGAIN:
            print(f'  For a hint, run lesson.hint("{name}").')
        if trouble:
            print(f"  {trouble}")

    def hint(self, name: str = "") -> None:
        """Print the next hint for the exercise `name`: three in all, each saying more than the one before."""
        exercise = self._find(name)
        if exercise is None:
            return
        shown = self._hints_shown.get(name, 0)
        if shown < len(exercise.hints):
            print(f"Hint {shown + 1} of {len(exercise.hints)}: {exercise.hints[shown]}")
            self._hints_shown[name] = shown + 1
        else:
            number = self.info.slug.split("_")[0]
            worked = f"For a worked answer run `course solution {number}` in a terminal."
            said = f"Those were all the hints. {worked if self.info.solution.exists() else NO_SOLUTIONS}"
            if link := self._link_to_solution():
                linked = f"Those were all the hints. Here is a worked answer: [solution of lesson {number}]({link})"
                display({"text/plain": said, "text/markdown": linked}, raw=True)
            else:
                print(said)
            self._hints_shown[name] = 0

    def _link_to_solution(self) -> str:
        """Where a learner in JupyterLab can open the worked solution, seen from this notebook; "" if nowhere."""
        if not (someone_is_there() and self.info.solution.exists()):
            return ""
        try:
            return quote(solution_for(self.info).relative_to(Path.cwd()).as_posix())
        except (CourseError, ValueError, OSError):  # it cannot be put there, or this notebook lies elsewhere
            return ""

    def guess(self, name: str, *options: str) -> None:
        """Ask for your guess at what the next cell will show, and keep it: one of `options`, or your own words."""

        def widget() -> Any:
            from courseware.guess import guess_widget

            return guess_widget(self.info.slug, name, options, self._progress)

        show_widget(f"Guess first: {' / '.join(options)}" if options else "Guess first, in a word or a number.", widget)

    def claim(self, sentence: str, condition: Any, guess: str | None = None) -> None:
        """Print `sentence` with a tick if `condition` holds, and what you had guessed; else stop with the figures.

        See `courseware.claims.claim`. `guess` names the guess that the sentence answers.

        Raises:
            ClaimFailed: if the condition is false.
            TypeError: if it is not a single truth value.
        """
        here: Any = inspect.currentframe()
        claim(sentence, condition, frame=here.f_back)
        if guess and someone_is_there():
            with suppress(ProgressError):  # said where the guess was made
                if made := self._progress.guesses(self.info.slug).get(guess):
                    print(f"  Your guess: {made}")

    def quiz(self, folder: str | None = None, form: str | None = None) -> None:
        """Show the lesson's quiz below the cell; with `folder`, the one that your teacher gave you in that folder.

        With `form`, "a" or "b", it is one of the quiz's two tests of the same ideas, for before and after the lesson.
        """
        from courseware.quiz.folder import Quizzes
        from courseware.quiz.load import QuizError

        try:
            quizzes = Quizzes(Path(folder) if folder else None, student_copies=True)
            quiz, misconceptions = quizzes.load(self.info.slug, form), quizzes.misconceptions(self.info.slug)
        except QuizError as error:
            if not folder and not form:
                raise
            print(error)
            return

        def widget() -> Any:
            from courseware.quiz.faces.notebook import quiz_widget

            return quiz_widget(quiz, self._progress, misconceptions)

        show_widget(quiz.stored_line, widget)

    def explore(self, name: str) -> None:
        """Show the explorable `name` below the cell: something to drag, draw or press that carries an idea of the lesson."""
        from courseware.explorables import show_explorable

        try:
            show_explorable(name)
        except CourseError as error:
            print(error)

    def live(self) -> LiveLine:
        """Return a Keras callback that shows how training goes: ``model.fit(..., callbacks=[lesson.live()])``."""
        from courseware.live import LiveLine

        return LiveLine()

    def progress(self) -> None:
        """Show which exercises of this lesson are passed and how much of its quiz is answered.

        Where nobody can answer, a fixed line stands in its place, so a stored notebook holds nobody's record.
        """
        from courseware.learner.status import status

        if not someone_is_there():
            print("Run this cell to see how far you are in this lesson, or `course progress` in a terminal.")
            return
        try:
            here = status(self.info, self._progress)
        except CourseError as error:
            print(error)
            return
        for name, outcome in here.exercises.items():
            print(f"{'✓' if outcome == PASSED else '○'} {name}: {outcome}")
        print(f"Quiz: {here.answered} of {here.questions} questions answered, {here.points:.3g} points.")

    def _find(self, name: str) -> Exercise | None:
        output_again(self._stdout)
        exercises: tuple[Exercise, ...] = importlib.import_module(self.info.checks).EXERCISES
        by_name = {exercise.name: exercise for exercise in exercises}
        if name in by_name:
            return by_name[name]
        near = difflib.get_close_matches(str(name), by_name, n=1)
        advice = f'Did you mean "{near[0]}"?' if near else f"The exercises here are: {', '.join(by_name)}."
        print(f"There is no exercise {name!r} in this lesson. {advice}")
        return None


def _is_error(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def import_keras_quietly() -> Any:
    """Load Keras without the start-up messages of its backend's compiled code, with the course's settings; return it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Advice on retracing, in the middle of a lesson. A filter, since TensorFlow sets the level again later.
    logging.getLogger("tensorflow").addFilter(_is_error)
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # the same results on every processor, as far as that goes
    notices = list(usable_backend())
    with standard_error_closed():
        keras: Any = importlib.import_module("keras")
        tensorflow: Any = importlib.import_module(
            "tensorflow"
        )  # whatever the backend, Keras loads it when a seed is set
    # A graphics card would round factors to ten bits, and "the same to 0.0001" would fail.
    tensorflow.config.experimental.enable_tensor_float_32_execution(False)
    for notice in [*notices, *usual_settings(keras.config)]:
        print(notice)
    return keras


def _seed() -> int:
    text = os.environ.get(SEED_VARIABLE, "0")
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{SEED_VARIABLE} must be a whole number such as 0 or 3; got {text!r}.")
    return int(text)
