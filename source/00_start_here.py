# %% [markdown]
# # What a network is, and how this course works
#
# *145 minutes: 65 to read and run, 45 for 9 exercises, 35 for the 33 questions of the quiz. Builds on: a little Python (names, lists, dictionaries, loops, functions). No mathematics beyond school.*
#
# Welcome. In a few minutes, a program of about ten lines will read handwriting that it has never seen. Nobody tells
# it what a 7 looks like. It is shown examples, and it adjusts 7,850 numbers until its answers fit. You will then open
# it, look at those numbers as pictures, put them to the test, and see how a good score can hide a bad failure.
#
# Everyone who learns this is lost for a while, and more than once; that is what learning it feels like, not a sign
# that you cannot. Take breaks. You need no graphics card: what a lesson
# computes takes an ordinary computer about a minute.
#
# **After this lesson you can**
#
# * work with the course: run a cell, guess first, check an answer, ask for a hint, take the quiz, see your progress;
# * work with arrays of numbers in NumPy: their shape, their rows and columns, sums along an axis;
# * say in plain words what a neural network is, and what features, labels, parameters and a loss are;
# * tell artificial intelligence, machine learning and deep learning apart;
# * train a small network with Keras, and say by what it decides and where it fails.
#
# ## Run a cell
#
# This page is a **notebook**: text like this, and boxes of Python code between the text. Such a box is called a
# **cell**. Click into the cell below, hold Shift and press Enter. While it runs, a star stands in the brackets to its
# left; when it has finished, a number. This first one takes a few seconds. Run the cells from top to bottom, since
# later ones use what earlier ones made.

# %%
from courseware import open_lesson

lesson = open_lesson("00_start_here")

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

from courseware.data import digits
from courseware.drawing import show
from courseware.lessons.start_here import drawings as draw
from courseware.lessons.start_here.models import build_board_classifier, build_digit_classifier

print("Ready.")

# %% [markdown]
# The cell loaded the tools: **NumPy** calculates with whole arrays of numbers, scikit-learn splits the data, and
# **Keras** builds and trains networks. Here is the handwriting: 10,000 small pictures of digits, written by real
# people, from a collection called MNIST. We take 4,000 to learn from and 2,000 that are **held out**: they are kept
# back to test what was learned. They are picked at random; `lesson.seed` fixes the draw, so everyone gets the same
# split.
#
# For the exercises the Python that you know is enough. The code that you read also uses three short forms.
# `f"{x:.2f}"` is a text with the value of `x` in it, here with two decimals. `[n * n for n in numbers]` is a list, made
# by a loop in one line. `first, *rest = row` takes a list apart. If a later lesson needs more, a class or a `with`
# block, you may take it as given.

# %%
pictures, y = digits("10k")  # y: which digit each picture shows
x = pictures.reshape(10000, 784)  # each picture of 28 rows and 28 columns as one row of 784 numbers
x_train, x_test, y_train, y_test = train_test_split(
    x, y, train_size=4000, test_size=2000, random_state=lesson.seed
)
print("to learn from:", x_train.shape, " held out:", x_test.shape)

# %% [markdown]
# Now the network learns. You need not understand these lines yet; by the end of the lesson you will.
#
# Whenever a line begins with *Before you run it, guess*, stop and decide on an answer before you go on. Run the cell
# below the question and choose: your guess is kept, and the next cells answer it.
#
# Some of those cells are folded, so that you do not read the answer too early. All you see of one is the line *Run
# this cell to see what came out.* Run it like any other; click on it to see its code.
#
# **Before you run it, guess:** of the 2,000 pictures held out, how many will it read right?

# %%
lesson.guess("read_right", "about 200", "about 1,000", "more than 1,700")

# %%
keras.utils.set_random_seed(lesson.seed)
network = build_digit_classifier()
history = network.fit(x_train, y_train, epochs=10, verbose=0).history

probabilities = network.predict(x_test, verbose=0)  # for each picture, ten: one for each digit
said = probabilities.argmax(axis=1)  # the digit with the largest probability
wrong = said != y_test
accuracy = np.mean(said == y_test)
print(f"fraction read right ≈ {accuracy:.3f}")

# %%
show(
    draw.pictures(x_test[:20].reshape(20, 28, 28), said[:20], wrong=np.flatnonzero(wrong[:20])),
    "Twenty small pictures of handwritten digits in two rows. Above each stands the digit that "
    "the network reads in it; most are right, and a wrong one has a cross beside it.",
)
lesson.claim(
    "more than 85 in 100 pictures that it never saw are read right",
    accuracy > 0.85,
    guess="read_right",
)

# %% [markdown]
# Above each picture stands what the network read in it, with a cross where it was wrong. None of these pictures was
# among those it learned from.
#
# Two symbols in the output need explaining. A number after the sign ≈ ("about") was measured, and may come out a
# little different on your computer. The line with the tick ✓ is a **claim**: something that the lesson teaches,
# checked each time the cell runs. If it did not hold, the cell would stop and say so.
#
# ## Features and labels
#
# What did the network get to see? Not a picture, as you do. It got numbers.

# %%
show(
    draw.numbers(x_train[0].reshape(28, 28)),
    "Left: a handwritten digit, with a blue frame around its middle. Right: the part in the "
    "frame, enlarged; in each small square stands the number that it is, from 0 for white to 1 for "
    "black.",
)

# %% [markdown]
# Each small square is a **pixel**, and each pixel is one number. The numbers that describe one example are its
# **features**; they are what goes in. What should come out is the **label**: here the digit that the writer meant. A
# picture together with its label is a *labelled example*.
#
# ### Exercise: pixels
#
# Exercises look like this one. How many features does one picture have? Replace the dots with a number and run the
# cell.

# %%
### BEGIN SOLUTION
pixels = 784
### END SOLUTION

# %% [markdown]
# Then check it. The first cell below checks a wrong answer, 56, so that you see what happens; the second checks
# yours. You may be wrong as often as you like. Every reply says what to look at next, and what is passed stays
# passed.

# %%
lesson.check("pixels", 56)

# %%
lesson.check("pixels", pixels)

# %% [markdown]
# When you are stuck, ask for a hint. Each exercise has three, and each says more than the one before. Run the next
# cell once, twice, three times. Later on, the hint line is commented out with a `#`; delete the `#` when you want a
# hint.

# %%
lesson.hint("pixels")

# %% [markdown]
# Exercises are for you: no later cell needs them solved.
#
# If you stop here and come back the next day, the notebook still shows everything, but Python has forgotten it. Click
# into the cell where you want to go on and choose *Run > Run All Above Selected Cell* in the menu. The quiz at the
# end needs its own cell run again, too; your answers come back.
#
# ## Rows and columns: NumPy in ten minutes
#
# All that goes into a network and comes out of it is an **array**: numbers arranged in rows and columns, all worked
# on at once. This section has all the NumPy that the first lessons need. If you know NumPy, go straight to its
# exercises.
#
# Four customers fill their baskets. Each row is a basket; the columns count apples, loaves of bread and cheeses.

# %%
baskets = np.array(
    [
        [2, 1, 0],
        [0, 3, 1],
        [1, 1, 1],
        [5, 0, 2],
    ]
)
print("shape:", baskets.shape)

# %% [markdown]
# The **shape** says how many rows and how many columns: 4 and 3. An array with rows and columns is also called a
# **matrix**. One with a single axis is a **vector**; it is neither a row nor a column, and its shape is written with a
# comma, `(3,)`. Our pictures have three axes: 10,000 pictures, of 28 rows and 28 columns.
#
# You take parts out with square brackets: rows first, then columns, both counted from 0. A colon stands for a range:
# `1:3` means 1 and 2 (the end is left out), `:2` begins at 0, `:-1` stops before the last, and `:` alone means all.

