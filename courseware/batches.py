"""Mini-batches in a truly new order every epoch."""

import keras
import numpy as np


class ShuffledBatches(keras.utils.PyDataset):
    """Examples in mini-batches, shuffled anew before every epoch: ``model.fit(ShuffledBatches(x, y, seed=0), epochs=5)``.

    ``model.fit(x, y)`` shuffles as well. But after ``keras.utils.set_random_seed``, as lessons use it, so that everyone
    sees the same numbers, TensorFlow repeats the first epoch's order in all that follow, and the same examples share a
    batch again and again. Here the orders come from NumPy, each epoch another one, and `seed` repeats them all.

    Args:
        x: array (n, ...), the inputs.
        y: array (n, ...), the labels.
        batch_size: how many examples to a batch; the last batch of an epoch has what is left.
        seed: where the random draw of the orders starts; None for another one each time.
        sample_weight: array (n,), how much each example counts in the loss; None if all count alike.

    Raises:
        ValueError: if `x` and `y` are not equally long, or a batch would be empty.

    >>> batches = ShuffledBatches(np.arange(6), np.arange(6), batch_size=4, seed=0)
    >>> len(batches)
    2
    >>> inputs, labels = batches[0]
    >>> inputs.shape, bool((inputs == labels).all())
    ((4,), True)
    """

    def __init__(self, x, y, batch_size=32, seed=None, sample_weight=None):
        super().__init__()
        if len(x) != len(y):
            raise ValueError(f"x has {len(x)} examples and y has {len(y)} labels; they belong together one by one.")
        if batch_size < 1 or len(x) == 0:
            raise ValueError(f"a batch needs at least one example; got batch_size={batch_size} and {len(x)} examples.")
        if sample_weight is not None and len(sample_weight) != len(x):
            raise ValueError(f"there are {len(x)} examples and {len(sample_weight)} weights; each example has one.")
        self.x, self.y, self.batch_size = np.asarray(x), np.asarray(y), batch_size
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self.rng = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        """How many batches an epoch has."""
        return int(np.ceil(len(self.x) / self.batch_size))

    def __getitem__(self, number):
        """Batch `number` of this epoch: inputs, labels and, where there are any, the weights of the examples."""
        rows = self.order[number * self.batch_size : (number + 1) * self.batch_size]
        if self.sample_weight is None:
            return self.x[rows], self.y[rows]
        return self.x[rows], self.y[rows], self.sample_weight[rows]

    def on_epoch_end(self):
        """Draw the order of the next epoch; Keras calls this after each."""
        self.order = self.rng.permutation(len(self.x))
