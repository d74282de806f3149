"""Load and validate quiz files: a `Quiz`, or every problem of the file with its line.

>>> from courseware.course import find
>>> load_quiz(find("01").quiz).title
'A straight line that learns'
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from courseware.course import lessons
from courseware.errors import CourseError
from courseware.quiz import student_copy
from courseware.quiz.fields import COLUMNS, NAME, Name
from courseware.quiz.model import LONGEST, Misconception, Quiz
from courseware.quiz.questions import KINDS
from courseware.quiz.yamlfile import Document, Path_, QuizError, read

__all__ = [
    "MISCONCEPTIONS",
    "QuizError",
    "load_misconceptions",
    "load_quiz",
    "load_student_copy",
    "load_to_ask",
    "validated",
]

MISCONCEPTIONS = "misconceptions.yaml"

_EXPECTED = {
    "string_type": "text", "bool_type": "true or false", "float_type": "a number", "int_type": "a whole number", "tuple_type": "a list (`- …`)",
    "model_type": "fields (`key: value`)", "model_attributes_type": "fields (`key: value`)",
    "dict_type": "fields (`key: value`)", "string_unicode": "text without broken characters",
}  # fmt: skip
_BOUNDS = {
    "greater_than_equal": "at least {ge}", "less_than_equal": "at most {le}", "finite_number": "finite",
}  # fmt: skip
_VERBS = ("is ", "has ", "holds ", "wants ", "must ")


def load_quiz(path: Path) -> Quiz:
    """Load the quiz in the file `path`; its misconceptions are looked up in `misconceptions.yaml` beside it.

    Nothing in the file is executed. Files over 512 KiB, aliases, tags and duplicate keys are refused.

    Raises:
        QuizError: with all problems of the file, each 'file:line: what is wrong; what to do'; or if it is a student
            copy, without keys.
    """
    quiz = load_to_ask(path)
    if not quiz.keyed:
        raise QuizError([f"{path}: a student copy, without keys; name the quiz that it was made from"])
    return quiz


def load_student_copy(path: Path) -> Quiz:
    """Load the student copy in the file `path`: a quiz whose questions have no key.

    Raises:
        QuizError: with all problems of the file, or if it is a quiz with keys.
    """
    quiz = load_to_ask(path)
    if quiz.keyed:
        raise QuizError([f"{path}: a quiz with keys, and no student copy"])
    return quiz


def load_to_ask(path: Path) -> Quiz:
    """Load a quiz to be asked, with keys or without; a file without them is known by its field `student_copy`.

    Raises:
        QuizError: with all problems of the file.
    """
    path = Path(path)
    document = read(path)
    is_copy = isinstance(document.data, dict) and student_copy.MARK in document.data
    found = validated(document, TypeAdapter(student_copy.form() if is_copy else Quiz))
    for where, text in _across(document.data, path):
        document.problem(where, text)
    document.raise_problems()
    try:
        quiz: Quiz = student_copy.quiz_of(found) if is_copy else found
    except CourseError as error:
        raise QuizError([f"{path}: {error}"]) from None
    is_of_course = path.resolve() in {info.quiz.resolve() for info in lessons()}
    return quiz if is_of_course else quiz.in_bank(path.parent)


def load_misconceptions(path: Path) -> dict[str, Misconception]:
    """Load the shared list of misconceptions, by key.

    Raises:
        QuizError: with all problems of the file.
    """
    path = Path(path)
    try:
        about = path.stat()
    except OSError:
        return _list_in(path)  # which says why
    return _list_in(path, about.st_mtime_ns, about.st_size)


@lru_cache(8)
def _list_in(path: Path, *version: int) -> dict[str, Misconception]:
    """Every quiz of a folder looks into the same list: it is read once, as long as it does not change."""
    document = read(path)
    found: dict[str, Misconception] = validated(document, TypeAdapter(dict[Name, Misconception]))
    document.raise_problems()
    return found


def validated(document: Document, adapter: TypeAdapter[Any]) -> Any:
    """The data of `document` in the form of `adapter`; None, and its problems noted in the document, if it is not in it."""
    try:
        return adapter.validate_python(document.data)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            if problem["type"] == "too_short" and len(problem["input"]) >= problem["ctx"]["min_length"]:
                continue  # it only follows from a fault in one of the entries
            where = _path(document, (*problem["loc"], *problem.get("ctx", {}).get("at", ())))
            document.problem(where, _words(problem, where))
        return None


def _path(document: Document, loc: tuple[str | int, ...]) -> Path_:
    """Pydantic's location without the union tags it puts in, as far as the file goes."""
    path: Path_ = ()
    for part in loc:
        if (*path, part) in document.lines:
            path = (*path, part)
    return path