# %%
print("basket 0:        ", baskets[0])
print("its loaves:      ", baskets[0, 1])
print("column of apples:", baskets[:, 0])
print("baskets 1 and 2, apples and bread:", baskets[1:3, :2].tolist())
print("a picture:", pictures[0].shape, " its rows 10 to 19:", pictures[0][10:20].shape)

# %% [markdown]
# Arithmetic is done number by number, in the whole array at once. So is a comparison; its result is an array of True
# and False, called a **mask**. In square brackets a mask picks the rows where it is True. Its mean is the fraction
# that is True, as True counts 1 and False 0. That is how the fraction read right was computed above.

# %%
has_bread = baskets[:, 1] > 0
print("twice the first:", 2 * baskets[0])
print("who has bread?  ", has_bread, " fraction:", np.mean(has_bread))
print("their baskets:  ", baskets[has_bread].tolist())

# %% [markdown]
# ### Along which axis?
#
# `baskets.sum()` adds up all twelve numbers. Mostly you want one sum per row or one per column. `axis` says which:
# **the axis that you name is the one that disappears**. Axis 0 counts the rows, axis 1 the columns.

# %%
show(
    draw.axes_of(baskets),
    "The matrix of four rows and three columns. Solid arrows run down each column to three sums "
    "below it, labelled axis 0. Dashed arrows run along each row to four sums beside it, labelled "
    "axis 1.",
)
print("sum(axis=0), one for each column:", baskets.sum(axis=0))
print("sum(axis=1), one for each row:   ", baskets.sum(axis=1))
print("argmax(axis=1):", baskets.argmax(axis=1))

# %% [markdown]
# `mean`, `max`, `min` and `std` (a measure of spread) take an axis as well. So does **argmax**, which says *where*
# the largest number stands: basket 1 holds most of column 1, bread. (If two are equally large, it names the first.)
# For the network's ten probabilities, `argmax(axis=1)` is the digit that it reads.
#
# ### Different shapes together
#
# The mean basket has shape (3,). What is `baskets - mean`, with shapes (4, 3) and (3,)? NumPy uses the row again for
# each row of the matrix. That is called **broadcasting**.

# %%
mean = baskets.mean(axis=0)
show(
    draw.broadcast(baskets, mean),
    "A matrix of four rows, minus one row of three numbers that is repeated in pale grey below "
    "itself, equals a matrix of four rows.",
)
print("shapes:", baskets.shape, "and", mean.shape, "give", (baskets - mean).shape)

# %% [markdown]
# The rule: put the shapes one above the other, aligned on the right. Each pair of numbers must be equal, or one of
# them must be 1 or missing; that one is repeated. So (4, 3) with (3,) works, and (4, 3) with (4,) does not. To use
# one number for each *row*, make it a column of shape (4, 1): `[:, None]` keeps the rows and adds an axis of length 1
# after them, and with `keepdims=True` the axis that is summed stays, with length 1.

# %%
total = baskets.sum(axis=1)
print("total:", total.shape, " total[:, None]:", total[:, None].shape)
fractions = baskets / total[:, None]  # what part of each basket is apples, bread, cheese
print(fractions.round(2).tolist())
print("the same:", np.array_equal(fractions, baskets / baskets.sum(axis=1, keepdims=True)))

# %% [markdown]
# ### Many weighted sums in one go
#
# An apple costs 1 euro in one shop and 2 in another, bread 3 and 2, cheese 4 and 5. What does each basket cost in
# each shop? The first costs 2·1 + 1·3 + 0·4 = 5 in the first shop: multiply pair by pair, then add up. That is a
# **weighted sum**, and networks consist of little else. `@` computes all of them at once.

# %%
prices = np.array([[1, 2], [3, 2], [4, 5]])  # a row for each thing, a column for each shop
print("shapes:", baskets.shape, "@", prices.shape, "gives", (baskets @ prices).shape)
print((baskets @ prices).tolist())
print("prices.T has shape", prices.T.shape, "and holds", prices.T.tolist())

# %% [markdown]
# In (4, 3) @ (3, 2) the two inner numbers must agree; they disappear, and the outer two remain: four baskets, two
# shops. Elsewhere `@` is called *matrix multiplication*. `.T`, the **transpose**, turns rows into columns. And
# `reshape` lays the same numbers out in another shape: `pictures.reshape(10000, 784)` put the 28 rows of each picture
# end to end. With -1, as in `reshape(10000, -1)`, NumPy works that number out.
#
# ### Exercise: shapes
#
# `x` has shape (100, 784), `w` has shape (784, 10), and `b` has shape (10,). Replace each of the dots with the shape
# of the result, such as `(100, 784)`. No code is needed.

# %%
### BEGIN SOLUTION
shapes = {
    "x[0]": (784,),
    "x[:, 0]": (100,),
    "x[20:30]": (10, 784),
    "x.mean(axis=0)": (784,),
    "x.argmax(axis=1)": (100,),
    "x @ w": (100, 10),
    "x @ w + b": (100, 10),
    "w.T": (10, 784),
}
### STARTER
# shapes = {
#     "x[0]": ...,
#     "x[:, 0]": ...,
#     "x[20:30]": ...,
#     "x.mean(axis=0)": ...,
#     "x.argmax(axis=1)": ...,
#     "x @ w": ...,
#     "x @ w + b": ...,
#     "w.T": ...,
# }
### END SOLUTION

# %%
lesson.check("shapes", shapes)
# lesson.hint("shapes")

# %% [markdown]
# ### Exercise: average_picture
#
# `pictures` has shape (n, 28, 28), and `labels` says which digit each one shows. Return the average of all pictures
# of one `digit`, pixel by pixel: an array of shape (28, 28). A mask and an axis are all you need.


# %%
def average_picture(pictures, labels, digit):
    """Return the mean of the pictures whose label is `digit`, of shape (28, 28)."""
    ### BEGIN SOLUTION
    return pictures[labels == digit].mean(axis=0)
    ### END SOLUTION


# %%
lesson.check("average_picture", average_picture)
# lesson.hint("average_picture")

# %% [markdown]
# ### Exercise: centred
#
# Subtract from each column of a matrix the mean of that column, so that each column of the result has mean 0. It must
# work for any number of rows and columns. (Lesson 01 will need this for real.)


# %%
def centred(matrix):
    """Return `matrix` with the mean of each column subtracted from that column."""
    ### BEGIN SOLUTION
    return matrix - matrix.mean(axis=0)
    ### END SOLUTION


# %%
lesson.check("centred", centred)
# lesson.hint("centred")

# %% [markdown]
# ## A test set and a baseline
#
# Why were 2,000 pictures held out? Learning by heart is easy. Here is a program that stores every picture of the
# **training set**, the examples to learn from, together with its label. Asked about a picture, it looks it up.
#
# **Before you run it, guess:** how many of the 2,000 pictures held out does it know?

# %%
lesson.guess("known_by_heart")

# %%
memory = {}
for picture, label in zip(x_train, y_train, strict=True):  # zip: the two side by side
    memory[picture.tobytes()] = label  # tobytes: the picture as something that can be looked up


def known(rows, labels):
    """Return how many of the rows the memory knows with the right label."""
    right = 0
    for row, label in zip(rows, labels, strict=True):
        right += memory.get(row.tobytes()) == label  # get: its label, or None if it is not there
    return right


own, others = known(x_train, y_train), known(x_test, y_test)
print(f"training set: {own} of {len(x_train)} right; test set: {others} of {len(x_test)} right")

# %%
lesson.claim(
    "it knows all of its own pictures, and none of the others",
    own == len(x_train) and others == 0,
    guess="known_by_heart",
)

