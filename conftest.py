"""For every pytest run, also `pytest --nbval lessons solutions`: the user's progress, work and settings stay untouched,
and no notebook gets at the network.

What is set here is inherited by the kernels that run the notebooks and by pytest-xdist's workers.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

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
