"""Grade classes of a hundred thousand and of a million learners: seconds, memory, and the cost of one learner.

    python benchmarks/grade_class.py                 # 100,000 and 1,000,000 learners, 10 questions
    python benchmarks/grade_class.py 50000 --drawn   # one class; one question draws numbers for each learner

The files are made from a fixed seed: three single and two multiple choice questions, two numbers, a short text, an
ordering and a matching question (with `--drawn`, a seed for each learner as well), answered by the ids or letters of options as `docs/quizzes.md` describes; two answers
of three are right, one of fifty is not given, one of three hundred cannot be read.

What is measured is all that `course grade` does: load the quiz, read the file, grade it, list what could not be read,
and write the graded file. It starts from a running Python with all imports done. Each run is a process of its own; the
seconds are the least of all runs, since whatever else runs on the machine can only add to them. Memory is the largest
peak of the process's resident size.

Each class is graded in two ways. "In full" is the default: the text of the feedback stands in every row, which makes
the result five times as long as the answers. "Keys" is `--feedback FILE`: each feedback is written once into a file of
its own, and the graded file names it.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SEED = 20
QUIZ = """\
lesson: 99_benchmark
title: A quiz to measure with
questions:
"""
SINGLE = """\
  - id: {id}
    kind: single
    section: Measuring
    prompt: Which of these is true?
    options:
      - id: no-difference
        text: There is no difference between the two
        feedback: They look alike at first. But only one of them has seen the labels, and that is what makes the difference here.
        misconception: a
      - id: first
        text: The first one learns faster
        correct: true
        feedback: It takes larger steps where the slope is gentle.
      - id: second-is-faster
        text: The second one learns faster
        feedback: It does fewer computations in each step, that is true. What counts is how many steps it needs, and those are many more.
        misconception: b
      - id: cannot-be-known
        text: That cannot be known before
        feedback: For one run it cannot. Over many starts, the picture is always the same, as the lesson's figure shows.
        misconception: a
"""
MULTIPLE = """\
  - id: {id}
    kind: multiple
    section: Measuring
    prompt: Which of these hold?
    options:
      - id: weights
        text: The weights are shared
        correct: true
        feedback: The same kernel slides over all places of the picture, whatever its size is.
      - id: size
        text: The maps stay as large as they were
        feedback: They would with padding that is the same all around. By default, nothing is put there and the maps shrink.
        misconception: b
      - id: count
        text: The number of maps stays
        correct: true
        feedback: There is one for every filter, and their number does not depend on what comes in.
      - id: labels
        text: The labels change
        feedback: Labels come with the data. No layer gets to see them before the loss is worked out at the very end.
        misconception: a
"""
NUMBER = """\
  - id: {id}
    kind: number
    section: Measuring
    prompt: How many?
    answer: 14
    tolerance: {{absolute: 0.1}}
    feedback: Twenty-seven halves, rounded down, and the first place.
    wrong: Use (n + 2p - k) / s, rounded down, and add one for the first place. The default padding is none.
    known_wrong:
      - {{value: 13, feedback: That is how often the kernel moves. It also has a first place before any of its moves., misconception: a}}
      - {{value: 28, feedback: That is right for stride one. With strides of two every second place is left out., misconception: b}}
"""
DRAWN = """\
  - id: {id}
    kind: number
    section: Measuring
    prompt: "How many weights have {{n}} units with {{k}} inputs?"
    parameters: {{n: [8, 12, 14, 20, 24], k: [3, 5, 7, 9]}}
    answer: n * k
    tolerance: {{absolute: 0.1}}
    feedback: Each unit has one for each input.
    wrong: Each of the {{n}} units has a weight for each of its {{k}} inputs, so multiply the two.
    known_wrong:
      - {{value: n + k, feedback: You added the two. Each unit has its own weight for every one of its inputs., misconception: a}}
"""
TEXT = """\
  - id: {id}
    kind: text
    section: Measuring
    prompt: What is it called?
    answers: [overfitting, over-fitting]
    feedback: So it is.
    wrong: Compare the two losses. One falls and the other one rises again, and this has a name.
    known_wrong:
      - {{value: underfitting, feedback: Then both losses would stay high. Here the one on the training data falls nicely., misconception: b}}
"""
ORDERING = """\
  - id: {id}
    kind: ordering
    section: Measuring
    prompt: Put the steps in order.
    items:
      - {{id: forward, text: Predict}}
      - {{id: loss, text: Work out the loss}}
      - {{id: backward, text: Work out the gradients}}
      - {{id: update, text: Change the weights}}
    feedback: So goes each step of training.
    wrong: The loss needs predictions, the gradients need the loss, and the update needs the gradients.
"""
MATCHING = """\
  - id: {id}
    kind: matching
    section: Measuring
    prompt: Match the tasks with their losses.
    pairs:
      - {{id: price, text: A price, match: mean squared error, feedback: A price is a number and may be any., misconception: a}}
      - {{id: digit, text: One digit of ten, match: cross-entropy, feedback: One class of several has a probability each., misconception: b}}
      - {{id: spam, text: Spam or not, match: binary cross-entropy, feedback: Two classes need one probability only., misconception: b}}