# %% [markdown]
# Compare the two numbers: what a program knows of its own examples tells you nothing, by itself, about others. Hence
# the **test set**: labelled examples that are held out of training and kept to measure what was learned. The fraction
# of right answers is called the **accuracy**; unless we say otherwise, we mean that on the test set.
#
# A test set does have labels. They are *held back* until the scoring: `np.mean(said == y_test)` needs them. Only new
# pictures, met later in use, come without a label, and for them nobody can say how good the answers are.
#
# How good is an accuracy of 0.9? That depends on what you get for nothing. The cheapest answer ignores the picture
# and always names the digit that is most frequent in the training set. Such a simple answer, which has to be beaten,
# is called a **baseline**. A stronger one also learns by heart, but it knows what alike means: the **nearest
# neighbour** gives the label of the stored picture that differs least (in the sum of the squared differences).

# %%
most_frequent = np.bincount(y_train).argmax()  # bincount: how often each digit occurs
baseline = np.mean(y_test == most_frequent)
nearest = KNeighborsClassifier(n_neighbors=1).fit(x_train, y_train)  # fit only stores them
accuracy_nearest = nearest.score(x_test, y_test)
print(f"accuracy of always giving the same answer ≈ {baseline:.3f}")
print(f"of the nearest neighbour ≈ {accuracy_nearest:.3f}, of our network ≈ {accuracy:.3f}")
lesson.claim("the same answer for all is right in fewer than 15 of 100", baseline < 0.15)
lesson.claim("the network is right more than six times as often", accuracy > 6 * baseline)
lesson.claim("the nearest neighbour is right more often still", accuracy_nearest > accuracy)

# %% [markdown]
# The first baseline need not be a tenth: some digits are more frequent than others, and not equally so in both sets.
# The second is strong: our network, one of the simplest, does not beat it. But it keeps 7,850 numbers, the nearest
# neighbour all 4,000 pictures.
#
# ### Two kinds of question
#
# Reading a digit means choosing one of ten names. Choosing from a list of names is called **classification**, and the
# names are called *classes*. Predicting an amount, such as a price, is called **regression**; there it makes sense to
# be a little off. Lesson 01 is about regression.
#
# ### Exercise: kinds
#
# Which is which? Replace each of the dots with `"regression"` or `"classification"`.

# %%
### BEGIN SOLUTION
kinds = {
    "the price of a house": "regression",
    "is this mail spam": "classification",
    "tomorrow's temperature at noon": "regression",
    "which digit is in the picture": "classification",
    "the language of a text": "classification",
}
### STARTER
# kinds = {
#     "the price of a house": ...,
#     "is this mail spam": ...,
#     "tomorrow's temperature at noon": ...,
#     "which digit is in the picture": ...,
#     "the language of a text": ...,
# }
### END SOLUTION

# %%
lesson.check("kinds", kinds)
# lesson.hint("kinds")

# %% [markdown]
# ## Rules by hand, or learned
#
# **Artificial intelligence**, AI for short, is the aim of making machines do what takes human intelligence:
# recognize, understand language, plan, decide. What runs today in phones, cars and web shops is **narrow AI**, also
# called weak AI: it does the kind of task it was built for. **General AI** would learn and do any task that a
# person's mind can, including ones that nobody prepared it for. It is a goal, and people disagree on how far away it
# is.
#
# For a long time, intelligent behaviour was written down as rules. Let us write one. A 0 has a hole in its middle, a
# 1 has ink there. If the four middle pixels are more than half full, say 1. (`pictures` has three axes, so it takes
# three ranges, and the mean over `axis=(1, 2)`, rows and columns, leaves one number for each picture.)

# %%
zeros_and_ones = y < 2
middle = pictures[zeros_and_ones][:, 13:15, 13:15].mean(axis=(1, 2))  # one number for each picture
by_rule = np.where(middle > 0.5, 1, 0)  # 1 where the mask is True, elsewhere 0
right_by_rule = np.mean(by_rule == y[zeros_and_ones])
print(f"0 or 1, by a rule of one line ≈ {right_by_rule:.3f}")
lesson.claim("the rule is right for more than 90 in 100", right_by_rule > 0.9)

# %% [markdown]
# That is a fine rule, and it took no examples: one half was set without trying other limits. Now a harder pair. Where
# do a 3 and an 8 differ?

# %%
show(
    draw.three_and_eight(pictures[y == 3].mean(axis=0), pictures[y == 8].mean(axis=0)),
    "The average of all 3s, the average of all 8s, and the difference. The 8s have more ink "
    "on the left, most of all below the middle; the 3s have more in the lower right and at the "
    "ends of their strokes.",
)

# %% [markdown]
# In the third picture, purple marks the places where an 8 has more ink than a 3, orange those where a 3 has more.
#
# ### Exercise: tell_apart
#
# A goal to reach: write a rule by hand that tells 3 from 8 and is right for at least 85 in 100 of them. `picture` has
# 28 rows and 28 columns, and `picture[0:2, 5:8].mean()` is the average ink in rows 0 and 1 of columns 5, 6 and 7. The
# check tries your rule on all 3s and 8s and says how many it got right. Try a few places and limits.


# %%
def tell_apart(picture):
    """Return 3 or 8 for one picture of shape (28, 28), with numbers from 0 (white) to 1 (ink)."""
    ### BEGIN SOLUTION
    if picture[17:19, 8:14].mean() > 0.2:
        return 8
    return 3
    ### END SOLUTION


# %%
lesson.check("tell_apart", tell_apart)
# lesson.hint("tell_apart")

# %% [markdown]
# What did you just do? You tried a rule, looked at its score, and changed a number. **Machine learning** hands
# exactly this labour to the computer: the part of artificial intelligence whose programs find their rule from data.
# How does the network do on the same pair? Of its ten probabilities we look at two, and take the larger. Beside it
# stands `three_or_eight`, the rule by hand from the exercise's last hint.

# %%
from courseware.lessons.start_here.models import three_or_eight

pair = (y_test == 3) | (y_test == 8)  # | means "or"
network_says = np.where(probabilities[pair][:, 8] > probabilities[pair][:, 3], 8, 3)
accuracy_pair = np.mean(network_says == y_test[pair])
by_hint = np.array([three_or_eight(picture) for picture in x_test[pair].reshape(-1, 28, 28)])
accuracy_hint = np.mean(by_hint == y_test[pair])
print(f"3 or 8, learned ≈ {accuracy_pair:.3f}, by the hint's rule ≈ {accuracy_hint:.3f}")
lesson.claim(
    "the learned rule tells 3 from 8 in more than 90 of 100 new pictures", accuracy_pair > 0.9
)

# %% [markdown]
# The rule by hand comes close, and it was found with these very pictures in view. But nobody told the network where to
# look, and in the same few seconds it learned all 45 pairs of digits. Machine learning is not better by nature: you can
# read why a rule decides as it does. Rules by hand win where people can state the rule, learning where they can do a
# thing but not say how.
#
# One family of machine learning is the **neural network**, built of many small units that are connected. **Deep
# learning** is machine learning with networks of many **layers**: groups of such units, one group after the other.
# Each of these lies inside the one before:

# %%
show(
    draw.families(),
    "Four ovals, each inside the one before: artificial intelligence, machine learning, neural "
    "networks, deep learning. Chess programs lie in the first only, the nearest neighbour in the "
    "second, "
    "the network of this lesson in the third.",
)

# %% [markdown]
# A chess program of the last century, with its rules written by people, is AI and does not learn.
#
# **A good place for a break.** You have seen what a network does; what follows opens it.
#
# ## A neuron, in the body and in the computer
#
# The units of a network are called **neurons**, after the nerve cells that gave the idea. Parts that play
# the same role have the same colour:

