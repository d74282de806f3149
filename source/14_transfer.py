# %% [markdown]
# # Networks to borrow, and which to choose
#
# *95 minutes: 40 to read and run, 30 for 6 exercises, 25 for the 25 questions of the quiz. Builds on: convolutional networks and frozen layers (lesson 04), when Keras reads `trainable` (lesson 08), batch normalization (lessons 09 and 11). The last lesson of the course. A good place for a break is marked about halfway.*
#
# You have 25 pictures, five of each kind, and no more will come. That is not much to learn from. But somebody else had thousands of *other* pictures, and has a network that was trained on them. Can you borrow what it has learned? This lesson tries it out, with controls. Then it looks back over the course: you have data; which network do you take?
#
# **After this lesson you can**
#
# * put a new head on a trained network, freeze the rest, and count what still learns;
# * show by controls whether borrowing helped, over several draws of the examples;
# * fine-tune it, and watch two tasks while you do;
# * load a network that others have trained, and know what to ask about it;
# * choose a network for your data, and the baseline that it has to beat.

# %%
from courseware import open_lesson

lesson = open_lesson("14_transfer")

import keras
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches
from courseware.drawing import show
from courseware.lessons.transfer import drawings as draw
from courseware.lessons.transfer.by_hand import few_of_each, outputs, right, wandering_digits
from courseware.lessons.transfer.models import build_body
from courseware.restart import Restart

# %% [markdown]
# ## Two tasks
#
# The pictures are the digits of lesson 04, at half their size, each at a random place on a page of 20 by 20. The digits 0 to 4 are the **source task**, of which there are plenty of examples. The digits 5 to 9 are the **target task**. A thousand of them are held out for the test.

# %%
pages, numerals = wandering_digits(lesson.seed)
old = numerals < 5
old_x, old_y = pages[old], numerals[old]  # the source task: 0 to 4
new_x, new_y = pages[~old], numerals[~old] - 5  # the target task: 5 to 9, numbered 0 to 4
test_x, test_y = new_x[3500:4500], new_y[3500:4500]
draws = [few_of_each(new_y[:3500], n=5, seed=1000 * lesson.seed + d) for d in range(6)]
print("pictures in a draw:", len(draws[0]), " of each kind:", np.bincount(new_y[draws[0]]))

# %%
show(
    draw.pages(new_x[draws[0]], new_y[draws[0]] + 5),
    "Twenty-five small pages in five rows, one row each for 5, 6, 7, 8 and 9; every digit stands "
    "somewhere else on its page.",
)

# %% [markdown]
# These 25 pictures are all that the new classifier may learn from. Since 25 pictures can be a good or a bad draw, we draw six times, and every network below gets the same draws.
#
# Here is the network, in two pieces. The **body** (or *backbone*) turns a picture into 48 numbers, its **features** for the head.
# The **head**, one dense layer with softmax, makes probabilities of them. (It has nothing to do with the heads of lesson 13.)

# %%
### SOURCE courseware.lessons.transfer.models.build_body

# %% [markdown]
# First we train body and head on 4,000 pictures of 0 to 4. That is the network from which we shall borrow. One network can be a lucky one, so we train three, from three random starts. (`outputs` runs a model; `right` is the fraction of rows with the largest number at the label.)


# %%
def with_head(body, learning_rate):
    """Return a compiled classifier for five digits: the body and a new head."""
    model = keras.Sequential([body, layers.Dense(5, activation="softmax")])
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy")
    return model


def untrained(start):
    """Return a body with random weights: for the same start the same ones."""
    keras.utils.set_random_seed(10 * lesson.seed + start)
    return build_body(size=20)


def train(body, x, y):
    """Train the body and a head on the pictures x, and return the classifier that they make."""
    classifier = with_head(body, 0.003)
    batches = ShuffledBatches(x, y, batch_size=32, seed=lesson.seed)
    classifier.fit(batches, epochs=5, verbose=0, callbacks=[lesson.live()])
    return classifier


# %%
trained = [train(untrained(start), old_x[:4000], old_y[:4000]) for start in range(3)]
bodies = [classifier.layers[0] for classifier in trained]
body, old_classifier = bodies[0], trained[0]
old_right = right(outputs(old_classifier, old_x[4000:]), old_y[4000:])
print(f"0 to 4, on pictures that the first has not seen: right in ≈ {old_right:.2f}")
lesson.claim("it reads over 85 % of the digits 0 to 4", old_right > 0.85)

