# %% [markdown]
# # Project: a second opinion
#
# A clinic takes cells from a tumour, and a computer measures their nuclei under the microscope. **Which samples should a doctor look at first, since they are probably malignant?** That is the question; a network is one way to answer it, and it has to be better than the simple way: one measurement and a threshold.
#
# You have 440 rows of 31 columns: ten measurements of the nuclei (radius, texture, and so on), each as its mean, its standard error and its worst value, and the number of visits that the clinic has noted for the patient since. The data come from Wisconsin; the course has changed a few things about them, as happens on the way into a table. Look before you train.
#
# **The rules.** Fill in the steps below; add cells wherever you like. Then, in a terminal, `course project check tumours` runs this notebook from its first cell to its last, and calls your `train` on its own. It measures on 169 other samples, which you do not have. On the day of the question nobody knows yet how they will turn out. What a machine cannot see is in `checklist.md`, beside this notebook: go through it with somebody else.
#
# The names in the blanks (`train_rows`, `train`, `report` and so on) are those that the check looks for.

# %%
from courseware.projects import columns, data, keras  # Keras, without its start-up messages

import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches

x, y = data("tumours")  # (440, 31), (440,): 1 for malignant, 0 for benign
names = columns("tumours")
print(x.shape, y.shape, f"{np.mean(y):.0%} are malignant")

# %% [markdown]
# ## 1. Look at the data
#
# What is the range of each column? Is a row missing something, or there twice? What would you know of a patient on the day of the question, and what only later? (Lesson 04, on leakage.)

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
# The simple way first: one column and a threshold, both chosen on the training rows. How many of the validation rows does it get right?

# %%
baseline = ...

# %% [markdown]
# ## 4. The smallest network
#
# One neuron, scaled inputs. See that the loss falls, and measure on the validation rows. (Lessons 01 and 02.)

# %%
# Your cells.

# %% [markdown]
# ## 5. One change at a time
#
# Change one thing, train with several seeds, measure on the validation rows, write it down. Is a difference larger than what the seeds make among themselves? (Lessons 09 and 10.)

# %%
tried = {}  # what you changed: the scores on the validation rows, one for each seed

# %% [markdown]
# ## 6. What you chose
#
# Put it into one function. It gets rows like those of `x` and trains on them alone; every number that it needs, such as the mean of a column, it computes from them.


# %%
def train(x, y, seed):
    """Train a network on `x` and `y`; return a function that answers new rows."""
    keras.utils.set_random_seed(seed)
    # Scale, build, compile and fit. Then:
    #
    #     def predict(x):
    #         return ...  # one label for each row, 0 or 1
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
# For the person who asked, in ten sentences: the answer; how sure you are, and from how many samples; which mistakes the network makes, and which of the two kinds is worse here; what you tried that did not help.
#
# *Your report:*

# %% [markdown]
# ## 9. Limits
#
# For which patients would you not use it? What would have to be measured first? What could go wrong a year from now?
#
# *Your limits:*