# %%
show(
    draw.neurons(),
    "Left, a nerve cell: dendrites receive signals through synapses, the cell body gathers them, "
    "the axon sends on. Right, an artificial neuron: three inputs with a weight each, a sum with "
    "a bias, an activation, an output.",
)

# %% [markdown]
# | a nerve cell | an artificial neuron |
# | --- | --- |
# | receives signals from other cells | takes numbers as inputs |
# | through connections, some strong, some weak, some inhibiting | multiplies each input by its own **weight**, which may be negative |
# | processes them together in the cell body | adds the products up, and adds one more number, the **bias** |
# | fires if it is excited enough | puts the sum through an **activation** function |
# | sends a signal on to further cells | passes the result on |
# | learns by strengthening and weakening connections | learns when training changes its weights and its bias |
#
# So an artificial neuron is a weighted sum, like the price of a basket, and an activation. The oldest activation is
# the plainest: 1 if the sum is above zero, otherwise 0. The bias shifts how easily the neuron fires. (A single such
# neuron was called a *perceptron*.)
#
# ### Exercise: neuron
#
# Write that neuron. `inputs` and `weights` are NumPy arrays of the same length. Return 1 or 0.


# %%
def neuron(inputs, weights, bias):
    """Return 1 if the weighted sum of the inputs plus the bias is above zero, else 0."""
    ### BEGIN SOLUTION
    total = np.sum(inputs * weights) + bias
    return 1 if total > 0 else 0
    ### END SOLUTION


# %%
lesson.check("neuron", neuron)
# lesson.hint("neuron")

# %% [markdown]
# An artificial neuron is one line of arithmetic, and there the likeness ends. A nerve cell is a living thing that sends
# pulses in time. In scale, too, they are worlds apart: a brain has about 86 billion neurons and roughly a hundred
# trillion connections.

# %%
brain = 100 * 10**12  # connections: roughly a hundred trillion
ours = 784 * 10  # every pixel is connected to every one of our ten neurons
print(f"for each connection of ours, a brain has about {brain / ours / 1e9:.0f} billion")

# %% [markdown]
# ## Ten neurons read a digit
#
# Here is the whole network. A **model** is a rule that turns features into a prediction; this function builds ours.

# %%
### SOURCE courseware.lessons.start_here.models.build_digit_classifier

# %% [markdown]
# Line by line, below the description in quotes:
#
# * `Input`: 784 numbers come in, one picture. (`batch` in the comment stands for "any number of pictures at once".)
# * `Dense(10, ...)`: a **layer** of ten neurons side by side, one for each digit. **Dense** means that every neuron
#   is connected to every input.
# * `softmax`: the activation. **Softmax** turns the ten sums into ten positive numbers that add up to 1. They are
#   read as probabilities.
# * `compile` fixes how it learns. The **optimizer** is the method that changes the numbers, the **loss** is what it
#   tries to make small, and accuracy is reported along the way. Lessons 01 and 03 are about these; take them as given
#   today.
#
# Where do you look up a layer? `help(layers.Dense)` in a cell prints what it takes and gives, and
# [keras.io](https://keras.io/api/layers/) has a page for each, with examples.
#
# Each of the ten neurons has one weight for each pixel, and one bias:

# %%
weights, biases = network.get_weights()
print("weights:", weights.shape, " biases:", biases.shape, " together:", network.count_params())

# %% [markdown]
# The weights are a matrix: a row for each pixel, a column for each neuron. All these numbers together are the model's
# **parameters**: what training may change, and all that the network knows. Statisticians have long used this very
# network, under the name of (multinomial) **logistic regression**.
#
# ### The same in NumPy
#
# Nothing is hidden in there. Softmax first, on three sums small enough to follow:

# %%
sums = np.array([1.0, 3.0, 0.0])
positive = np.exp(sums)  # e to the power of each: always positive, and larger for larger sums
print("positive:", positive.round(2), " over their sum:", (positive / positive.sum()).round(3))

# %% [markdown]
# The largest sum gets the largest probability, and together they make 1. Now the whole network, in two lines: `@`
# makes the weighted sums of all pictures and all ten neurons, and the ten biases are broadcast to every row.

# %%
positive = np.exp(x_test @ weights + biases)
by_hand = positive / positive.sum(axis=1, keepdims=True)
print("shapes:", x_test.shape, "@", weights.shape, "+", biases.shape, "give", by_hand.shape)

# %%
largest_gap = np.abs(by_hand - probabilities).max()
lesson.claim(
    "two lines of NumPy give Keras's 20,000 probabilities, to within 0.005", largest_gap < 0.005
)

# %% [markdown]
# (Why not closer? Some graphics cards round what they multiply to about three digits.)
#
# ### How it was trained
#
# The weights started out random, the ten biases at zero. To improve them, training needs one number that says how bad
# the answers are: the **loss** (or *loss function*), a score for which lower is better. For one picture, ours looks
# at the probability that the network gave to the *right* digit, and takes minus its logarithm (`np.log`):

# %%
for p in (0.99, 0.5, 0.1, 0.01):
    print(f"probability of the right digit {p}: loss {-np.log(p):.2f}")

# %% [markdown]
# Nearly sure and right costs next to nothing; nearly sure and wrong is expensive. The loss of the model is the mean
# over the pictures. Training looks at a few pictures (32, unless you say otherwise), changes each number a little in
# the direction that makes the loss smaller, and goes on to the next few. One pass over all training pictures is called
# an **epoch**. We had 10 of them. *How* it knows which way to change each number is the subject of lesson 01.

# %%
keras.utils.set_random_seed(lesson.seed)
before = build_digit_classifier().evaluate(x_train, y_train, verbose=0)  # its loss and accuracy
after = network.evaluate(x_train, y_train, verbose=0)
show(
    draw.report_card(history, np.mean(y_train == most_frequent), before),
    "Two curves, from epoch 0 to epoch 10. The loss falls steeply, then ever more slowly. The "
    "accuracy starts near the dashed baseline, jumps up, and rises more and more slowly.",
)
print(f"loss before training ≈ {before[0]:.2f}, after it ≈ {after[0]:.2f}")
print(f"accuracy on the training set ≈ {after[1]:.3f}, on the test set ≈ {accuracy:.3f}")
lesson.claim("training brought the loss down to less than a quarter", after[0] < before[0] / 4)

# %% [markdown]
# Read the left curve from the left. Epoch 0 is the network before training, when its loss is near that of ten equal
# probabilities, 2.30; every later point is the mean *during* that epoch. Both curves are about the training set, where
# learning happens. The final word belongs to the test set, and the two accuracies differ: lesson 09 is about that gap.
#
# ### Exercise: repair
#
# Someone wrote a digit classifier in a hurry. Three things are wrong with it. Find them, and return a compiled model.
# The check trains it for 10 epochs on 2,000 pictures; it should then read at least 80 in 100 others. (`relu` is
# another activation: it turns negative sums into 0 and leaves the others as they are.)


# %%
def repaired_classifier():
    """Return a compiled model that turns rows of 784 numbers into ten probabilities."""
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input(shape=(784,)), layers.Dense(10, activation="softmax")])
    ### STARTER
    # model = keras.Sequential([keras.Input(shape=(28,)), layers.Dense(9, activation="relu")])
    ### END SOLUTION
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %%
lesson.check("repair", repaired_classifier)
# lesson.hint("repair")

# %% [markdown]
# ## What it gets wrong
#
# A score is a number; the mistakes are a story. Here are the first ten.

