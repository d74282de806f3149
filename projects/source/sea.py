# %% [markdown]
# # Project: the sea next month
#
# Cold water off the coast of Peru is full of fish. In some years it stays warm: El Niño. **How warm will the sea be next month, if the last two years are known?** The simple way, which a network has to beat: what is usual in that month of the year.
#
# You have 500 rows. Each one holds the temperatures of 24 months in °C, the latest last; what is to be predicted is the month after. The first row asks for January 1952, the next for February 1952, and so on to August 1993: two neighbouring rows have 23 months in common.
#
# **The rules.** Fill in the steps below; add cells wherever you like. Then, in a terminal, `course project check sea` runs this notebook from its first cell to its last, and calls your `train` on its own. It measures on the 17 years that follow, which you do not have. What a machine cannot see is in `checklist.md`, beside this notebook: go through it with somebody else.
#
# The names in the blanks (`train_rows`, `train`, `report` and so on) are those that the check looks for.

# %%
from courseware.projects import data, keras  # Keras, without its start-up messages

import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches

x, y = data("sea")  # (500, 24), (500,) in °C
month = np.arange(len(y)) % 12  # of the year, 0 for January: the month that y is of
print(x.shape, y.shape)

# %% [markdown]
# ## 1. Look at the data
#
# Draw the series. Which months are warm? Which years stand out?

# %%
# Your cells.

# %% [markdown]
# *What you found:*

# %% [markdown]
# ## 2. Three parts
#
# Rows to train with, to choose with, and to test with once, at the very end. The rows follow one another in time, and you want to know the future: think about which rows go where. (Lesson 05.)

# %%
train_rows = ...  # the numbers of rows of x, e.g. np.arange(0, 100)
valid_rows = ...
test_rows = ...

# %% [markdown]
# ## 3. The baseline
#
# The simple way first: for each month of the year the mean of the training rows. By how much is it wrong on the validation rows, on average (mean absolute error)? Then a harder opponent: this month's temperature, plus the usual step to the next.

# %%
baseline = ...

# %% [markdown]
# ## 4. The smallest network
#
# One neuron on 24 months. Scale; see that the loss falls; measure on the validation rows. (Lessons 01 and 05.)

# %%
# Your cells.

# %% [markdown]
# ## 5. One change at a time
#
# Fewer months, a hidden layer, a recurrent one: change one thing, train with several seeds, measure on the validation rows, write it down. Is a difference larger than what the seeds make among themselves? (Lessons 05, 06, 09 and 10.)

# %%
tried = {}  # what you changed: the scores on the validation rows, one for each seed

# %% [markdown]
# ## 6. What you chose
#
# Put it into one function. It gets rows like those of `x` and trains on them alone; every number that it needs, such as a mean, it computes from them.


# %%
def train(x, y, seed):
    """Train a network on `x` and `y`; return a function that answers new rows."""
    keras.utils.set_random_seed(seed)
    # Scale, build, compile and fit. Then:
    #
    #     def predict(x):
    #         return ...  # one temperature for each row, in °C
    #
    #     return predict


# %% [markdown]
# ## 7. The test, once
#
# Train on the training rows, predict the test rows, and leave it at that: who goes back and improves has no test any more. All three are mean absolute errors in °C.

# %%
report = {
    "baseline": ...,  # on the test rows
    "validation": ...,
    "test": ...,
}

# %% [markdown]
# ## 8. The report
#
# For the fishers, in ten sentences: how far a forecast is off, usually and at worst; whether it sees an El Niño begin, or only follows it; whether it is better than the harder opponent; what you tried that did not help.
#
# *Your report:*

# %% [markdown]
# ## 9. Limits
#
# What would happen with two months' notice in place of one? The sea is getting warmer: what does that do to your network?
#
# *Your limits:*
