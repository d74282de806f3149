"""Answers to the exercises of lesson 04."""

import keras
import numpy as np
from keras import layers
from scipy.ndimage import maximum_filter
from scipy.signal import convolve2d, correlate2d


def _convolve(picture, kernel, *, part=lambda p, k: np.sum(p * k), less=0):
    height, width = kernel.shape
    rows, columns = picture.shape[0] - height + 1 - less, picture.shape[1] - width + 1 - less
    return np.array(
        [[part(picture[i : i + height, j : j + width], kernel) for j in range(columns)] for i in range(rows)]
    )


def _convolve_with_keras(picture, kernel):
    given = keras.ops.convert_to_tensor(picture[None, :, :, None].astype("float32"))
    weights = keras.ops.convert_to_tensor(kernel[:, :, None, None].astype("float32"))
    return keras.ops.conv(given, weights)[0, :, :, 0]


def _fixed_three(picture, kernel):
    result = np.zeros((picture.shape[0] - 2, picture.shape[1] - 2))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            height, width = kernel.shape
            result[i, j] = np.sum(picture[i : i + height, j : j + width] * kernel)
    return result


def _same_place(picture, kernel):
    height, width = kernel.shape
    rows, columns = picture.shape[0] - height + 1, picture.shape[1] - width + 1
    return np.full((rows, columns), np.sum(picture[:height, :width] * kernel))


def _last_everywhere(picture, kernel):
    sums = _convolve(picture, kernel)
    result = np.zeros(sums.shape)
    for one in sums.ravel():
        result[:] = one
    return result


def _pool(table, block, what=np.max):
    rows, columns = table.shape[0] // block, table.shape[1] // block
    return [
        [what(table[i * block : (i + 1) * block, j * block : (j + 1) * block]) for j in range(columns)]
        for i in range(rows)
    ]


def _pool_all(table, block):
    starts = [range(0, n, block) for n in table.shape]
    return np.array([[table[i : i + block, j : j + block].max() for j in starts[1]] for i in starts[0]])


def _pool_overlapping(table, block):
    return np.lib.stride_tricks.sliding_window_view(table, (block, block)).max(axis=(2, 3))


def _pool_from_zero(table, block):
    return np.maximum(0, _pool(table, block))


def _cnn(*body, inputs=(12, 12, 1), rate=0.005, loss="sparse_categorical_crossentropy", compiled=True):
    model = keras.Sequential([keras.Input(shape=inputs), *body])
    if compiled:
        model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    return model


def _conv(filters, activation="relu"):
    return layers.Conv2D(filters, 3, padding="same", activation=activation)


def _repaired(outputs=10, last="softmax", pool_first=False, convolutions=(16, 32), **options):
    pool = layers.MaxPooling2D(6)
    body = [_conv(filters) for filters in convolutions]
    body = [pool, *body] if pool_first else [*body, pool]
    return _cnn(*body, layers.Flatten(), layers.Dense(outputs, activation=last), **options)


def _small(*convolutions, end=layers.GlobalMaxPooling2D, rate=0.01, outputs=10, last="softmax", **options):
    body = [_conv(filters) for filters in convolutions]
    return _cnn(*body, end(), layers.Dense(outputs, activation=last), rate=rate, **options)


def _share(first, second, size=64, near=lambda a, b, size: abs(a - b) < size):
    return all(near(a, b, size) for a, b in zip(first, second, strict=True))


def _share_by_sets(first, second, size=64):
    def spots(corner):
        return {(corner[0] + i, corner[1] + j) for i in range(size) for j in range(size)}

    return bool(spots(first) & spots(second))