# %%
places = np.flatnonzero(wrong)[:10]  # flatnonzero: where the mask is True
captions = [f"{y_test[i]}, read {said[i]}" for i in places]
show(
    draw.pictures(x_test[places].reshape(-1, 28, 28), captions, columns=5),
    "Ten pictures that were misread. Above each stands the digit that was meant and the one "
    "that was read.",
)
sure_right = probabilities.max(axis=1)[~wrong].mean()  # ~ swaps True and False
sure_wrong = probabilities.max(axis=1)[wrong].mean()
print(f"largest probability, on average: when right ≈ {sure_right:.2f}, wrong ≈ {sure_wrong:.2f}")

# %%
lesson.claim(
    "where it errs, its largest probability is smaller by more than 0.15",
    sure_wrong < sure_right - 0.15,
)

# %% [markdown]
# Which of these would puzzle you too, and which do you read at a glance? The network is less sure where it errs,
# which we shall use below.
#
# ### It cannot say "this is no digit"
#
# Now we show the network 500 pictures of pure noise, in which each pixel is drawn at random.
#
# **Before you run it, guess:** how large is the largest of the ten probabilities, on average?

# %%
lesson.guess("largest_on_noise", "about 0.1, all ten alike", "about 0.25", "more than 0.4")

# %%
rng = np.random.default_rng(lesson.seed)  # a source of random numbers
noise = rng.uniform(0, 1, (500, 784))
noise_probabilities = keras.ops.convert_to_numpy(network(noise))  # as predict does
sure_noise = noise_probabilities.max(axis=1).mean()
print(f"largest probability on noise, on average ≈ {sure_noise:.2f}")

faint = noise * x_train.mean() / noise.mean()  # only as much ink as a digit has: a quarter
sure_faint = keras.ops.convert_to_numpy(network(faint)).max(axis=1).mean()
grey = keras.ops.convert_to_numpy(network(np.full((1, 784), 0.5)))[0]  # all pixels alike
print(f"on noise with as much ink as a digit ≈ {sure_faint:.2f}")
print(f"on plain grey ≈ {grey.max():.2f}; the answer to it ≈ {grey.argmax()}")

# %%
show(
    draw.pictures(noise[:10].reshape(10, 28, 28), noise_probabilities[:10].argmax(axis=1)),
    "Ten squares of random grey pixels. Above each stands a digit, the one that the network reads.",
)
lesson.claim(
    "it reads a digit into pure noise, with a probability above 0.4 on average",
    sure_noise > 0.4,
    guess="largest_on_noise",
)
lesson.claim("with as little ink as a digit has, it is less sure", sure_faint < sure_noise - 0.1)

# %% [markdown]
# Look at the digits above the squares: there is one above each, and few different ones. *Some* digit must be named: the ten
# probabilities add up to 1, and there is no eleventh for "none of these". That it is named so firmly comes from the amount of
# ink, which makes all ten sums larger in size and drives them further apart; plain grey will do as well. This is what *narrow*
# means in practice. A network answers the question that it was trained on, also when it makes no sense. So read its probabilities
# with care: a high one is no promise.
#
# ## Ten weight pictures
#
# Each neuron has 784 weights, one for each pixel. So we can lay them out as a picture: purple where ink speaks *for*
# the digit, orange where ink speaks *against* it. But softmax compares: a number added to all ten weights of a pixel
# changes no answer. So we subtract from each weight the mean of the ten at its pixel.

# %%
speaks = weights - weights.mean(axis=1, keepdims=True)
show(
    draw.weight_pictures(speaks),
    "Ten pictures of coloured squares, one for each digit, most of them speckled purple and "
    "orange. In the picture of the 0 there is an orange patch in the middle, where ink speaks "
    "against a 0.",
)
middle_of_zero = speaks[:, 0].reshape(28, 28)[12:16, 12:16]
print(f"mean weight in the middle of the 0 ≈ {middle_of_zero.mean():.2f}")
print(f"a usual size of a weight (mean of the absolute values) ≈ {np.abs(speaks).mean():.2f}")
lesson.claim("ink in the middle speaks against a 0", middle_of_zero.mean() < -0.1)

# %% [markdown]
# Look at the 0: its middle is orange. The network found from examples alone what we wrote by hand, "a 0 has a hole".
# Most other pictures do not look like their digit, and they need not: a neuron's job is to tell its digit from the
# nine others, not to draw it. (The strong colours in a ring round the digits lie where few training pictures have any
# ink: those few decided there.)
#
# If we read these pictures correctly, we can make a prediction. We take zeros that the network reads correctly and
# blacken the 30 pixels whose weights speak most strongly against a 0, the same 30 in every picture. There are four
# controls: 30 blank pixels blackened at random; a block of 30 in a corner; 30 that are chosen without the weights,
# where the average of the other digits has most more ink than the average 0; and the nearest neighbour as a second
# reader.


# %%
def read(model, rows):
    """Return what the model reads in each picture: the digit with the largest probability."""
    return keras.ops.convert_to_numpy(model(rows)).argmax(axis=1)


def blacken(rows, places):
    """Return a copy of the rows with ink at these places."""
    rows = rows.copy()
    rows[:, places] = 1.0
    return rows


# %% [markdown]
# **Before you run it, guess:** 30 of 784 pixels are blackened by the weights. Of 100 zeros, how many will the network
# still read as 0?

# %%
lesson.guess("spotted_zeros", "fewer than 30", "about half", "more than 80")

# %% [markdown]
# First by hand. Clear the pad and draw digits of your own; then draw a 0, and put a few dots where its picture is orange.

# %%
lesson.explore("digit")

# %%
zeros = x_test[(y_test == 0) & (said == 0)][:100]  # & means "and"
against = speaks[:, 0].argsort()[:30]  # argsort: places in rising order, the most negative first
less_ink = x_train[y_train == 0].mean(axis=0) - x_train[y_train != 0].mean(axis=0)
block = np.arange(784).reshape(28, 28)[:5, :6].ravel()  # ravel: as one row
spotted, by_average = blacken(zeros, against), blacken(zeros, less_ink.argsort()[:30])
control = zeros.copy()
for picture in control:  # as many blank pixels, drawn at random
    picture[rng.choice(np.flatnonzero(picture == 0), 30, replace=False)] = 1.0
read_as, read_control = read(network, spotted), read(network, control)
still_zero, control_zero = np.mean(read_as == 0), np.mean(read_control == 0)
block_zero = np.mean(read(network, blacken(zeros, block)) == 0)
average_zero = np.mean(read(network, by_average) == 0)
alike_zero = np.mean(nearest.predict(spotted) == 0)
print(f"still read as 0, with 30 pixels by the weights ≈ {still_zero:.2f}; at random places")
print(f"≈ {control_zero:.2f}, in a corner ≈ {block_zero:.2f}, by the averages ≈ {average_zero:.2f}")
print(f"by the weights, but read by the nearest neighbour ≈ {alike_zero:.2f}")

# %%
both_rows = np.concatenate([spotted[:10], control[:10]]).reshape(20, 28, 28)
both_read = np.concatenate([read_as[:10], read_control[:10]])
show(
    draw.pictures(both_rows, both_read, wrong=np.flatnonzero(both_read != 0)),
    "Two rows of ten handwritten zeros. In the upper row the same 30 pixels are black in each, "
    "most of them a spot in the middle; above nearly all of them stands another digit, with "
    "a cross. In the lower row the specks are scattered at random, and above nearly all stands "
    "0.",
)
lesson.claim(
    "with 30 pixels blackened by the weights, fewer than 30 in 100 are still read as 0",
    still_zero < 0.3,
    guess="spotted_zeros",
)
lesson.claim(
    "with 30 at random places, or in a corner, more than 80 in 100 are",
    min(control_zero, block_zero) > 0.8,
)
lesson.claim(
    "the nearest neighbour still reads more than 60 in 100 as 0",
    alike_zero > 0.6,
)
lesson.claim("average pictures alone mislead it in more than half", average_zero < 0.5)

