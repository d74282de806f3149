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


MAKERS = {"codes": codes, "digit": digit}

if __name__ == "__main__":
    open_lesson("00_start_here")  # loads Keras quietly
    for name in sys.argv[1:] or MAKERS:
        file = explorable(name).weights
        write_whole(file, json.dumps(MAKERS[name](), separators=(",", ":")) + "\n")
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
