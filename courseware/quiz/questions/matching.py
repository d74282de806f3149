"""Questions where each text gets the one that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from courseware.quiz.feedback import KnownAnswer, Message, ResponseError, quoted
from courseware.quiz.fields import EntryName, Name, Text, fault, twice
from courseware.quiz.questions.base import Marks, Question
from courseware.quiz.questions.entries import Entry, Item, Shuffle, is_place, named, parts, shuffled, spoken, typed_ids


class Pair(Entry):
    """Two texts that belong together."""

    id: EntryName
    text: Text = Field(description="What is given")
    match: Text = Field(description="What belongs to it; two pairs may share one")
    feedback: Text = Field(description="Why they belong together")
    misconception: Name | None = Field(
        default=None, description="The idea behind every wrong match, if it is one idea: a key of misconceptions.yaml"
    )


class MatchingQuestion(Question):
    """A question where each text on the left gets the one on the right that belongs to it."""

    kind: Literal["matching"]
    pairs: tuple[Pair, ...] = Field(min_length=2, max_length=10)
    extra: tuple[Item, ...] = Field(default=(), max_length=5, description="More texts on the right that belong to none")

    shuffle: Shuffle = True

    # In a student's copy all choices are `extra`: it does not tell which belong to a pair.
    copied = (("pairs", "given"), ("choices", "shown"), ("shuffle", "shuffle"))
    instruction = "Type a letter for each number in turn, as zy for 1z 2y. A letter may stand twice."
    typed = False

    @model_validator(mode="after")
    def _pairs_fit(self) -> Self:
        if again := twice([pair.id for pair in self.pairs] + [item.id for item in self.extra]):
            raise fault(f"the id {again[0]!r} stands twice; change one", "pairs")
        if again := twice([pair.text for pair in self.pairs]):
            raise fault(f"the text {again[0]!r} is given twice; change one", "pairs")
        matches = {pair.match for pair in self.pairs}
        for number, item in enumerate(self.extra):
            if item.text in matches:
                raise fault(f"{item.text!r} belongs to a pair; take it away here", "extra", number)
        if len(self.choices) < 2:
            raise fault("everything belongs to one and the same text; nothing can be matched wrongly", "pairs")
        return self

    @property
    def choices(self) -> tuple[Entry, ...]:
        """The texts on the right, each once, under the id of the first pair (or extra) that has it."""
        if not self.keyed:
            return self.extra
        texts: dict[str, str] = {}
        for pair in self.pairs:
            texts.setdefault(pair.match, pair.id)
        return (*(Item(id=name, text=text) for text, name in texts.items()), *self.extra)

    @property
    def given(self) -> tuple[Entry, ...]:
        return self.pairs

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The choices in an order that tells nothing."""
        return shuffled(self.choices, self.id) if self.keyed else self.choices

    @property
    def key(self) -> dict[str, str]:
        """The right choice for each pair, by their ids."""
        by_text = {choice.text: choice.id for choice in self.choices}
        return {pair.id: by_text[pair.match] for pair in self.pairs}

    @property
    def known_answers(self) -> tuple[KnownAnswer, ...]:
        """All matched rightly, and each wrong match."""
        wrong = [
            KnownAnswer(_match(pair, choice), f"{pair.text} → {choice.text}", False, pair.misconception, offered=False)
            for pair in self.pairs
            for choice in self.choices
            if choice.text != pair.match
        ]
        return (KnownAnswer("right", "All matched rightly", True), *wrong)

    def _misconceptions(self) -> Iterable[str | None]:
        return (pair.misconception for pair in self.pairs)

    @classmethod
    def from_copy(cls, fields: Mapping[str, Any]) -> Self:
        return super().from_copy({**fields, "extra": fields["choices"]})

    def accept(self, response: Any) -> dict[str, str]:
        """A dict from each pair's id to the id of the choice made for it."""
        if not isinstance(response, Mapping):
            raise ResponseError(f"not a match for each: {quoted(response)}; give every pair its choice")
        chosen = {self._id("given", left, "pair"): self._choice(right) for left, right in response.items()}
        if missing := [pair for pair in self.pairs if pair.id not in chosen]:
            raise ResponseError(f"no match for {spoken(missing)}; give every pair its choice")
        return {pair.id: chosen[pair.id] for pair in self.pairs}

    def _choice(self, response: Any) -> str:
        """The id of a choice; one that several pairs share may be named by any of them, whichever comes first today."""
        if self.keyed and isinstance(response, str):
            for pair in self.pairs:
                if response in (pair.id, self._copied("shown", pair)):
                    return self.key[pair.id]
        return self._id("shown", response, "choice")

    def is_by_place(self, response: Any) -> bool:
        left = response if isinstance(response, Mapping) else ()
        return super().is_by_place(response) or any(is_place(self.pairs, each) for each in left)

    def read(self, text: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in parts(text):
            left, sign, right = part.partition("=")
            if not sign:
                example = f"{self.pairs[0].id}={self.choices[0].id}"
                raise ResponseError(f"not a match: {quoted(part)}; write e.g. {example}")
            name = named(self.pairs, left)
            if name in found:
                raise ResponseError(f"{left} is matched twice; match it once")
            found[name] = named(self.shown, right)
        return self.accept(found)

    def read_typed(self, typed: str) -> dict[str, str]:
        ids = typed_ids(self.asked, self._in_turn(typed))
        if len(ids) != len(self.pairs):
            raise ResponseError(f"{len(ids)} letters for {len(self.pairs)} numbers; type one letter for each")
        return {pair.id: name for pair, name in zip(self.pairs, ids, strict=True)}

    def _in_turn(self, typed: str) -> str:
        """``2a 1b`` as ``ba``; anything else as it is."""
        numbered = re.findall(r"(\d+)[).:=-]*\s*([a-zA-Z])", typed)
        if sorted(int(number) for number, _ in numbered) != list(range(1, len(self.pairs) + 1)):
            return typed
        return "".join(letter for _, letter in sorted(numbered, key=lambda found: int(found[0])))

    def _marks(self, value: dict[str, str]) -> Marks:
        """The share of pairs that are matched rightly."""
        choices = {choice.id: choice for choice in self.choices}
        messages = []
        for pair in self.pairs:
            chosen = choices[value[pair.id]]
            shown = f"{pair.text}: {chosen.text}"
            if chosen.text == pair.match:
                messages.append(Message("right", shown, pair.feedback))
            else:
                messages.append(Message("wrong", shown, pair.feedback, pair.misconception, _match(pair, chosen)))
        return sum(message.verdict == "right" for message in messages) / len(messages), messages


def _match(pair: Entry, choice: Entry) -> str:
    return f"{pair.id}={choice.id}"