def _words(problem: Any, where: Path_) -> str:
    """One problem that pydantic found, in words that say what to do."""
    kind, value, name = problem["type"], problem["input"], str(problem["loc"][-1]) if problem["loc"] else "the file"
    context = problem.get("ctx", {})
    if kind == "missing":
        return f"`{name}` is missing; add it"
    if kind == "extra_forbidden":
        if name in ("points", "weight", "weights", "marks"):
            return (
                f"`{name}` is not known here, every question is worth one point; take it away, and weigh questions when "
                "you grade, in adjustments.yaml"
            )
        near = [] if name in _fields() else difflib.get_close_matches(name, _fields(), n=1)
        return f"`{name}` is not known here; " + (f"did you mean `{near[0]}`?" if near else "take it away")
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return f"`kind` is missing or unknown; write `kind: single`, or one of {', '.join(list(KINDS)[1:])}"
    if kind == "fault":
        at = (*problem["loc"], *context["at"])
        field = str(at[-1]) if at else ""
        return f"`{field}` {problem['msg']}" if problem["msg"].startswith(_VERBS) else problem["msg"]
    if kind in _EXPECTED:
        if value is None:
            return f"`{name}` is empty; write {_EXPECTED[kind]}"
        if kind == "string_type" and isinstance(value, (bool, int, float)):
            plain = str(value).lower()
            return f'`{name}` wants text, but {plain} without quotes is not text; write "{plain}" in quotes'
        return f"`{name}` wants {_EXPECTED[kind]}, not {_kind_of(value)}; change it"
    if kind == "string_pattern_mismatch":
        if context["pattern"] == NAME:
            return f"`{value}` is not a good name; write lower-case words joined by hyphens, e.g. `two-minima`"
        if name == "lesson":
            return (
                f"`{value}` is not a quiz's name; write lower-case words joined by underscores, e.g. "
                "`01_linear_regression` or `midterm`"
            )
        return f"`{name}` holds control characters or a line break where none belongs; take them away"
    if kind in ("string_too_short", "string_too_long", "too_short", "too_long"):
        return _size(kind, name, value, context)
    if kind in _BOUNDS:
        return f"`{name}` is {value}; write a number that is {_BOUNDS[kind].format(**context)}"
    if kind == "literal_error":
        return f"`{name}` must be {context['expected'].replace('True', 'true')}; change it"
    return f"`{name}`: {problem['msg'][0].lower()}{problem['msg'][1:]}; change it"


def _size(kind: str, name: str, value: Any, context: dict[str, Any]) -> str:
    """What to say of a text or a list with too little or too much in it."""
    if kind == "string_too_short":
        if context["min_length"] == 2:
            return (
                f"`{value}` is too short for a name, since single letters stand for places (a is the first); write a "
                "word or two, e.g. `too-steep`"
            )
        return f"`{name}` is empty; write {_EXPECTED['string_type']}"
    if kind == "string_too_long":
        return f"`{name}` has {len(value)} characters; at most {context['max_length']} fit, shorten it"
    if kind == "too_short":
        return f"`{name}` has {len(value)} of the {context['min_length']} or more that it needs; add to it"
    return f"`{name}` has {len(value)} entries; at most {context['max_length']} are taken, take some away"