# %% [markdown]
# Look at the upper row of pictures: do you still see zeros, with dirt on them? The network does not, though as much
# dirt at random places or in a corner hardly disturbs it. We predicted this from the weights, as you did with your dots. That is understanding a
# model: predictions about it that come true. It is also a warning. Anyone who knows the weights of a network, or only
# what the average pictures look like, can make it err where you would not.
#
# **A good place for a break.** The rest asks what networks are good for, and whom they may fail.
#
# ## Why networks, and why deep
#
# Networks have spread for several reasons. They take raw, *unstructured* data, such as pixels, sound and text, and
# learn *end to end*, from the pixels to the answer, as ours did: nobody has to invent features by hand. With neurons
# between input and output they can come as close as you like to very many kinds of functions. And with more data they
# improve, as most methods that learn do:

# %%
keras.utils.set_random_seed(lesson.seed)
poor_network = build_digit_classifier()
live = [lesson.live()]  # shows, while you wait, how far the training is
few = x_train[:50], y_train[:50]  # 10 batches of 5, 125 times: as often as 125 of 32, 10 times
poor_network.fit(*few, batch_size=5, epochs=125, verbose=0, callbacks=live)
accuracy_50 = np.mean(read(poor_network, x_test) == y_test)
print(f"learned from 50 pictures ≈ {accuracy_50:.3f}, from 4,000 ≈ {accuracy:.3f}")
lesson.claim("more pictures raise the accuracy by more than 0.1", accuracy > accuracy_50 + 0.1)

# %% [markdown]
# ### What one layer cannot do
#
# Our network has one layer: the inputs go straight into the output. Some questions are beyond it however long it
# trains. Take a 3-by-3 chessboard. The two features are a point's horizontal and vertical position, and the label is
# the colour of its square.
#
# A layer between input and output is called a **hidden layer**: what its neurons say goes to the next layer. It is
# neither given with the data nor served as the answer. Here is a network with one of them.

# %%
### SOURCE courseware.lessons.start_here.models.build_board_classifier

# %% [markdown]
# **Before you run it, guess:** five of the nine squares are dark. How often will the network of one layer be right?

# %%
lesson.guess(
    "board_one_layer",
    "about a third of the time",
    "a little over half of the time",
    "about three quarters of the time",
)

# %%
place = rng.uniform(0, 3, (3000, 2))
square = place.astype(int)  # which square: 0, 1 or 2 across and up, without the fraction
dark = 1 - square.sum(axis=1) % 2  # % 2: 0 if even, 1 if odd; the square (0, 0) is dark
place = place - 1.5  # now the middle of the board is at 0
keras.utils.set_random_seed(lesson.seed)
one_layer = build_digit_classifier(n_pixels=2, n_digits=2, learning_rate=0.01)
with_hidden = build_board_classifier(n_hidden=64)
for model in (one_layer, with_hidden):
    model.fit(place[:2000], dark[:2000], batch_size=32, epochs=15, verbose=0)
right_one = np.mean(read(one_layer, place[2000:]) == dark[2000:])
right_hidden = np.mean(read(with_hidden, place[2000:]) == dark[2000:])
print(f"on new places: one layer ≈ {right_one:.3f}, with a hidden layer ≈ {right_hidden:.3f}")

# %%
lesson.claim(
    "one layer is right less than 70 in 100 times", right_one < 0.7, guess="board_one_layer"
)
lesson.claim("a hidden layer makes it more than 80 in 100", right_hidden > 0.8)

# %%
at = (np.arange(60) + 0.5) / 20  # only for drawing: what each network says at 60 by 60 places
everywhere = np.array([(across, up) for up in at for across in at])
panels = {"the board": 1.0 - everywhere.astype(int).sum(axis=1) % 2}
for title, model in {"one layer": one_layer, "with a hidden layer": with_hidden}.items():
    panels[title] = keras.ops.convert_to_numpy(model(everywhere - 1.5))[:, 1]

# %%
show(
    draw.boards({title: values.reshape(60, 60) for title, values in panels.items()}),
    "Three squares. The board has five dark and four light squares. The network of one layer is "
    "almost the same medium blue all over. The one with a hidden layer shows the nine squares "
    "with softened edges.",
)

# %% [markdown]
# Compare the second picture with the third. Without a hidden layer, the boundary between any two answers is one
# straight line, and no straight line fits a chessboard: the best one is right for 60 in 100 places. As none helps much,
# the network says a little over one half nearly everywhere. With one hidden layer the squares appear.
#
# Networks may have several hidden layers, each getting the outputs of the one before:

# %%
show(
    draw.network((3, 5, 4, 2), ("input", "hidden layer 1", "hidden layer 2", "output")),
    "Four columns of circles, 3, 5, 4 and 2, joined by lines from each circle to every circle of "
    "the next column. The five lines into one circle of the third column are drawn thick.",
)
lines, biases_of_all = 3 * 5 + 5 * 4 + 4 * 2, 5 + 4 + 2
print("lines:", lines, " biases:", biases_of_all, " parameters:", lines + biases_of_all)

# %% [markdown]
# Every line is a weight; every circle but the inputs is a neuron with a bias of its own. The thick lines are the five
# weights of one neuron.
#
# A network with few hidden layers is called **shallow**, one with many **deep** (a DNN, *deep neural network*). There
# is no fixed line: some begin at two hidden layers, others at three. *Very deep* has been said of networks
# with 16 layers (2014) and with over 1,000.
#
# Shallow does not mean simple-minded: the chessboard has just been learned by a shallow one, and with enough hidden
# neurons one hidden layer can follow any continuous function on a closed, bounded region as closely as you like. What
# depth can bring is economy: intricate patterns built in steps, each from what the step before has found, with fewer
# neurons. It has a price: networks of very many layers train well only with care, for instance with special
# connections, *shortcuts*, which lesson 11 adds.
#
# ### What a deeper layer sees
#
# Here are two layers of such steps, with neurons that were set by hand, each firing as in your exercise. The first
# layer looks for edges: each of its neurons sees a square of 2 by 2 pixels, with the weights -1 and +1 (left and right,
# or upper and lower) and the bias -0.5. There are two for each kind of edge, one for ink that begins and one for ink
# that ends. The second layer combines what the first found: where a vertical *and* a horizontal edge meet, there is a
# corner.


# %%
def fires(total):
    return np.where(total > 0, 1, 0)


image = np.zeros((10, 10))
image[3:7, 2:8] = 1

right_minus_left = image[:-1, 1:] + image[1:, 1:] - image[:-1, :-1] - image[1:, :-1]
lower_minus_upper = image[1:, :-1] + image[1:, 1:] - image[:-1, :-1] - image[:-1, 1:]
vertical = fires(right_minus_left - 0.5) + fires(-right_minus_left - 0.5)  # ink begins, or ends
horizontal = fires(lower_minus_upper - 0.5) + fires(-lower_minus_upper - 0.5)
corner = fires(vertical + horizontal - 1.5)  # both must fire
show(
    draw.corners(image, vertical, horizontal, corner),
    "A black rectangle; its two vertical edges; its two horizontal edges; and, in the last "
    "picture, only its four corners.",
)
print("fire in layer 1:", vertical.sum(), horizontal.sum(), " in layer 2:", corner.sum())

