"""The models of lesson 04."""

import numpy as np

from courseware.data import digits
from courseware.lessons.cnn.models import build_digit_cnn, build_photo_cnn
from lessons import Case


def small_digits():
    images, labels = digits("small")
    large = images[:400].repeat(2, axis=1).repeat(2, axis=2)
    return np.pad(large, ((0, 0), (8, 8), (8, 8))), labels[:400]


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
    Case(build_digit_cnn, {}, 80 + 1_168 + 4_640 + 330, small_digits, baseline=1.4, epochs=12),
    # 27*32 + 32, 31*31*32*128 + 128, 128 + 1
    Case(build_photo_cnn, {}, 896 + 3_936_384 + 129, stripes, baseline=0.4, epochs=4),
]
