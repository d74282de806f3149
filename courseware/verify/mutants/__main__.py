"""``python -m courseware.verify.mutants [LESSON...]``: try the mutants of these lessons, or of all."""

import sys

from courseware.catalog import UnknownLesson, find, ready_lessons
from courseware.verify.mutants.excuses import read_excuses
from courseware.verify.mutants.report import holds, report
from courseware.verify.mutants.running import run
from courseware.verify.mutants.survivors import MutantError


def main(names: list[str]) -> int:
    try:
        infos = [find(name) for name in names] or ready_lessons()
        excuses = read_excuses()
        found = run(infos, say=lambda text: print(text, flush=True))
    except (UnknownLesson, MutantError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"\n{report(found, excuses)}")
    return int(not holds(found, excuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
