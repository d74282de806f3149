"""Make a hosted notebook ready, on Colab or Kaggle: ``python -m courseware.hosted`` installs what is missing there, no more.

A hosted notebook has its own TensorFlow, NumPy and Jupyter, which a service has tuned and which must not be replaced. So
the package is installed without what it needs (``pip install --no-deps``), and this adds those of its needs that are not
there in any version. Keras alone is brought up to date: it is plain Python, and the lessons are written in it.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

from packaging.requirements import Requirement

BROUGHT_UP_TO_DATE = {"keras"}
NOT_NEEDED = {
    "jupyterlab",
    "nbval",
    "psutil",
    "pytest",
}  # by an open notebook; these serve a course on one's own computer


def missing() -> list[str]:
    """The requirements of the course that nothing installed here answers, whatever its version; and Keras if it is too old."""
    needs = [Requirement(each) for each in metadata.requires("courseware") or []]
    return [
        f"{each.name}{each.specifier}"
        for each in needs
        if each.name not in NOT_NEEDED
        and (not each.marker or each.marker.evaluate({"extra": ""}))
        and not _is_there(each)
    ]


def _is_there(need: Requirement) -> bool:
    try:
        version = metadata.distribution(need.name).version
    except metadata.PackageNotFoundError:
        return False
    return need.name not in BROUGHT_UP_TO_DATE or need.specifier.contains(version)


def main() -> int:
    """Install what is missing; return pip's exit status."""
    wanted = missing()
    if not wanted:
        print("Nothing is missing. Run the next cell.")
        return 0
    print("Adding", ", ".join(wanted))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", *wanted]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    # pip also complains of the versions that are there; that is as it should be
    print(
        "Ready. Run the next cell." if done.returncode == 0 else f"pip could not install them:\n{done.stderr.strip()}"
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
