"""The command `course`. Everything heavy is imported inside the command that needs it, so that it starts at once."""

from __future__ import annotations

from pathlib import Path

import click

from courseware import course
from courseware.errors import CourseError
from courseware.grading.problems import GradebookError
from courseware.learner.copies import WorkspaceError
from courseware.progress import Progress, ProgressError

HELP = """Learn neural networks with Keras: lessons, exercises that answer back, and quizzes.

\b
First time here?
  course lab         opens the first lesson in JupyterLab, in your browser

\b
Then, whenever you come back:
  course next        says what to do next
  course lab         opens the lesson you are in
  course quiz 01     takes the quiz of lesson 01 in this terminal
  course review      asks again what is due today, so that it stays with you
  course progress    shows what you have done

A lesson may be called by its number (01), its name (linear_regression) or both (01_linear_regression).
"""


class Trouble(click.ClickException):
    """One line for the learner, and exit code 2."""

    exit_code = 2

    def show(self, file=None) -> None:
        click.echo(self.format_message(), err=True)


class Course(click.Group):
    """The group: commands in the order they stand here, and the course's own errors shown as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except (CourseError, course.UnknownLesson, ProgressError, WorkspaceError, GradebookError) as error:
            raise Trouble(str(error)) from error


class Lesson(click.ParamType):
    """A lesson's name on the command line: the number, the name, or both."""

    name = "lesson"

    def __init__(self, ready: bool = True):
        self.ready = ready

    def convert(self, value, param, ctx) -> course.LessonInfo:
        info = course.find(value)
        if self.ready and not info.ready:
            raise Trouble(f"Lesson {info.slug} is announced but not written yet. `course progress` lists them all.")
        return info


