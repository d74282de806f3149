# %% [markdown]
# # What a network is, and how this course works
#
# *105 minutes: 50 to read and run, 30 for 6 exercises, 25 for the 24 questions of the quiz. Builds on: a little Python (names, lists, functions). No mathematics beyond school.*
#
# In a few minutes, a program of about ten lines will read handwriting that it has never seen. Nobody tells it what a
# 7 looks like. It is shown examples, and it adjusts 650 numbers until its answers fit. You will then open it, look at
# those numbers as pictures, find out what it gets wrong, and see how a good score can hide a bad failure.
#
# **After this lesson you can**
#
# * work with the course: run a cell, guess first, check an answer, ask for a hint, take the quiz, see your progress;
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
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from courseware.lessons.start_here.models import build_board_reader, build_digit_reader
from courseware.drawing import show
from courseware.lessons.start_here import drawings as draw

print("Ready.")

# %% [markdown]
# The cell loaded the tools: NumPy calculates with tables of numbers, scikit-learn brings the handwriting, and
# **Keras** builds and trains networks. Here is the handwriting: 1,797 small pictures of digits, written by real
# people. Three quarters of them are for learning. The other quarter is put aside. Which ones is left to chance;
# `lesson.seed` says where chance begins, so that it comes out the same each time.

# %%
digits = load_digits()
pictures = digits.images / 16  # 0 is white paper, 1 is full ink (the file counts from 0 to 16)
x = pictures.reshape(len(pictures), 64)  # each picture as one row of 64 numbers
y = digits.target  # which digit it is
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=lesson.seed)
print("for learning:", x_train.shape, " put aside:", x_test.shape)

# %% [markdown]
# Now the network learns. You need not understand these lines yet; in half an hour you will.
#
# Whenever a line begins with *Before you run it, guess*, stop and decide on an answer before you go on. A guess that
# turns out wrong is remembered better than a fact that was merely read. Run the cell below the question and choose: your
# guess is kept, and the next cells answer it.
#
# Some of those cells are folded, so that you do not read the answer too early. All you see of one is the line
# *Run this cell to see what came out.* Run it like any other; click on it to see its code.
#
# **Before you run it, guess:** of the 450 pictures put aside, how many will it read right?

# %%
lesson.guess("read_right", "about 45", "about 250", "about 430")

# %%
keras.utils.set_random_seed(lesson.seed)
reader = build_digit_reader()
history = reader.fit(x_train, y_train, epochs=30, verbose=0).history

shares = reader.predict(x_test, verbose=0)  # for each picture, ten shares: one for each digit
said = shares.argmax(axis=1)  # the digit with the largest share
wrong = said != y_test
accuracy = np.mean(said == y_test)
print(f"share read right ≈ {accuracy:.3f}")

# %%
show(
    draw.pictures(x_test[:20].reshape(-1, 8, 8), said[:20], wrong=np.flatnonzero(wrong[:20])),
    "Twenty coarse pictures of handwritten digits in two rows. Above each stands the digit that "
    "the network reads in it; nearly all are right.",
)
lesson.claim(
    "more than 90 in 100 pictures that it never saw are read right",
    accuracy > 0.9,
    guess="read_right",
)

# %% [markdown]
# About 430 of 450. Above each picture stands what the network read in it, in red where it was wrong. It had not seen
# one of these pictures before.
#
# Two marks in the output need a word. A number after the sign ≈ ("about") was measured, and may come out a little different
# on your computer. The line with the tick ✓ is a **claim**: something that the lesson teaches, checked each time the
# cell runs. If it did not hold, the cell would stop and say so.
#
# ## Features, labels and a test set
#
# What did the network get to see? Not a picture, as you do. It got numbers.