@cache
def _fields() -> list[str]:
    """The names of all fields that a quiz or a list of misconceptions may have."""
    schema = Quiz.model_json_schema()
    entries = [schema, *schema["$defs"].values(), Misconception.model_json_schema()]
    return sorted({name for entry in entries for name in entry.get("properties", ())})


def _kind_of(value: Any) -> str:
    if isinstance(value, dict):
        return "fields"
    if isinstance(value, tuple):
        return "a list"
    return "true or false" if isinstance(value, bool) else "text" if isinstance(value, str) else "a number"


def _across(data: Any, path: Path) -> Iterator[tuple[Path_, str]]:
    """What one entry alone cannot show; looks at the raw data, so that it works beside other problems."""
    if not isinstance(data, dict):
        return
    lesson = data.get("lesson")
    if isinstance(lesson, str) and lesson != path.stem:
        yield ("lesson",), f"the file is named {path.name} but its lesson is `{lesson}`; make them agree"
    listed = data.get("questions")
    questions: list[tuple[Path_, dict[str, Any]]] = [
        (("questions", number), question)
        for number, question in enumerate(listed if isinstance(listed, tuple) else ())
        if isinstance(question, dict)
    ]
    seen: set[Any] = set()
    for where, question in questions:
        name = question.get("id")
        if isinstance(name, str):
            if name in seen:
                yield (*where, "id"), f"another question has the id `{name}` too; change one"
            if name in COLUMNS and student_copy.MARK not in data:
                yield (
                    (*where, "id"),
                    f"`{name}` is a column of its own in tables of answers and grades; name the question by what it "
                    "asks, in two words or more",
                )
            seen.add(name)
    yield from _pools_and_forms(data.get("pools", {}), questions)
    if isinstance(lesson, str) and len(lesson) > LONGEST and any(question.get("form") for _, question in questions):
        yield ("lesson",), f"`{lesson}` has {len(lesson)} signs; a quiz with forms has at most {LONGEST}, shorten it"
    named = [found for where, question in questions for found in _misconceptions_in(question, where)]
    if not named:
        return
    try:
        misconceptions = load_misconceptions(path.with_name(MISCONCEPTIONS))
    except QuizError as error:
        yield (), f"its list of misconceptions cannot be used: {error.problems[0]}"
        return
    for where, key in named:
        if key not in misconceptions:
            near = difflib.get_close_matches(key, misconceptions, n=1)
            advice = f"did you mean `{near[0]}`?" if near else f"add it to {MISCONCEPTIONS}, or use one from there"
            yield where, f"there is no misconception `{key}`; {advice}"


def _pools_and_forms(pools: Any, questions: list[tuple[Path_, dict[str, Any]]]) -> Iterator[tuple[Path_, str]]:
    """Pools that nothing can be drawn from, and questions that cannot be in one."""
    if not isinstance(pools, dict):
        return
    members = Counter(question["pool"] for _, question in questions if isinstance(question.get("pool"), str))
    for name, number in pools.items():
        if isinstance(number, int) and number >= members[name]:
            yield (
                ("pools", name),
                f"`{name}` draws {number} of {members[name]} questions; write a smaller number, or more questions with "
                f"`pool: {name}`",
            )
    for where, question in questions:
        pool = question.get("pool")
        if isinstance(pool, str) and pool not in pools:
            near = difflib.get_close_matches(pool, pools, n=1)
            advice = (
                f"did you mean `{near[0]}`?"
                if near
                else f"say above `questions:` how many are drawn, `pools: {{{pool}: 2}}`"
            )
            yield (*where, "pool"), f"there is no pool `{pool}`; {advice}"
        if pool and question.get("form"):
            yield (*where, "form"), "a form has the same questions for all, and none of a pool; keep `form` or `pool`"


def _misconceptions_in(data: Any, where: Path_) -> Iterator[tuple[Path_, str]]:
    """Each misconception that is named anywhere in `data`, and where."""
    entries: Iterable[Any] = (
        data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, tuple) else ()
    )
    for key, value in entries:
        if key == "misconception" and isinstance(value, str):
            yield (*where, key), value
        else:
            yield from _misconceptions_in(value, (*where, key))
