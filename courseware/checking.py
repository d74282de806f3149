"""Look at a learner's answer, whatever it is, and say one of three things: not started, try again, passed.

A check is a function of the answer. It returns a sentence for the learner who got it right, or raises
`TryAgain` with what was called, what came back and what was expected. The helpers below write those sentences.
"""

from __future__ import annotations

import copy
import linecache
import os
import re
import sys
import sysconfig
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from courseware.course import PACKAGE
from courseware.progress import NOT_STARTED, PASSED, TRY_AGAIN
from courseware.shielded import AsksForInput, AsksToExit, shielded
from courseware.timelimit import STOPS, Interrupted, TimeLimitReached, run_limited

SHOWN = 8  # so many numbers of an array are written out in a reply
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
IN_A_LAYER = re.compile(
    r"Exception encountered when calling .*?\.call\(\)\.\s*(.*?)\s*Arguments received by", re.DOTALL
)
INTERRUPTED = "interrupted"  # no verdict: a person stopped the check
NOT_THEIRS = tuple(
    map(str, (PACKAGE, sysconfig.get_path("stdlib"), "site-packages", "dist-packages", "__autograph_generated"))
)


class NotStarted(Exception):
    """Raised by a check when the blank is still blank."""


class TryAgain(Exception):
    """Raised by a check when the answer is not right yet; the text is for the learner."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: its name, its check, and three hints from a nudge to nearly the answer."""

    name: str
    check: Callable[[Any], str | None]
    hints: tuple[str, str, str]
    seconds: float = 10.0


def exercise(
    first: str, second: str, third: str, seconds: float = 10.0
) -> Callable[[Callable[[Any], str | None]], Exercise]:
    """Make the check that stands below an `Exercise` of the same name, with its three hints."""
    return lambda check: Exercise(check.__name__, check, (first, second, third), seconds)


@dataclass(frozen=True)
class Verdict:
    """What a check found: one of the three outcomes, or `INTERRUPTED`, and a text for the learner."""

    outcome: str
    message: str


def examine(exercise: Exercise, answer: Any) -> Verdict:
    """Check `answer`; whatever it is or does, the result is a `Verdict` and never an exception."""
    if answer is ...:
        return Verdict(NOT_STARTED, "Replace the dots (...) with your answer and run that cell, then this one again.")
    process = os.getpid()
    try:
        with shielded(), _same_every_time(answer):
            verdict: Verdict = run_limited(lambda: _verdict(exercise, answer), exercise.seconds)
            return verdict
    except TimeLimitReached:
        return Verdict(
            TRY_AGAIN,
            f"Your code was still running after {exercise.seconds:g} seconds and was stopped. "
            "Is there a loop that never ends, or far too many steps?",
        )
    except Interrupted:
        return Verdict(
            INTERRUPTED, "The check was stopped before it was done, and nothing was counted. Run the cell again."
        )
    except BaseException as error:  # an answer may raise anything at all, and none of it is the learner's to read
        return Verdict(TRY_AGAIN, f"The check could not make sense of your answer, {_kind(answer)} ({_kind(error)}).")
    finally:
        if os.getpid() != process:  # the answer forked: the child is no second notebook
            os._exit(0)


def _verdict(exercise: Exercise, answer: Any) -> Verdict:
    """What the check finds; the answer is described here, inside the limit, since its words are the answer's own code."""
    try:
        praise = exercise.check(answer)
    except NotStarted as blank:
        return Verdict(NOT_STARTED, str(blank) or "Replace the dots (...) with your answer, then run both cells again.")
    except TryAgain as problem:
        return Verdict(TRY_AGAIN, str(problem))
    except STOPS:
        raise
    except BaseException as error:
        if isinstance(error, ValueError) and "inhomogeneous" in said(error) and not where(error):
            return Verdict(
                TRY_AGAIN,
                "Your answer holds arrays or lists of different lengths; numbers in one array were expected. Is a mean or a "
                "sum missing in it, or is there one value too many behind `return`?",
            )
        if place := where(error):
            return Verdict(TRY_AGAIN, f"Your code raised {_class_name(error)}: {said(error)}{place}")
        return Verdict(
            TRY_AGAIN,
            f"The check could not make sense of your answer, which is {describe(answer)} "
            f"({_class_name(error)}: {said(error)}).",
        )
    return Verdict(PASSED, praise or "")


