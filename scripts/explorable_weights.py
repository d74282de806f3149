"""Write the weights that explorables compute with, from the lessons' own models, trained as the lessons train them.

Usage: python scripts/explorable_weights.py [NAME ...]
"""

from __future__ import annotations

import base64
import json
import sys

import numpy as np
from sklearn.model_selection import train_test_split

from courseware import open_lesson
from courseware.explorables import explorable
from courseware.files import write_whole


def packed(values: np.ndarray) -> tuple[str, float]:
    """Numbers as bytes from -127 to 127 in base64, and the number that one stands for."""
    scale = float(np.abs(values).max()) / 127
    return base64.b64encode(np.round(values / scale).astype(np.int8).tobytes()).decode(), scale


LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def lettered(values: np.ndarray) -> dict[str, object]:
    """A matrix as one letter a number, -31 to 31, and for each column the number that one stands for."""
    scales = np.abs(values).max(axis=0) / 31
    codes = np.round(values / scales).astype(int) + 31
    return {"letters": "".join(LETTERS[codes.ravel()]), "scales": rounded(scales)}


def as_lettered(values: np.ndarray) -> np.ndarray:
    """The matrix that will be read from these letters."""
    scales = np.abs(values).max(axis=0) / 31
    return np.asarray(np.round(values / scales) * scales)


def rounded(values: np.ndarray) -> list[float]:
    return [float(f"{each:.5g}") for each in values]


