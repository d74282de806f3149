"""What is decided about questions after a quiz was taken: void, full points for all, another answer accepted, a weight.

It stands in ``adjustments.yaml`` beside the quizzes. ``python -m courseware.grading.adjustments`` writes its schema.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, FiniteFloat, TypeAdapter, model_validator

from courseware.course import ROOT
from courseware.files import write_whole
from courseware.quiz import parameters
from courseware.quiz.feedback import ResponseError
from courseware.quiz.fields import Name, Short, Slug, Strict, fault
from courseware.quiz.folder import ADJUSTMENTS, Quizzes
from courseware.quiz.load import QuizError, validated
from courseware.quiz.model import Quiz
from courseware.quiz.questions.spelling import normal_output, word_key
from courseware.quiz.yamlfile import Document, read

SCHEMA_FILE = ROOT / "quizzes" / "adjustments.schema.json"

# Names that people and browsers give the file, under which nobody would read it.
_MEANT = re.compile(r"adjustments?([ _-]?\(?\d{1,2}\)?)?\.(ya?ml|json)(\.txt)?", re.IGNORECASE)


class Adjustment(Strict):
    """What is decided about one question."""

    void: bool = Field(default=False, description="It counts for nobody, and is no part of the points to be had")
    full_points: bool = Field(default=False, description="Everybody earns its points, also who did not answer")
    accept: tuple[Any, ...] = Field(
        default=(),
        max_length=50,
        description="Answers that earn full points as well: an option's id, a list of ids, a number or a text each",
    )
    weight: FiniteFloat = Field(default=1.0, gt=0, le=1000, description="Its points, 1 for a question as it is")
    reason: Short | None = Field(default=None, description="For the report")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        said = self.model_fields_set - {"reason"}
        if not said:
            raise fault("says nothing; write `void: true`, `full_points: true`, `accept: […]` or `weight: 2`")
        if self.void and said - {"void"}:
            raise fault("is void, so that nothing else can hold; keep one")
        if self.full_points and self.accept:
            raise fault("gives everybody full points, so that nothing more need be accepted; keep one")
        return self

    def __str__(self) -> str:
        parts = [
            "void" if self.void else "",
            "full points for all" if self.full_points else "",
            f"also accepted: {', '.join(map(_shown, self.accept))}" if self.accept else "",
            f"{self.weight:g} points" if self.weight != 1 else "",
        ]
        return ", ".join(filter(None, parts)) + (f" ({self.reason})" if self.reason else "")

    def accepts(self, question: Any, values: Mapping[str, float]) -> Callable[[Any], bool]:
        """Whether a response to `question`, as it was drawn with `values`, is one of those accepted.

        Raises:
            ResponseError, ValueError: if one of these is no response to the question.
        """
        accepted = [_read(question, each, values) for each in self.accept]
        return lambda response: any(_same(question, response, each) for each in accepted)


Adjustments = dict[str, dict[str, Adjustment]]
_FORM = TypeAdapter(dict[Slug, Annotated[dict[Name, Adjustment], Field(min_length=1)]])


def load_adjustments(quizzes: Quizzes) -> Adjustments:
    """The adjustments beside the quizzes: by the quiz's name, then by the question's id; none if there is no file.

    Raises:
        QuizError: with all problems of the file, each 'file:line: what is wrong; what to do'.
    """
    path = quizzes.folder / ADJUSTMENTS
    if nearly := [
        each for each in sorted(quizzes.folder.iterdir()) if _MEANT.fullmatch(each.name) and each.name != ADJUSTMENTS
    ]:
        raise QuizError(
            [f"{each}: decisions are read from `{ADJUSTMENTS}` only; rename it, or take it away" for each in nearly]
        )
    if not path.exists():
        return {}
    if _is_blank(path):
        raise QuizError(
            [f"{path}: the file is empty; write the quiz's name, and beneath it the questions, or take it away"]
        )
    document = read(path)
    found: Adjustments | None = validated(document, _FORM)
    names = [file.stem for file in quizzes.files]
    for lesson, questions in document.data.items() if isinstance(document.data, dict) else ():
        if lesson not in names:
            document.problem((lesson,), f"there is no quiz `{lesson}` beside it{_near(lesson, names)}")
        elif isinstance(questions, dict):
            try:
                _check(document, quizzes.named(lesson), questions)
            except QuizError as error:
                document.problem((lesson,), f"the quiz cannot be used: {error.problems[0]}")
    document.raise_problems()
    return found or {}


def _is_blank(path: Path) -> bool:
    """Whether nothing stands in a file but comments; what is no plain file is refused by who reads it."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return all(not line.strip() or line.lstrip().startswith("#") for line in file)


def _check(document: Document, quiz: Quiz, adjustments: Mapping[str, Any]) -> None:
    """Note what does not fit the quiz; looks at the raw data, so that it works beside other problems."""
    questions = {question.id: question for question in quiz.questions}
    for name, adjustment in adjustments.items():
        at = (quiz.lesson, name)
        if name not in questions:
            document.problem(at, f"`{name}` is not a question of {quiz.lesson}{_near(name, list(questions))}")
        elif isinstance(adjustment, dict) and isinstance(adjustment.get("accept"), tuple):
            accepting = Adjustment.model_construct(accept=adjustment["accept"])
            for values, drawn in questions[name].draws():
                try:
                    accepting.accepts(drawn, values)
                except (ResponseError, ValueError) as error:
                    document.problem((*at, "accept"), f"`{name}`: no response to this question: {error}")
                    break
    void = {name for name, each in adjustments.items() if isinstance(each, dict) and each.get("void") is True}
    if void >= questions.keys():
        document.problem((quiz.lesson,), "every question is void, so that nothing is left to grade")


def _near(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean `{near[0]}`?" if near else f"; write one of {', '.join(names[:10])}"


def _read(question: Any, answer: Any, values: Mapping[str, float]) -> Any:
    if question.kind == "number" and isinstance(answer, str) and values:
        return parameters.compute(answer, values)
    return question.accept(answer)


def _same(question: Any, response: Any, accepted: Any) -> bool:
    if question.kind == "number":
        return bool(question.is_near(response, accepted))
    if question.kind == "text":
        return word_key(response) == word_key(accepted)
    return normal_output(response) == normal_output(accepted) if question.kind == "output" else response == accepted


def _shown(answer: Any) -> str:
    if isinstance(answer, dict):
        return " ".join(f"{left}={right}" for left, right in answer.items())
    return " ".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)


def schema_text() -> str:
    """The schema of the file, for editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_FORM.json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_whole(SCHEMA_FILE, schema_text())