@click.group(cls=Course, invoke_without_command=True, help=HELP)
@click.version_option(package_name="courseware", message="%(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command()
@click.argument("lesson", type=Lesson(), required=False)
@click.option("--no-browser", is_flag=True, help="Only print the address, for you to open.")
def lab(lesson: course.LessonInfo | None, no_browser: bool) -> None:
    """Open a lesson in JupyterLab.

    Without LESSON it is the one that comes next.

    You work in your own copy, in the folder my_lessons; updates of the course never change it.
    """
    from courseware.learner import copies, lab

    ready = course.ready_lessons()
    for note in copies.refresh(ready):
        click.echo(note)
    info = lesson or _next_lesson() or ready[0]
    click.echo(f"Lesson {info.slug}: {info.title}. Your copy is {copies.copy_of(info)}")
    click.echo("JupyterLab runs until you press Ctrl-C here, or choose File > Shut Down there.")
    raise SystemExit(lab.serve(copies.folder(), copies.copy_of(info).name, browser=not no_browser))


@main.command(name="next")
def next_() -> None:
    """Say what to do next."""
    from courseware.learner.status import advice

    click.echo(advice(_statuses()))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
def progress(as_json: bool) -> None:
    """Show how far you are in every lesson."""
    from courseware.learner.status import advice, reviews_line, table

    statuses, reviews = _statuses(), _reviews()
    if as_json:
        import json

        rows = [
            {
                "lesson": each.info.slug, "state": each.state, "exercises": each.exercises,
                "questions": each.questions, "answered": each.answered, "points": each.points,
            }
            for each in statuses
        ]  # fmt: skip
        waiting = [
            {"quiz": each.quiz.lesson, "question": each.question.id, "due": each.due.isoformat(timespec="seconds")}
            for each in reviews
        ]
        click.echo(json.dumps({"lessons": rows, "reviews": waiting}, indent=2))
        return
    click.echo(f"{table(statuses)}\n\n{reviews_line(reviews)}\n{advice(statuses)}")


@main.command()
@click.argument("lesson", required=False)
@click.option("--quizzes", type=click.Path(path_type=Path), metavar="DIR", help="Take quizzes from this folder.")
@click.option("--web", is_flag=True, help="Write it as one HTML file that works offline; without LESSON, all quizzes.")
@click.option("--student-copy", is_flag=True, help="Write it without keys and feedback; without LESSON, all quizzes.")
@click.option("--hand-in", metavar="NAME", help="Write your answers to a file for your teacher, under your name.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
              help="The file (for student copies, the folder) to write; a name is chosen without it.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE whatever it is.")
def quiz(lesson: str | None, quizzes: Path | None, output: Path | None, force: bool, **do: bool | str | None) -> None:
    """Take a lesson's quiz in this terminal, or write it for others.

    Leave with q whenever you like; the next `course quiz` goes on from there.
    """
    from courseware.quiz import deliver

    ways = [name for name, chosen in do.items() if chosen]
    if len(ways) > 1:
        raise click.UsageError("Choose one of --web, --student-copy and --hand-in.")
    if (output or force) and not ways:
        raise click.UsageError("-o and --force go with --web, --student-copy and --hand-in.")
    if lesson is None and (not ways or do["hand_in"] is not None):
        raise click.UsageError("Missing argument 'LESSON'.")
    if lesson and quizzes is None and not lesson.endswith((".yaml", ".yml")):
        lesson = Lesson().convert(lesson, None, None).slug
    chosen = deliver.Chosen(lesson, quizzes)
    if do["web"]:
        deliver.put_on_page(chosen, output, Progress(), force)
    elif do["student_copy"]:
        deliver.copy_for_students(chosen, output, force)
    elif do["hand_in"] is not None:
        deliver.hand_in_answers(chosen, output, Progress(), str(do["hand_in"]))
    else:
        deliver.ask(chosen, Progress())


@main.command()
@click.option("-n", "--questions", default=10, show_default=True, type=click.IntRange(1), help="Ask at most so many.")
def review(questions: int) -> None:
    """Meet again what you have answered before.

    Every question comes back when you are about to forget it: the day after, then at growing intervals, sooner when
    you missed it. A few minutes a day are enough.
    """
    from courseware.learner.review import due
    from courseware.learner.status import reviews_line
    from courseware.quiz.faces import terminal

    reviews = _reviews()
    if waiting := due(reviews):
        terminal.review([(each.quiz, each.question) for each in waiting[:questions]], Progress())
        reviews = _reviews()
    click.echo(reviews_line(reviews))


@main.command()
@click.argument("lesson", type=Lesson())
def reset(lesson: course.LessonInfo) -> None:
    """Start a lesson afresh; your copy is kept.

    The new copy takes the place of yours, which stays beside it under a name with the date.
    """
    from courseware.learner import copies

    backup = copies.reset(lesson)
    click.echo(f"{copies.copy_of(lesson)} is new.")
    if backup:
        click.echo(f"What you had is kept in {backup}.")


@main.command()
@click.argument("quiz")
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The CSV file to write; else it is printed.")
@click.option("--quizzes", type=click.Path(path_type=Path), help="The folder of your own quizzes.")
@click.option("--problems", type=click.Path(path_type=Path), help="A file for all problems; some are shown anyway.")
@click.option("--feedback", type=click.Path(path_type=Path), help="A file for the feedback, each once; see below.")
def grade(quiz: str, answers: tuple[Path, ...], output: Path | None, **files: Path | None) -> None:
    """For instructors: grade a class's answers to a quiz.

    QUIZ is a lesson, or a quiz's .yaml file. ANSWERS are files, or folders of files:

    \b
    - CSV with a column `learner` and one for each question's id, perhaps
      also `attempt`;
    - the responses of a quiz in Moodle, as CSV;
    - one YAML or JSON file a learner, with `learner`, `quiz`, `answers`.

    What cannot be read is listed with file and line, and earns 0 points. The
    exit status is 1 if a whole row could not be graded.

    For very large classes, --feedback FILE writes each feedback once into a
    file of its own; the column `feedback` then holds keys such as pooling:4.
    """
    from courseware.grading import commands

    raise SystemExit(commands.grade(quiz, answers, output, files["quizzes"], files["problems"], files["feedback"]))


@main.command()
def doctor() -> None:
    """See what is installed, what is wrong, and what mends it."""
    from courseware.learner import doctor as doctor_

    findings = doctor_.examine()
    click.echo(doctor_.report(findings))
    raise SystemExit(int(any(finding.mark == doctor_.BAD for finding in findings)))


@main.command()
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default="report", help="The folder to write into.")
@click.option("--quiz", help="The quiz that all answers belong to, if their files do not say.")
@click.option("--quizzes", type=click.Path(path_type=Path), help="The folder of your own quizzes.")
@click.option("--all-attempts", is_flag=True, help="Count all attempts, not only each learner's first.")
@click.option("--problems", type=click.Path(path_type=Path), help="A file for all problems; some are shown anyway.")
def report(answers: tuple[Path, ...], output: Path, quiz: str | None, all_attempts: bool, **files: Path | None) -> None:
    """For instructors: see what a class knows, and which questions need repair.

    ANSWERS are files or folders as for `course grade`, of one quiz or many. A
    file says which quiz it is for by a column or field `quiz`, or by its name
    (04_cnn_group_a.csv).

    The folder gets report.html, a page to read or print, and the tables
    items.csv (questions) and learners.csv.
    """
    from courseware.grading import commands

    raise SystemExit(commands.report(answers, output, quiz, files["quizzes"], all_attempts, files["problems"]))


@main.command()
@click.argument("lesson")
@click.option(
    "--to", required=True, type=click.Choice(["moodle", "gift", "text2qti", "jupyterquiz"]), help="The format."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file, or a folder; by default the current folder."
)
@click.option("--quizzes", type=click.Path(path_type=Path), help="A folder of quizzes instead of the course's own.")
@click.option("--seed", default=0, help="Draws the numbers of questions that have any to draw; 0 by default.")
@click.option("--force", is_flag=True, help="Overwrite files that are there already.")
def export(lesson: str, to: str, output: Path | None, quizzes: Path | None, seed: int, force: bool) -> None:
    """For instructors: write a quiz for Moodle, Canvas or a notebook.

    LESSON is a lesson, or all. What the format cannot hold goes to the error output, line by line.

    \b
    moodle       Moodle XML, to import into a question bank
    gift         GIFT, for Moodle and other programs
    text2qti     text that the program text2qti makes a quiz for Canvas of
    jupyterquiz  JSON for the package jupyterquiz, for notebooks
    """
    from courseware.quiz.export.files import export_files

    files = export_files(lesson, to, output=output, quizzes=quizzes, seed=seed, force=force)
    for written in files:
        click.echo(f"Wrote {written.path}")
        for note in written.notes:
            click.echo(f"{written.lesson}, {note}" if len(files) > 1 else note, err=True)