def _same_every_time(answer: Any) -> AbstractContextManager[None]:
    """As `repeatable.same_every_time`, where Keras is loaded; without it nothing is drawn by chance."""
    if "keras" not in sys.modules:
        return nullcontext()
    from courseware.repeatable import same_every_time

    return same_every_time(answer)


def call(function: Any, *arguments: Any, name: str | None = None, copied: bool = True) -> Any:
    """Call a learner's function with copies of `arguments`, or with these themselves, and return what it returns.

    Raises:
        NotStarted: if it returns the dots of the blank, or stumbles over them.
        TryAgain: if it is no function, raises, returns None, or changes an argument in place.

    >>> call(lambda x: x + 1, 2)
    3
    """
    if not callable(function):
        raise TryAgain(f"The answer must be a function; yours is {describe(function)}.")
    name = name or _name_of(function)
    given = copy.deepcopy(arguments) if copied else arguments
    shown = f"{name}({', '.join(describe(a) for a in arguments)})"
    try:
        result = function(*given)
    except (TryAgain, NotStarted, *STOPS):
        raise
    except AsksForInput as error:
        raise TryAgain(f"{shown} asks for input; {error}.") from None
    except AsksToExit as error:
        raise TryAgain(f"{shown} {error}.") from None
    except BaseException as error:
        if isinstance(error, TypeError) and "ellipsis" in said(error):
            raise NotStarted from None
        raise TryAgain(f"{shown} raised {_class_name(error)}: {said(error)}{where(error)}{_meaning(error)}") from None
    if result is ...:
        raise NotStarted
    for before, after in zip(arguments, given, strict=True):
        if not same(before, after):
            was, now = describe(before), describe(after)
            listed = isinstance(before, list) and not any(isinstance(each, np.ndarray) for each in before)
            instead = "sorted(x) rather than x.sort()" if listed else "x = x + 1 rather than x += 1"
            raise TryAgain(
                f"{name} changed one of its inputs in place: {was} {f'became {now}' if was != now else 'has other values now'}. "
                f"Make a new value instead, e.g. {instead}."
            )
    if result is None:
        raise TryAgain(f"{shown} returned None. Does the function end with `return` and a value?")
    return result


PLAIN_WORDS = {  # what Python or NumPy says of a beginner's slip, and what it means
    "bitwise_xor": "`^` is no power in Python; that is `**`.",
    "for ^:": "`^` is no power in Python; that is `**`.",
    "'list' and 'list'": "Lists are not subtracted or multiplied number by number; np.array(...) makes an array of a list.",
    "can't multiply sequence by non-int of type 'list'": "Lists are not multiplied number by number; np.array(...) makes an array of a list.",
    "can be converted to Python scalars": "One number was needed there, and an array came: np.exp takes arrays, math.exp and float do not.",
    "must be real number, not list": "One number was needed there, and a list came: np.exp takes lists, math.exp does not.",
    "truth value of an array": "`if` decides once, and an array holds many numbers: use np.where, or go through them in a loop.",
    "inhomogeneous shape": "The arrays have different shapes, so NumPy makes no single array of them. Go through them in a loop.",
}


def _meaning(error: BaseException) -> str:
    words = said(error)
    return next((f" {text}" for part, text in PLAIN_WORDS.items() if part in words), "")


def number(value: Any, what: str = "Your answer") -> float:
    """Return `value` as a float.

    Raises:
        TryAgain: if it is not one finite number; the text says what came instead.

    >>> number(np.float32(0.5))
    0.5
    """
    if value is ...:
        raise NotStarted
    if isinstance(value, str):
        shown = repr(str(value)) if len(value) <= 40 else f"{str(value)[:38]!r}..."
        raise TryAgain(f"{what} is the text {shown}; a number was expected. Leave out the quotes.")
    if isinstance(value, bool | np.bool_):
        raise TryAgain(f"{what} is {value}; a number was expected.")
    got = _to_numpy(value, what)
    if got.size != 1:
        raise TryAgain(f"{what} holds {got.size} numbers (shape {got.shape}); one number was expected.")
    if not np.isfinite(got).all():
        raise TryAgain(f"{what} is {got.item()}; a finite number was expected. Was something divided by zero?")
    return float(got.item())


