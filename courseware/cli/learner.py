"""Commands for learners: open a lesson, see what is next, take a quiz."""

from __future__ import annotations

import json
from pathlib import Path

import click

from courseware import course
from courseware.cli.shared import Lesson
from courseware.progress import Progress


@click.command()
@click.argument("lesson", type=Lesson(), required=False)
@click.option("--no-browser", is_flag=True, help="Only print the address, for you to open.")
def lab(lesson: course.LessonInfo | None, no_browser: bool) -> None:
    """Open a lesson in JupyterLab.

    Without LESSON it is the one that comes next.

    You work in your own copy, in the folder my_lessons; updates of the course never change it.
    """
    from courseware.learner import copies, lab, status

    ready = course.ready_lessons()
    for note in copies.refresh(ready):
        click.echo(note)
    info = lesson or status.next_lesson(Progress()) or ready[0]
    click.echo(f"Lesson {info.slug}: {info.title}. Your copy is {copies.copy_of(info)}")
    click.echo("JupyterLab runs until you press Ctrl-C here, or choose File > Shut Down there.")
    raise SystemExit(lab.serve(copies.folder(), copies.copy_of(info).name, browser=not no_browser))


@click.command(name="next")
def next_() -> None:
    """Say what to do next."""
    from courseware.learner.status import advice, statuses

    click.echo(advice(statuses(Progress())))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
def progress(as_json: bool) -> None:
    """Show how far you are in every lesson."""
    from courseware.learner.review import reviews_line, scheduled
    from courseware.learner.status import advice, as_rows, lessons_table, statuses

    lessons, reviews = statuses(Progress()), scheduled(Progress())
    if as_json:
        waiting = [
            {"quiz": each.quiz.lesson, "question": each.question.id, "due": each.due.isoformat(timespec="seconds")}
            for each in reviews
        ]
        click.echo(json.dumps({"lessons": as_rows(lessons), "reviews": waiting}, indent=2))
        return
    click.echo(f"{lessons_table(lessons)}\n\n{reviews_line(reviews)}\n{advice(lessons)}")


@click.command()
@click.argument("lesson", required=False)
@click.option("--quizzes", type=click.Path(path_type=Path), metavar="DIR", help="Take quizzes from this folder.")
@click.option("--web", is_flag=True, help="Write it as one HTML file that works offline; without LESSON, all quizzes.")
@click.option("--student-copy", is_flag=True, help="Write it without keys and feedback; without LESSON, all quizzes.")
@click.option("--hand-in", metavar="NAME", help="Write your answers to a file for your teacher, under your name.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
              help="The file (for student copies, the folder) to write; a name is chosen without it.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE whatever it is.")
def quiz(lesson: str | None, quizzes: Path | None, web: bool, student_copy: bool, hand_in: str | None,
         output: Path | None, force: bool) -> None:  # fmt: skip
    """Take a lesson's quiz in this terminal, or write it for others.

    Leave with q whenever you like; the next `course quiz` goes on from there.
    """
    from courseware.quiz import deliver

    to_a_file = [web, student_copy, hand_in is not None]
    if sum(to_a_file) > 1:
        raise click.UsageError("Choose one of --web, --student-copy and --hand-in.")
    if (output or force) and not any(to_a_file):
        raise click.UsageError("-o and --force go with --web, --student-copy and --hand-in.")
    if lesson is None and not (web or student_copy):
        raise click.UsageError("Missing argument 'LESSON'.")
    if lesson and quizzes is None and not lesson.endswith((".yaml", ".yml")):
        lesson = Lesson().convert(lesson, None, None).slug
    chosen = deliver.Chosen(lesson, quizzes)
    if web:
        deliver.put_on_page(chosen, output, Progress(), force)
    elif student_copy:
        deliver.copy_for_students(chosen, output, force)
    elif hand_in is not None:
        deliver.hand_in_answers(chosen, output, Progress(), hand_in)
    else:
        deliver.ask(chosen, Progress())


@click.command()
@click.option("-n", "--questions", default=10, show_default=True, type=click.IntRange(1), help="Ask at most so many.")
def review(questions: int) -> None:
    """Meet again what you have answered before.

    Every question comes back when you are about to forget it: the day after, then at growing intervals, sooner when
    you missed it. A few minutes a day are enough.
    """
    from courseware.learner.review import due, reviews_line, scheduled
    from courseware.quiz.faces import terminal

    progress = Progress()
    reviews = scheduled(progress)
    if waiting := due(reviews):
        terminal.review([(each.quiz, each.question) for each in waiting[:questions]], progress)
        reviews = scheduled(progress)
    click.echo(reviews_line(reviews))


@click.command()
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


@click.command()
def doctor() -> None:
    """See what is installed, what is wrong, and what mends it."""
    from courseware.learner.doctor import BAD, diagnose, in_lines

    findings = diagnose()
    click.echo(in_lines(findings))
    raise SystemExit(int(any(finding.mark == BAD for finding in findings)))