@main.command()
@click.argument("lessons", type=Lesson(), nargs=-1)
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write the verdicts as JUnit XML.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the table as a page.")
@click.option("--matrix", is_flag=True, help="Repeat it under other seeds, threads, instructions and backends.")
@click.option("--mutants", is_flag=True, help="Change each worked answer slightly; see what its check lets pass.")
@click.option("--settings", metavar="NAMES", help="With --matrix: only these settings, e.g. seed-1,jax.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="With --matrix: write it as Markdown.")
@click.option("--fresh", is_flag=True, help="With --matrix: run anew what an earlier run has found.")
@click.option("--jobs", type=click.IntRange(min=1), help="Notebooks at a time; by default one a core.")
@click.option("--cell-limit", type=click.FloatRange(min=1), default=120, help="Stop a cell after so many seconds.")
@click.option("--memory-limit", type=click.IntRange(min=100), default=8000, help="Stop a kernel at so many MB.")
def verify(lessons: tuple[course.LessonInfo, ...], cell_limit: float, memory_limit: int, **options) -> None:
    """For instructors: run everything and see whether it still holds.

    Runs the lessons and solutions, all or those that you name, and compares
    what every cell shows with what is stored, as `pytest --nbval` does. Prints
    a table of lessons by checks and every difference. Exit status 1 says that
    something does not hold.

    With --matrix, runs the solutions under every setting and prints each claim
    against each of them. After an interruption the same command goes on.

    With --mutants, changes the worked answers in many small ways and lists each
    change that an exercise's check accepts.
    """
    from courseware.verify import commands
    from courseware.verify.running import Limits
    from courseware.verify.settings import UnknownSetting, chosen

    matrix, mutants = options.pop("matrix"), options.pop("mutants")
    if matrix and mutants:
        raise Trouble("--matrix and --mutants are two runs; ask for one of them.")
    only = {"--matrix": ("settings", "report", "fresh"), "neither --matrix nor --mutants": ("junit", "html")}
    mode = "--matrix" if matrix else "--mutants" if mutants else "neither --matrix nor --mutants"
    for wanted, names in only.items():
        for name in names:
            if options[name] and wanted != mode:
                raise Trouble(f"--{name} goes with {wanted}.")
    own = {name: options[name] for name in (*only.get(mode, ()), "jobs")}
    infos, limits = lessons or course.ready_lessons(), Limits(cell_limit, memory_limit)
    if mutants:
        raise SystemExit(commands.mutants(infos, **own))
    if not matrix:
        raise SystemExit(commands.plain(infos, limits=limits, **own))
    try:
        own["settings"] = chosen(own["settings"])
    except UnknownSetting as error:
        raise Trouble(str(error)) from error
    raise SystemExit(commands.matrix(infos, limits=limits, **own))


@main.command()
@click.argument("lessons", type=Lesson(), nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; only say what differs from source/.")
def build(lessons: tuple[course.LessonInfo, ...], check: bool) -> None:
    """For authors: make the notebooks from source/.

    Without LESSONS, all of them.
    """
    from courseware.authoring.build import build as make

    _report(make(lessons or course.ready_lessons(), check=check), "The notebooks agree with their sources.")


@main.command()
@click.option(
    "--quizzes", type=click.Path(path_type=Path), metavar="DIR", help="Look at the quizzes in this folder only."
)
def lint(quizzes: Path | None) -> None:
    """For authors: look for faults in lessons and quizzes."""
    if quizzes:
        from courseware.authoring.quizlint import folder_problems

        _report(folder_problems(quizzes), "No faults found.")
        return
    from courseware.authoring.lint import lint as look

    _report(look(course.ready_lessons()), "No faults found.")


def _report(problems: list[str], fine: str) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(1)
    click.echo(fine)


def _statuses() -> list:
    from courseware.learner.status import status

    record = Progress()
    return [status(info, record) for info in course.lessons()]


def _reviews() -> list:
    from courseware.learner.review import schedule
    from courseware.quiz.load import load_quiz

    record = Progress()
    answers = record.all_answers()
    seed = record.seed()
    lessons = [info for info in course.ready_lessons() if any(answer.quiz == info.slug for answer in answers)]
    return schedule(answers, {info.slug: load_quiz(info.quiz).drawn(seed) for info in lessons})


def _next_lesson() -> course.LessonInfo | None:
    from courseware.learner.status import next_open

    each = next_open(_statuses())
    return each.info if each else None


if __name__ == "__main__":
    main(prog_name="course")
