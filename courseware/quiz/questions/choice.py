"""Questions with options, of which one is right, or several are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from courseware.quiz.feedback import KnownAnswer, Message, ResponseError, quoted
from courseware.quiz.fields import EntryName, Name, Text, fault, twice
from courseware.quiz.questions.base import Marks, Question
from courseware.quiz.questions.entries import Entry, Shuffle, named, typed_ids


class Option(Entry):
    """One option of a choice question."""

    id: EntryName = Field(description="Short name that stays the same when options are moved or reworded")
    text: Text = Field(description="What the learner reads; Markdown and $maths$")
    correct: bool = Field(default=False, description="true on right options, left out on wrong ones")
    feedback: Text = Field(description="Why it is right, or why it is tempting and wrong")
    misconception: Name | None = Field(
        default=None, description="The idea behind a wrong option, if there is one: a key of misconceptions.yaml"
    )

    @model_validator(mode="after")
    def _misconception_fits(self) -> Self:
        if self.correct and self.misconception:
            raise fault(f"option `{self.id}` is right and names a misconception; take one of the two away")
        return self

    def ticked(self) -> Message:
        """What is said to who ticks it."""
        return Message("right" if self.correct else "wrong", self.text, self.feedback, self.misconception, self.id)


class ChoiceQuestion(Question):
    """A question with options."""

    options: tuple[Option, ...] = Field(min_length=2, max_length=10)
    shuffle: Shuffle = True

    copied = (("options", "shown"), ("shuffle", "shuffle"))
    typed = False

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        for what, values in (("id", [o.id for o in self.options]), ("text", [o.text for o in self.options])):
            if again := twice(values):
                raise fault(f"question `{self.id}` has two options with the {what} {again[0]!r}; change one")
        self._check_right(sum(option.correct for option in self.options))
        return self

    def _check_right(self, right: int) -> None:
        if right in (0, len(self.options)):
            raise fault(
                f"question `{self.id}` needs right and wrong options; {right} of "
                f"{len(self.options)} are marked `correct: true`"
            )

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.options

    @property
    def known_answers(self) -> tuple[KnownAnswer, ...]:
        return tuple(KnownAnswer(o.id, o.text, o.correct, o.misconception) for o in self.options)

    def _misconceptions(self) -> Iterable[str | None]:
        return (option.misconception for option in self.options)


class SingleChoice(ChoiceQuestion):
    """A question with exactly one right option."""

    kind: Literal["single"]

    instruction = "One option is right: type its letter."
    feedback_quotes = False

    def _check_right(self, right: int) -> None:
        if right != 1:
            raise fault(f"single choice `{self.id}` has {right} right options; mark exactly one `correct: true`")

    def accept(self, response: Any) -> str:
        """The option's id."""
        return self._id("shown", response, "option")

    def read(self, text: str) -> str:
        return self.accept(named(self.options, text.strip()))

    def read_typed(self, typed: str) -> str:
        ids = typed_ids(self.asked, typed, "a letter")
        if len(ids) > 1:
            raise ResponseError("one option is right; type one letter")
        return ids[0]

    def _marks(self, value: str) -> Marks:
        [option] = [option for option in self.options if option.id == value]
        return float(option.correct), [option.ticked()]


class MultipleChoice(ChoiceQuestion):
    """A question where every right option is to be ticked, and no other."""

    kind: Literal["multiple"]

    instruction = "Tick every option that is right: type the letters, as xyz for x, y and z."

    def accept(self, response: Any) -> list[str]:
        """The sorted ids of what is ticked, from any collection of ids."""
        if isinstance(response, (str, bytes, Mapping)) or not isinstance(response, Iterable):
            raise ResponseError(f"not a list of options: {quoted(response)}; name each one to tick")
        ids = [self._id("shown", entry, "option") for entry in response]
        if not ids:
            raise ResponseError("nothing is ticked; tick every option that is right, at least one is")
        if len(set(ids)) < len(ids):
            raise ResponseError("an option is named twice; name each one once")
        return sorted(ids)

    def _marks(self, value: list[str]) -> Marks:
        """With R right and W wrong options, of which r and w are ticked, ``max(0, r/R - w/W)``.

        So the points are full for exactly the right ones, and ticking all earns nothing.
        """
        ticked = set(value)
        right = {option.id for option in self.options if option.correct}
        wrong = {option.id for option in self.options if not option.correct}
        # One fraction over whole numbers, so that the right set gives exactly 1.
        points = (len(right & ticked) * len(wrong) - len(wrong & ticked) * len(right)) / (len(right) * len(wrong))
        return max(0.0, points), [
            option.ticked() if option.id in ticked else Message("missed", option.text, option.feedback)
            for option in self.options
            if option.id in ticked or option.correct
        ]
