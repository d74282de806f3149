"""The quiz below a cell of a notebook: the module of the web page in a widget, and the learner's record behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from courseware.errors import CourseError
from courseware.notebook import widget_module
from courseware.progress import Progress, ProgressError
from courseware.quiz.faces.web import module, part
from courseware.quiz.faces.web.data import misconceptions_data, quiz_data
from courseware.quiz.feedback import ResponseError
from courseware.quiz.hand_in import hand_in
from courseware.quiz.model import Misconception, Quiz
from courseware.quiz.results import earlier_grades, to_earlier_versions, tries

_shown: dict[str, str] = {}  # the question that was looked at last, by the quiz's name in the record


class QuizWidget(anywidget.AnyWidget):
    """One quiz, as notebook.js shows it.

    Attributes:
        data: the quiz, the misconceptions that it names, how many answers are to earlier versions of it, the learner's
            seed, and how often each question was answered, by which options stand in another order.
        answers: the latest response to each question, by its id.
        at: the id of the question to begin with, "results", or "" for the first one that is open.
        trouble: what the learner should know of the record; "" if all is well.
        hand_in: whether there is a teacher to hand in to.
    """

    _esm = module(widget_module(Path(__file__).with_name("notebook.js")))
    _css = part("quiz.css")
    data = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    at = traitlets.Unicode().tag(sync=True)
    trouble = traitlets.Unicode().tag(sync=True)
    hand_in = traitlets.Bool().tag(sync=True)


def quiz_widget(quiz: Quiz, progress: Progress, misconceptions: Mapping[str, Misconception]) -> QuizWidget:
    """Show `quiz` with the earlier answers filled in, where the learner was last; each answer is kept in `progress`."""
    widget = QuizWidget(at=_shown.get(quiz.record, ""), hand_in=not quiz.keyed)
    seed, earlier = "", 0
    counts: dict[str, int] = {}
    try:
        seed = progress.seed()
        grades = earlier_grades(quiz.drawn(seed), progress)
        widget.answers = {name: _sendable(grade.response) for name, grade in grades.items()}
        earlier = to_earlier_versions(quiz, progress, grades)
        counts = {name: count for (record, name), count in tries(progress).items() if record == quiz.record}
    except ProgressError as error:
        widget.trouble = str(error)
    quiz = quiz.drawn(seed)
    widget.data = {
        "quiz": quiz_data(quiz, seed),
        "misconceptions": misconceptions_data([quiz], misconceptions),
        "earlier": earlier,
        "seed": seed,
        "tries": counts,
    }
    questions = {question.id: question for question in quiz.questions}

    def keep(name: str, response: Any) -> None:
        grade = questions[name].grade(response)
        widget.answers = {**widget.answers, name: _sendable(grade.response)}
        progress.record_answer(quiz.record, name, grade.response, grade.points, grade.out_of)
        widget.trouble = ""

    def told(_: QuizWidget, message: dict[str, Any], buffers: object) -> None:
        if "at" in message:
            _shown[quiz.record] = widget.at = message["at"]
            return
        said = ""
        try:
            if "learner" in message:
                said = f"Written to {hand_in(quiz, progress, message['learner'])}. Give that file to your teacher."
            else:
                keep(message["question"], message["response"])
        except ProgressError as error:
            widget.trouble = said = str(error)
        except (CourseError, ResponseError) as error:
            said = str(error)
        widget.send({"number": message["number"], "said": said})

    widget.on_msg(told)
    return widget


def _sendable(response: Any) -> Any:
    """A response as a message can hold it: half of a sign that UTF-16 writes in two is a question mark."""
    return response.encode("utf-8", "replace").decode() if isinstance(response, str) else response