SLASH = np.array([[-1.0, -1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
UPRIGHT = np.array([[-1.0, 0.0, 1.0]] * 3)

RIGHT = {
    "convolve": [
        _convolve,
        lambda picture, kernel: correlate2d(picture, kernel, "valid"),
        lambda picture, kernel: convolve2d(picture, kernel[::-1, ::-1], "valid").tolist(),
        _convolve_with_keras,
    ],
    "edge_kernel": [
        lambda: 3 * SLASH,
        lambda: [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]],
        SLASH,
        lambda: keras.ops.convert_to_tensor(SLASH),
    ],
    "output_size": [
        lambda n, kernel, stride=1, padding=0: len(range(0, n + 2 * padding - kernel + 1, stride)),
        lambda n, kernel, stride=1, padding=0: np.floor((n + 2 * padding - kernel) / stride) + 1,
    ],
    "conv_parameters": [
        lambda kernel, channels, filters: kernel**2 * channels * filters + filters,
        lambda kernel, channels, filters: np.prod([kernel, kernel, channels, filters]) + filters,
    ],
    "max_pool": [
        _pool,
        lambda table, block: keras.ops.max_pool(table[None, :, :, None].astype("float32"), block)[0, :, :, 0],
    ],
    "repair": [
        _repaired,
        lambda: _cnn(_conv(16), layers.MaxPooling2D(2), _conv(32), layers.GlobalMaxPooling2D(), layers.Dense(10, "softmax")),
        lambda: _small(16, 32, end=layers.GlobalAveragePooling2D, rate=0.005),
        _repaired(),
        lambda: _repaired(rate=0.002, loss=keras.losses.SparseCategoricalCrossentropy()),
    ],
    "small_reader": [
        lambda: _small(
            8, 20, last=None, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        ),
        lambda: _small(8, 20), lambda: _small(9, 18, rate=0.015)
    ],
    "share_pixels": [_share, _share_by_sets, lambda a, b, size=64: np.all(np.abs(np.subtract(a, b)) < size)],
}  # fmt: skip

WRONG = {
    "convolve": [
        (lambda p, k: convolve2d(p, k, "valid"), "by half a turn"),
        (lambda p, k: _convolve(p, k, part=lambda a, b: np.sum(a)), "without the weights"),
        (lambda p, k: _convolve(p, k, part=lambda a, b: np.mean(a * b)), "mean of the products"),
        (lambda p, k: correlate2d(p, k, "same"), "must not stick out"),
        (_fixed_three, "own height and width"),
        (lambda p, k: _convolve(p, k, less=1), "plus 1"),
        (_same_place, "the part move along"),
        (_last_everywhere, "the last one"),
        (lambda p, k: np.zeros(_convolve(p, k).shape), "full of zeros"),
        (lambda p, k: _convolve(p, k.reshape(k.shape[::-1])), "Rows and columns are mixed up"),
        (lambda p, k: _convolve(p, k)[:, : len(p) - len(k) + 1], "; expected (4, 5)"),
        (lambda p, k: np.sum(p[: k.shape[0], : k.shape[1]] * k), "single number"),
        (lambda p, k: p[: k.shape[0], : k.shape[1]] * k, "single place"),
        (lambda p, k: p * k, "at every place: use kernel.shape"),
        (lambda p, k: _convolve(p, np.ones((3, 3)), part=lambda a, _: np.sum(a * k)), "at every place: use kernel.shape"),
        (lambda p, k: p @ k, "raised"),
    ],
    "edge_kernel": [
        (lambda: UPRIGHT, "edges like \\"),
        (lambda: -SLASH, "sign is turned"),
        (lambda: np.ones((3, 3)), "even bright area"),
        (lambda: SLASH / 10, "more than 1 was expected"),
        (lambda: [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], "edges like \\"),
        (lambda: np.zeros((3, 3)), "one side of the diagonal"),
        (lambda: SLASH[::-1], "one side of the diagonal"),
        (lambda: [[3, -3, 0], [-3, 0, 3], [0, 3, -3]], "one and the same edge"),
        (lambda: np.zeros((5, 5)), "expected (3, 3)"),
    ],
    "output_size": [
        (lambda n, kernel, stride=1, padding=0: (n + 2 * padding - kernel) // stride, "Do not forget the 1"),
        (lambda n, kernel, stride=1, padding=0: (n + 2 * padding - kernel) / stride + 1, "// instead of /"),
        (lambda n, kernel, stride=1, padding=0: n + 2 * padding - kernel + 1, "stride is not used"),
        (lambda n, kernel, stride=1, padding=0: (n + padding - kernel) // stride + 1, "both sides"),
        (lambda n, kernel, stride=1, padding=0: (n - kernel) // stride + 1, "padding is not used"),
        (lambda n, kernel, stride=1, padding=0: -(-(n + 2 * padding - kernel) // stride) + 1, "Round down"),
        (lambda n, kernel, stride=1, padding=0: n // stride, "padding=\"same\""),
        (lambda n, kernel, stride=1, padding=0: (n - 2 * padding - kernel) // stride + 1, "larger: add it."),
        (lambda n, kernel, stride=1, padding=0: (n - padding - kernel) // stride + 1, "add it, on both sides"),
        (lambda n, kernel, stride=1, padding=0: (n + 2 * padding - kernel) // stride + 2, "Add 1, not 2"),
        (lambda n, kernel, stride=1, padding=0: (n + 2 * padding + kernel) // stride + 1, "kernel takes away"),
        (lambda n, kernel, stride=1, padding=0: (n + 2 * padding - kernel) * stride + 1, "fewer places"),
        (lambda n, kernel, stride=1, padding=0: (n + 2 * padding - kernel + 1) * stride, "fewer places"),
        (lambda n, kernel, stride=1, padding=0: (n + 2 * padding - kernel + 1) // stride, "First divide"),
        (lambda n, kernel, stride=1, padding=0: round((n + 2 * padding - kernel) / stride) + 1, "to the nearest"),
        (lambda n, kernel, stride=1, padding=0: int((n + 2 * padding - kernel) / stride + 0.5) + 1, "Round down before"),
    ],
    "conv_parameters": [
        (lambda kernel, channels, filters: kernel * kernel * channels * filters, "biases are missing"),
        (lambda kernel, channels, filters: kernel * kernel * channels * filters + 1, "every filter has its own"),
        (lambda kernel, channels, filters: kernel * kernel * channels * filters + channels, "not to the channels"),
        (lambda kernel, channels, filters: (kernel * kernel + 1) * filters, "every channel"),
        (lambda kernel, channels, filters: (kernel * kernel + 1) * channels * filters, "not one for each channel"),
        (lambda kernel, channels, filters: (kernel * channels + 1) * filters, "The kernel is square"),
        (lambda kernel, channels, filters: kernel * kernel * channels + 1, "That is a single filter"),
        (lambda kernel, channels, filters: kernel * kernel * channels, "weights of a single filter"),
        (lambda kernel, channels, filters: kernel * kernel * (channels * filters + 1), "every place of the kernel"),
        (lambda kernel, channels, filters: kernel * kernel * channels + 1 * filters, "One bias for each filter"),
        (896, "must be a function"),
    ],
    "max_pool": [
        (lambda t, b: _pool(t, b, np.mean), "means of the blocks"),
        (lambda t, b: _pool(t, b, np.min), "smallest"),
        (lambda t, b: _pool(t, b, np.sum), "sums"),
        (lambda t, b: _pool(t, b, lambda part: np.abs(part).max()), "largest in size"),
        (lambda t, b: t[: t.shape[0] // b * b : b, : t.shape[1] // b * b : b], "upper left"),
        (_pool_all, "not full are dropped"),
        (_pool_overlapping, "must not overlap"),
        (_pool_from_zero, "not from 0"),
        (lambda t, b: np.transpose(_pool(t, b)), "mixed up"),
        (maximum_filter, "should shrink"),
        (lambda t, b: t.max(), "each block gives one"),
        (lambda t, b: _pool(t, b)[:b], "; expected (3, 4)"),
        (lambda t, b: t.reshape(len(t) // b, b, -1, b).max(axis=(1, 3)), "cut off the rest"),
    ],
    "repair": [
        (lambda: _repaired(pool_first=True), "before anything has looked"),
        (lambda: _repaired(outputs=1), "always says 1"),
        (lambda: _repaired(rate=5.0), "Adam's rate"),
        (lambda: _repaired(rate=1e-6), "rate large enough"),
        (lambda: _repaired(convolutions=()), "no convolution left"),
        (lambda: _repaired(last="sigmoid"), "add up to 1"),
        (lambda: _repaired(loss="categorical_crossentropy"), "sparse_categorical_crossentropy"),
        (lambda: _repaired(compiled=False), "not compiled"),
        (lambda: _repaired(inputs=(12, 12, 3)), "pictures have"),
        (lambda: "a model", "Keras model was expected"),
    ],
    "small_reader": [
        (lambda: _small(16, 32), "at most 2,000"),
        (lambda: _small(1, end=layers.Flatten), "forgets the place"),
        (lambda: _small(16), "Stack two"),
        (lambda: _small(8, 20, last="sigmoid"), "add up to 1"),
        (lambda: _small(8, 20, rate=1e-6), "another learning rate"),
        (lambda: _small(8, 20, outputs=1), "ten answers"),
        (lambda: _small(8, 20, compiled=False), "not compiled"),
        (1750, "must be a function"),
    ],
    "share_pixels": [
        (lambda a, b, size=64: _share(a, b, size, near=lambda p, q, s: abs(p - q) <= s), "share no pixel"),
        (lambda a, b, size=64: _share(a, b, size, near=lambda p, q, s: 0 <= q - p < s), "begin above the first"),
        (lambda a, b, size=64: abs(a[0] - b[0]) < size or abs(a[1] - b[1]) < size, "not enough"),
        (lambda a, b, size=64: abs(a[0] - b[0]) < size, "side by side"),
        (lambda a, b, size=64: _share(a, b, 64), "not a fixed 64"),
        (lambda a, b, size=64: a == b, "both directions"),
        (lambda a, b, size=64: a != b and _share(a, b, size), "with itself"),
        (lambda a, b, size=64: _share(a, b, size, near=lambda p, q, s: abs(p - q) < s - 1), "one pixel"),
        (lambda a, b, size=64: _share(a, b, size, near=lambda p, q, s: q - p < s), "ends in row 93"),
        (lambda a, b, size=64: _share(a, b, size, near=lambda p, q, s: p - q < s), "one below the other"),
        (lambda a, b, size=64: "yes", "True or False"),
        (lambda a, b, size=64: abs(a[1] - b[0]) < size and abs(a[1] - b[1]) < size, "rows with rows"),
        (lambda a, b, size=64: abs(a[0] - b[0]) < size and abs(a[1] - b[1]) <= size, "in column 64"),
    ],
}  # fmt: skip
