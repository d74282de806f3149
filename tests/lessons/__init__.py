"""Of each lesson a folder: `answers`, right and wrong ones that its checks are held against, and `models`, see `Case`.

`answers` has ``RIGHT`` and ``WRONG``, keyed by exercise name. ``RIGHT`` lists answers that are correct but written
differently from the worked solution. ``WRONG`` lists pairs of an answer and a part of the message that it must get.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One builder with the arguments to call it with, and the facts that hold for the model it returns.

    Attributes:
        builder: the function in the lesson's ``models``; it returns a compiled model, or the one that
            `model_of` picks from what it returns.
        arguments: keyword arguments of the builder; names in shape comments are looked up here.
        parameters: the number of parameters, counted by hand.
        data: returns inputs and targets to train on.
        baseline: the loss that the naive baseline reaches on these data.
        epochs, batch_size: how long to train; the loss must end below `baseline`.
    """

    builder: Callable[..., Any]
    arguments: dict[str, Any]
    parameters: int
    data: Callable[[], tuple[np.ndarray, np.ndarray]]
    baseline: float
    epochs: int = 50
    batch_size: int = 32
    model_of: Callable[[Any], Any] = field(default=lambda made: made)

    def __str__(self) -> str:
        return f"{self.builder.__name__}({', '.join(f'{k}={v}' for k, v in self.arguments.items())})"
