"""Mutate quiz files at random: each must end as a valid quiz or as clear lines, never as a traceback.

The suite runs some hundreds (test_quiz_bank.py). For more: python tests/quiz/fuzz_quiz_files.py 100000 [SEED]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from courseware.quiz.load import QuizError, load_student_copy, load_to_ask
from courseware.quiz.student_copy import as_yaml

EXAMPLE = Path(__file__).parent / "all_kinds"
PIECES = ["\n", "  ", "- ", ": ", "&a ", "*a", "!!set ", "!!python/name:os.system ", "|", ">", "'", '"', "{", "}", "[", "]",
          "#", "%", "\t", "é", "? ", "---\n", "...\n", "<<: ", "null", "1e5", "-0.0", "1e308", "012", "no", "\\", "@", "`",
          "\u2028", "\x85", "\x00", "\ufeff", "\U0001f600", ",", "~", "{n}", "n ** 9", "1/0", "kind: ", "answer: ", "id: ",
          "parameters: {n: [1, 2]}", "correct: true\n", "9" * 400, " " * 300, "\u202e", "\u200b", "&#xE000;", "![", "$\\text{<b>}$"]  # fmt: skip


def corpus() -> list[str]:
    """Small valid quizzes to start from, each with one question of the example with all kinds, and one with all."""
    text = (EXAMPLE / "01_linear_regression.yaml").read_text(encoding="utf-8")
    head, *questions = text.split("\n  - id: ")
    questions = ["\n  - id: " + question for question in questions if "\n    kind: " in question]
    return [head + question for question in questions] + [head + "".join(questions)]


def mutate(draw: random.Random, texts: list[str]) -> bytes:
    """One of `texts` with a few cuts, insertions, repeated or exchanged lines; rarely bytes that are no UTF-8."""
    text = draw.choice(texts)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(text) + 1)
        way = draw.random()
        if way < 0.5:
            piece = draw.choice([*PIECES, text[max(0, at - 40) : at]])
            text = text[:at] + piece + text[at + draw.choice([0, 0, 1, 5, 60]) :]
        elif way < 0.9:
            lines = text.split("\n")
            one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
            if way < 0.6:
                lines.insert(one, lines[other])
            elif way < 0.7:
                lines[one], lines[other] = lines[other], lines[one]
            elif way < 0.8:
                del lines[one]
            else:
                lines[one] = " " * draw.randint(0, 12) + lines[one].strip()
            text = "\n".join(lines)
        else:
            text = text.replace(
                draw.choice(["text", "id", ":", "- ", "\n", "feedback", "true", "2"]), draw.choice(PIECES), 1
            )
    content = text.encode("utf-8", "surrogatepass")
    if draw.random() < 0.03:
        at = draw.randrange(len(content) + 1)
        content = content[:at] + bytes([draw.randrange(256)]) + content[at:]
    return content


def outcome(folder: Path, content: bytes) -> str:
    """Load `content` as a file of `folder`: "valid" or "refused". A valid quiz is also drawn, stripped and read back."""
    path = folder / "01_linear_regression.yaml"
    path.write_bytes(content)
    try:
        quiz = load_to_ask(path)
    except QuizError as error:
        assert error.problems and all("\n" not in problem and str(path) in problem for problem in error.problems)
        return "refused"
    quiz.drawn("ann")
    if quiz.keyed:
        copy = quiz.without_keys()
        path.write_text(as_yaml(copy), encoding="utf-8")
        assert load_student_copy(path) == copy
    return "valid"


def fuzz(count: int, seed: int, folder: Path) -> Counter:
    """Try `count` mutated files; return how many were valid and refused."""
    (folder / "misconceptions.yaml").write_bytes((EXAMPLE / "misconceptions.yaml").read_bytes())
    draw, texts, outcomes = random.Random(seed), corpus(), Counter()
    for number in range(count):
        content = mutate(draw, texts)
        try:
            outcomes[outcome(folder, content)] += 1
        except Exception as error:
            raise AssertionError(f"file {number} of seed {seed} ended in {error!r}:\n{content!r}") from error
    return outcomes


if __name__ == "__main__":
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        print(dict(fuzz(count, seed, Path(folder))), f"in {time.monotonic() - began:.0f} s")
