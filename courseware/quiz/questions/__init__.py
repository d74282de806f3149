"""The kinds of question.

An eighth is a module here and one more name in `AnyQuestion`. The page needs a control and a grader for it
(`controls.js`, `grade.js` in `faces/web`), and each foreign format its own way to write it (`export`, `grading/moodle.py`).
"""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from courseware.quiz.questions.base import Question
from courseware.quiz.questions.choice import ChoiceQuestion, MultipleChoice, SingleChoice
from courseware.quiz.questions.matching import MatchingQuestion
from courseware.quiz.questions.number import NumberQuestion
from courseware.quiz.questions.open_question import OpenQuestion
from courseware.quiz.questions.ordering import OrderingQuestion
from courseware.quiz.questions.text import OutputQuestion, TextQuestion

__all__ = [
    "KINDS", "AnyQuestion", "ChoiceQuestion", "MatchingQuestion", "MultipleChoice", "NumberQuestion", "OpenQuestion",
    "OrderingQuestion", "OutputQuestion", "Question", "SingleChoice", "TextQuestion",
]  # fmt: skip

AnyQuestion = Annotated[
    SingleChoice
    | MultipleChoice
    | NumberQuestion
    | TextQuestion
    | OutputQuestion
    | OrderingQuestion
    | MatchingQuestion,
    Field(discriminator="kind"),
]
# Each kind by the name that quiz files call it by.
KINDS: dict[str, type[Question]] = {
    get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in get_args(get_args(AnyQuestion)[0])
}
