"""The command `course`, also as ``python -m courseware``: ready to be stopped before anything is loaded."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command `course`; Ctrl-C while it loads ends it without a word."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # not where it is ignored, as in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from courseware.cli import main as course

    signal.signal(signal.SIGINT, usual)
    course(prog_name="course")


if __name__ == "__main__":
    main()