# %% [markdown]
# ## A new head on a frozen body
#
# The trained network's head knows five answers, all of them wrong for us. So we take the head off, put a new one on, and train nothing but the new head. The body is **frozen**, as the kernels of lesson 04 and the discriminator of lesson 08 were: `trainable = False`. Using what was learned in one task for another is called **transfer learning**, and what one borrows a *pretrained* network.

# %%
show(
    draw.exchange(),
    "Two rows of boxes. Above: a page, the body, 48 features, the old head, the answers 0 to 4. "
    "Below: a new page, the same body, frozen, 48 features, a new head, 5 to 9.",
)

# %%
body.trainable = False
borrower = with_head(body, 0.05)
print("parameters in all:", borrower.count_params())
print("that learn:", sum(int(np.prod(w.shape)) for w in borrower.trainable_weights))

before = borrower.get_weights()  # six arrays of the body, then two of the head
borrower.train_on_batch(new_x[draws[0]], new_y[draws[0]])  # one step
moved = [not np.array_equal(a, b) for a, b in zip(before, borrower.get_weights(), strict=True)]
lesson.claim(
    "a step of training moves the head, and leaves the whole body as it was, to the last bit",
    moved == [False] * 6 + [True] * 2,
)

# %% [markdown]
# 245 numbers are left to learn, 48 for each of the five digits and five biases. The others are still at work; they just stay as they are. The forward pass is as before, and gradients could pass through, as the generator's did through the frozen discriminator. Only the update is left out.
#
# ### Exercise: parameters_to_learn
#
# A network of dense layers is given as a list of pairs (inputs, units), and the first `frozen` of them are frozen. Return how many parameters it has in all, and how many of these learn.


# %%
def parameters_to_learn(sizes, frozen):
    """Return two numbers: all parameters, and those that learn."""
    ### BEGIN SOLUTION
    counts = [inputs * units + units for inputs, units in sizes]
    return sum(counts), sum(counts[frozen:])
    ### END SOLUTION


# %%
lesson.check("parameters_to_learn", parameters_to_learn)
# lesson.hint("parameters_to_learn")

# %% [markdown]
# ### Exercise: borrow
#
# Write it yourself, for any body and any number of classes: freeze the body, put a dense layer with softmax behind it, and compile it with a loss for whole-number labels.