# %%
show(
    draw.numbers(pictures[0]),
    "Left: a coarse picture of a zero, made of grey squares. Right: the same squares, and in each "
    "one the number that it is, from 0 for white to 1 for black.",
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
pixels = 64
### END SOLUTION

# %% [markdown]
# Then check it. The first cell below checks a wrong answer, 16, so that you see what happens; the second checks
# yours. You may be wrong as often as you like. Every reply says what to look at next, and what is passed stays
# passed.

# %%
lesson.check("pixels", 16)

# %%
lesson.check("pixels", pixels)

# %% [markdown]
# When you are stuck, ask for a hint. Each exercise has three, and each says more than the one before. Run the next
# cell once, twice, three times. Further down, the line for the hints stands behind a `#`, which switches it off:
# remove the `#` if you want one.

# %%
lesson.hint("pixels")

# %% [markdown]
# Exercises are for you: no later cell needs them solved.
#
# If you stop here and come back the next day, the notebook still shows everything, but Python has forgotten it. Click
# into the cell where you want to go on and choose *Run > Run All Above Selected Cell* in the menu. The quiz at the end
# needs its own cell run again, too; your answers come back.
#
# ### Why some examples are put aside
#
# Learning by heart is easy. Here is a program that stores every picture of the **training set**, the examples that
# are for learning, together with its label. Asked about a picture, it looks it up.
#
# **Before you run it, guess:** how many of the 450 pictures put aside does it know?

# %%
lesson.guess("known_by_heart")

# %%
memory = {picture.tobytes(): label.item() for picture, label in zip(x_train, y_train, strict=True)}
known_train = sum(
    memory.get(p.tobytes()) == label for p, label in zip(x_train, y_train, strict=True)
)
known_test = sum(memory.get(p.tobytes()) == label for p, label in zip(x_test, y_test, strict=True))
print(f"training set: {known_train} of {len(x_train)} right")
print(f"test set: {known_test} of {len(x_test)} right")

# %% [markdown]
# Perfect on what it has seen, useless on anything else. So a score on the training set proves nothing. That is why a
# **test set** is put aside: examples that learning never touches, kept to measure what was learned. The share of
# right answers on it is called the **accuracy**.
#
# You will read here and there that the training set has labels and the test set has none. That is not so: the line
# `np.mean(said == y_test)` above could not be computed without them. The test set's labels exist and are *held back*
# until the scoring. Only new pictures, met later in use, come without a label; for them nobody can say how good the
# answers are.
#
# How good is 0.9? That depends on what you get for nothing. The cheapest answer ignores the picture and always names
# the digit that is most frequent in the training set. Such a simple answer, which every program has to beat, is called
# a **baseline**.

# %%
most_frequent = np.bincount(y_train).argmax()
baseline = np.mean(y_test == most_frequent)
print(f"accuracy of always giving the same answer ≈ {baseline:.3f}")

# %%
lesson.claim("the baseline reads fewer than 15 in 100 right", baseline < 0.15)
lesson.claim("the network is right more than six times as often", accuracy > 6 * baseline)

# %% [markdown]
# ### Two kinds of question
#
# Reading a digit means choosing one of ten names. Choosing from a list of names is called **classification**.
# Predicting an amount, such as a price, is called **regression**; there it makes sense to be a little off. Lesson 01
# is about regression.
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
# recognize, understand language, plan, decide. In 1950 Alan Turing asked how one would notice that a machine had got
# there. He proposed an imitation game, now called the **Turing test**: somebody exchanges written messages with a
# person and with a machine, and has to tell which is which. A machine that cannot be told from the person has passed.
# Note what is tested: how it answers, not how it works inside. The name "artificial intelligence" is John McCarthy's,
# from the 1955 proposal for a summer meeting that took place at Dartmouth College in 1956.
#
# What runs today in phones, cars and web shops is **narrow AI**, also called weak AI: it does the kind of task it was
# built for. Our reader reads digits; ask it for a letter and it has no answer. **General AI** would learn and do any
# task that a person's mind can, including ones that nobody prepared it for. It is a goal, and people disagree on how
# far away it is.
#
# For a long time, intelligent behaviour was written down as rules. Let us write one. A 0 has a hole in its middle, a
# 1 has ink there. If the four middle pixels are more than half full, say 1:

# %%
zeros_and_ones = y < 2
middle = pictures[zeros_and_ones][:, 3:5, 3:5].mean(axis=(1, 2))  # ink in the four middle pixels
by_rule = np.where(middle > 0.5, 1, 0)
print("right:", np.sum(by_rule == y[zeros_and_ones]), "of", np.sum(zeros_and_ones))

# %% [markdown]
# That is a fine rule, and nobody needed examples to write it. Now a harder pair. Where do a 3 and an 8 differ?

# %%
show(
    draw.three_and_eight(pictures[y == 3].mean(axis=0), pictures[y == 8].mean(axis=0)),
    "The average of all 3s, the average of all 8s, and the difference. The 8s have more ink "
    "left of the middle, in rows 2 to 6 of columns 2 and 3; the 3s have more at the bottom right.",
)

# %% [markdown]
# The third picture shows it: an 8 has more ink left of the middle (purple), a 3 more at the bottom right (orange).
#
# ### Exercise: tell_apart
#
# A goal to reach: write a rule by hand that tells 3 from 8 and is right for at least 90 in 100 of them. `picture` has
# 8 rows and 8 columns, counted from 0, and `picture[0:2, 5:8].mean()` is the average ink in rows 0 and 1 of columns
# 5, 6 and 7. The check tries your rule on all 3s and 8s and says how many it got right. Try a few places and limits.


# %%
def tell_apart(picture):
    """Return 3 or 8 for one picture of shape (8, 8), with numbers from 0 (white) to 1 (ink)."""
    ### BEGIN SOLUTION
    if picture[2:6, 2:4].mean() > 0.4:
        return 8
    return 3
    ### END SOLUTION


# %%
lesson.check("tell_apart", tell_apart)
# lesson.hint("tell_apart")

# %% [markdown]
# What did you just do? You tried a rule, looked at its score, and changed a number. **Machine learning** hands
# exactly this labour to the computer: the part of artificial intelligence whose programs find their rule from data.
# How does the network do on the same pair? Of its ten shares we look at two, and take the larger.

# %%
pair = (y_test == 3) | (y_test == 8)
network_says = np.where(shares[pair][:, 8] > shares[pair][:, 3], 8, 3)
accuracy_pair = np.mean(network_says == y_test[pair])
print(f"3 or 8, learned from examples ≈ {accuracy_pair:.3f}")

# %%
lesson.claim(
    "the learned rule tells 3 from 8 in more than 93 of 100 new pictures", accuracy_pair > 0.93
)

# %% [markdown]
# Perhaps your rule came close: a good rule for one pair can be found by hand, and yours was scored on the very
# pictures that you tried it on. But nobody told the network where to look, and it did not learn this pair alone: ten
# digits make 45 pairs, and it learned them all in the same few seconds. Machine learning is not better by nature. Our
# rule for 0 and 1 needed no example at all, and you can read why it decides as it does. Rules by hand win where
# people can say the rule. Learning wins where they can see it but not say it.
#
# One family of machine learning is the **neural network**, built of many small units that are connected. **Deep
# learning** is machine learning with networks of many **layers**: groups of such units, one group after the other.
# Each of these lies inside the one before:

# %%
show(
    draw.families(),
    "Four ovals, each inside the one before: artificial intelligence, machine learning, neural "
    "networks, deep learning. Chess programs lie in the first only, straight lines in the second, "
    "the reader of this lesson in the third.",
)

# %% [markdown]
# A chess program of the last century, with its rules written by people, is AI and does not learn. Every deep network
# is machine learning; not all machine learning is deep.
#
# ## A neuron, in the body and in the computer
#
# The units of a network are called **neurons**, after the nerve cells that gave the idea. Equal colours play equal
# roles:

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
# The oldest activation is the plainest: 1 if the sum is above zero, otherwise 0. The bias shifts how easily the
# neuron fires.
#
# ### Exercise: neuron
#
# Write that neuron. `inputs` and `weights` are NumPy arrays of the same length, so `inputs * weights` multiplies them
# pair by pair; `np.sum(...)` adds up. Return 1 or 0.


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
# That is all. An artificial neuron is one line of arithmetic, and there the likeness ends. A nerve cell is a living
# thing that sends pulses in time, and a brain does not learn by having the same pictures shown thirty times with the
# answer attached. Even the numbers are apart. Some texts speak of "millions of neurons and billions of connections"
# in the brain; the count is about 86 billion and some hundred trillion.

# %%
brain = 100 * 10**12  # connections: some hundred trillion
ours = 64 * 10  # every pixel is connected to every one of our ten neurons
print(f"connections of a brain for each one of ours: {brain // ours:,}")

# %% [markdown]
# ## Ten neurons read a digit
#
# Here is the whole network. A **model** is a rule that turns features into a prediction; this function builds ours.

# %%
### SOURCE courseware.lessons.start_here.models.build_digit_reader

# %% [markdown]
# Line by line, below the description in quotes:
#
# * `Input`: 64 numbers come in, one picture. (`batch` in the comment stands for "any number of pictures at once".)
# * `Dense(10, ...)`: a **layer** of ten neurons side by side, one for each digit. **Dense** means that every neuron is
#   connected to every input.
# * `softmax`: the activation. **Softmax** turns the ten sums into ten shares that are positive and add up to 1.
# * `compile` fixes how it learns. The **optimizer** is the method that changes the numbers, the **loss** is what it tries to
#   make small, and accuracy is reported along the way. These are lesson 01 and 03; take them as given today.
#
# **Before you run it, guess:** each of the ten neurons has one weight for each pixel and one bias. How many numbers
# does the network learn in all?

# %%
lesson.guess("numbers_learned")

# %%
weights, biases = reader.get_weights()
print("weights:", weights.shape, " biases:", biases.shape, " together:", reader.count_params())

# %% [markdown]
# 64 times 10 weights and 10 biases make 650. These numbers are the model's **parameters**: what training may change,
# and all that the network knows.
#
# ### The same in NumPy
#
# Nothing is hidden in there. Softmax first, on three sums small enough to follow:

# %%
sums = np.array([2.0, 1.0, -1.0])
positive = np.exp(sums)  # e to the power of each: always positive, and larger for larger sums
print("positive:", positive.round(2), " shares:", (positive / positive.sum()).round(3))

# %% [markdown]
# The largest sum gets the largest share, and the shares add up to 1. Now the whole network, in two lines: `@`
# multiplies each picture with the weights of each neuron and adds up.

# %%
positive = np.exp(x_test @ weights + biases)
shares_by_hand = positive / positive.sum(axis=1, keepdims=True)
largest_gap = np.abs(shares_by_hand - shares).max()
lesson.claim("two lines of NumPy give the same 4,500 shares as Keras", largest_gap < 1e-4)

# %% [markdown]
# ### How it was trained
#
# The 650 numbers began as chance and zeros. To improve them, training needs one number that says how bad the answers
# are: the **loss**, a kind of report card on which low is good. For one picture, ours looks at the share that the
# network gave to the *right* digit:

# %%
for share in (0.99, 0.5, 0.1, 0.01):
    print(f"share given to the right digit {share}: loss {-np.log(share):.2f}")

# %% [markdown]
# Nearly sure and right costs next to nothing; nearly sure and wrong is expensive. The loss of the model is the mean
# over the pictures. Training looks at a few pictures, changes each number a little so that the loss gets smaller, and
# goes on to the next few. One pass over all training pictures is called an **epoch**. We had 30 of them. *How* it
# knows which way to change each number is the subject of lesson 01.

# %%
show(
    draw.report_card(history),
    "Two curves over thirty epochs. The loss falls steeply, then ever more slowly. The share of "
    "right answers leaps up in the first epochs and then creeps towards 1.",
)
first_loss, last_loss = history["loss"][0], history["loss"][-1]
print(f"loss in the first epoch ≈ {first_loss:.2f}, in the last ≈ {last_loss:.2f}")

# %%
lesson.claim("training brought the loss down to less than a fifth", last_loss < first_loss / 5)

# %% [markdown]
# Most is learned in the first few epochs; the rest is polish. Both curves are about the training set. That is where
# learning happens, and why the final word belongs to the test set.
#
# ### Exercise: repair
#
# Someone wrote a digit reader in a hurry. Three things are wrong with it. Find them, and return a compiled model that
# can learn our digits. (`relu` is another activation: it turns negative sums into 0 and leaves the others as they
# are.)


# %%
def repaired_reader():
    """Return a compiled model that turns rows of 64 numbers into ten shares."""
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(10, activation="softmax")])
    ### STARTER
    # model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(9, activation="relu")])
    ### END SOLUTION
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %%
lesson.check("repair", repaired_reader)
# lesson.hint("repair")

