"""For every pytest run, also `pytest --nbval lessons solutions`: the user's progress, work and settings stay untouched,
and no notebook gets at the network.

What is set here is inherited by the kernels that run the notebooks and by pytest-xdist's workers.

With COURSEWARE_NO_SKIPS set, as in CI, a test that is skipped fails: what it needs was to be installed. Only a test
whose reason begins with "only", as in "only on Linux", may be skipped.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker has all this from the process that started it
    HOME = Path(tempfile.mkdtemp(prefix="courseware-tests-"))
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    for variable in (
        "COURSEWARE_HOME",  # the learner's progress
        "COURSEWARE_WORK",  # the learner's copies
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "IPYTHONDIR",
        "KERAS_HOME",
    ):
        if variable == "KERAS_HOME" and os.environ.get("COURSEWARE_DIGITS") == "mnist":
            continue  # there MNIST is stored
        folder = HOME / variable.lower()
        folder.mkdir()
        os.environ[variable] = str(folder)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    no_network = str(Path(__file__).parent / "tests" / "no_network")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [no_network, os.environ.get("PYTHONPATH")]))

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def no_skip(report: Report) -> Report:
    """The report as it is, or a failure if it tells of a skip that CI must not have."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("COURSEWARE_NO_SKIPS"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith("only "):
            report.outcome = "failed"
            report.longrepr = f"{report.nodeid} was skipped, which COURSEWARE_NO_SKIPS forbids: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return no_skip((yield))
