"""Commands for learners: open a lesson, see what is next, take a quiz."""

from __future__ import annotations

import json
from pathlib import Path

import click

from courseware import course
from courseware.cli.shared import Lesson, record
from courseware.errors import CourseError
from courseware.progress import ProgressError


@click.command()
@click.argument("lesson", type=Lesson(), required=False)
@click.option("--no-browser", is_flag=True, help="Only print the address, for you to open.")
@click.option("--ip", help="Listen here, e.g. 0.0.0.0 in a container; without it on this computer only.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen at this port; without it at a free one.")
def lab(lesson: course.LessonInfo | None, no_browser: bool, ip: str | None, port: int | None) -> None:
    """Open a lesson in JupyterLab.

    Without LESSON it is the one that you worked in last, or the next one if that is done.

    You work in your own copy, in the folder my_lessons; updates of the course never change it.
    """
    from courseware.learner import copies, lab, shadows

    ready = course.ready_lessons()
    for note in copies.refresh(ready):
        click.echo(note)
    for folder in shadows.polluting():
        click.echo(f"PYTHONPATH names {folder}, which hides packages of the course. The lessons run without it.")
    info = lesson or _next_lesson() or ready[0]
    copy = copies.copy_of(info)
    if not copy.exists():
        raise CourseError(f"Lesson {info.slug} cannot be opened: there is no {copy}. Try another: `course lab 01`.")
    click.echo(f"Lesson {info.slug}: {info.title}. Your copy is {copy}")
    if not ip and port is None and (address := lab.running_at(copies.folder(), copy.name)):
        click.echo(f"JupyterLab is running already. Open this address:\n    {address}")
        if not no_browser:
            lab.show(address)
        return
    click.echo("JupyterLab runs until you press Ctrl-C here twice, or choose File > Shut Down there.")
    raise SystemExit(lab.serve(copies.folder(), copy.name, browser=not no_browser, ip=ip, port=port))


def _next_lesson() -> course.LessonInfo | None:
    from courseware.learner.status import next_lesson

    try:
        return next_lesson(record())
    except ProgressError as error:  # the lessons can be worked in without it
        click.echo(str(error), err=True)
        return None


@click.command(name="next")
def next_() -> None:
    """Say what to do next."""
    from courseware.learner import copies
    from courseware.learner.status import advice, statuses

    for note in copies.news(course.ready_lessons()):
        click.echo(note)
    try:
        progress = record()
        click.echo(advice(statuses(progress), progress.worked_in()))
    except ProgressError as error:
        click.echo(str(error), err=True)
        click.echo("The lessons can be opened all the same: `course lab 01`, or another number.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
def progress(as_json: bool) -> None:
    """Show how far you are in every lesson."""
    from courseware.learner.copies import news
    from courseware.learner.review import reviews_line, scheduled
    from courseware.learner.status import advice, as_rows, lessons_table, statuses

    progress = record()
    lessons = statuses(progress)
    problems = [each.problem for each in lessons if each.problem]
    reviews = [] if problems else scheduled(progress)
    if as_json:
        waiting = [
            {"quiz": each.quiz.lesson, "question": each.question.id, "due": each.due.isoformat(timespec="seconds")}
            for each in reviews
        ]
        click.echo(json.dumps({"lessons": as_rows(lessons), "reviews": waiting}, indent=2))
    else:
        click.echo(f"{lessons_table(lessons)}\n")
        if not problems:
            click.echo(reviews_line(reviews))
        click.echo("\n".join([*news(course.ready_lessons()), advice(lessons, progress.worked_in())]))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(2)


@click.command()
@click.argument("lesson", required=False)
@click.option("--quizzes", type=click.Path(path_type=Path), metavar="DIR", help="Take quizzes from this folder.")
@click.option("--form", type=click.Choice(["a", "b"]), help="Only the questions of this form, a test of its own.")
@click.option("--web", is_flag=True, help="Write it as one HTML file that works offline; without LESSON, all quizzes.")
@click.option("--student-copy", is_flag=True, help="Write it without keys and feedback; without LESSON, all quizzes.")
@click.option("--hand-in", metavar="NAME", help="Write your answers to a file for your teacher, under your name.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
              help="The file (for student copies, the folder) to write; a name is chosen without it.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE whatever it is.")
def quiz(lesson: str | None, quizzes: Path | None, form: str | None, web: bool, student_copy: bool, hand_in: str | None,
         output: Path | None, force: bool) -> None:  # fmt: skip
    """Take a lesson's quiz in this terminal, or write it for others.

    Leave with q whenever you like; the next `course quiz` goes on from there.

    A quiz may have two forms, with questions on the same ideas: take --form a
    before the lesson and --form b after it, and see what you have gained.
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
    chosen = deliver.Chosen(lesson, quizzes, form)
    if web:
        deliver.put_on_page(chosen, output, record(), force)
    elif student_copy:
        deliver.copy_for_students(chosen, output, force)
    elif hand_in is not None:
        deliver.hand_in_answers(chosen, output, record(), hand_in)
    else:
        deliver.ask(chosen, record())


@click.command()
@click.option("-n", "--questions", default=10, show_default=True, type=click.IntRange(1), help="Ask at most so many.")
def review(questions: int) -> None:
    """Meet again what you have answered before.

    Every question comes back when you are about to forget it: the next day if you missed it, two days later if you
    knew it, then at growing intervals. A few minutes a day are enough.
    """
    from courseware.learner.review import due, reviews_line, scheduled
    from courseware.quiz.faces import terminal

    progress = record()
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
    from courseware.learner import copies, lab

    backup = copies.reset(lesson)
    copy = copies.copy_of(lesson)
    click.echo(f"{copy} is new.")
    if not backup:
        return
    click.echo(f"What you had is kept in {backup}.")
    if lab.running_at(copies.folder(), copy.name):
        click.echo(
            f"JupyterLab is running. If {copy.name} is open there, choose File > Reload Notebook from Disk in its tab "
            "now: saved from there, the old content would take the place of the new."
        )


@click.command()
@click.argument("lesson", type=Lesson())
def solution(lesson: course.LessonInfo) -> None:
    """Get a lesson's worked solution.

    It is put into the folder solutions beside your own copies, where JupyterLab can open it.
    """
    from courseware.learner import copies, lab

    file = copies.solution_for(lesson)
    click.echo(f"The worked solution is {file}")
    if address := lab.running_at(copies.folder(), f"solutions/{file.name}"):
        click.echo(f"Open this address, or the folder solutions in JupyterLab's list of files:\n    {address}")
    else:
        click.echo("`course lab` starts JupyterLab; open the folder solutions in its list of files.")


@click.command()
def doctor() -> None:
    """See what is installed, what is wrong, and what mends it."""
    from courseware.learner.doctor import BAD, diagnose, in_lines

    findings = diagnose()
    click.echo(in_lines(findings))
    raise SystemExit(int(any(finding.mark == BAD for finding in findings)))