# %% [markdown]
# ## What it gets wrong
#
# A score is a number; the mistakes are a story. Here are the first ten.

# %%
places = np.flatnonzero(wrong)[:10]
captions = [f"{y_test[i]}, read {said[i]}" for i in places]
show(
    draw.pictures(x_test[places].reshape(-1, 8, 8), captions, columns=5),
    "Up to ten pictures that were misread. Above each stands the digit that was meant and the one "
    "that was read. Many are crooked, cut off or smeared.",
)
sure_right = shares.max(axis=1)[~wrong].mean()
sure_wrong = shares.max(axis=1)[wrong].mean()
print(f"largest share, on average: when right ≈ {sure_right:.2f}, when wrong ≈ {sure_wrong:.2f}")

# %%
lesson.claim(
    "where it errs, its largest share is smaller by more than 0.15", sure_wrong < sure_right - 0.15
)

# %% [markdown]
# Some of these would puzzle you too; others you read at a glance. And the network is less sure where it errs, which
# we shall use below.
#
# ### It cannot say "this is no digit"
#
# Now we show the reader 500 pictures of pure noise, in which each pixel is drawn by chance.
#
# **Before you run it, guess:** how large is the largest of the ten shares, on average?

# %%
lesson.guess("largest_on_noise", "about 0.1", "about 0.4", "about 0.8")

