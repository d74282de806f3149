"""The same answer gets the same verdict twice: fixed random numbers while a check runs, and no trace of it afterwards."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

SEED = 0


@contextmanager
def same_every_time(answer: Any) -> Iterator[None]:
    """Let what happens inside depend on `answer` alone, and leave no trace of it.

    Keras's, NumPy's and Python's random numbers start from the same seed. The latter two go on afterwards as if nothing
    had been drawn, and a model that is trained inside has its weights and its optimizer back as they were.
    """
    states = random.getstate(), np.random.get_state()
    model = answer if isinstance(answer, keras.Model) and answer.built else None
    optimizer: Any = getattr(model, "optimizer", None)
    variables = [*getattr(model, "variables", ()), *getattr(optimizer, "variables", ())]
    values = [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]
    known = {id(variable) for variable in variables}
    keras.utils.set_random_seed(SEED)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        if (
            model and optimizer and any(id(variable) not in known for variable in optimizer.variables)
        ):  # it has begun to train
            model.optimizer = type(optimizer).from_config(optimizer.get_config())
            model.train_function = None
