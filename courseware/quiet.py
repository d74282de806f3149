"""Keep the start-up messages of compiled libraries out of a notebook; Python's own errors still come through."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def standard_error_closed() -> Iterator[None]:
    """Send what compiled code writes to standard error nowhere, and that of processes started meanwhile."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # C++ writes here, past sys.stderr; exceptions still reach the learner
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)


@contextmanager
def quiet_workers() -> Iterator[None]:
    """Let worker processes that start inside this block, by joblib or Dask, keep their start-up lines to themselves."""
    logging.getLogger("distributed").setLevel(logging.ERROR)
    with standard_error_closed():
        yield