# %%
rng = np.random.default_rng(lesson.seed)
noise = rng.uniform(0, 1, (500, 64))
noise_shares = keras.ops.convert_to_numpy(reader(noise))  # a model can be called like a function
sure_noise = noise_shares.max(axis=1).mean()
print(f"largest share on noise, on average ≈ {sure_noise:.2f}")

# %%
show(
    draw.pictures(noise[:10].reshape(-1, 8, 8), noise_shares[:10].argmax(axis=1)),
    "Ten squares of random grey pixels. Above each stands a digit, the one that the network reads.",
)
lesson.claim(
    "it reads a digit into pure noise, with a share above 0.55 on average",
    sure_noise > 0.55,
    guess="largest_on_noise",
)

# %% [markdown]
# It names a digit every time, and often with confidence. Its ten shares must add up to 1, and there is no eleventh
# for "none of these". This is what *narrow* means in practice. A network answers the question it was trained on, also
# when the question makes no sense.
#
# ## Ten weight pictures
#
# Each neuron has 64 weights, one for each pixel. So we can lay them out as a picture: purple where ink speaks *for*
# the digit, orange where ink speaks *against* it.

# %%
show(
    draw.weight_pictures(weights),
    "Ten pictures of eight by eight coloured squares, one for each digit. In the picture of the 0 "
    "the middle is strongly orange: ink there speaks against a 0.",
)
middle_of_zero = weights[:, 0].reshape(8, 8)[3:5, 3:5]
print(f"mean weight in the middle of the 0 ≈ {middle_of_zero.mean():.2f}")

# %%
lesson.claim("all four middle pixels speak against a 0", np.all(middle_of_zero < -0.5))
lesson.claim(
    "among all weights there are negative ones and ones above 1",
    weights.min() < 0 and weights.max() > 1,
)

