"""Questions where items are put in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from courseware.quiz.feedback import ResponseError, quoted
from courseware.quiz.fields import Name, Strict, Text, fault, twice
from courseware.quiz.questions.base import Marks
from courseware.quiz.questions.entries import Entry, Item, Shuffle, shuffled, spoken
from courseware.quiz.questions.open_question import OpenQuestion


class KnownWrongOrder(Strict):
    """A wrong order that people really give."""

    order: tuple[Name, ...] = Field(description="The ids of all items, in the wrong order")
    feedback: Text
    misconception: Name | None = None


class OrderingQuestion(OpenQuestion):
    """A question where items are put in order; the learner sees them shuffled."""

    kind: Literal["ordering"]
    items: tuple[Item, ...] = Field(min_length=2, max_length=10, description="In the right order")
    known_wrong: tuple[KnownWrongOrder, ...] = Field(default=(), max_length=20)
    shuffle: Shuffle = True

    copied = (("items", "shown"), ("shuffle", "shuffle"))
    instruction = "Type the letters in the right order, first to last, as zxy for z, then x, then y."
    typed = False
    other_answer = "Another order"
    feedback_quotes = False

    @model_validator(mode="after")
    def _order_fits(self) -> Self:
        right = tuple(item.id for item in self.items)
        for what, values in (("id", right), ("text", [item.text for item in self.items])):
            if again := twice(values):
                raise fault(f"two items have the {what} {again[0]!r}; change one", "items")
        seen = [right]
        for number, known in enumerate(self.known_wrong):
            if sorted(known.order) != sorted(right):
                raise fault(f"must name each of {', '.join(right)} once", "known_wrong", number, "order")
            if known.order in seen:
                raise fault("is the right order, or stands twice; change it", "known_wrong", number, "order")
            seen.append(known.order)
        return self

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The items in an order that tells nothing."""
        return shuffled(self.items, self.id) if self.keyed else self.items

    def _known_texts(self) -> list[str]:
        texts = {item.id: item.text for item in self.items}
        orders = [tuple(texts), *(known.order for known in self.known_wrong)]
        return [" → ".join(texts[name] for name in order) for order in orders]

    def accept(self, response: Any) -> list[str]:
        """A list of all items' ids, first to last."""
        if isinstance(response, (str, bytes, Mapping, set, frozenset)) or not isinstance(response, Iterable):
            raise ResponseError(f"not a list of items: {quoted(response)}; name all of them, first to last")
        ids = [self._id("shown", entry, "item") for entry in response]
        missing = [item for item in self.items if item.id not in ids]
        if missing or len(ids) != len(self.items):
            what = f"{spoken(missing)} missing" if missing else "an item is named twice"
            raise ResponseError(f"{what}; name each item once, first to last")
        return ids

    def _marks(self, value: list[str]) -> Marks:
        """Of the n - 1 neighbours in the right order, the share that follow each other in the response."""
        right = list(pairwise(item.id for item in self.items))
        points = sum(neighbours in right for neighbours in pairwise(value)) / len(right)
        known = next((known for known in self.known_wrong if list(known.order) == value), None)
        texts = {item.id: item.text for item in self.items}
        _, messages = self._verdict(points == 1, "; ".join(texts[name] for name in value), known)
        return points, messages
