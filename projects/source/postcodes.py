# %% [markdown]
# # Project: sorting letters
#
# A post office photographs the digits of handwritten postcodes. **How many of them can a small network read, and which ones should a person look at?** The simple way, which a network has to beat: compare a picture with the mean picture of each digit, and say the one that is nearest.
#
# You have 3,300 pictures of 28 by 28 pixels, with the digit that each one shows. They are part of MNIST; the course has changed something about the collection, as happens when letters are scanned in a hurry. Look before you train.
#
# **The rules.** Fill in the steps below; add cells wherever you like. Then, in a terminal, `course project check postcodes` runs this notebook from its first cell to its last, and calls your `train` on its own. It measures on 2,000 other pictures, which you do not have. What a machine cannot see is in `checklist.md`, beside this notebook: go through it with somebody else.
#
# The names in the blanks (`train_rows`, `train`, `report` and so on) are those that the check looks for.

# %%
from courseware.projects import data, keras  # Keras, without its start-up messages

import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches

x, y = data("postcodes")  # (3300, 28, 28) from 0 for paper to 1 for ink, (3300,): 0 to 9
print(x.shape, y.shape)

# %% [markdown]
# ## 1. Look at the data
#
# Draw some. How many are there of each digit? Is a picture there twice? (Lesson 04, on leakage.)

# %%
# Your cells.

# %% [markdown]
# *What you found, and what you do about it:*

# %% [markdown]
# ## 2. Three parts
#
# Rows to train with, to choose with, and to test with once, at the very end. Nothing may be in two of them. (Lesson 03.)

# %%
train_rows = ...  # the numbers of rows of x, e.g. np.array([0, 5, 7])
valid_rows = ...
test_rows = ...

# %% [markdown]
# ## 3. The baseline
#
# The simple way first: the mean picture of each digit, from the training rows. How many of the validation rows does the nearest one get right?

# %%
baseline = ...

# %% [markdown]
# ## 4. The smallest network
#
# Ten neurons on 784 pixels. See that the loss falls, and measure on the validation rows. (Lessons 00 and 03.)

# %%
# Your cells.

# %% [markdown]
# ## 5. One change at a time
#
# A hidden layer, a convolution, dropout: change one thing, train with several seeds, measure on the validation rows, write it down. Is a difference larger than what the seeds make among themselves? (Lessons 04, 09 and 10.)

# %%
tried = {}  # what you changed: the scores on the validation rows, one for each seed

# %% [markdown]
# ## 6. What you chose
#
# Put it into one function. It gets pictures like those of `x` and trains on them alone.


# %%
def train(x, y, seed):
    """Train a network on `x` and `y`; return a function that answers new rows."""
    keras.utils.set_random_seed(seed)
    # Build, compile and fit. Then:
    #
    #     def predict(x):
    #         return ...  # one label for each picture, 0 to 9
    #
    #     return predict


# %% [markdown]
# ## 7. The test, once
#
# Train on the training rows, predict the test rows, and leave it at that: who goes back and improves has no test any more. A fraction of right answers stands as 0.9, not as 90.

# %%
report = {
    "baseline": ...,  # on the test rows
    "validation": ...,
    "test": ...,
}

# %% [markdown]
# ## 8. The report
#
# For the head of the post office, in ten sentences: how many digits are read rightly, and so how many postcodes of five digits; which digits are mixed up; if the network passes on to a person what it is least sure of, how many it has to pass on until 99 of 100 of the others are right; what you tried that did not help.
#
# *Your report:*

# %% [markdown]
# ## 9. Limits
#
# Whose handwriting is this? What happens to a picture that shows no digit at all? What could go wrong a year from now?
#
# *Your limits:*