# %% [markdown]
# Look at the 0: its middle is orange. The network found the rule that we wrote by hand, "a 0 has a hole", from
# examples alone. Other pictures are harder to read, because a neuron need not draw its digit. It only has to tell it
# from the nine others.
#
# If we have read that picture correctly, we can foretell something. Put ink into the middle of zeros that are read
# correctly, four pixels only.
#
# **Before you run it, guess:** how many of them will still be read as 0?

# %%
lesson.guess("spotted_zeros", "few", "about half", "nearly all")


# %%
def read(model, rows):
    """Return what the model reads in each picture: the digit with the largest share."""
    return keras.ops.convert_to_numpy(model(rows)).argmax(axis=1)


zeros = x_test[(y_test == 0) & (said == 0)].reshape(-1, 8, 8).copy()
zeros[:, 3:5, 3:5] = 1.0
read_as = read(reader, zeros.reshape(-1, 64))
still_zero = np.mean(read_as == 0)
print(f"share still read as 0 ≈ {still_zero:.2f}")

# %%
show(
    draw.pictures(zeros[:10], read_as[:10], wrong=np.flatnonzero(read_as[:10] != 0)),
    "Ten zeros with a black spot in the middle. Above nearly all of them stands another digit.",
)
lesson.claim(
    "with four pixels filled, fewer than half are still read as 0",
    still_zero < 0.5,
    guess="spotted_zeros",
)

# %% [markdown]
# Four pixels of 64 overturn it, while you still see a zero with a spot. We foretold this from the weights. That is
# understanding a model: not a feeling, but predictions about it that come true.
#
# ## Why networks, and why deep
#
# Four reasons why networks have spread:
#
# * They can come as close as you like to very many kinds of functions, once they have neurons between input and
#   output.
# * They take raw, unstructured data: pixels, sound, text. Nobody has to invent features by hand.
# * They learn *end to end*, from the pixels to the answer, as our reader did.
# * They gain from more data and more computing. That can be measured at once:

# %%
keras.utils.set_random_seed(lesson.seed)
poor_reader = build_digit_reader()
live = [lesson.live()]  # shows, while you wait, how far the training is
poor_reader.fit(x_train[:50], y_train[:50], batch_size=5, epochs=40, verbose=0, callbacks=live)
accuracy_50 = np.mean(read(poor_reader, x_test) == y_test)
print(f"learned from 50 pictures ≈ {accuracy_50:.3f}, from 1,347 ≈ {accuracy:.3f}")

# %%
lesson.claim("more pictures raise the accuracy by more than 0.06", accuracy > accuracy_50 + 0.06)

# %% [markdown]
# ### What one layer cannot do
#
# Our reader has one layer: the inputs go straight into the output. Some questions are beyond it however long it
# trains. Take a chessboard of three by three fields. The two features are the place across and the place up, and the
# label is the colour of the field.
#
# A layer between input and output is called a **hidden layer**: what its neurons say goes only to the next layer, and
# nobody outside sees it. Here is a network with one of them.

# %%
### SOURCE courseware.lessons.start_here.models.build_board_reader

# %% [markdown]
# **Before you run it, guess:** five of the nine fields are dark. How often will the network of one layer be right?

# %%
lesson.guess(
    "board_one_layer",
    "about a third of the time",
    "a little over half of the time",
    "about three quarters of the time",
)

# %%
rng = np.random.default_rng(lesson.seed)
place = rng.uniform(0, 3, (3000, 2))
dark = 1 - place.astype(int).sum(axis=1) % 2  # the corner field at (0, 0) is dark
keras.utils.set_random_seed(lesson.seed)
one_layer = build_digit_reader(n_pixels=2, n_digits=2)
with_hidden = build_board_reader(n_hidden=64)
for model in (one_layer, with_hidden):
    model.fit(place[:2000] - 1.5, dark[:2000], batch_size=32, epochs=15, verbose=0)

# %%
grid = (np.arange(60) + 0.5) / 20
everywhere = np.array([(across, up) for up in grid for across in grid])
flat, bent = (
    keras.ops.convert_to_numpy(model(everywhere - 1.5))[:, 1] for model in (one_layer, with_hidden)
)
truth = 1.0 - everywhere.astype(int).sum(axis=1) % 2
right_flat = np.mean(read(one_layer, place[2000:] - 1.5) == dark[2000:])
right_bent = np.mean(read(with_hidden, place[2000:] - 1.5) == dark[2000:])
print(f"on new places: one layer ≈ {right_flat:.3f}, with a hidden layer ≈ {right_bent:.3f}")