# %%
def borrow(body, n_classes):
    """Return a compiled model: the frozen body and a new head."""
    ### BEGIN SOLUTION
    body.trainable = False
    model = keras.Sequential([body, layers.Dense(n_classes, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model
    ### END SOLUTION


# %%
lesson.check("borrow", borrow)
# lesson.hint("borrow")

# %% [markdown]
# ## From 25 pictures
#
# Now the experiment. Four classifiers learn from the same 25 pictures, six draws one after another:
#
# * **borrowed**: a new head on a body that was trained on 0 to 4, frozen;
# * **random**: a new head on its *untrained twin*, frozen as well: the very body from which that training started;
# * **pixels**: the dense layer alone, on the 400 pixels;
# * **from scratch**: body and head from a random start, and all of it learns.
#
# For the first two we take the mean over the three bodies. Blind guessing is right one time in five.
#
# **Before you run it, guess:** which is right most often on new pictures, on average over the draws?

# %%
lesson.guess("who_reads_most", "borrowed", "random", "pixels", "from scratch")

# %% [markdown]
# What is frozen gives the same features for the same picture at every step. So we compute them once, and train the head on them alone. `Restart` begins each training at given weights, with a fresh optimizer.

# %%
keras.utils.set_random_seed(lesson.seed)


def trainer(inputs):
    """Return a Restart for a new head on `inputs` numbers."""
    head = keras.Sequential([keras.Input(shape=(inputs,)), layers.Dense(5, activation="softmax")])
    head.compile(keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
    return Restart(head)


def heads_on(frozen, training, draws):
    """Return for each draw a head's accuracy on the test and on its own pictures; and the heads."""
    seen, test = outputs(frozen, new_x), outputs(frozen, test_x)
    accuracy, heads = [], []
    for few in draws:
        head = training.train(training.start, seen[few], new_y[few], steps=100)
        on_test = right(outputs(head, test), test_y)
        accuracy.append([on_test, right(outputs(head, seen[few]), new_y[few])])
        heads.append(head.get_weights())
    return np.array(accuracy), heads


on_features, on_pixels = trainer(48), trainer(400)
tried = {
    "borrowed": [heads_on(each, on_features, draws) for each in bodies],
    "random": [heads_on(untrained(start), on_features, draws) for start in range(3)],
    "pixels": [heads_on(layers.Flatten(), on_pixels, draws)],
}
scores, own = {}, {}
for name, results in tried.items():  # the mean over the bodies; what is left is a row of draws
    scores[name], own[name] = np.mean([accuracy for accuracy, _ in results], axis=0).T

# %% [markdown]
# The network from scratch has a smaller rate, so it gets more steps. Whether each was trained long enough you see by its own 25 pictures: it should read nearly all of them.

# %%
scratch = with_head(build_body(size=20), 0.003)
training, accuracy = Restart(scratch), []
for few in draws:
    start = with_head(build_body(size=20), 0.003).get_weights()  # built for its random weights
    training.train(start, new_x[few], new_y[few], steps=150)
    on_test = right(outputs(scratch, test_x), test_y)
    accuracy.append([on_test, right(outputs(scratch, new_x[few]), new_y[few])])
scores["from scratch"], own["from scratch"] = np.transpose(accuracy)
for name, values in scores.items():
    print(f"{name}: mean of six draws ≈ {np.mean(values):.2f}, spread ≈ {np.std(values):.2f}")
    print(f"    on its own 25 pictures ≈ {np.mean(own[name]):.2f}")

# %%
show(
    draw.dots(scores, chance=0.2),
    "A dot for each draw and a bar for the mean. The dots of the borrowed body lie to the right "
    "of the others; those of the random body and of the pixels are the nearest to the dashed line "
    "of blind guessing.",
)
means = {name: np.mean(values) for name, values in scores.items()}
lesson.claim(
    "on average over the draws the borrowed body is ahead of each of the other three",
    means["borrowed"] > max(means["random"], means["pixels"], means["from scratch"]),
    guess="who_reads_most",
)
lesson.claim(
    "it is over 5 points ahead of its untrained twins",
    means["borrowed"] > means["random"] + 0.05,
)
lesson.claim("a dense layer on the pixels is right in under 35 %", means["pixels"] < 0.35)
lesson.claim(
    "each of the four reads over 20 points more of its own 25 pictures than of new ones",
    min(np.mean(own[name]) - means[name] for name in means) > 0.2,
)

# %% [markdown]
# A twin has the same layers and the same start. So what lifts the borrowed body above it was learned from pictures of *other* digits: 5 to 9 were never among them. All four read their own 25 pictures far better than new ones, and the best is not a good classifier yet.
#
# ### Exercise: compare
#
# Each draw was given to both methods, so compare them **draw by draw**: then what a draw does to both cancels. Given two lists of accuracies, return the mean of the differences (first minus second), and in what fraction of the draws the first is ahead of the second.


# %%
def compare(first, second):
    """Return the mean difference over the draws, and the fraction of draws in which first wins."""
    ### BEGIN SOLUTION
    difference = np.array(first) - np.array(second)
    return np.mean(difference), np.mean(difference > 0)
    ### END SOLUTION


# %%
lesson.check("compare", compare)
# lesson.hint("compare")

# %% [markdown]
# ### A few examples
#
# On the board below you choose how many pictures of each digit there are, and draw them as often as you like. Three heads learn from every draw: on a borrowed body like ours, on its untrained twin, and on the pixels.
#
# **Before you run it, guess:** how many pictures of each digit does a head on the twin need, to read as many new ones as a head on the borrowed body reads with five?

# %%
lesson.guess("twin_needs", "about 10", "about 20", "more than 20")

# %% [markdown]
# Start with one picture of each digit, and draw again a few times. Then press a picture to exchange it, and see how far the twin comes with 20 and 40 of each.

# %%
lesson.explore("borrow")

# %% [markdown]
# The same with this notebook's own pictures, on the first of our three bodies and its twin: the twin gets 20 of each digit, six draws again.

# %%
draws_of_20 = [few_of_each(new_y[:3500], n=20, seed=1000 * lesson.seed + d) for d in range(6)]
twin_with_20 = heads_on(untrained(0), on_features, draws_of_20)[0][:, 0]
borrowed_with_5 = tried["borrowed"][0][0][:, 0]  # the body that was trained from this twin's start
print(f"borrowed, 5 of each: mean of six draws ≈ {np.mean(borrowed_with_5):.2f}")
print(f"its twin, 20 of each: mean of six draws ≈ {np.mean(twin_with_20):.2f}")

# %%
lesson.claim(
    "with 20 of each the head on the twin reads fewer than the one on the borrowed body with 5",
    np.mean(twin_with_20) < np.mean(borrowed_with_5),
    guess="twin_needs",
)
lesson.claim(
    "with 20 of each it reads more than heads on the twins did with 5",
    np.mean(twin_with_20) > means["random"],
)

# %% [markdown]
# More pictures help the twin, too, but what was borrowed is worth more than four times as many pictures. And with one picture of each digit it matters which ones you get: on the board, exchanging a single one can move the accuracy by over 6 points. Hence the six draws. (To exchange pictures until the test comes out well would be choosing on the test.)
#
# *A good place for a break.*
#
# ## Thaw it: fine-tuning
#
# The new head is trained. Now one can thaw (*unfreeze*) the body and go on training all of it: **fine-tuning**. We do so with the draws of 20 of each. How large should the steps be? We try 0.003, the rate at which the body was trained, and one ten times as large, 50 steps each. How many new digits does it read? And how many of 0 to 4, with the *old* head back on? (That tells how much was overwritten.)
#
# **Before you run it, guess:** after fine-tuning at the larger rate, how many of the digits 0 to 4 does the body still read with its old head?

# %%
lesson.guess("old_digits", "as many as before", "fewer, but over 70 %", "fewer than 70 %")

# %%
old_head = old_classifier.get_weights()[-2:]


def with_old_head(body):
    """Return how often the body is right on new pictures of 0 to 4 with the old head."""
    sums = outputs(body, old_x[4000:]) @ old_head[0] + old_head[1]
    return right(sums, old_y[4000:])  # softmax would leave the largest the largest


with_20, new_heads = heads_on(body, on_features, draws_of_20)
tuned, kept = {"frozen": with_20[:, 0]}, {"frozen": [with_old_head(body)]}
for name, rate in {"small rate": 0.003, "large rate": 0.03}.items():
    copy = build_body(size=20)  # free to learn; it gets the weights of `body`, which stays frozen
    classifier = with_head(copy, rate)
    training, tuned[name], kept[name] = Restart(classifier), [], []
    for few, head in zip(draws_of_20, new_heads, strict=True):
        training.train([*body.get_weights(), *head], new_x[few], new_y[few], steps=50)
        tuned[name].append(right(outputs(classifier, test_x), test_y))
        kept[name].append(with_old_head(copy))
for name in tuned:
    new, before = np.mean(tuned[name]), np.mean(kept[name])
    print(f"{name}: new digits ≈ {new:.2f}, old digits with the old head ≈ {before:.2f}")

# %%
show(
    draw.two_tasks(tuned, kept),
    "Pairs of bars for frozen, small rate and large rate. New digits: highest at the small rate. "
    "Old digits: high for frozen and small rate, far down for the large.",
)
lesson.claim(
    "frozen, the body reads the old digits as it did before",
    abs(kept["frozen"][0] - old_right) < 0.01,
)
lesson.claim(
    "after the small rate it reads over 2 points more of the new digits than frozen",
    np.mean(tuned["small rate"]) > np.mean(tuned["frozen"]) + 0.02,
)
lesson.claim(
    "after the small rate over 85 % of the old digits are still read",
    np.mean(kept["small rate"]) > 0.85,
)
lesson.claim(
    "after the large rate fewer than 70 % of the old digits are read",
    np.mean(kept["large rate"]) < 0.7,
    guess="old_digits",
)

# %% [markdown]
# At the small rate more of the new digits are read than with the body frozen, and nearly as many of the old ones as before. At the large rate most of the old ones are lost, and in our run fewer of the new ones are read than with the body frozen. Is the new task to blame, or would such large steps break the body anyway? The control: the same 50 steps, with 100 pictures of 0 to 4 and the old head.

# %%
same_task = []
for d in range(6):
    few = few_of_each(old_y[:4000], n=20, seed=1000 * lesson.seed + d)
    training.train(old_classifier.get_weights(), old_x[few], old_y[few], steps=50)  # large rate
    same_task.append(right(outputs(classifier, old_x[4000:]), old_y[4000:]))
print(f"old digits before ≈ {old_right:.2f}, after 100 of 0 to 4 ≈ {np.mean(same_task):.2f}")
lesson.claim(
    "on the old task itself the large rate loses over 5 points of the old digits",
    np.mean(same_task) < old_right - 0.05,
)

# %% [markdown]
# What is lost from the first number to the second is lost without any new task. Only what the large rate lost beyond that, in the
# figure, may be the doing of the new task. Nothing in it asks the body to keep what it knew. (And not all of it need be: in the control
# the old head learned along.) When a network loses an old task while it is trained on a new one, that is called **catastrophic
# forgetting**.
#
# ### What freezing means for batch normalization
#
# Our small body has none, but nearly all that one can borrow have `BatchNormalization` layers (lessons 09 and 11). Such a layer has four numbers for each feature. Scale and shift are learned; running mean and variance are not, but they *move* whenever the layer runs in training, and then it normalizes by the batch at hand. So a small batch of other pictures changes a borrowed network without a single step of gradient descent. Keras takes care of this as long as the layer is frozen: it then uses its running averages and leaves them alone, even where one asks for `training=True`.

# %%
norm = layers.BatchNormalization()
batch = np.array([[10.0], [12.0], [14.0]], dtype="float32")
norm.build(batch.shape)
norm.trainable = False
frozen_out = keras.ops.convert_to_numpy(norm(batch, training=True))[:, 0]
frozen_mean = float(norm.moving_mean[0])
norm.trainable = True
thawed_out = keras.ops.convert_to_numpy(norm(batch, training=True))[:, 0]
print("frozen:", frozen_out.round(), " thawed:", thawed_out.round(1))
lesson.claim(
    "frozen it uses and keeps its running averages, thawed it uses the batch's and moves its own",
    abs(frozen_out.mean() - 12) < 0.1
    and abs(thawed_out.mean()) < 0.01
    and frozen_mean == 0
    and float(norm.moving_mean[0]) > 0,
)

# %% [markdown]
# (In the first call the running mean was still 0 and the running variance 1.) When you thaw the body to fine-tune it, this protection ends. Therefore one builds the model with `body(x, training=False)`: the weights learn, and the averages stay put.
#
# ### Exercise: thaw
#
# Between frozen and thawed lies a middle way: only the last layers learn, and the first stay. Freeze everything in `body` but the last `n` layers that have weights. (`layer.weights` is empty for pooling. In Keras `body.trainable = False` or `True` also sets each of its layers, and a frozen body freezes all that is in it.)


# %%
def thaw(body, n):
    """Let only the last n layers with weights learn, and return the body."""
    ### BEGIN SOLUTION
    body.trainable = True
    with_weights = [layer for layer in body.layers if layer.weights]
    for layer in with_weights[: len(with_weights) - n]:
        layer.trainable = False
    return body
    ### END SOLUTION


# %%
lesson.check("thaw", thaw)
# lesson.hint("thaw")

# %% [markdown]
# ## Many pictures, and a foreign source
#
# First, 3,500 pictures of the target task, not 25. We train a head on the frozen borrowed body; the borrowed body under a new head, free to learn from the first step; and a network from scratch. The last two begin with the same random head and take the same number of steps.
#
# **Before you run it, guess:** which of the three reads the fewest of the test pictures?

# %%
lesson.guess(
    "with_many", "borrowed and frozen", "borrowed and fine-tuned", "from scratch", "all about alike"
)

# %%
def read_after(body):
    """Return what is read of the test after training the body and a head on all 3,500."""
    return right(outputs(train(body, new_x[:3500], new_y[:3500]), test_x), test_y)


scratch_right = read_after(untrained(0))
thawed = untrained(0)
thawed.set_weights(body.get_weights())  # a copy of the borrowed body, free to learn
tuned_right = read_after(thawed)

# %%
keras.utils.set_random_seed(lesson.seed)
head = keras.Sequential([keras.Input(shape=(48,)), layers.Dense(5, activation="softmax")])
head.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
seen = ShuffledBatches(outputs(body, new_x[:3500]), new_y[:3500], batch_size=32, seed=lesson.seed)
head.fit(seen, epochs=10, verbose=0)
head_right = right(outputs(head, outputs(body, test_x)), test_y)
own_right = right(outputs(head, outputs(body, new_x[:3500])), new_y[:3500])
print(f"borrowed, frozen ≈ {head_right:.2f}, of its own 3,500 ≈ {own_right:.2f}")
print(f"borrowed, fine-tuned ≈ {tuned_right:.2f}; from scratch ≈ {scratch_right:.2f}")

# %%
lesson.claim(
    "with 3,500 pictures the frozen body is over 10 points behind both of the others",
    min(tuned_right, scratch_right) > head_right + 0.1,
    guess="with_many",
)
lesson.claim(
    "fine-tuned and from scratch are less than 5 points apart",
    abs(tuned_right - scratch_right) < 0.05,
)
lesson.claim(
    "the frozen features read over 5 points more with 3,500 pictures than with 25",
    head_right > np.mean(borrowed_with_5) + 0.05,
)
lesson.claim(
    "of its own 3,500 the head reads over 5 points fewer than the other two of new ones",
    own_right < min(tuned_right, scratch_right) - 0.05,
)

# %% [markdown]
# With many pictures it is *freezing* that loses, and not borrowing. The head on the frozen body reads far more than it did with 25 pictures, but even of its own 3,500 it reads fewer than the other two read of new ones. Thawed, the same body comes out level with the network from scratch. Here borrowing neither gained nor cost anything to speak of; with larger networks and photos it often still gains (Yosinski, below).
#
# Second, a foreign source. We scramble the pixels of all pictures of 0 to 4, in one and the same way, as lesson 04 did, and train a body on those: as many pictures, with right labels.
#
# **Before you run it, guess:** borrowed from there, with 25 pictures of real digits, how well does the new head read?

# %%
lesson.guess(
    "foreign_source",
    "about as well as borrowed from digits (within 2 points)",
    "worse, by over 2 points",
    "better, by over 2 points",
)

# %%
order = np.random.default_rng(lesson.seed).permutation(400)
scrambled = old_x.reshape(len(old_x), 400)[:, order].reshape(old_x.shape)
foreign = untrained(0)
foreign_classifier = train(foreign, scrambled[:4000], old_y[:4000])
foreign_right = right(outputs(foreign_classifier, scrambled[4000:]), old_y[4000:])
print(f"its own task, on scrambled pictures that it has not seen: right in ≈ {foreign_right:.2f}")
means["foreign"] = np.mean(heads_on(foreign, on_features, draws)[0][:, 0])
for name in ("borrowed", "foreign", "random"):
    print(f"{name}: mean of six draws ≈ {means[name]:.2f}")

# %%
lesson.claim("of its own scrambled pictures it reads over half", foreign_right > 0.5)
lesson.claim(
    "borrowed from scrambled pictures it is over 2 points worse than from digits",
    means["borrowed"] > means["foreign"] + 0.02,
    guess="foreign_source",
)
lesson.claim(
    "it is less than 10 points ahead of a random body",
    means["foreign"] < means["random"] + 0.1,
)

# %% [markdown]
# (The foreign body is a single one; the other two numbers are the means of three.) It had learned its own task; but in its pictures neighbouring pixels do not belong together, and what it had learned helped little or nothing here. What counts is whether what was learned is of use in the target task. The control tells.
#
# ## A real one
#
# Borrowed networks are trained on millions of photos, or on much of the web's text. Keras comes with a collection of them for
# photos, `keras.applications`. The code below is **not run here**: at its first call it downloads the weights, about 10 MB for
# this small one, and it wants colour photos of about 224 by 224.
#
# ```python
# body = keras.applications.MobileNetV2(
#     include_top=False,           # without its head of a thousand classes
#     weights="imagenet",          # downloaded once, then kept in ~/.keras
#     input_shape=(224, 224, 3),
#     pooling="avg",               # so that it gives 1,280 features for each photo
# )
# body.trainable = False
#
# photos = keras.Input(shape=(224, 224, 3))                       # pixels from 0 to 255
# x = keras.applications.mobilenet_v2.preprocess_input(photos)    # its own scaling: -1 to 1
# x = body(x, training=False)                                     # for BatchNormalization
# model = keras.Model(photos, layers.Dense(5, activation="softmax")(x))
# # compile and fit, as in `borrow`; then, to fine-tune:
# body.trainable = True               # its averages stay: training=False is built in
# model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
# model.fit(...)
# ```
#
# **Compile again** after you thaw: a model that has trained already keeps the flags of its first step, and the body may quietly not learn (lesson 08). The usual advice is to train the head first, lest gradients through a head that knows nothing change the body; we have not tested it. What do the features stand for? In such networks units of early layers respond to edges and textures, those of later ones to parts of things, such as wheels or eyes (Zeiler and Fergus, below).
#
# For text there is a package of its own, `keras_hub` (`pip install keras-hub`). BERT is a Transformer that was trained to fill gaps in texts; it is usually fine-tuned as a whole:
#
# ```python
# import keras_hub
#
# model = keras_hub.models.TextClassifier.from_preset("bert_tiny_en_uncased", num_classes=5)
# loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
# model.compile(keras.optimizers.Adam(5e-5), loss=loss)   # body and new head, at a small rate
# model.fit(["first text", "second text"], [0, 3])    # it splits texts into tokens by itself
# ```
#
# Before you borrow, ask five things.
#
# * **Scaling.** What did it get as inputs: 0 to 1, -1 to 1, 0 to 255? With the wrong scaling it runs, without a word of complaint, and badly.
# * **Source.** What was it trained on? Photos of cats and cars may well help with bees; with X-rays or pictures of sounds, ask the control.
# * **Overlap.** Were *your test pictures* among its training pictures? What is on the web may have been, and then the test tells nothing.
# * **Licence and privacy.** May you use it for this? Whose pictures were they?
# * **Bias.** For whom does it work badly (lesson 00)? You inherit its mistakes with its skill.
#
# Also load weights only from sources that you trust: some file formats can run code when they are opened.
#
# ## Which network for which data
#
# Here is the map of lesson 00 again, a row longer, with what goes wrong most often.
#
# | Your data, and what you want | Network | Lesson | Beat this first | What goes wrong |
# | --- | --- | --- | --- | --- |
# | a table of numbers, an amount to predict | a feedforward network | [01](01_linear_regression.ipynb), [03](03_fnn.ipynb) | always the mean; then a straight line (a single neuron) | features not scaled; a column that gives the answer away |
# | a table of numbers, a class to name | a feedforward network | [02](02_activations.ipynb), [03](03_fnn.ipynb) | the most frequent class; then a straight boundary | accuracy where one class is rare |
# | pictures, thousands of them | a convolutional network; for everyday photos a borrowed one, fine-tuned | [04](04_cnn.ipynb), this one | the most frequent class; then the nearest average picture | near-copies in training and test |
# | pictures or texts, a few of each kind | a borrowed network with a new head | this one | the same with random weights; a straight boundary on pixels or word counts | wrong scaling; a foreign source |
# | a series of measurements in time | a recurrent network | [05](05_rnn.ipynb) | "the same as last time", or as a season ago | a test that lies before the training in time; a forecast that is last time's value |
# | text, or signals where what came long ago matters | an LSTM; for text today mostly a Transformer | [06](06_lstm.ipynb), [13](13_attention.ipynb) | count the words and ignore their order | no positions, no mask; test texts known already |
# | no labels: compress, clean up, find the odd one | an autoencoder | [07](07_autoencoder.ipynb) | principal component analysis (PCA) | it copies odd ones as well |
# | "make more like these" | a GAN; today for pictures mostly diffusion | [08](08_gan.ipynb) | real ones repeated, or averaged | one good sample, always the same |
# | a rule that you can write down, or a dozen examples | none | [00](00_start_here.ipynb), [01](01_linear_regression.ipynb) | | a network where a line of code would do |
#
# For tables of numbers there is a rival outside of this course: great numbers of *decision trees*, each of which asks yes-no questions one after another (*random forests*, *gradient boosting*). They often win there. Try scikit-learn's `HistGradientBoostingClassifier` as a baseline.
#
# ### Exercise: which_network
#
# Ten cases. Answer each with one of these: `"feedforward"`, `"convolutional"`, `"recurrent"` (RNN, LSTM, GRU), `"Transformer"`, `"autoencoder"`, `"GAN"` (or diffusion), `"borrowed"` (with a new head), `"none"`. What would you try first, after the baseline? Go by the table; there "a few" means up to a few hundred.
#
# * `loans`: 40 numbers about each of 20,000 loans, and whether it was paid back. Will the next one be?
# * `bees`: 60 photos each of three kinds of bees. Which kind is on a new photo?
# * `chips`: 200,000 pictures from one special microscope, each labelled good or faulty. Nobody has trained on such pictures.
# * `power`: what a town used of electricity in each hour of three years. How much in the next hour?
# * `logs`: 500,000 sequences of a machine's 300 codes, in which the order matters, each with the fault that came next. It is a language that no other machine speaks.
# * `pumps`: 100 numbers of vibration for each of 5,000 healthy pumps. None has ever broken. Which of the new ones is odd?
# * `patterns`: 20,000 small pictures of old fabrics. Draw new ones in their style.
# * `fees`: the fee is 2 euros plus 1 % of the amount, at most 50 euros. What is it for a given amount?
# * `shops`: five numbers about each of twelve shops, and their sales. How much will the thirteenth sell?
# * `letters`: 300 letters in plain English, each with one of four departments. Where does a new letter belong?

# %%
which_network = {
    ### BEGIN SOLUTION
    "loans": "feedforward",
    "bees": "borrowed",
    "chips": "convolutional",
    "power": "recurrent",
    "logs": "Transformer",
    "pumps": "autoencoder",
    "patterns": "GAN",
    "fees": "none",
    "shops": "none",
    "letters": "borrowed",
    ### STARTER
    # "loans": ...,
    # "bees": ...,
    # "chips": ...,
    # "power": ...,
    # "logs": ...,
    # "pumps": ...,
    # "patterns": ...,
    # "fees": ...,
    # "shops": ...,
    # "letters": ...,
    ### END SOLUTION
}

# %%
lesson.check("which_network", which_network)
# lesson.hint("which_network")

# %% [markdown]
# ### Exercise: what_went_wrong
#
# Six reports. Name the fault of each: `"no baseline"`, `"leak"` (the test is not new), `"chosen on the test"`, `"too few to tell"`, `"wrong scaling"`, `"foreign source"`. Each occurs once.
#
# * `rain`: "Our network says whether it will rain tomorrow, and is right on 78 % of new days. It rains on 22 % of days here."
# * `lungs`: "3,000 X-rays of 400 people, split at random into training and test pictures. 99 % right!"
# * `settings`: "We tried 60 settings, and report the accuracy of the one that was best on the test pictures."
# * `birds`: "With the new body 17 of 20 test photos are right, with the old one 16. So the new body is better."
# * `flowers`: "The body was trained on pixels from -1 to 1. We feed it ours, 0 to 255; it reads hardly better than chance."
# * `sounds`: "We draw the clicks of whales as patterns of dots, properly scaled. A body trained on photos does no better in eight draws than a random one."

# %%
what_went_wrong = {
    ### BEGIN SOLUTION
    "rain": "no baseline",
    "lungs": "leak",
    "settings": "chosen on the test",
    "birds": "too few to tell",
    "flowers": "wrong scaling",
    "sounds": "foreign source",
    ### STARTER
    # "rain": ...,
    # "lungs": ...,
    # "settings": ...,
    # "birds": ...,
    # "flowers": ...,
    # "sounds": ...,
    ### END SOLUTION
}

# %%
lesson.check("what_went_wrong", what_went_wrong)
# lesson.hint("what_went_wrong")

# %% [markdown]
# ## What people get wrong
#
# * **"Borrowing always helps."** From scrambled pictures it hardly did, if at all.
# * **"With many pictures one had better not borrow."** What lost there was the *frozen* body. Borrowed and fine-tuned it was level with the one from scratch.
# * **"A frozen layer does nothing."** It computes as before. Only its weights stay.
# * **"The network was good, so its features are good for my task."** Compare with a random body of the same shape.
# * **"Fine-tuning can only improve."** At a large rate most of the old digits were lost. Choose the rate on a validation part.
#
# ## Takeaways
#
# * A body makes features, a head makes answers. Freeze the body, train a new head: what the body knows need not be learned from your few examples.
# * The control for a frozen body is a random one of the same shape.
# * Compare over several draws, draw by draw.
# * Watch the old task while you fine-tune: large steps can lose what was borrowed.
# * A frozen body paid off where examples were few and what it had learned was of use. With thousands it fell far behind; fine-tuned it was level with training from scratch.
# * Look at the data, take the smallest network that fits their shape, and beat a baseline.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# You can write a network and its training from scratch, and check the gradient by a nudge. You can build networks for many kinds of data, choose settings without fooling yourself, and find out whom a network fails.
#
# What is left is to do it without a lesson at your side. The folder `projects/` has three briefs for that, on data that come with the course: each asks a question that somebody really has, and comes with a baseline and a held-out part that you do not see. `course project` in a terminal lists them, and `course project check` tests what you made on that part.
#
# After that, take data that *you* care about.
#
# * All terms of the course, each in a sentence: [glossary](glossary.md). All of Keras: [keras.io/api](https://keras.io/api/).
# * François Chollet, *Deep Learning with Python* (Manning, third edition 2025): the natural next book.
# * Jason Yosinski, Jeff Clune, Yoshua Bengio and Hod Lipson, "How transferable are features in deep neural networks?", *NeurIPS* (2014; arXiv:1411.1792): frozen, fine-tuned and random layers compared, layer by layer. There, too, the target had many pictures: fine-tuned, borrowed layers still helped; frozen, they cost something, the later layers most.
# * Matthew Zeiler and Rob Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014 (arXiv:1311.2901): what layers of a network for photos respond to.
# * Keras's guide "Transfer learning and fine-tuning", [keras.io/guides/transfer_learning](https://keras.io/guides/transfer_learning/): with a real borrowed network.