# %% [markdown]
# The line for `corner` knows nothing of pixels. It sees only what layer 1 has found, and combines it. In trained
# networks for photos, first layers have been seen to find edges, later ones parts such as eyes or wheels, and the last
# ones whole objects. Recognizing objects in pictures is what deep networks became famous for. In lesson 04 you will
# look inside a smaller one, and ask how much of what you see was learned.
#
# ## What an average hides
#
# Software like this decides about people: who gets a loan, whose face unlocks a door, whose X-ray is looked at first.
# What can go wrong can be measured. Suppose that whoever collected our training data hardly met anyone who writes an
# 8. We keep ten 8s and drop the others, about 400. The test set stays as it is.

# %%
eights = np.flatnonzero(y_train == 8)
keep = np.full(len(y_train), True)
keep[eights[10:]] = False
x_skewed, y_skewed = x_train[keep], y_train[keep]

keras.utils.set_random_seed(lesson.seed)
skewed_network = build_digit_classifier()
skewed_network.fit(x_skewed, y_skewed, epochs=10, verbose=0, callbacks=[lesson.live()])
said_skewed = read(skewed_network, x_test)
accuracy_skewed = np.mean(said_skewed == y_test)
print(f"accuracy: before ≈ {accuracy:.3f}, with ten 8s ≈ {accuracy_skewed:.3f}")
lesson.claim("the overall accuracy is still above 0.75", accuracy_skewed > 0.75)
lesson.claim("but mistakes grew by more than a fifth", 1 - accuracy_skewed > 1.2 * (1 - accuracy))

# %% [markdown]
# Still a respectable number. Would you sell this network? To know, ask the question for each digit on its own.
#
# ### Exercise: accuracy_by_class
#
# Write that question as a function. `said` and `labels` are arrays of the same length. Return ten fractions: of the
# pictures that *are* a 0, the fraction that was read as 0, and so on up to 9. (`said[labels == 8]` picks what was said
# about the eights.)


# %%
def accuracy_by_class(said, labels):
    """Return ten numbers: for each digit, the fraction of its pictures that were read right."""
    ### BEGIN SOLUTION
    return np.array([np.mean(said[labels == digit] == digit) for digit in range(10)])
    ### END SOLUTION


# %%
lesson.check("accuracy_by_class", accuracy_by_class)
# lesson.hint("accuracy_by_class")

# %% [markdown]
# The next cells also try a remedy that needs no new data: `sample_weight` makes the ten 8s together count in the loss
# as much as all pictures of another digit, about 40 times as much each.
#
# **Before you run it, guess:** you saw how far the overall accuracy fell. What is the accuracy on the 8s now, before
# the remedy?

# %%
lesson.guess("accuracy_of_8s", "less than 0.4", "about 0.6", "about 0.8")


# %%
def by_digit(said):
    return np.array([(said[y_test == digit] == digit).mean() for digit in range(10)])


importance = np.where(y_skewed == 8, 40.0, 1.0)
keras.utils.set_random_seed(lesson.seed)
weighted_network = build_digit_classifier()
weighted_network.fit(
    x_skewed, y_skewed, sample_weight=importance, epochs=10, verbose=0, callbacks=[lesson.live()]
)
said_weighted = read(weighted_network, x_test)

# %%
full, skewed, weighted = by_digit(said), by_digit(said_skewed), by_digit(said_weighted)
others = np.arange(10) != 8
rates = {"all 8s": full, "ten 8s": skewed, "ten 8s, weighted": weighted}
for name, rate in rates.items():
    print(f"{name}: accuracy on the 8s ≈ {rate[8]:.2f}, on the others ≈ {rate[others].mean():.2f}")

# %%
show(
    draw.by_class(rates, marked=8),
    "Three bars for each digit. They are high and alike, except for the 8: there the bar of the "
    "network with ten 8s is very low, and weighting raises it without reaching the first.",
)
lesson.claim(
    "with ten 8s, fewer than 40 in 100 of the 8s are read right",
    skewed[8] < 0.4,
    guess="accuracy_of_8s",
)
lesson.claim(
    "the other digits together stay above 0.85, also with the weighting",
    min(skewed[others].mean(), weighted[others].mean()) > 0.85,
)
lesson.claim("weighting wins some of the 8s back", weighted[8] > skewed[8])
lesson.claim("but not as many as real pictures do", weighted[8] < full[8] - 0.15)

# %% [markdown]
# Look at the grey stripe. The average did fall, but it does not say *where*. Only one test picture in ten is an 8, so
# losing nearly all of them costs the average less than a tenth. Nobody intended it. The slant starts in the data, and a loss that averages over pictures passes it on; other weights in that
# loss win some of it back. Such a slant is called **bias** as well. (The word has two meanings: a neuron's bias is a
# number.) Had the test set held as few 8s as the training set, the average would have shown next to nothing. The
# remedy that counts is to collect what is missing; before that, to look at each group on its own.
#
# ### Privacy: what the weights remember
#
# Parameters are only numbers. Can they give away the data they came from? An extreme case: a network is trained on ten pictures,
# one of each digit. Now give someone only its weights and all 10,000 pictures. Can they tell which ten were used? Perhaps: each
# step pulls the weights of a picture's own neuron towards the picture, and pushes the others' weights away from it. So for every
# picture they work out how much the weights look like it (after subtracting the average of all pictures), and name the most
# similar. The control: the same with the weights of a network that was not trained.

# %%
used = np.array([rng.choice(np.flatnonzero(y == digit)) for digit in range(10)])
keras.utils.set_random_seed(lesson.seed)
small_network = build_digit_classifier(learning_rate=0.1)  # ten pictures allow long steps
untrained = small_network.get_weights()[0]
small_network.fit(x[used], y[used], batch_size=10, epochs=80, verbose=0, callbacks=[lesson.live()])
leaked = small_network.get_weights()[0]


def standard(rows):  # each row with mean 0 and length 1, so that products say how alike rows are
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.sqrt((rows**2).sum(axis=1, keepdims=True))


candidates = standard(x - x.mean(axis=0))
alike = standard(leaked.T) @ candidates.T  # (10, 10000): from -1, the opposite, to 1, the same
found = np.sum(alike.argmax(axis=1) == used)
found_untrained = np.sum((standard(untrained.T) @ candidates.T).argmax(axis=1) == used)
ranked = np.sort(alike, axis=1)  # the likeness of the best picture last, of the next best before it
print(f"pictures found out of ten ≈ {found}, by untrained weights ≈ {found_untrained}")
best, next_best = ranked[:, -1].mean(), ranked[:, -2].mean()
print(f"mean likeness of the best ≈ {best:.2f}, of the next ≈ {next_best:.2f}")

# %%
show(
    draw.leak(x[used], x.mean(axis=0), leaked),
    "Three rows of ten pictures. Above, the digits that were trained on; in the middle, the same "
    "minus the average of all pictures; below, the weights of the neurons. Below and middle show "
    "much the same pattern of purple and orange.",
)
lesson.claim("the weights give away at least seven of the ten pictures", found >= 7)
lesson.claim("untrained weights give away at most two", found_untrained <= 2)

# %% [markdown]
# Compare the lower two rows. The middle one shows what sets each training picture apart from the average picture. (Each
# picture of weights has its own scale. The brown blob in all ten is where any of the ten pictures has ink; outside it,
# nothing moved the weights.) With thousands of pictures such traces overlap. But large language models have been made
# to recite private addresses from their training texts, so "we only share the model, not the data" is not a promise of
# privacy.
#
# ### Jobs: who reads the rest?
#
# A third worry is **job displacement**: work that people are paid for passes to machines. Letters and cheques were
# once read by people, and then by programs for handwritten digits. Let us look at how such work is divided. Where the
# network is least sure, a person reads; we hand over one picture in five.