# %%
show(
    draw.boards(
        {
            "the board": truth.reshape(60, 60),
            "one layer": flat.reshape(60, 60),
            "with a hidden layer": bent.reshape(60, 60),
        }
    ),
    "Three squares. The board has five dark and four light fields. The network of one layer is "
    "almost evenly grey. The one with a hidden layer shows the nine fields with softened edges.",
)
lesson.claim(
    "one layer is right less than 70 in 100 times", right_flat < 0.7, guess="board_one_layer"
)
lesson.claim("a hidden layer makes it more than 85 in 100", right_bent > 0.85)

# %% [markdown]
# One layer can draw a single straight border, and no straight border fits a chessboard. With one hidden layer the
# fields appear. People call networks with one or two hidden layers **shallow**, those with three or more **deep**, and
# those with 50 to over 1,000 *very deep*. It is layers that are stacked; some texts say "many networks stacked",
# which is a slip.
#
# Shallow does not mean simple-minded. You can read that "shallow networks learn simple patterns only", but the
# chessboard has just been learned by a shallow one, and with enough hidden neurons one hidden layer can follow any
# continuous function on a bounded region as closely as you like. What depth brings is economy: intricate patterns
# built in steps, each from what the step before has found. It has a price: networks of very many layers train well
# only with special connections, *shortcuts*, which lesson 11 adds.
#
# ### What a deeper layer sees
#
# Here are two layers of such steps, with neurons that were set by hand, each firing as in your exercise. The first
# layer looks for edges. The second combines what the first found: where an upright *and* a level edge meet, there is
# a corner.


# %%
def fires(total):
    return np.where(total > 0, 1, 0)


image = np.zeros((10, 10))
image[3:7, 2:8] = 1

right_minus_left = image[:-1, 1:] + image[1:, 1:] - image[:-1, :-1] - image[1:, :-1]
lower_minus_upper = image[1:, :-1] + image[1:, 1:] - image[:-1, :-1] - image[:-1, 1:]
upright = fires(right_minus_left - 0.5) + fires(-right_minus_left - 0.5)  # ink begins, or ends
level = fires(lower_minus_upper - 0.5) + fires(-lower_minus_upper - 0.5)
corner = fires(upright + level - 1.5)  # both must fire
show(
    draw.corners(image, upright, level, corner),
    "A black rectangle; its two upright edges; its two level edges; and, in the last picture, only "
    "its four corners.",
)
print("neurons that fire:", upright.sum(), level.sum(), "in layer 1,", corner.sum(), "in layer 2")

# %% [markdown]
# The last line, for `corner`, knows nothing of pixels. It sees only what layer 1 has found, and combines it. In
# trained networks for photos the first layers do find edges, later ones parts such as eyes or wheels, and the last
# ones whole objects. Recognizing objects in pictures is what deep networks became famous for. In lesson 04 you will
# look inside such a network.
#
# ## The libraries
#
# Nobody writes the calculations of a large network by hand. Three libraries do most of the work today, and a fourth
# sits on top.
#
# * **TensorFlow** came from Google (the Google Brain team) in 2015. It is built in layers, each resting on the one
#   below: routines for processors at the bottom, single operations above them, whole network layers on top.
# * **PyTorch** came from Facebook's AI research group FAIR in 2016. It made its name with **dynamic graphs**: the plan
#   of the calculation, called a graph, is made while the program runs, line by line, instead of being fixed
#   beforehand. That difference is history. TensorFlow has worked line by line too since version 2 (it is called
#   *eager*).
# * **JAX**, also from Google, is the youngest.
# * **Keras** is the interface on top, made in 2015 by François Chollet to be easy to use. It once ran on TensorFlow,
#   Theano and CNTK. Theano and CNTK are no longer developed; Keras 3 runs on TensorFlow, JAX and PyTorch. The engine
#   below is called the **backend**.
#
# Who uses which? Lists name Google, Uber and Airbnb for TensorFlow; Facebook (now Meta), Twitter (now X) and NVIDIA
# for PyTorch; beginners, startups and researchers for Keras. And they advise TensorFlow for large scale, PyTorch for
# research, Keras for quick prototypes. That advice has aged. All of them serve research and production, and PyTorch
# has belonged to a foundation under the Linux Foundation since 2022.
#
# "The same lines run on each engine" is easily said. Let us look: which engine runs here, and is any engine named in
# our model's code?

# %%
import inspect

code = inspect.getsource(build_digit_reader)
named = [engine for engine in ("tensorflow", "jax", "torch") if engine in code.lower()]
running = keras.backend.backend()
show(
    draw.engines(),
    "Four layers of software: your lines, Keras, three engines side by side, and routines for the "
    "processor. The engine that runs here is coloured; the two others, which could, are dashed.",
)
print("engines that the model's code names:", named)

# %%
lesson.claim(
    "one of the three engines runs beneath, and the code names none",
    running in ("tensorflow", "jax", "torch") and len(named) == 0,
)

