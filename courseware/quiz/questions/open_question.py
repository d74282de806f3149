"""What questions without options have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import Field

from courseware.quiz.feedback import KnownAnswer, Message
from courseware.quiz.fields import Text, fault
from courseware.quiz.questions.base import Marks, Question


class KnownWrong(Protocol):
    """A wrong answer that people really give, and what it says about their thinking."""

    @property
    def feedback(self) -> str: ...

    @property
    def misconception(self) -> str | None: ...


class OpenQuestion(Question):
    """A question without options: feedback for the right answer, for wrong ones that are known, and for all others."""

    feedback: Text = Field(description="Shown when the answer is right")
    wrong: Text = Field(description="Shown for a wrong answer that is not in known_wrong")

    if TYPE_CHECKING:
        known_wrong: tuple[KnownWrong, ...]

    @property
    def known_answers(self) -> tuple[KnownAnswer, ...]:
        right, *wrong = self._known_texts()
        known = zip(wrong, self.known_wrong, strict=True)
        answers = [KnownAnswer(str(n), text, False, each.misconception) for n, (text, each) in enumerate(known)]
        return (KnownAnswer("right", right, True), *answers)

    def _known_texts(self) -> list[str]:
        """The right answer and those that are known to be wrong, as a report shows them."""
        raise NotImplementedError

    def _misconceptions(self) -> Iterable[str | None]:
        return (known.misconception for known in self.known_wrong)

    def _verdict(self, right: bool, shown: str, known: KnownWrong | None) -> Marks:
        if right:
            return 1.0, [Message("right", shown, self.feedback, key="right")]
        if known:
            key = str(self.known_wrong.index(known))
            return 0.0, [Message("wrong", shown, known.feedback, known.misconception, key)]
        return 0.0, [Message("wrong", shown, self.wrong, key="other")]

    def _check_known_wrong(
        self, values: Sequence[Any], is_right: Callable[[Any], bool], spelled: Callable[[Any], str] = repr
    ) -> None:
        for number, value in enumerate(values):
            if is_right(value):
                raise fault(f"{spelled(value)} counts as right; mend one of the two", "known_wrong", number, "value")
            if value in values[:number]:
                raise fault(f"{spelled(value)} stands twice; keep one", "known_wrong", number, "value")
