"""``python -m courseware.cli``: the same as the command `course`."""

from courseware.cli import main

main(prog_name="course")