"""
# For each question its YAML, the right answer, and what else people write (the last cannot be read).
KINDS = {
    "which-is-faster": (SINGLE, "first", ["no-difference", "second-is-faster", "cannot-be-known", "yes"]),
    "which-is-better": (SINGLE, "b", ["a", "c", "d", "?"]),
    "which-is-first": (SINGLE, "first", ["no-difference", "c", "d", "e"]),
    "what-is-shared": (MULTIPLE, "weights count", ["weights", "count", "weights size count", "weights labels", "all"]),
    "what-stays": (MULTIPLE, "a c", ["a", "c", "a b c", "b c", "a d", "a a"]),
    "output-size": (NUMBER, "14", ["13", "28", "14.5", "15", "27", "12", "fourteen"]),
    "parameters": (NUMBER, "14.0", ["13", "28", "7", "140", "14 or 15"]),
    "what-is-it": (TEXT, "Overfitting", ["underfitting", "overtraining", "memorizing", "high variance", "..."]),
    "in-order": (ORDERING, "forward loss backward update", ["a c b d", "a b d c", "b a c d", "a b c"]),
    "match-losses": (MATCHING, "price=a digit=b spam=c", ["a=a b=c c=b", "a=b b=a c=c", "a=c b=b c=b", "a b c"]),
}
WAYS = {"full": "feedback in full", "keys": "feedback as keys"}


def make(folder: Path, learners: int, drawn: bool) -> None:
    """Write the quiz and the answers of a class into `folder`."""
    rng = np.random.default_rng(SEED)
    quiz, answers = folder / "99_benchmark.yaml", folder / "answers.csv"
    kinds = dict(KINDS)
    if drawn:
        kinds["parameters"] = (DRAWN, "98", ["60", "40", "72", "11", "many"])
    quiz.write_text(QUIZ + "".join(text.format(id=name) for name, (text, *_) in kinds.items()), encoding="utf-8")
    (folder / "misconceptions.yaml").write_text(
        "a: {title: One, explanation: One.}\nb: {title: Two, explanation: Two.}\n", encoding="utf-8"
    )
    columns = {"learner": [f"s{number:07d}" for number in range(learners)]}
    for name, (_, right, others) in kinds.items():
        *wrong, unreadable = others
        texts = [right, "", unreadable, *wrong]
        chances = np.array([2 / 3, 1 / 50, 1 / 300, *np.geomspace(1, 0.3, len(wrong))])
        chances[3:] *= (1 - chances[:3].sum()) / chances[3:].sum()
        columns[name] = np.array(texts)[rng.choice(len(texts), learners, p=chances)].tolist()
    if drawn:
        columns["seed"] = [f"{number:016x}" for number in rng.integers(2**63, size=learners).tolist()]
    with answers.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(",".join(row) + "\n" for row in [list(columns), *zip(*columns.values(), strict=True)])


def run(way: str, quiz: Path, answers: Path) -> None:
    """Do one measured run, and print seconds and the peak of memory in MB."""
    from courseware.grading import commands

    feedback = answers.with_name("feedback.csv") if way == "keys" else None
    started = time.perf_counter()
    commands.grade(str(quiz), [answers], answers.with_name(f"{way}.csv"), feedback_file=feedback, force=True)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024**2)
    print(f"{seconds} {peak}")


def measure(learners: int, drawn: bool, runs: int) -> None:
    """Grade one class in both ways by turns, and print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        quiz, answers = Path(folder) / "99_benchmark.yaml", Path(folder) / "answers.csv"
        own = [sys.executable, __file__, str(learners), *(["--drawn"] if drawn else []), "--run"]
        # Not in this process: the peak of a child's memory begins with that of the process which starts it.
        subprocess.run([*own, "make", str(quiz), str(answers)], check=True)
        found: dict[str, list[list[float]]] = {way: [] for way in WAYS}
        for _ in range(runs):
            for way in WAYS:
                answers.with_name(f"{way}.csv").unlink(missing_ok=True)
                done = subprocess.run([*own, way, str(quiz), str(answers)], capture_output=True, text=True, check=True)
                found[way].append([float(number) for number in done.stdout.split()])
        for way, words in WAYS.items():
            seconds, peak = min(seconds for seconds, _ in found[way]), max(peak for _, peak in found[way])
            read, written = (file.stat().st_size / 1e6 for file in (answers, answers.with_name(f"{way}.csv")))
            each = 1e6 * seconds / learners
            print(f"{learners:>10,}  {words:<16}{seconds:>9.2f}{each:>16.2f}{peak:>9.0f}{read:>9.0f}{written:>12.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("learners", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--drawn", action="store_true", help="one question draws numbers for each learner")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        what, quiz, answers = asked.run[0], Path(asked.run[1]), Path(asked.run[2])
        if what == "make":
            make(answers.parent, asked.learners[0], asked.drawn)
        else:
            run(what, quiz, answers)
        return
    print(f"{'learners':>10}{'seconds':>27}{'µs per learner':>16}{'peak MB':>9}{'read MB':>9}{'written MB':>12}")
    for learners in asked.learners:
        measure(learners, asked.drawn, asked.runs)


if __name__ == "__main__":
    main()
