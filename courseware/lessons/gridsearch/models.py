"""The models of lesson 10: small classifiers whose hyperparameters are arguments, for a search to turn."""

import keras
import numpy as np
from keras import layers


class SmallNetwork:
    """One hidden layer with ReLU and one sigmoid output, in NumPy; every step looks at all examples.

    Args:
        rate: the learning rate.
        penalty: the strength of the L2 penalty: so much of each weight (not of the biases) is added to its slope.
        units: how many hidden units.
        seed: where the random weights come from.
        features: how many numbers an example has.

    >>> x = np.array([[1.0], [2.0], [3.0], [4.0]])
    >>> y = np.array([0, 0, 1, 1])
    >>> network = SmallNetwork(rate=0.5, penalty=0.0, units=8, features=1).train(x, y, steps=500)
    >>> [int(yes) for yes in network.right(x, y)]
    [1, 1, 1, 1]
    """

    def __init__(self, rate, penalty, units, seed=0, features=8):
        rng = np.random.default_rng(seed)
        self.rate, self.penalty = rate, penalty
        self.w1, self.b1 = rng.normal(0, 0.5, (features, units)), np.zeros(units)
        self.w2, self.b2 = rng.normal(0, units**-0.5, units), 0.0

    def hidden(self, x):  # (n, features) -> (n, units)
        return np.maximum(0, x @ self.w1 + self.b1)

    def probability(self, h):  # (n, units) -> (n,)
        return 1 / (1 + np.exp(-np.clip(h @ self.w2 + self.b2, -30, 30)))

    def train(self, x, y, steps):
        """Take so many steps on x of shape (n, features) and labels y of 0 and 1."""
        with np.errstate(all="ignore"):  # very large rates overflow, and that is part of the picture
            for _ in range(steps):
                h = self.hidden(x)
                blame = (self.probability(h) - y) / len(y)
                blame_h = np.outer(blame, self.w2) * (h > 0)  # passed back through the open gates
                self.w2 = self.w2 - self.rate * (h.T @ blame + self.penalty * self.w2)
                self.b2 = self.b2 - self.rate * blame.sum()
                self.w1 = self.w1 - self.rate * (x.T @ blame_h + self.penalty * self.w1)
                self.b1 = self.b1 - self.rate * blame_h.sum(axis=0)
        return self

    def loss(self, x, y):
        """Return the mean cross-entropy; a mistake costs at most 7, as does a network that fell apart."""
        with np.errstate(all="ignore"):
            p = np.clip(self.probability(self.hidden(x)), 0.001, 0.999)
            loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        return loss if np.isfinite(loss) else 7.0

    def right(self, x, y):
        """Return for each example whether the answer is right."""
        return (self.probability(self.hidden(x)) > 0.5) == y


def build_classifier(X, y, optimizer="adam", learning_rate=None, units=12, seed=0):
    """Return a small network for two classes, as ``keras.wrappers.SKLearnClassifier`` wants it.

    Args:
        X: inputs of shape (n, features); only their width counts here. The wrapper passes it.
        y: labels, of which nothing is used. The wrapper passes them, too.
        optimizer: the name of a Keras optimizer.
        learning_rate: of the optimizer; None takes the one that Keras chose for it.
        units: how many units the hidden layer has.
        seed: where the random numbers start. Set here, since each worker process starts afresh.

    Returns:
        A compiled model. Input shape (batch, features), output shape (batch, 2): two probabilities.

    >>> import numpy as np
    >>> build_classifier(np.zeros((1, 8)), None).count_params()  # (8 + 1) * 12 + (12 + 1) * 2
    134
    """
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),  # (batch, 8)
            layers.Dense(units, activation="relu"),  # (batch, units)
            layers.Dense(2, activation="softmax"),  # (batch, 2)
        ]
    )
    settings = {} if learning_rate is None else {"learning_rate": learning_rate}
    model.compile(
        optimizer=keras.optimizers.get({"class_name": optimizer, "config": settings}),  # by name
        loss="categorical_crossentropy",
    )
    model.optimizer.build(model.trainable_variables)  # else Keras compiles the training step twice
    # for the wrapper; Keras' own predict draws progress bars and compiles something first
    model.predict = lambda inputs: keras.ops.convert_to_numpy(model(inputs))
    return model