def array(value: Any, shape: tuple[int, ...], what: str = "Your answer") -> np.ndarray:
    """Return `value` as a float array of exactly `shape`.

    Raises:
        TryAgain: for another shape, or values that are not finite numbers.

    >>> array([1, 2], (2,))
    array([1., 2.])
    """
    if value is ...:
        raise NotStarted
    got = _to_numpy(value, what)
    if got.shape != shape:
        raise TryAgain(f"{what} has shape {got.shape}; expected {shape}.")
    if not np.isfinite(got).all():
        raise TryAgain(f"{what} holds {describe(got[~np.isfinite(got)].flat[0])}; finite numbers were expected.")
    return got


def pair(value: Any, what: str = "Your answer", names: Sequence[str] = ("a", "b")) -> tuple[Any, ...]:
    """Return `value` as a tuple with one entry for each of `names`.

    Raises:
        TryAgain: if it is not a tuple, list or array of that length.
    """
    if value is ...:
        raise NotStarted
    if hasattr(value, "__array__") and not isinstance(value, np.ndarray | np.generic) and np.ndim(value):  # a tensor
        value = np.asarray(value)
    if not isinstance(value, tuple | list | np.ndarray) or len(value) != len(names):
        raise TryAgain(f"{what} is {describe(value)}; expected {len(names)} values: `return {', '.join(names)}`.")
    return tuple(value)


def expect(
    what: str, got: Any, expected: Any, mistakes: Sequence[tuple[Any, str]] = (), rtol: float = 1e-4, atol: float = 1e-6
) -> None:
    """Compare a number or an array with the right one.

    Args:
        what: the call or name, for the message, e.g. ``"mse([1 2], [1 4])"``.
        got: what the learner's answer gave.
        expected: the right value.
        mistakes: known wrong values, each with a sentence on what is likely wrong.
        rtol, atol: the tolerance of ``numpy.isclose``.

    Raises:
        TryAgain: if `got` is not close to `expected`.

    >>> expect("2 + 2", 4.0, 4)
    >>> expect("mean", 6.0, 2.0, mistakes=[(6.0, "That is the sum.")])
    Traceback (most recent call last):
    courseware.checking.TryAgain: mean is 6; expected 2. That is the sum.
    >>> expect("ones", np.eye(4), np.ones((4, 4)))
    Traceback (most recent call last):
    courseware.checking.TryAgain: ones has the right shape, (4, 4), but at [0, 1] it is 0; expected 1.
    """
    expected = np.asarray(expected, dtype=float)
    got = number(got, what) if expected.shape == () else array(got, expected.shape, what)
    if np.allclose(got, expected, rtol=rtol, atol=atol):
        return
    likely = [
        text
        for wrong, text in mistakes
        if np.shape(wrong) == np.shape(got) and np.allclose(got, wrong, rtol=rtol, atol=atol)
    ]
    if expected.size > SHOWN:
        place = tuple(np.argwhere(~np.isclose(got, expected, rtol=rtol, atol=atol))[0].tolist())
        wrong = f"{what} has the right shape, {expected.shape}, but at {list(place)} it is {describe(got[place])}; "
        raise TryAgain(" ".join([f"{wrong}expected {describe(expected[place])}.", *likely[:1]]))
    raise TryAgain(" ".join([f"{what} is {describe(got)}; expected {describe(expected)}.", *likely[:1]]))


def same(first: Any, second: Any) -> bool:
    """Whether two arguments hold equal values (arrays compared element by element, also those in a list).

    >>> same([np.array([1.0, 2.0])], [np.array([1.0, 3.0])])
    False
    """
    try:
        if isinstance(first, list | tuple) and isinstance(second, list | tuple):
            return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))
        if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
            return np.array_equal(first, second, equal_nan=np.asarray(first).dtype.kind == "f")
        if getattr(type(first), "__eq__", None) is object.__eq__:  # e.g. a random generator: its copy is never "equal"
            return True
        return bool(first == second)
    except Exception:
        return True  # values that cannot be compared are given the benefit of the doubt


