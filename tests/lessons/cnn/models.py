"""The models of lesson 04."""

import numpy as np

from courseware.data import digits
from courseware.lessons.cnn.models import build_digit_cnn, build_photo_cnn
from lessons import Case


def small_digits():
    images, labels = digits("small")
    return np.pad(images[:400], ((0, 0), (2, 2), (2, 2))), labels[:400]


def stripes(size=64):
    """Colour noise with vertical or horizontal stripes, drawn faintly."""
    rng = np.random.default_rng(0)
    level = np.arange(48) % 2
    wave = np.sin(np.arange(size) * np.pi / 4)
    pictures = rng.uniform(0, 1, (48, size, size, 3))
    pictures += np.where(level[:, None, None], wave[:, None], wave[None, :])[..., None]
    return pictures.astype("float32"), level


CASES = [
    # 9*8 + 8, 9*8*16 + 16, 9*16*32 + 32, 32*10 + 10; ln 10 is the loss of ten equal shares, ln 2 that of two
    Case(build_digit_cnn, {"size": 12}, 80 + 1_168 + 4_640 + 330, small_digits, baseline=1.4, epochs=12),
    # the same, but 3*3*32 numbers reach the dense layer
    Case(
        build_digit_cnn,
        {"size": 12, "flatten": True},
        80 + 1_168 + 4_640 + 2_890,
        small_digits,
        baseline=1.2,
        epochs=12,
    ),
    # 27*32 + 32, 31*31*32*128 + 128, 128 + 1
    Case(build_photo_cnn, {}, 896 + 3_936_384 + 129, stripes, baseline=0.4, epochs=4),
]