# %% [markdown]
# The coloured box is the engine that has done all the work on this page, and the code never mentions it. This course
# installs TensorFlow only. If you install another one, set the environment variable `KERAS_BACKEND` to `jax` or
# `torch` before you start; then the same lines run on that one. The measured numbers will differ a little, as each
# engine has its own source of chance.
#
# ## What an average hides
#
# Software like this decides about people: who gets a loan, whose face unlocks a door, whose X-ray is looked at first.
# You need no slogans to see what can go wrong. You can measure it. Suppose that whoever collected our training data
# hardly met anyone who writes an 8. We keep five 8s and drop the others. The test set stays as it is.

# %%
eights = np.flatnonzero(y_train == 8)
kept = np.setdiff1d(np.arange(len(y_train)), eights[5:])
x_skewed, y_skewed = x_train[kept], y_train[kept]

keras.utils.set_random_seed(lesson.seed)
skewed_reader = build_digit_reader()
skewed_reader.fit(x_skewed, y_skewed, epochs=30, verbose=0)
said_skewed = read(skewed_reader, x_test)
accuracy_skewed = np.mean(said_skewed == y_test)
print(f"accuracy: before ≈ {accuracy:.3f}, with five 8s ≈ {accuracy_skewed:.3f}")

# %%
lesson.claim("the overall accuracy is still above 0.82", accuracy_skewed > 0.82)

# %% [markdown]
# Still a respectable number. Would you sell this reader? To know, ask the question for each digit on its own.
#
# ### Exercise: accuracy_by_class
#
# Write it. `said` and `labels` are arrays of the same length. Return ten shares: of the pictures that *are* a 0,
# which share was read as 0, and so on up to 9. (`labels == 8` is an array of True and False, and `said[labels == 8]`
# picks what was said about the eights. The mean of True and False is the share of True.)


# %%
def accuracy_by_class(said, labels):
    """Return ten numbers: for each digit, the share of its pictures that were read right."""
    ### BEGIN SOLUTION
    return np.array([np.mean(said[labels == digit] == digit) for digit in range(10)])
    ### END SOLUTION


# %%
lesson.check("accuracy_by_class", accuracy_by_class)
# lesson.hint("accuracy_by_class")

# %% [markdown]
# The next cell also tries a remedy that needs no new data: `sample_weight` makes the five 8s together count in the loss
# as much as all pictures of another digit.
#
# **Before you run it, guess:** the overall accuracy fell only a little. What is the accuracy on the 8s?

# %%
lesson.guess("accuracy_of_8s", "about 0.2", "about 0.5", "about 0.8")


# %%
def by_digit(said):
    return np.array([(said[y_test == digit] == digit).mean() for digit in range(10)])


importance = np.where(y_skewed == 8, np.mean(np.bincount(y_skewed)[np.arange(10) != 8]) / 5, 1.0)
keras.utils.set_random_seed(lesson.seed)
weighted_reader = build_digit_reader()
weighted_reader.fit(x_skewed, y_skewed, sample_weight=importance, epochs=30, verbose=0)
said_weighted = read(weighted_reader, x_test)

# %%
full, skewed, weighted = by_digit(said), by_digit(said_skewed), by_digit(said_weighted)
others = np.arange(10) != 8
print(f"accuracy on the 8s: all ≈ {full[8]:.2f}, five ≈ {skewed[8]:.2f}")
print(f"five, weighted ≈ {weighted[8]:.2f}; on the other digits ≈ {skewed[others].mean():.2f}")

# %%
show(
    draw.by_class({"all 8s": full, "five 8s": skewed, "five 8s, weighted": weighted}, marked=8),
    "Three bars for each digit. They are high and alike, except for the 8: there the bar of the "
    "reader with five 8s is very low, and weighting raises it without reaching the first.",
)
lesson.claim(
    "with five 8s, fewer than half of the 8s are read right",
    skewed[8] < 0.5,
    guess="accuracy_of_8s",
)
lesson.claim("all other digits together stay above 0.9", skewed[others].mean() > 0.9)
lesson.claim("weighting wins some of the 8s back", weighted[8] > skewed[8] + 0.08)
lesson.claim("but not as many as real pictures do", weighted[8] < full[8] - 0.05)

# %% [markdown]
# The grey stripe is the whole point. A reader with a respectable average fails most people who write an 8, and the
# average does not show it, because eights are one tenth of the test. Nobody intended it, and no line of code is
# unfair: the **bias** sits in the data. (The word has two meanings. A neuron's bias is a number; the bias of data is
# a slant.) Had the test set been as poor in 8s as the training set, the average would have shown nothing at all. The
# remedy that counts is to collect what is missing; before that, to look at each group on its own.
#
# ### Privacy: what the weights remember
#
# Parameters are only numbers. Can they give away the data they came from? An extreme case: ten training pictures, one
# of each digit. Then somebody gets the weights, and is told nothing of the training, and asks which of all 1,797
# pictures was used for each digit. For every picture we work out how much the weights look like it (after the average
# of all pictures is taken away), and name the most similar.

