"""Read one learner's answers from a YAML or JSON file: ``learner``, ``quiz``, ``answers``, perhaps ``attempt``."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.grading.problems import AnswersError
from courseware.quiz import yamlfile
from courseware.quiz.feedback import quoted

_BROKEN = re.compile("[\ud800-\udfff]")  # what JSON and YAML can write, but no file of text can hold
MOST_SIGNS = 200  # of a name, a quiz or a seed
_FIELDS = ("learner", "id", "email", "quiz", "fingerprint", "seed", "attempt", "handed_in", "answers", "seconds")


@dataclass(frozen=True)
class LearnerFile:
    """One learner's answers to one quiz, by question id, as they stand in the file."""

    learner: str
    quiz: str | None
    attempt: int
    answers: dict[str, Any]
    seconds: dict[str, Any]
    seed: str | None = None
    fingerprint: str | None = None
    handed_in: str | None = None
    id: str = ""
    email: str = ""


def read(path: Path) -> LearnerFile:
    """Read `path`.

    Raises:
        AnswersError: if it is not such a file; the message is one line.
    """
    data = _json(path) if path.suffix.lower() == ".json" else _yaml(path)
    if not isinstance(data, dict):
        raise AnswersError(f"{path}: not fields; write `learner:`, `quiz:` and `answers:`")
    if unknown := [key for key in data if key not in _FIELDS]:
        raise AnswersError(f"{path}: `{str(unknown[0])[:60]}` is not known here; known are {', '.join(_FIELDS)}")
    learner, quiz, attempt = data.get("learner"), data.get("quiz"), data.get("attempt")
    if isinstance(learner, int) and not isinstance(learner, bool) and abs(learner) < 10**18:
        learner = str(learner)
    if not isinstance(learner, str) or not learner.strip():
        raise AnswersError(f"{path}: no learner's name; write `learner: ann`")
    id_, email = (_short(data.get(name)) or "" for name in ("id", "email"))
    seed = _seed(path, data)
    if quiz is not None and not isinstance(quiz, str):
        quiz = f"{quiz:02d}" if isinstance(quiz, int) and abs(quiz) < 1000 else quoted(quiz)
    for what, text in (
        ("learner's name", learner),
        ("id", id_),
        ("email", email),
        ("seed", seed or ""),
        ("quiz", quiz or ""),
    ):
        if _BROKEN.search(text):
            raise AnswersError(f"{path}: the {what} holds half a character (\\ud800); write it anew")
        if any(not sign.isprintable() and not sign.isspace() and unicodedata.category(sign) == "Cc" for sign in text):
            raise AnswersError(f"{path}: the {what} holds a control sign, such as \\u0000; write it anew")
        if len(text) > MOST_SIGNS:
            raise AnswersError(f"{path}: the {what} has {len(text)} signs; at most {MOST_SIGNS} are read")
    if attempt is None:
        attempt = 1
    if isinstance(attempt, bool) or not isinstance(attempt, int) or not 1 <= attempt < 10**6:
        raise AnswersError(f"{path}: the attempt {attempt!r} is not a whole number from 1; write `attempt: 1`")
    for name in ("answers", "seconds"):
        if not isinstance(data.get(name, {}), dict):
            raise AnswersError(f"{path}: `{name}` is not fields; write `{name}:` and beneath it `question-id: …`")
    if "answers" not in data:
        raise AnswersError(f"{path}: no `answers`; write `answers:` and beneath it `question-id: response`")
    fingerprint, handed_in = (_short(data.get(name)) for name in ("fingerprint", "handed_in"))
    try:
        answers, seconds = _whole(data["answers"]), _whole(data.get("seconds", {}))
    except RecursionError:
        raise AnswersError(f"{path}: nested too deep; write `answers` as fields of plain values") from None
    return LearnerFile(
        " ".join(learner.split()), quiz, attempt, answers, seconds, seed, fingerprint, handed_in, id_, email
    )


def _short(value: Any) -> str | None:
    """A field that says how the file was made, as text, whatever stands there."""
    return None if value is None else str(_whole(value if isinstance(value, str) else quoted(value)))[:MOST_SIGNS]


def _whole(value: Any, depth: int = 0) -> Any:
    """The same data with a replacement sign for each half of a character.

    Raises:
        RecursionError: if it is nested far deeper than any answer.
    """
    if depth > yamlfile.MAX_DEPTH:
        raise RecursionError
    if isinstance(value, str):
        return _BROKEN.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(each, depth + 1) for key, each in value.items()}
    return [_whole(each, depth + 1) for each in value] if isinstance(value, (list, tuple)) else value


def _seed(path: Path, data: dict[str, Any]) -> str | None:
    seed = data.get("seed")
    if seed is None or isinstance(seed, str):
        return seed or None
    if isinstance(seed, int) and not isinstance(seed, bool) and abs(seed) < 10**30:
        return str(seed)
    raise AnswersError(
        f"{path}: the seed {quoted(seed)} is neither text nor a whole number; leave it as it was handed in"
    )


def _yaml(path: Path) -> Any:
    try:
        document = yamlfile.read(path)
        document.raise_problems()
    except yamlfile.QuizError as error:
        raise AnswersError(error.problems[0].replace("split the quiz", "one learner's answers need far less")) from None
    return document.data


def _json(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            raw = file.read(yamlfile.MAX_BYTES + 1)
        if len(raw) > yamlfile.MAX_BYTES:
            raise AnswersError(
                f"{path}: larger than {yamlfile.MAX_BYTES // 1024} KiB; one learner's answers need far less"
            )
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except OSError as error:
        raise AnswersError(f"{path}: cannot be read ({error.strerror}); check the name and the permissions") from None
    except RecursionError:
        raise AnswersError(f"{path}: nested too deep; write `answers` as fields of plain values") from None
    except UnicodeDecodeError:
        raise AnswersError(f"{path}: not UTF-8 text; save the file as UTF-8") from None
    except ValueError as error:  # json's own errors, and a number of thousands of digits
        raise AnswersError(f"{path}: not valid JSON ({error}); mend it there") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice")
        found[key] = value
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number that JSON knows")