def finely_lettered(values: np.ndarray) -> dict[str, object]:
    """A matrix as two letters a number, -2047 to 2047, and for each column the millionths that one stands for."""
    scales = np.ceil(np.abs(values).max(axis=0) / 2047 * 1e6).astype(int)
    codes = np.round(values * 1e6 / scales).astype(int).ravel() + 2047
    letters = np.stack([LETTERS[codes // 64], LETTERS[codes % 64]], axis=1)
    return {"letters": "".join(letters.ravel()), "millionths": scales.tolist()}


def inked(pixels: np.ndarray) -> str:
    """Pixels from 0 to 16: a letter for each with ink, and for a row of up to 47 zeros."""
    text, zeros = [], 0
    for pixel in [*pixels.ravel(), -1]:
        if zeros and (pixel or zeros == 47):
            text.append(LETTERS[16 + zeros])
            zeros = 0
        if pixel > 0:
            text.append(LETTERS[pixel])
        zeros += pixel == 0
    return "".join(text)


def bits() -> dict[str, object]:
    """The digit network of lesson 12, and the 500 small digits that it is tested on."""
    import keras

    from courseware.batches import ShuffledBatches
    from courseware.data import digits
    from courseware.lessons.in_practice.models import build_digit_network

    images, numerals = digits("small")
    x_train, x_test, y_train, y_test = train_test_split(
        (16 * images).reshape(len(images), 64), numerals, test_size=500, random_state=0, stratify=numerals
    )
    keras.utils.set_random_seed(0)
    network = build_digit_network()
    network.fit(ShuffledBatches(x_train, y_train, batch_size=32, seed=0), epochs=15, verbose=0)
    arrays = network.get_weights()
    return {
        "layers": [
            {**finely_lettered(matrix), "bias": rounded(bias)}
            for matrix, bias in zip(arrays[::2], arrays[1::2], strict=True)
        ],
        "digits": inked(x_test.astype(int)),
        "labels": "".join(str(each) for each in y_test),
    }


def digit() -> dict[str, object]:
    """Ten neurons of lesson 00, one for each digit, and two held-out pictures of each digit that they read."""
    import keras

    from courseware.data import digits
    from courseware.lessons.start_here.models import build_digit_classifier

    pictures, y = digits("10k")
    x_train, x_test, y_train, y_test = train_test_split(
        pictures.reshape(10000, 784), y, train_size=4000, test_size=2000, random_state=0
    )
    keras.utils.set_random_seed(0)
    network = build_digit_classifier()
    network.fit(x_train, y_train, epochs=10, verbose=0)
    weights, bias = network.get_weights()
    text, scale = packed(weights)  # (784, 10)
    said = network.predict(x_test, verbose=0).argmax(axis=1)
    chosen = [n for each in range(10) for n in np.flatnonzero((y_test == each) & (said == each))[:2]]
    samples = np.round(x_test[chosen] * 255).astype(np.uint8)
    return {
        "weights": text,
        "scale": float(f"{scale:.6g}"),
        "bias": [float(f"{each:.5g}") for each in bias],
        "samples": base64.b64encode(samples.tobytes()).decode(),
        "labels": [int(each) for each in y_test[chosen]],
    }


def borrow() -> dict[str, object]:
    """Pictures of the digits 5 to 9 of lesson 14, and what its trained body and the untrained twin make of them."""
    import keras
    from keras import layers

    from courseware.batches import ShuffledBatches
    from courseware.lessons.transfer.by_hand import outputs, wandering_digits
    from courseware.lessons.transfer.models import build_body

    pages, numerals = wandering_digits(0)
    old = numerals < 5
    new_x, new_y = pages[~old], numerals[~old]
    keras.utils.set_random_seed(0)
    twin = build_body(size=20)
    keras.utils.set_random_seed(0)
    body = build_body(size=20)
    classifier = keras.Sequential([body, layers.Dense(5, activation="softmax")])
    classifier.compile(keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    classifier.fit(ShuffledBatches(pages[old][:4000], numerals[old][:4000], batch_size=32, seed=0), epochs=5, verbose=0)
    # a hundred of each digit to draw from, and a hundred of each from the lesson's test
    parts = (np.arange(3500), np.arange(3500, 4500))
    chosen = np.concatenate([part[new_y[part] == each][:100] for part in parts for each in range(5, 10)])
    found: dict[str, object] = {"pictures": inked(np.round(15 * new_x[chosen]).astype(int))}
    for name, model in {"borrowed": body, "twin": twin}.items():
        features = outputs(model, new_x[chosen])  # (1000, 48)
        most = np.maximum(features.max(axis=0), 1e-9)  # some are silent
        codes = np.round(255 * features / most).astype(np.uint8)
        found[name] = {"features": base64.b64encode(codes.tobytes()).decode(), "scales": rounded(most / 255)}
    return found


def codes() -> dict[str, object]:
    """The decoder of lesson 07's map, and the places of some test pictures on it."""
    import keras

    from courseware.batches import ShuffledBatches
    from courseware.data import digits
    from courseware.lessons.autoencoder.models import build_autoencoder

    pictures, numerals = digits()
    x_train, x_rest, _, label_rest = train_test_split(
        pictures.reshape(len(pictures), -1), numerals, train_size=3000, stratify=numerals, random_state=0
    )
    x_test, label_test = x_rest[300:1300], label_rest[300:1300]
    keras.utils.set_random_seed(0)
    autoencoder, encoder, decoder = build_autoencoder(
        784, 2, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003)
    )
    autoencoder.fit(ShuffledBatches(x_train, x_train, batch_size=64, seed=0), epochs=12, verbose=0)
    places = encoder.predict(x_test, verbose=0)
    average = np.mean((decoder.predict(places, verbose=0) - x_test) ** 2)
    chosen = [16, 61, 35]  # a 3, an 8 and a 0 that it draws well
    shown = [n for each in range(10) for n in np.flatnonzero(label_test == each)[:30]]
    layers = []
    for weights, bias in zip(*[iter(decoder.get_weights())] * 2, strict=True):
        text, scale = packed(weights)
        layers.append(
            {"weights": text, "scale": float(f"{scale:.6g}"), "bias": [float(f"{each:.4g}") for each in bias]}
        )
    return {
        "layers": layers,
        "samples": base64.b64encode(np.round(x_test[chosen] * 255).astype(np.uint8).tobytes()).decode(),
        "sampleCodes": np.round(places[chosen].astype(float), 2).tolist(),
        "codes": np.round(places[shown].astype(float), 1).tolist(),
        "labels": label_test[shown].tolist(),
        "average": float(f"{average:.3g}"),
    }


def kernel() -> dict[str, object]:
    """The three readers of lesson 04, a digit of each kind that all of them read at home, and a piece of a photo."""
    import keras

    from courseware.batches import ShuffledBatches
    from courseware.data import digits, photos
    from courseware.lessons.cnn.models import build_digit_cnn
    from courseware.lessons.fnn.models import build_digit_classifier

    images, numerals = digits("10k")
    images = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    outer = images.copy()
    outer[:, 4:-4, 4:-4] = 0
    fits = outer.max(axis=(1, 2)) == 0
    images, numerals = images[fits], numerals[fits]
    x_train, x_rest, y_train, y_rest = train_test_split(
        images, numerals, train_size=2000, random_state=0, stratify=numerals
    )

    def trained(model: keras.Model, pictures: np.ndarray, epochs: int) -> keras.Model:
        model.fit(ShuffledBatches(pictures, y_train, batch_size=32, seed=0), epochs=epochs, verbose=0)
        return model

    keras.utils.set_random_seed(0)
    readers = [trained(build_digit_classifier(32), x_train, 8)]
    for flatten in (True, False):
        keras.utils.set_random_seed(0)
        rate = keras.optimizers.schedules.CosineDecay(0.005, 5 * 63)
        readers.append(trained(build_digit_cnn(32, rate, flatten), x_train[..., None], 5))
    found: dict[str, object] = {}
    for name, reader in zip(("dense", "flatten", "global"), readers, strict=True):
        arrays = reader.get_weights()
        matrices = [each.reshape(-1, each.shape[-1]) for each in arrays[::2]]
        found[name] = [
            {**lettered(matrix), "bias": rounded(bias)} for matrix, bias in zip(matrices, arrays[1::2], strict=True)
        ]
        arrays[::2] = [
            as_lettered(matrix).reshape(old.shape) for matrix, old in zip(matrices, arrays[::2], strict=True)
        ]
        reader.set_weights(arrays)
    outer = x_rest.copy()
    outer[:, :, 6:-6] = 0
    roomy = outer.max(axis=(1, 2)) == 0  # they may be pushed six to a side
    x_rest, y_rest = x_rest[roomy], y_rest[roomy]
    sure = [reader.predict(x_rest, verbose=0)[np.arange(len(x_rest)), y_rest] for reader in readers]
    least = np.min(sure, axis=0)
    chosen = [np.flatnonzero(y_rest == each)[least[y_rest == each].argmax()] for each in range(10)]
    grey = photos()[0].mean(axis=2)[20:404, 40:424]
    photo = grey.reshape(96, 4, 96, 4).mean(axis=(1, 3))
    return {
        **found,
        "samples": "".join(LETTERS[np.round(63 * x_rest[chosen][:, 4:-4, 6:-6]).astype(int).ravel()]),
        "photo": "".join(LETTERS[np.round(63 * photo).astype(int).ravel()]),
    }


MAKERS = {"bits": bits, "borrow": borrow, "codes": codes, "digit": digit, "kernel": kernel}

if __name__ == "__main__":
    open_lesson("00_start_here")  # loads Keras quietly
    for name in sys.argv[1:] or MAKERS:
        file = explorable(name).weights
        write_whole(file, json.dumps(MAKERS[name](), separators=(",", ":")) + "\n")
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