# %%
order = probabilities.max(axis=1).argsort()  # least sure first
handed_over, kept_by_machine = order[:400], order[400:]
accuracy_kept = np.mean(said[kept_by_machine] == y_test[kept_by_machine])
mistakes_caught = np.sum(wrong[handed_over]) / np.sum(wrong)
print(f"machine alone, on the four in five it keeps ≈ {accuracy_kept:.3f}")
caught_at_random = np.sum(wrong[rng.permutation(2000)[:400]]) / np.sum(wrong)
print(f"fraction of its mistakes that were handed over ≈ {mistakes_caught:.2f}")
print(f"control, with 400 pictures drawn at random ≈ {caught_at_random:.2f}")
lesson.claim("on what it keeps, it is right in more than 95 of 100", accuracy_kept > 0.95)
lesson.claim("more than 60 in 100 of its mistakes were handed over", mistakes_caught > 0.6)

# %% [markdown]
# Four fifths of the work is gone, and the fifth that is left to people is the one that is hard for the machine. Whether that is relief or
# loss depends on who decides and who gets the gain, which no measurement says. But the question is now concrete.
#
# One more limit, which no cell can show. Our pictures come from MNIST's training set, and our file does not say who
# wrote which. So our split went picture by picture, and very likely many writers are on both sides. What we measured is
# how well the network reads *more writing by these people*. For a stranger, expect less. (MNIST's own test set avoids
# this: none of its writers is in the training set. QMNIST, by Yadav and Bottou, 2019, traces each picture to its
# writer.)
#
# ## The libraries
#
# Nobody writes the calculations of a large network by hand. Three libraries do most of the work today: **TensorFlow**
# and **JAX**, both from Google, and **PyTorch**, from Facebook (now Meta). **Keras**, made to be easy to use, is one
# interface on top of the three. The engine below is called the **backend**. Which one runs here?

# %%
show(
    draw.engines(),
    "Four layers of software: your lines, Keras, three engines side by side, and routines for the "
    "processor. The engine that runs here is coloured; the two others, which could, are dashed.",
)

# %% [markdown]
# The coloured box is the engine that has done the work on this page; the code of our models names none. This course
# installs TensorFlow only. If you install another one, set `KERAS_BACKEND`, an *environment variable* (a setting
# outside Python), to `jax` or `torch` before you start; then the same lines run on that one, with slightly different
# measurements, as each engine has its own source of random numbers.
#
# ## A little history
#
# **The Turing test.** In 1950 Alan Turing asked, "Can machines think?", and replaced the question by
# an imitation game, now called the **Turing test**: somebody exchanges written messages with a person and
# with a machine, and has to tell which is which. A machine that cannot be told from the person has passed. Note what
# is tested: how it answers, not how it works inside. The name "artificial intelligence" is John McCarthy's, from the
# 1955 proposal for a summer meeting that took place at Dartmouth College in 1956.
#
# **The libraries.** TensorFlow came from the Google Brain team in 2015. It is built in levels, each resting on the one
# below: routines for processors, single operations, whole network layers. PyTorch came from Facebook's AI research
# group FAIR in 2016. It made its name with **dynamic graphs**: the plan of the calculation, called a graph, is made
# while the program runs, line by line, instead of being fixed beforehand. Since version 2, TensorFlow works line by
# line, too (it is called *eager*). Keras was made by François Chollet in 2015. It once ran on Theano and CNTK as well,
# which are no longer developed. Texts that advise "TensorFlow for large scale, PyTorch for research, Keras for
# prototypes" are dated: each is used for all three.
#
# ## What people get wrong
#
# * **"Deep learning stacks many networks."** It stacks many *layers* in one network.
# * **"Shallow networks learn simple patterns only."** One hidden layer learned the chessboard. Depth is about
#   economy, and very deep networks need care to train.
# * **"A high accuracy means that it works."** For whom? Measure each group.
# * **"It was 99 % sure, so it is right."** It named a digit in pure noise, too, and mostly with a high probability.
#
# ## Takeaways
#
# * A network is a rule made of neurons: weigh, add up, activate. Training sets the weights to make the loss on
#   labelled examples small.
# * Data are arrays. Look at their shapes first; the axis that you name is the one that disappears.
# * Judge on a test set, compare with a baseline, and look at the mistakes and at each class.
# * A layer combines what the layer before has found. Without hidden layers, the boundary between two answers is
#   straight.
# * A network answers only the question it was trained on, and it knows only what its data showed.
#
# ## Quiz
#
# Questions on all of the above. Each answer tells you why it is right or wrong, and you can change it as often as you
# like.

# %%
lesson.quiz()

# %% [markdown]
# And here is how far you are. What you pass stays passed, also after you close the notebook. In a terminal (in
# JupyterLab: File, New, Terminal), `course progress` shows all lessons and `course next` says what comes next.

# %%
lesson.progress()

# %% [markdown]
# ## Where to go next
#
# ### Which network for which data
#
# A map of what is to come. You need not remember it; come back when you have data of your own. The last column is the
# baseline to beat first: often it is good enough, and then no network is needed.
#
# | Your data, and what you want | Network | Lesson | Beat this first |
# | --- | --- | --- | --- |
# | a table of numbers, an amount to predict | a single neuron; a feedforward network (FNN, MLP) | [01](01_linear_regression.ipynb), [03](03_fnn.ipynb) | always the mean; then a straight line |
# | a table of numbers, a class to name | a feedforward network | [02](02_activations.ipynb), [03](03_fnn.ipynb) | the most frequent class; then a straight boundary |
# | pictures | a convolutional network (CNN) | [04](04_cnn.ipynb) | the most frequent class; then the nearest average picture |
# | only a few pictures or texts of each kind | a network that others have trained, with a new last layer | [14](14_transfer.ipynb) | the same with random weights |
# | a series of measurements in time | a recurrent network (RNN) | [05](05_rnn.ipynb) | "the same as last time", or as a season ago |
# | text (natural language processing, NLP), or signals where what came long ago matters | an LSTM (for text today mostly a Transformer) | [06](06_lstm.ipynb), [13](13_attention.ipynb) | count the words and ignore their order |
# | no labels: compress, clean up, find the odd one | an autoencoder | [07](07_autoencoder.ipynb) | principal component analysis (PCA) |
# | "make more like these" | a generative adversarial network (GAN) | [08](08_gan.ipynb) | real ones repeated, or averaged |
#
# The other lessons serve all of these: [09](09_regularization.ipynb) against learning by heart (regularization),
# [10](10_gridsearch.ipynb) for choosing settings (grid search), [11](11_deep_training.ipynb) for many layers,
# [12](12_in_practice.ipynb) for putting a network to use. [13](13_attention.ipynb) is about attention, the part that
# language models are made of. The last, [14](14_transfer.ipynb), borrows networks that others have trained, and comes back to this map.
#
# You use such networks every day: they recognize faces and number plates, take dictation, translate, sort mail, play
# Go, recommend films, and notice card fraud. Which kind is best changes quickly.
#
# ### To read
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: [*A straight line that learns*](01_linear_regression.ipynb). There you will see how training knows
#   which way to change each number.
# * NumPy in more depth: "NumPy: the absolute basics for beginners", on
#   [numpy.org](https://numpy.org/doc/stable/user/absolute_beginners.html).
# * Alan Turing, "Computing Machinery and Intelligence", *Mind* 59 (1950): the imitation game in his own words, and
#   still a pleasure to read.
# * Joy Buolamwini and Timnit Gebru, "Gender Shades", *Proceedings of Machine Learning Research* 81 (2018): accuracy
#   by group, measured on systems that were on sale.
# * Nicholas Carlini and others, "Extracting Training Data from Large Language Models", *USENIX Security* (2021): what
#   weights remember, at full size.
