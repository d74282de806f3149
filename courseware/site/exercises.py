"""What a page shows around an exercise, read from the code and never run: its hints, and the check's replies."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from courseware.course import PACKAGE, LessonInfo

SENTENCE = 25  # letters that a reply has at least
NAMES = {*dir(builtins), "np"}  # what a short answer may use beside its arguments


@dataclass(frozen=True)
class Reply:
    """One reply of a check to a wrong answer, with such an answer where a line can show it."""

    text: str
    answer: str = ""


@cache
def hints(info: LessonInfo) -> dict[str, list[str]]:
    """The hints of each exercise of a lesson, by its name."""
    return {
        check.name: [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        for check in _checks(info)
        for call in check.decorator_list
        if isinstance(call, ast.Call)
    }


@cache
def replies(info: LessonInfo) -> dict[str, list[Reply]]:
    """What each check of a lesson says to typical wrong answers: the sentences in it that name a mistake."""
    wrong = _wrong_answers(info)
    return {check.name: list(_replies(check, wrong.get(check.name, []))) for check in _checks(info)}


def _checks(info: LessonInfo) -> Iterator[ast.FunctionDef]:
    tree = ast.parse((info.folder / "checks.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any("exercise(" in ast.unparse(each) for each in node.decorator_list):
            yield node


def _replies(check: ast.FunctionDef, wrong: list[tuple[str, str]]) -> Iterator[Reply]:
    returned = {id(part) for node in ast.walk(check) if isinstance(node, ast.Return) for part in ast.walk(node)}
    whole = {id(part) for node in ast.walk(check) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    said = set()
    for node in (node for statement in check.body for node in ast.walk(statement) if id(node) not in returned):
        texts: list[str] = []
        if isinstance(node, ast.JoinedStr):
            texts = [_whole_sentences(str(each.value)) for each in node.values if isinstance(each, ast.Constant)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in whole:
            texts = [" ".join(node.value.split())]
        for text in texts:
            if text not in said and len(text) >= SENTENCE and text[0].isupper() and text.endswith((".", "?", "!")):
                said.add(text)
                yield Reply(text, next((code for code, words in wrong if words in text), ""))


def _whole_sentences(text: str) -> str:
    """What of a text between two numbers that are filled in can be read without them.

    >>> _whole_sentences(" rows; expected 5. Rows and columns are mixed up. There are ")
    'Rows and columns are mixed up.'
    """
    sentences = re.split(r"(?<=[.?!])\s+", text.strip())
    return " ".join(each for each in sentences if each[:1].isupper() and each.endswith((".", "?", "!")))


def _wrong_answers(info: LessonInfo) -> dict[str, list[tuple[str, str]]]:
    """The wrong answers of the tests that one line can show, each with words of the reply, by the exercise's name."""
    file = PACKAGE.parent / "tests" / "lessons" / info.short_name / "answers.py"
    return _table(file) if file.exists() else {}


def _table(file: Path) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="WRONG")], value=ast.Dict(keys=keys, values=values)):
                for key, rows in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(rows, ast.List):
                        pairs = [each.elts for each in rows.elts if isinstance(each, ast.Tuple) and len(each.elts) == 2]
                        found[str(key.value)] = [
                            (code, words.value)
                            for answer, words in pairs
                            if isinstance(words, ast.Constant)
                            and isinstance(words.value, str)
                            and (code := _shown(answer))
                        ]
    return found


def _shown(answer: ast.expr) -> str:
    """A wrong answer as a learner would write it; "" where it needs names that a reader does not see."""
    own: set[str] = set()
    body = answer
    if isinstance(answer, ast.Lambda):
        if not answer.args.args or answer.args.vararg or answer.args.kwarg:
            return ""
        own, body = {each.arg for each in answer.args.args}, answer.body
    inner = {each.id for node in ast.walk(body) if isinstance(node, ast.comprehension) for each in ast.walk(node.target)
             if isinstance(each, ast.Name)}  # fmt: skip
    used = {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
    known = used <= own | inner | NAMES and not any(isinstance(node, ast.Lambda) for node in ast.walk(body))
    if not known or (isinstance(answer, ast.Constant) and not isinstance(answer.value, int | float | str)):
        return ""
    return f"return {ast.unparse(body)}" if body is not answer else ast.unparse(body)
