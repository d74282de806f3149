"""Run at a kernel's start by IPython: puts smooth 28 by 28 digits where Keras would look for MNIST.

The pictures are scikit-learn's small digits, enlarged, turned a little and centred, each in two versions.
"""

# ruff: noqa: E402 (the settings come before the import)
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"], os.environ["TF_ENABLE_ONEDNN_OPTS"] = "3", "0"

import keras
import numpy as np
from scipy import ndimage
from sklearn.datasets import load_digits


def load_data():
    """Return the pictures as ``keras.datasets.mnist.load_data`` does: 3,000 for training and 594 for testing."""
    Path(os.environ["IPYTHONDIR"], "asked_for_mnist").touch()
    small, rng = load_digits(), np.random.default_rng(0)
    pages, labels = [], []
    for turn in (-8, 8):
        for image, label in zip(small.images, small.target, strict=True):
            large = ndimage.zoom(image / 16, 2.5, order=3)  # 20 by 20
            large = ndimage.rotate(large, turn + rng.normal(0, 4), reshape=False, order=1)
            pages.append(np.pad(np.clip(1.3 * large - 0.1, 0, 1), 4))
            labels.append(label)
    order = rng.permutation(len(pages))
    x, y = (255 * np.array(pages)[order]).astype("uint8"), np.array(labels)[order].astype("uint8")
    return (x[:3000], y[:3000]), (x[3000:], y[3000:])


keras.datasets.mnist.load_data = load_data
