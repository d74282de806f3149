"""Keys are computed anew, in a process that may hang or die: whatever is wrong with one is told, and the others go on."""

import time

import pytest
from click.testing import CliRunner

from courseware.cli.verify import verify
from courseware.verify.computing import compute_all
from courseware.verify.keys import quiz_faults

NUMBER = """\
  - id: {id}
    kind: number
    section: One
    prompt: How many?
    answer: {answer}
    tolerance: {{absolute: 0.01}}
    verify: "{verify}"
    feedback: So many.
    wrong: Count again.
"""
OUTPUT = """\
  - id: {id}
    kind: output
    section: One
    prompt: What does this print?
    code: |
      {code}
    answer: "{answer}"
    feedback: That.
    wrong: Run it.
"""
SLIP = """\
    known_wrong:
      - {{value: {value}, feedback: Not so., misconception: order, slip: "{verify}"}}
"""


@pytest.fixture
def bank(tmp_path):
    (tmp_path / "misconceptions.yaml").write_text("order: {title: Order, explanation: It counts.}\n")

    def bank(*questions, name="20_midterm"):
        (tmp_path / f"{name}.yaml").write_text(f"lesson: {name}\ntitle: Midterm\nquestions:\n{''.join(questions)}")
        return tmp_path

    return bank


def faults(folder):
    return quiz_faults(folder / "20_midterm.yaml", None)


def test_keys_that_hold_are_counted(bank):
    folder = bank(
        NUMBER.format(id="one", answer=2, verify="1 + 1") + SLIP.format(value=4, verify="2 * 2"),
        OUTPUT.format(id="two", code="print((4, 2), 24.0)", answer="(4, 2) 24.0"),
    )
    assert faults(folder) == (3, [])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (NUMBER.format(id="bad", answer=1.93, verify="-np.log(0.25)"), "the key is 1.93, but `-np.log(0.25)` is 1.38629"),
        (NUMBER.format(id="bad", answer=2, verify="np.nan"), "is nan"),
        (NUMBER.format(id="bad", answer=2, verify="10**400"), "OverflowError"),
        (NUMBER.format(id="bad", answer=2, verify="nothing"), "NameError"),
        (NUMBER.format(id="bad", answer=2, verify="exit()"), "SystemExit"),
        (NUMBER.format(id="bad", answer=2, verify="1 + 1") + SLIP.format(value=3, verify="2 * 2"), "the known wrong number is 3, but its slip `2 * 2` is 4"),
        (NUMBER.format(id="bad", answer=2, verify="1 + 1") + SLIP.format(value=3, verify="4 / 2"), "the slip to 3 gives the right answer: `4 / 2` is 2"),
        (NUMBER.format(id="bad", answer=2, verify="1 + 1") + SLIP.format(value=3, verify="3 +"), "`3 +` cannot be computed (SyntaxError"),
        (OUTPUT.format(id="bad", code="print(24.0)", answer="12.0"), "prints '24.0\\n'"),
        (OUTPUT.format(id="bad", code="x = 1", answer="12.0"), "prints ''"),
        (OUTPUT.format(id="bad", code="print('x' * 10**6)", answer="12.0"), "1000001 characters"),
        (OUTPUT.format(id="bad", code="import os; os._exit(3)", answer="12.0"), "ended the process"),
        (OUTPUT.format(id="bad", code="import os; os.write(1, b'12.0')", answer="12.0"), "prints ''"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_question_and_the_others_are_looked_at(bank, question, words):
    right = NUMBER.format(id="first", answer=2, verify="1 + 1")
    wrong = NUMBER.format(id="last", answer=3, verify="1 + 1")
    looked_at, [(name, text), (last, _)] = faults(bank(right, question, wrong))
    assert (name, last) == ("bad", "last") and words in text and looked_at >= 3


def test_what_hangs_in_compiled_code_is_stopped_and_the_rest_goes_on():
    items = [{"verify": text, "values": {}} for text in ("1", "9**9**9**9", "3", "sum(range(10**12))", "5")]
    began = time.monotonic()
    found = compute_all(items, seconds=1)
    assert [each.number for each in found] == [1, None, 3, None, 5]
    assert found[1].trouble == found[3].trouble == "was stopped after 1 s"
    assert time.monotonic() - began < 60  # else it was not stopped by its own limit


def test_a_private_bank_is_looked_at_by_a_command(bank):
    folder = bank(NUMBER.format(id="bad", answer=3, verify="1 + 1"))
    bank(NUMBER.format(id="good", answer=2, verify="1 + 1"), name="final")
    bank("", name="broken")
    done = CliRunner().invoke(verify, ["--quizzes", str(folder)])
    assert done.exit_code == 1
    said = done.output.splitlines()
    assert "20_midterm.yaml, question `bad`: the key is 3, but `1 + 1` is 2." in said
    assert any("broken.yaml" in line for line in said)
    assert said[-1] == "2 keys and citations of 3 quizzes were looked at; 2 do not hold."
    (folder / "broken.yaml").unlink()
    bank(NUMBER.format(id="bad", answer=2, verify="1 + 1"))
    done = CliRunner().invoke(verify, ["--quizzes", str(folder)])
    assert (done.exit_code, done.output) == (0, "2 keys and citations of 2 quizzes were looked at; all hold.\n")


@pytest.mark.parametrize("more", [["01"], ["--html", "a.html"], ["--junit", "a.xml"]])
def test_with_quizzes_nothing_is_said_to_run_that_does_not(bank, more):
    done = CliRunner().invoke(verify, ["lessons", "--quizzes", str(bank()), *more])
    assert done.exit_code and "--quizzes looks at keys alone" in done.output