# %%
rng = np.random.default_rng(lesson.seed)
used = np.array([rng.choice(np.flatnonzero(y == digit)) for digit in range(10)])
keras.utils.set_random_seed(lesson.seed)
small_reader = build_digit_reader()
small_reader.optimizer.learning_rate = 0.1  # ten pictures allow long steps
small_reader.fit(x[used], y[used], batch_size=10, epochs=80, verbose=0, callbacks=[lesson.live()])
leaked = small_reader.get_weights()[0]


def standard(rows):  # each row with mean 0 and length 1, so that products say how alike rows are
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


alike = standard(leaked.T) @ standard(x - x.mean(axis=0)).T
found = np.sum(alike.argmax(axis=1) == used)
show(
    draw.leak(x[used], x.mean(axis=0), leaked),
    "Three rows of ten pictures. Above, the digits that were trained on; in the middle, the same "
    "minus the average of all pictures; below, the weights of the neurons. Below and middle show "
    "much the same pattern of purple and orange.",
)
print(f"training pictures found out of ten ≈ {found}")

# %%
lesson.claim("the weights give away at least seven of the ten pictures", found >= 7)

# %% [markdown]
# Compare the lower two rows. The middle one shows what sets each training picture apart from the average picture, and
# the weights repeat that pattern. With more than a thousand pictures such traces overlap and fade. But large language
# models have been made to recite private addresses from their training texts, so "we only share the model, not the
# data" is not a promise of privacy.
#
# ### Jobs: who reads the rest?
#
# A third worry is **job displacement**: work that people are paid for passes to machines. Letters and cheques were
# once read by people, and digit readers took over. Let us look at how such work is divided. Where the network is
# least sure, a person reads; we hand over one picture in five.

# %%
order = np.argsort(shares.max(axis=1))  # least sure first
handed_over, kept_by_machine = order[:90], order[90:]
accuracy_kept = np.mean(said[kept_by_machine] == y_test[kept_by_machine])
mistakes_caught = np.sum(wrong[handed_over]) / np.sum(wrong)
print(f"machine alone, on the four in five it keeps ≈ {accuracy_kept:.3f}")
print(f"share of its mistakes that were handed over ≈ {mistakes_caught:.2f}")

# %%
lesson.claim("on what it keeps, it is right in more than 98 of 100", accuracy_kept > 0.98)
lesson.claim("more than half of its mistakes were handed over", mistakes_caught > 0.5)

# %% [markdown]
# Four fifths of the work are gone, and the fifth that is left to people is the hard fifth. Whether that is relief or
# loss depends on who decides and who gets the gain, which no measurement says. But the question is now concrete.
#
# One more limit, which no cell can show. All 1,797 pictures were written by the same thirteen people, and our split
# put every writer on both sides. What we measured is how well the reader does on *more pictures by these people*. For
# a fourteenth person, expect less.
#
# ## Where networks are at work
#
# Vision (faces, X-rays, number plates), speech (dictation, assistants), language (translation, chat, sorting mail),
# games (Go), recommendation (films, goods), and noticing what is out of the ordinary (card fraud, failing machines).
# You use several of them every day. The field moves fast: what is best today will be named as history in a few years,
# like Theano above. What lasts are the ideas, and they are what this course builds: features and labels, losses,
# baselines, honest tests.
#
# ## What people get wrong
#
# * **"Deep learning stacks many networks."** It stacks many *layers* in one network.
# * **"Shallow networks learn simple patterns only."** One hidden layer learned the chessboard. Depth is about
#   economy, and very deep networks need shortcuts to train.
# * **"The test set has no labels."** It has them, held back until the scoring. Only new data in use has none.
# * **"A network works like the brain."** A neuron borrowed the idea of weighing and adding up. The brain has about 86
#   billion neurons and some hundred trillion connections, not "millions and billions", and it learns in other ways.
# * **"AI and machine learning are the same."** Machine learning is the part that learns from data. A rule written by
#   hand can be AI too.
# * **"Keras runs on TensorFlow, Theano and CNTK; only PyTorch is dynamic."** So it was. Keras 3 runs on TensorFlow,
#   JAX and PyTorch, and TensorFlow is eager too.
# * **"A high accuracy means that it works."** For whom? Measure each group.
#
# ## Takeaways
#
# * A network is a rule made of neurons: weigh, add up, activate. Training sets the weights so that the loss on
#   labelled examples gets small.
# * Judge on a test set, compare with a baseline, and look at the mistakes and at each class.
# * A layer combines what the layer before has found. Hidden layers let a network draw more than one straight border.
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
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *A straight line that learns*. There you will see how training knows which way to change each number.
# * Alan Turing, "Computing Machinery and Intelligence", *Mind* 59 (1950): the imitation game in his own words, and
#   still a pleasure to read.
# * Joy Buolamwini and Timnit Gebru, "Gender Shades", *Proceedings of Machine Learning Research* 81 (2018): accuracy
#   by group, measured on systems that were on sale.
# * Nicholas Carlini and others, "Extracting Training Data from Large Language Models", *USENIX Security* (2021): what
#   weights remember, at full size.
