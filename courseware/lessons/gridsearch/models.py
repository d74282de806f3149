"""The model of lesson 10: a small classifier whose hyperparameters are arguments, for a search to turn."""

import keras
from keras import layers


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
        A compiled model. Input shape (batch, features), output shape (batch, 2), the two beliefs.

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
        optimizer=keras.optimizers.get({"class_name": optimizer, "config": settings}),
        loss="categorical_crossentropy",
    )
    model.optimizer.build(model.trainable_variables)  # else the step is compiled twice
    # for the wrapper; Keras' own predict draws progress bars and compiles something first
    model.predict = lambda inputs: keras.ops.convert_to_numpy(model(inputs))
    return model
