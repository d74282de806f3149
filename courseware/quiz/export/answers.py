"""What the formats share: the whole prompt, the answers that are compared letter by letter, numbers, and weights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from courseware.quiz.export.notes import Notes
from courseware.quiz.questions import MultipleChoice, NumberQuestion, OutputQuestion, Question, TextQuestion
from courseware.quiz.questions.number import decimal
from courseware.quiz.questions.spelling import normal_output, normal_text

SEPARATORS = ("/", "|", ";", "//", "||", ";;")


@dataclass(frozen=True)
class Answer:
    """An answer that is known: what is typed, whether it is right, and what is said to it."""

    typed: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Range:
    """All numbers from `low` to `high`, the edges included, and what is said to them."""

    low: Decimal
    high: Decimal
    answer: Answer

    @property
    def centre(self) -> Decimal:
        return (self.low + self.high) / 2

    @property
    def reach(self) -> Decimal:
        return (self.high - self.low) / 2


def prompt(question: Question, notes: Notes | None = None, program: str = "") -> list[str]:
    """The whole prompt as pieces of Markdown: with its code, and with what the reading program cannot say by itself.

    Args:
        question: drawn, if it has parameters.
        notes: for a `program` that has no field for the unit of a number: get the note that the prompt says it.
    """
    parts = [question.prompt]
    if isinstance(question, OutputQuestion):
        parts.append(fenced(question.code))
        if sign := separator(question):
            parts.append(f"Write it in one line, with `{sign}` where a new line begins.")
    if notes and isinstance(question, NumberQuestion) and question.unit:
        notes.add(question.id, f"the prompt says the unit, {program} takes none with the answer")
        parts.append(f"The unit is {literal(question.unit)}.")
    return parts


def literal(text: str) -> str:
    r"""Text as Markdown that shows just this text.

    >>> literal("m_2 & more")
    'm\\_2 \\& more'
    """
    return re.sub(r"([\\`*_\[\]<>&$#~|{}!+.-])", r"\\\1", text)


def fenced(code: str) -> str:
    """Python as a block of code in Markdown, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{code.rstrip(chr(10))}\n{fence}"


def words(question: TextQuestion | OutputQuestion, notes: Notes, *, case: bool) -> list[Answer]:
    """The known answers as one line each, the right ones first; each in the spellings that a learner may well type.

    Args:
        question: a question that is answered in words, or with what code prints.
        notes: gets what comparing letter by letter changes.
        case: whether the reading program tells upper from lower case.
    """
    rights = [question.answer] if isinstance(question, OutputQuestion) else question.answers
    known = [(text, True, question.feedback) for text in rights]
    known += [(entry.value, False, entry.feedback) for entry in question.known_wrong]
    found: dict[str, Answer] = {}
    for text, right, feedback in known:
        for spelling in _spellings(question, text):
            if not spelling or spelling != spelling.strip():
                continue  # what programs trim cannot be told from another answer
            key = spelling if case else spelling.casefold()
            if key in found and found[key].right != right:
                notes.add(question.id, f"`{spelling}` counts as right, the program does not tell upper from lower case")
            found.setdefault(key, Answer(spelling, right, feedback))
    _note_words(question, notes, case=case)
    return list(found.values())


def _note_words(question: TextQuestion | OutputQuestion, notes: Notes, *, case: bool) -> None:
    if isinstance(question, OutputQuestion):
        if separator(question):
            notes.add(
                question.id, "the prompt asks for one line, as the program takes no more; it says what parts lines"
            )
        strict = "" if case else ", upper and lower case aside"
        notes.add(question.id, f"answers are compared letter by letter{strict}; here some blanks do not count")
    else:
        notes.add(
            question.id,
            "answers are compared letter by letter, upper and lower case aside; here quotes, doubled blanks, hyphens, "
            "accents, articles, plurals and a final full stop do not count either, of which the likely ones are written out",
        )


def _spellings(question: TextQuestion | OutputQuestion, text: str) -> Iterator[str]:
    if isinstance(question, TextQuestion):
        bare = re.sub("^(an?|the) (?=.)", "", normal_text(text))
        article = "an" if bare[:1] in tuple("aeiou") else "a"
        others = (bare, f"{bare}s", bare.removesuffix("s"), f"the {bare}", f"{article} {bare}")
        yield from (text, " ".join(text.split()), normal_text(text))
        yield from (other for other in others if question.is_same(other, text))
        return
    sign = separator(question)
    for version in (text, normal_output(text)):
        lines = [line.strip() for line in version.split("\n") if line.strip()]
        yield f" {sign} ".join(lines)
        yield (sign or "").join(lines)


def separator(question: OutputQuestion) -> str | None:
    """What stands for a new line where only one can be typed; None if no answer has more."""
    texts = [normal_output(text) for text in (question.answer, *(known.value for known in question.known_wrong))]
    if not any("\n" in text for text in texts):
        return None
    return next((sign for sign in SEPARATORS if not any(sign in text for text in texts)), SEPARATORS[0])


def in_lines(question: OutputQuestion, typed: str) -> str:
    """What the exported prompt has learners type in one line, as the lines that it stands for.

    Other texts, and those that have lines, stay as they are.
    """
    sign = separator(question)
    if sign is None or "\n" in typed.strip():
        return typed

    def in_one(text: str) -> str:
        return sign.join(part.strip() for part in normal_output(text).replace("\n", sign).split(sign))

    texts = (question.answer, *(known.value for known in question.known_wrong))
    # The sign stands within a text only where every other one does as well.
    known = next((text for text in texts if in_one(text) == in_one(typed.strip())), None)
    return known if known is not None else typed.replace(sign, "\n")


def numbers(question: NumberQuestion, notes: Notes) -> list[Range]:
    """The known numbers with their ranges, for a program that takes the first one that fits; the right one is first.

    Where the ranges of two wrong numbers overlap, each is cut halfway, so that the nearest one speaks as in `grade`.
    """
    reach = question.width
    values = [decimal(known.value) for known in question.known_wrong]
    ranges = [_range(decimal(question.answer), reach, (), Answer("", True, question.feedback))]
    for value, known in zip(values, question.known_wrong, strict=True):
        others = [(value + other) / 2 for other in values if other != value]
        ranges.append(_range(value, reach, others, Answer("", False, known.feedback)))
    if any(abs(a - b) <= 2 * reach for a, b in combinations(values, 2)):
        notes.add(
            question.id, "the ranges of known wrong numbers that overlap are cut halfway, so their centres differ"
        )
    return ranges


def _range(value: Decimal, reach: Decimal, borders: Iterable[Decimal], answer: Answer) -> Range:
    low = max([value - reach, *(border for border in borders if border < value)])
    high = min([value + reach, *(border for border in borders if border > value)])
    return Range(low, high, answer)


def figures(value: Decimal) -> str:
    """A number in plain figures, without an exponent.

    >>> figures(Decimal("1E+3")), figures(Decimal("0.50")), figures(Decimal("-0"))
    ('1000', '0.5', '0')
    """
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def weights(question: MultipleChoice) -> dict[str, str]:
    """Per cent for ticking each option, so that the sum is what `grade` gives: 100/R for a right one, -100/W for a
    wrong one.

    Moodle takes only fractions of its own list; with at most 10 options, 100/R and 100/W are all in it, written with
    five decimals (`fraction_options_full` in Moodle's question/engine/bank.php).
    """
    right = sum(option.correct for option in question.options)
    wrong = len(question.options) - right
    return {
        option.id: figures(round(Decimal(100) / right if option.correct else Decimal(-100) / wrong, 5))
        for option in question.options
    }