def describe(value: Any) -> str:
    """Say in a few words what `value` is: small numbers and arrays in full, large ones by their shape.

    >>> describe(np.array([1.0, 2.5])), describe(np.zeros((100, 3))), describe("a" * 80)
    ('[1.  2.5]', 'an array of shape (100, 3)', "a str: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...")
    >>> describe(3.0), describe(np.array([1.0, 2.0]))  # whole numbers without a point
    ('3', '[1 2]')
    """
    try:
        if isinstance(value, np.generic):
            return describe(value.item())
        if isinstance(value, np.ndarray):
            if value.ndim == 0:
                return describe(value.item())
            if value.size > SHOWN:
                return f"an array of shape {value.shape}"
            if (
                value.dtype.kind == "f"
                and np.isfinite(value).all()
                and np.all(value % 1 == 0)
                and np.all(abs(value) < 1e15)
            ):
                value = value.astype(int)
            return np.array2string(value, precision=4, separator=" ").replace("\n", "")
        if isinstance(value, float):
            return str(int(value)) if value % 1 == 0 and abs(value) < 1e15 else f"{value:.6g}"
        if value is None or isinstance(value, bool | int | float):
            return repr(value)
        if isinstance(value, type):
            return f"the class {_name_of(value)}"
        if callable(value) and hasattr(value, "__name__"):
            return f"the function {_name_of(value)}"
        text = repr(value).replace("\n", " ")
        if isinstance(value, tuple | list) and len(text) <= 60:
            return text
        return (
            f"{_kind(value)}: {text if len(text) <= 40 else text[:38] + '...'}"
            if " at 0x" not in text
            else _kind(value)
        )
    except STOPS:
        raise
    except BaseException:  # also SystemExit, from a __repr__
        return _kind(value)


def _class_name(value: Any) -> str:
    """The name of the class of `value`, whatever the class has done to its names."""
    return str(type.__dict__["__name__"].__get__(type(value)))


def _kind(value: Any) -> str:
    name = _class_name(value)
    return f"an {name}" if name[:1] in "AEIOaeio" else f"a {name}"


def _name_of(function: Any) -> str:
    try:
        return str(function.__name__)
    except STOPS:
        raise
    except BaseException:
        return "your function"


def _to_numpy(value: Any, what: str) -> np.ndarray:
    """`value` as floats: numbers of any type, in any array or nested list."""
    try:
        if hasattr(value, "detach"):  # a PyTorch tensor that still records gradients
            value = value.detach()
        got = _as_array(value)
        if got.dtype.kind == "c":
            if np.any(got.imag != 0):
                raise TryAgain(f"{what} is {describe(value)}, a complex number; real numbers were expected.")
            got = got.real
        elif got.dtype.kind == "O":
            got = np.reshape([_one_number(each, what) for each in got.flat], got.shape)
        elif got.dtype.kind == "V" and got.dtype.names is None:  # bfloat16 and its like
            got = got.astype(float)
        if got.dtype.kind not in "buif":
            raise TypeError
        return got.astype(float)
    except (TryAgain, NotStarted):
        raise
    except Exception:
        raise TryAgain(f"{what} is {describe(value)}; numbers were expected.") from None


def _as_array(value: Any) -> np.ndarray:
    try:
        return np.asarray(value)
    except Exception:  # e.g. a list of tensors of type bfloat16
        if isinstance(value, list | tuple):
            return np.asarray([_as_array(each) for each in value])
        raise


def _one_number(value: Any, what: str) -> float:
    """An entry of an array of objects, such as a `Fraction`, a `Decimal` or a tensor, as a float."""
    if value is ...:
        raise TryAgain(f"{what} still holds dots (...); numbers were expected.")
    if isinstance(value, str | bytes) or value is None:
        raise TryAgain(f"{what} holds {describe(value)}; numbers were expected.")
    return float(np.asarray(value).item()) if hasattr(value, "__array__") else float(value)


def said(error: BaseException) -> str:
    """What `error` says, in one line; of an error inside a Keras layer the part that is not Keras's.

    >>> said(ValueError("Exception encountered when calling Twice.call().\\n\\n\\x1b[1mno\\nway\\x1b[0m\\n\\nArguments received by"))
    'no way'
    """
    try:
        text = COLOURS.sub("", str(error))
        if found := IN_A_LAYER.match(text):
            text = found[1]
        return " ".join(text.split())[:200]
    except STOPS:
        raise
    except BaseException:
        return "(its message cannot be read)"


def where(error: BaseException) -> str:
    """The line of the learner's own code where `error` arose, if there is one."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not any(part in frame.filename for part in NOT_THEIRS) and not frame.filename.startswith("<frozen"):
            text = linecache.getline(frame.filename, frame.lineno or 0).strip()
            return f" (in the line `{text}`)" if text else ""
    return ""
