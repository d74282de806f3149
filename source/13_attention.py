# %% [markdown]
# # Networks that look where it matters
#
# *135 minutes: 65 to read and run, 40 for 8 exercises, 30 for the 30 questions of the quiz. Builds on: softmax (lesson 02), recurrent networks (lesson 05), embeddings and sentences (lesson 06), shortcuts and normalization (lesson 11), costs (lesson 12). A good place for a break is marked about halfway.*
#
# "The dog chased the boy." To say who acts, a recurrent network reads word after word, and carries what it has read in one list of numbers, its state, however long the sentence is. Another way is to take in all words at once, and let each word look at all the others and decide which of them matter. That is **attention**. Large language models are built of it. This lesson ends with a small network that writes.
#
# **After this lesson you can**
#
# * work out attention by hand: products, a softmax, a weighted mean;
# * say what queries, keys and values are for, and set them by hand for a task;
# * say what a network with attention knows of order, and give it what it lacks;
# * find out by interfering whether a map of attention shows what decides;
# * count what attention costs, and compare it with a recurrent network's steps;
# * read a block of a Transformer line by line, mask the future, and draw text from a network at any temperature.

# %%
from courseware import open_lesson

lesson = open_lesson("13_attention")

from collections import Counter

import keras
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches
from courseware.data import word_order
from courseware.drawing import show
from courseware.lessons.attention import drawings as draw
from courseware.lessons.attention.by_hand import deal, deal_two, sentence_rows
from courseware.lessons.attention.models import AddPositions, build_attention_reader
from courseware.lessons.lstm.models import build_recall

# %% [markdown]
# The data are the 378 pairs of lesson 06: in each pair a person and an animal change places, and the question is who acts. A quarter of the pairs is held out. `sentence_rows` turns words into numbers as you did there, only with the zeros *after* the sentence.

# %%
sentences, acts = word_order()
rows, labels, held_out, vocabulary = sentence_rows(lesson.seed)
print("rows:", rows.shape, " held out:", held_out.sum())
for n in (10, 11):
    print(("animal acts: ", "person acts: ")[acts[n]], sentences[n])

# %% [markdown]
# The LSTM of lesson 06 was right on nearly all such test sentences. In our new network every word looks at
# every other. (Its code comes later.) With `positions=False` it is told which words there are, and not where.
#
# **Before you run it, guess:** on how many of the test sentences will it be right?

# %%
lesson.guess("no_positions", "about 50 %", "about 75 %", "over 90 %")


# %%
def train_reader(positions, epochs, seed=lesson.seed, flat=False):
    """Return the trained reader, and the probability that it gives each sentence."""
    keras.utils.set_random_seed(seed)
    model = build_attention_reader(len(vocabulary) + 2, rows.shape[1], positions, flat=flat)
    batches = ShuffledBatches(rows[~held_out], acts[~held_out], batch_size=32, seed=seed)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[lesson.live()])
    return model, keras.ops.convert_to_numpy(model(rows))[:, 0]


def right(probability, which=held_out):
    return np.mean((probability > 0.5)[which] == acts[which])


_, blind = train_reader(positions=False, epochs=3)  # 3 or 18, here it comes to the same
reader, probability = train_reader(positions=True, epochs=18)
blind_right, reader_right = right(blind), right(probability)
print("without positions, fraction right:", blind_right)
print(f"with positions, fraction right ≈ {reader_right:.2f}")

# %%
twins = np.max(np.abs(blind[0::2] - blind[1::2]))
lesson.claim("without positions both sentences of a pair get the same answer", twins < 1e-4)
lesson.claim("so it is right half of the time, exactly", blind_right == 0.5, guess="no_positions")
lesson.claim("with positions it is right in over 75 % of cases", reader_right > 0.75)

# %% [markdown]
# A half, as for the counted words of lesson 06: without places, whoever looks at all words at once sees a bag of words. More training cannot help. The second network is told the place of each word as well, and reads.
#
# Now take it apart.
#
# ## A weighted mean, with weights made from the contents
#
# Three words, and for each of them two numbers, as from an embedding. Think of them as arrows in a plane.

# %%
words = ["dog", "cat", "runs"]
vectors = np.array([[1.0, 0.4], [0.7, 0.8], [-0.6, 0.9]])

# %% [markdown]
# How well do two arrows go together? Multiply them number by number and add up. This weighted sum of lesson 00 has a second name, **dot product**: it is large if both are long and point the same way, zero if they stand at a right angle, negative if they point apart. Let "dog" look at all three, itself included. (It will look most at what is *like* it; soon a word looks for what it *needs*.)

# %%
scores = vectors @ vectors[0]  # "dog" with each of the three
for word, score in zip(words, scores, strict=True):
    print(f"dog with {word}: {score:.2f}")

# %% [markdown]
# Three scores. The softmax of lesson 02 makes weights of them, which are positive and add up to 1. With these weights we take the mean of the three arrows.
#
# **Before you run it, guess:** where does the mean end up?

# %%
lesson.guess(
    "where_the_mean_is",
    "between the three, near dog and cat",
    "at the end of dog exactly",
    "farther out than all three",
)


# %%
def softmax(scores):
    """Return positive weights that add up to 1 along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


weights = softmax(scores)
new_dog = weights @ vectors
print("weights:", weights.round(3), " new dog:", new_dog.round(3))

# %%
show(
    draw.look(words, vectors, weights, new_dog),
    "Left: three arrows from the origin, dog and cat close together, runs apart. A dotted triangle "
    "joins their ends; a cross lies in it, near the side from dog to cat. Right: three bars of the "
    "weights, dog highest, cat a little lower, runs far lower.",
)
distance = np.linalg.norm(vectors - new_dog, axis=1)
lesson.claim(
    "the weights are positive and add up to 1, which puts the mean into the dotted triangle; dog "
    "and cat are nearer to it than runs",
    weights.min() > 0 and abs(weights.sum() - 1) < 1e-9 and distance[2] > distance[:2].max(),
    guess="where_the_mean_is",
)

# %% [markdown]
# That is all there is to attention: **products, softmax, weighted mean.** (Here a text looks at itself: *self-attention*.) Equal weights would make a plain mean, a single weight near 1 a look-up. What is new is where they come from. The weights of a dense layer stay as they were trained, whatever comes in; *attention weights* are made anew for each sentence, from its contents.
# %% [markdown]
# ### Exercise: attend
#
# One word looks, in plain Python numbers: `scores` is a list of scores, `values` a list of numbers. Return the weighted mean; write the softmax out with `np.exp`.


# %%
def attend(scores, values):
    """Return the mean of the values, weighted by the softmax of the scores."""
    ### BEGIN SOLUTION
    powers = np.exp(scores)
    return np.sum(powers * values) / np.sum(powers)
    ### END SOLUTION


# %%
lesson.check("attend", attend)
# lesson.hint("attend")

# %% [markdown]
# ## Queries, keys, values: what each is for
#
# So far one arrow did three jobs: it looked, it was looked at, and it was averaged. Now a game in which they differ. Eight people sit at a table, each with a card. On the card stand the person's **name**, the name of somebody whom this person **seeks**, and a **number**. Each has to tell the number of the one whom they seek. So each card needs
#
# * a **query**: what it looks for (here the sought name), to be compared with all keys;
# * a **key**: what it can be found by (here the name);
# * a **value**: what it hands over to those that find it (here the number).
#
# `deal` makes each card a row of 26 numbers: eight for the name, eight for the sought name, ten for the number, with a single 1 in each group.

# %%
cards, numbers, sought_at = deal(np.random.default_rng(lesson.seed), n=2000)
print("cards:", cards.shape, " numbers to tell:", numbers.shape)
for card, to_tell in zip(cards[0], numbers[0], strict=True):
    name, seeks = "ABCDEFGH"[card[:8].argmax()], "ABCDEFGH"[card[8:16].argmax()]
    print(f"{name} seeks {seeks}, holds {card[16:].argmax()}, has to tell {to_tell}")

# %% [markdown]
# Three matrices make queries, keys and values from the rows. Call them all together $Q$, $K$ and $V$, with one row for each:
#
# $$\text{attention}(Q, K, V) = \text{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V$$
#
# $Q K^\top$ holds the dot product of each query with each key, and $d$ is how many numbers a key has. (The root comes below. With it, this is *scaled dot-product attention*.)

# %%
show(
    draw.flow(),
    "Boxes and arrows from left to right. Rows x become queries, keys and values. Queries and keys "
    "meet in products divided by the root of d; then comes the softmax, which gives weights. The "
    "weights and the values meet in the weighted mean, which gives new rows.",
)

# %% [markdown]
# ### Exercise: attention_weights
#
# Write the part before $V$: each row holds the weights of one query. `softmax` from above works along the last axis.


# %%
def attention_weights(queries, keys):
    """Return the weights, of shape (number of queries, number of keys)."""
    ### BEGIN SOLUTION
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    return softmax(scores)
    ### END SOLUTION


# %%
lesson.check("attention_weights", attention_weights)
# lesson.hint("attention_weights")

# %% [markdown]
# ### Exercise: look_up
#
# A goal to reach without any training: queries, keys and values for the cards. Return three matrices of shapes (26, 8), (26, 8) and (26, 10), so that (without the root, for once) `softmax(x @ w_q @ (x @ w_k).T) @ (x @ w_v)` gives each card the number of the one whom it seeks, as ten numbers of which the right one is above 0.95. The columns of a card: 0 to 7 name, 8 to 15 sought name, 16 to 25 number. (A product of 1 is too little for a softmax among eight. How large should it be?)


# %%
def look_up():
    """Return w_q, w_k and w_v, set by hand."""
    ### BEGIN SOLUTION
    w_q, w_k, w_v = np.zeros((26, 8)), np.zeros((26, 8)), np.zeros((26, 10))
    w_q[8:16] = 10 * np.eye(8)  # what it seeks, loudly
    w_k[0:8] = np.eye(8)  # what it is called
    w_v[16:26] = np.eye(10)  # what it knows
    ### STARTER
    # w_q, w_k, w_v = ..., ..., ...
    ### END SOLUTION
    return w_q, w_k, w_v


# %%
lesson.check("look_up", look_up)
# lesson.hint("look_up")

# %% [markdown]
# Now a network learns it by examples.

# %%
### SOURCE courseware.lessons.attention.models.build_look_up

# %% [markdown]
# Are all three needed? We train two more, in which the same weights make two of them: query and key, or key and value.
#
# **Before you run it, guess:** if query and key are made by the same weights, how often does the network tell the right number? (Naming the commonest number on the table: about three times in ten.)

# %%
lesson.guess(
    "query_is_key", "nearly always", "about two times in three", "less than half of the time"
)

# %%
def train_look_up(shared="", mutual=False, own=True):
    """Return a network trained on 2,000 tables, and how often it is right on 500 new ones."""
    x, y, _ = deal(np.random.default_rng(lesson.seed), 2000, mutual)
    new_x, new_y, _ = deal(np.random.default_rng(lesson.seed + 1000), 500, mutual)
    keras.utils.set_random_seed(lesson.seed)
    model = build_look_up(n_cards=8, shared=shared, own=own)
    model.fit(ShuffledBatches(x, y, batch_size=50, seed=lesson.seed), epochs=4, verbose=0)
    answers = keras.ops.convert_to_numpy(model(new_x)).argmax(axis=-1)
    return model, np.mean(answers == new_y)


look_ups, told = {}, {}
for shared in ("", "query and key", "key and value"):
    look_ups[shared], told[shared] = train_look_up(shared)
    print(f"{'shared: ' + shared if shared else 'nothing shared'}: right ≈ {told[shared]:.2f}")

# %%
lesson.claim("with nothing shared it is right in over 95 %", told[""] > 0.95)
lesson.claim(
    "with one set of weights for query and key it is right in less than half",
    told["query and key"] < 0.5,
    guess="query_is_key",
)
lesson.claim(
    "with one for key and value it is right in over 95 % as well", told["key and value"] > 0.95
)

# %% [markdown]
# Why does it fail with query and key alike? Ann's score with Bob equals Bob's score with Ann. That puts two obstacles in the way.
# First, one's own card, which is in sight: around a ring of seekers, not everyone's score with the next card can be higher than
# with their own. Second, rings: let Ann seek Bob, Bob seek Cem, and Cem seek Ann. Each of their three scores would have to be
# larger than the next, all round.
#
# Both can be removed: we cover each one's own card, and we let the people seek each other in pairs.

# %%
for mutual, own in ((False, False), (True, True), (True, False)):
    _, told[mutual, own] = train_look_up("query and key", mutual, own)
    who = "in pairs" if mutual else "anybody"
    print(f"seek {who}, own card {'seen' if own else 'covered'}: right ≈ {told[mutual, own]:.2f}")

# %%
lesson.claim("in pairs, own card covered, it is right in over 95 %", told[True, False] > 0.95)
lesson.claim(
    "with one of the two obstacles left it is right in less than 90 %",
    max(told[False, False], told[True, True]) < 0.9,
)

# %% [markdown]
# Each obstacle counts, and one's own card more than the rings. (With it covered, three in four are right all the same: we guess that a card which nobody seeks has only one that fits, the one it seeks. In pairs, with one's own card in sight, partner and own card can at best get equal weights.) For key and value one matrix does: three matrices are not a law.

# %% [markdown]
# ### Why the root?
#
# A dot product of $d$ random numbers around zero with $d$ others is a sum of $d$ products, and the typical size of such a sum grows like $\sqrt{d}$ (lesson 11). A softmax of scores that lie far apart gives nearly all to the largest. Eight random keys, 200 draws:

# %%
rng = np.random.default_rng(lesson.seed)
largest = {"as they are": [], "divided by the root": []}
sizes = [4, 16, 64, 256, 1024]
for d in sizes:
    q, k = rng.normal(size=(200, 1, d)), rng.normal(size=(200, 8, d))
    products = np.sum(q * k, axis=2)
    largest["as they are"].append(softmax(products).max(axis=1).mean())
    largest["divided by the root"].append(softmax(products / np.sqrt(d)).max(axis=1).mean())
for name, means in largest.items():
    print(f"{name}: largest of eight weights, d = 4 ≈ {means[0]:.2f}, d = 1024 ≈ {means[-1]:.2f}")

# %%
show(
    draw.largest(sizes, largest),
    "The largest weight against d. Without the division it climbs from about a half to nearly 1; "
    "with it, it stays level near a third.",
)
lesson.claim(
    "without the root the largest of eight weights goes to over 0.9",
    largest["as they are"][-1] > 0.9,
)
lesson.claim(
    "with it the largest stays between 0.25 and 0.5 for all five sizes",
    min(largest["divided by the root"]) > 0.25 and max(largest["divided by the root"]) < 0.5,
)

# %% [markdown]
# A weight of almost 1 leaves the others almost no slope to learn by (where one takes nearly all, a softmax is flat). The root keeps an untrained network's choices open; training can still make them sharp.
#
# ### The same in Keras
#
# `MultiHeadAttention` first makes queries, keys and values, each by weights of its own and a bias, then attends, then sends the result through one more layer. We give ours the weights that a Keras layer has drawn.


# %%
def look(x, layer_weights, mask=None, change=lambda weights: weights):
    """Return what a MultiHeadAttention layer of one head makes of the rows x, and its weights."""
    # `change`, for later, lets us interfere with the attention weights
    # the 1 in the shapes, for the one head, is squeezed out
    w_q, b_q, w_k, b_k, w_v, b_v, w_o, b_o = [np.squeeze(part) for part in layer_weights]
    scores = (x @ w_q + b_q) @ (x @ w_k + b_k).T / np.sqrt(len(b_k))
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)  # softmax makes it a weight of 0
    weights = change(softmax(scores))
    return weights @ (x @ w_v + b_v) @ w_o + b_o, weights


keras.utils.set_random_seed(lesson.seed)
layer = layers.MultiHeadAttention(num_heads=1, key_dim=5)
some_x = rng.normal(size=(1, 7, 4)).astype("float32")
from_keras = keras.ops.convert_to_numpy(layer(some_x, some_x))[0]
by_hand, _ = look(some_x[0], layer.get_weights())
for part in layer.weights:
    print("/".join(part.path.split("/")[-2:]), tuple(part.shape))

# %%
lesson.claim("ours computes what Keras computes", np.max(np.abs(from_keras - by_hand)) < 1e-4)

# %% [markdown]
# ### Several heads
#
# The 1 in the shapes is the number of **heads**: attentions side by side in one layer. Each makes queries, keys and values of its own, from *all* numbers of a row; the last layer joins their results.
#
# What is this good for? On other cards each person seeks *two* others and has to tell both numbers, in order. We train a network with one head of 16 numbers, and one with two heads of 8: equally many parameters.
#
# **Before you run it, guess:** how often does the network with one head tell both numbers right?

# %%
lesson.guess(
    "one_head", "nearly always, as with two", "about half of the time", "less than a third"
)

# %%
x, y = deal_two(np.random.default_rng(lesson.seed), 2000)
new_x, new_y = deal_two(np.random.default_rng(lesson.seed + 1000), 500)
both, better = {}, {}
for heads in (1, 2):
    keras.utils.set_random_seed(lesson.seed)
    inputs = keras.Input(shape=(8, 34))
    looked = layers.MultiHeadAttention(heads, key_dim=16 // heads)(inputs, inputs)
    told_two = layers.Reshape((8, 2, 10))(layers.Dense(20)(looked))  # two answers, each of ten
    model = keras.Model(inputs, layers.Softmax()(told_two))
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(ShuffledBatches(x, y, batch_size=50, seed=lesson.seed), epochs=8, verbose=0)
    fits = keras.ops.convert_to_numpy(model(new_x)).argmax(axis=-1) == new_y
    both[heads], each = np.mean(fits.all(axis=-1)), fits.mean(axis=(0, 1))
    better[heads] = each.max()
    print(f"heads: {heads}, parameters: {model.count_params()}, both right ≈ {both[heads]:.2f}")
    print(f"    the one number right ≈ {each.max():.2f}, the other ≈ {each.min():.2f}")

# %%
lesson.claim("with two heads both numbers are right in over 95 %", both[2] > 0.95)
lesson.claim("with one head in less than a third", both[1] < 1 / 3, guess="one_head")
lesson.claim("it tells one of the two right in over three quarters", better[1] > 0.75)

# %% [markdown]
# One head has one row of weights for a card, and so one mean for both answers. Ours mostly tells the one number and seldom the other.
#
# ## The game of memory, in one step
#
# In lesson 06 you heard a row of digits and had to say at the end which was first. What a recurrent network knows of the first digit has to survive every step in between. With attention the last place can look at any other directly.

# %%
### SOURCE courseware.lessons.attention.models.build_attention_recall

# %% [markdown]
# Three networks train on the same 12,000 rows with 40 digits between the first and the question: this one, the same without positions, and lesson 06's GRU with 16 units; our network, too, describes a symbol by 16 numbers.
#
# **Before you run it, guess:** which of the three learn it?

# %%
lesson.guess("gap_40", "all three", "attention and GRU", "only attention with positions", "none")


# %%
def game(rng, n, gap):
    """Return n rows of gap + 1 digits, each as ten numbers, and the first digit of each row."""
    digits = rng.integers(0, 10, (n, gap + 1))
    return np.eye(10, dtype="float32")[digits], digits[:, 0]


def play(name, portions=6, step=1):
    """Train a network on portions of 2,000 rows, read in steps of 1, or of -1: backwards."""
    keras.utils.set_random_seed(lesson.seed)
    rng = np.random.default_rng(lesson.seed)
    if name == "GRU":
        model = build_recall(layers.GRU, n_symbols=10)
    elif name == "dense":
        inputs = keras.Input(shape=(41, 10))
        parts = [inputs, layers.Flatten(), layers.Dense(10, activation="softmax")]
        model = keras.Sequential(parts)
        model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    else:
        model = build_attention_recall(10, length=41, positions=name == "attention")
    for _ in range(portions):
        x, y = game(rng, n=2000, gap=40)  # new rows each time
        model.fit(x[:, ::step], y, batch_size=100, verbose=0)
    answers = keras.ops.convert_to_numpy(model(test_x[:, ::step])).argmax(axis=1)
    return model, np.mean(answers == test_y)


test_x, test_y = game(np.random.default_rng(lesson.seed + 1000), n=500, gap=40)
recalled = {}
for name in ("attention", "without positions", "GRU"):
    model, recalled[name] = play(name)
    print(f"{name}: {model.count_params()} parameters, right ≈ {recalled[name]:.2f}")
commonest = np.mean(test_x.sum(axis=1).argmax(axis=1) == test_y)
print(f"always the commonest digit of the row: right ≈ {commonest:.2f}")

# %%
lesson.claim("attention is right in over 95 % of new rows", recalled["attention"] > 0.95)
lesson.claim(
    "without positions, and with the GRU, it is less than a third",
    max(recalled["without positions"], recalled["GRU"]) < 1 / 3,
    guess="gap_40",
)

# %% [markdown]
# Without positions the last place can look anywhere, and has no way to tell the first digit from the others; it does no better
# than naming the commonest digit. So attention goes by the place. And the GRU: is it the 40 steps in between that stop it? Let it
# read the same rows backwards: then the first digit comes last.
#
# And one more control: a single dense layer gets the row, flattened.

# %%
_, recalled["backwards"] = play("GRU", portions=3, step=-1)
print(f"GRU, reading backwards: right ≈ {recalled['backwards']:.2f}")
model, recalled["dense"] = play("dense")
print(f"one dense layer: {model.count_params()} parameters, right ≈ {recalled['dense']:.2f}")

# %%
lesson.claim(
    "backwards, the GRU is right in over 95 % after half as many rows", recalled["backwards"] > 0.95
)
lesson.claim("one dense layer is right in over 95 % as well", recalled["dense"] > 0.95)

# %% [markdown]
# The way was too long for the GRU, in these 12,000 rows. For attention the first digit is one step away. It is so for the dense layer, too: where the place is always the same, fixed weights do. With the cards the contents decide where to look.
#
# **A good place for a break.**
#
# ## Order, and what is only padding
#
# Shuffle the words of a sentence. Attention without positions gives each word exactly what it got before, only at its new place:

# %%
order = np.random.default_rng(lesson.seed).permutation(7)
x = some_x[0]
before, _ = look(x, layer.get_weights())
after, _ = look(x[order], layer.get_weights())

# %%
lesson.claim(
    "shuffled input, shuffled output, and nothing else",
    np.allclose(after, before[order], atol=1e-5),
)

# %% [markdown]
# A mean over all places then loses even that, and a bag of words is left. The remedy: **add to each word a list of numbers that belongs to its place.** "Dog at place 2" and "dog at place 5" are then two arrows. In `build_attention_reader` our layer `AddPositions` does it: a table with a row for each place, learned like any other weights (a **positional embedding**). The first Transformer of 2017 used fixed waves of sine and cosine instead.
#
# ### Exercise: add_positions
#
# In NumPy, for a batch: `x` has the shape (batch, time, size), and `table` a row for each place, at least as many as `time`.


# %%
def add_positions(x, table):
    """Return x with the row of each place added, of the shape of x."""
    ### BEGIN SOLUTION
    return x + table[: x.shape[1]]
    ### END SOLUTION


# %%
lesson.check("add_positions", add_positions)
# lesson.hint("add_positions")

# %% [markdown]
# Now set a query by hand. In *dog bites man* and in *man bites dog* the word *bites* looks, with a query of two numbers, at three keys. Two switches add places, and hide from each word what comes after it.
#
# **Before you run it, guess:** what lets *one and the same* query find who bites, the dog in one sentence and the man in the other?

# %%
lesson.guess(
    "who_bites", "a long query", "places, nothing else", "places, or hiding what comes after"
)

# %% [markdown]
# First, with both switches off, point the query at *man*, at its full length, and see which key gets most of the weight (the longest arrow can win from the side). Then let *bites* find who bites.

# %%
lesson.explore("look")

# %%
arrows = {"dog": [2.6, 0.5], "bites": [0.8, -1.7], "man": [1.0, 0.9]}
of_places = np.array([[-0.3, 0.8], [-0.45, 0.0], [0.25, -0.7]])  # added to the keys, if at all


def bites_looks(sentence, query, places=False, hide=False):
    keys = np.array([arrows[word] for word in sentence.split()]) + places * of_places
    return softmax(np.where([True, True, not hide], keys @ query / np.sqrt(2), -np.inf))


at_man, away_from_dog, at_front = np.array([[2.2, 2.0], [-2.0, 2.1], [0.3, 2.9]])
one, other = bites_looks("dog bites man", at_man), bites_looks("man bites dog", at_man)
both_sentences = ("dog bites man", "man bites dog")
with_places = [bites_looks(each, at_front, places=True)[0] for each in both_sentences]
with_hiding = [bites_looks(each, at_man, hide=True)[0] for each in both_sentences]

# %%
lesson.claim("pointed at man, the query finds the dog", one[0] > 0.8)
lesson.claim(
    "turned away from dog, it finds the man", bites_looks("dog bites man", away_from_dog)[2] > 0.9
)
lesson.claim("with neither, both sentences get the same", np.allclose(one, other[::-1]))
lesson.claim("with places a query finds who bites in both sentences", min(with_places) > 0.9)
lesson.claim(
    "without places it does so where what comes after is hidden",
    min(with_hiding) > 0.9,
    guess="who_bites",
)

# %% [markdown]
# Either will do. With places, a word has another key at the front than at the end. With the later words hidden, *bites* sees only who stands before it: so hiding, too, tells it something about places.
#
# Sentences of different lengths are padded with zeros, and padding is no word. It must get the weight 0. Since softmax makes $e^{\text{score}}$ of a score, a score of $-\infty$ does it: $e^{-\infty} = 0$. (Or a very low number, as in `build_look_up`.) Such a **mask** is what `look` takes. Here three rows of padding come after the seven:

# %%
padded = np.concatenate([x, np.ones((3, 4))])  # what stands in padding is to make no difference
unmasked, _ = look(padded, layer.get_weights())
masked, weights = look(padded, layer.get_weights(), mask=np.arange(10) < 7)
print("weights that go to padding:", weights[:, 7:].max())

# %%
lesson.claim(
    "with the mask the seven get what they got before", np.allclose(masked[:7], before, atol=1e-5)
)
lesson.claim("without it they do not", np.max(np.abs(unmasked[:7] - before)) > 0.01)

# %% [markdown]
# In Keras, `mask_zero=True` of the embedding tells the layers that follow where padding is, and attention listens.
#
# ## What it costs
#
# We time attention and a recurrence, in processor time on one core, for a text of 512 words and for one of 2,048, which is four times as long.
#
# **Before you run it, guess:** how many times as long does attention take for the longer text?

# %%
lesson.guess("four_times", "about twice as long", "about 4 times", "more than 8 times")

# %%
from courseware.lessons.attention.by_hand import time_both

lengths = np.array([128, 256, 512, 1024, 2048])
seconds = time_both(lengths, rows=128)  # 128 words look at a time, so that the arrays stay small
for name, times in seconds.items():
    print(f"{name}: from 512 to 2,048 words ≈ {times[4] / times[2]:.0f} times as long")

# %%
show(
    draw.costs(lengths, seconds),
    "Processor time against the number of words, both scales logarithmic. The recurrence rises "
    "in a straight line; attention begins below it, rises more steeply, and ends above.",
)
lesson.claim(
    "attention takes more than 8 times as long",
    seconds["attention"][4] > 8 * seconds["attention"][2],
    guess="four_times",
)
lesson.claim(
    "the recurrence takes less than 8 times",
    seconds["recurrence"][4] < 8 * seconds["recurrence"][2],
)
lesson.claim(
    "at 128 words attention is the faster one", seconds["attention"][0] < seconds["recurrence"][0]
)
lesson.claim("at 2,048 words it takes longer", seconds["attention"][4] > seconds["recurrence"][4])

# %% [markdown]
# Each of $n$ words looks at $n$ words: $n^2$ weights, and about $2 n^2 d$ multiply-adds for products and mean. Four times the words are 16 times as much. A recurrent network takes $n$ steps, each with a matrix of $d$ times $d$: $n d^2$ in all. (Making queries, keys, values and output adds $4 n d^2$. Attention's lead at 128 words may owe much to the recurrence's loop in Python.) For long texts $n^2$ decides.
#
# So why is attention used so much? Any two words are one step apart. And in training the $n^2$ products wait for nothing, and a graphics card does thousands of them at once, while the steps of a recurrence wait for each other. (When they write, both wait.) Long texts remain expensive.
#
# ## A block
#
# A weighted mean alone does not compute much. A **Transformer block** adds three things, two of which you know, and the third nearly: a **shortcut** around the attention (lesson 11; also *residual connection*), a small feedforward network that treats each place on its own, again with a shortcut, and a **normalization**.

# %%
show(
    draw.block(),
    "From left to right: normalize, attention, a plus, normalize, feedforward, a plus. A line "
    "around the first two leads to the first plus, another one around the next two to the second "
    "plus: the shortcuts.",
)

# %% [markdown]
# The normalization is not the one of lesson 11. Batch normalization takes mean and spread of each feature over a batch. Layer normalization, which lesson 11 named in passing, takes them over the features of one place, so that it does not matter what else is in the batch, or how long the text is.


# %%
def layer_norm(x, scale=1.0, shift=0.0):
    """Give each row the mean 0 and the spread 1, then scale and shift each feature."""
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-3) * scale + shift


from_keras = keras.ops.convert_to_numpy(layers.LayerNormalization()(some_x))

# %%
lesson.claim("ours is Keras's", np.allclose(layer_norm(some_x), from_keras, atol=1e-4))

# %% [markdown]
# Does a block need its shortcut? We send 16 random rows through twelve untrained attentions, one after the other, and measure how much the rows differ among each other: 1 if their mean is almost 0, 0 if all are alike. Attention alone, with the shortcut, with shortcut and normalization; and as controls normalization without shortcut, and random matrices without looking, where nothing is averaged.
#
# **Before you run it, guess:** attention alone, without shortcut or normalization. After twelve layers, how different are the 16 rows?

# %%
lesson.guess("twelve_means", "as different as before", "about half as different", "all alike")


# %%
def through_twelve(shortcut, normalization, looking=True):
    """Return how much the rows differ, and their typical size, after each of twelve layers."""
    x, seen = rng.normal(size=(16, 32)), []
    for _ in range(12):
        w_q, w_k, w_v = rng.normal(0, np.sqrt(1 / 32), (3, 32, 32))
        h = layer_norm(x) if normalization else x
        weights = softmax(h @ w_q @ (h @ w_k).T / np.sqrt(32)) if looking else np.eye(16)
        looked = weights @ h @ w_v
        x = x + looked if shortcut else looked
        difference = np.linalg.norm(x - x.mean(axis=0)) / np.linalg.norm(x)
        seen.append([difference, np.sqrt(np.mean(x**2))])
    return np.array(seen)


rng = np.random.default_rng(lesson.seed)
kinds = {
    "attention alone": (False, False),
    "with shortcut": (True, False),
    "with both": (True, True),
    "with normalization": (False, True),
    "no looking": (False, False, False),
}
passed = {
    name: np.median([through_twelve(*kind) for _ in range(20)], axis=0)
    for name, kind in kinds.items()
}
for name, values in passed.items():
    print(f"{name}: differ ≈ {values[-1, 0]:.3f}, size ≈ {values[-1, 1]:.1f}")

# %%
show(
    draw.collapse(passed),
    "Two panels against the layer, from 1 to 12, with five curves each. Left, how much the rows "
    "differ: attention alone and normalization alone fall to zero within a few layers, with the "
    "shortcut and with both it sinks slowly, without looking it stays near 1. Right, their size on "
    "a logarithmic scale: with the shortcut alone it climbs steeply, with both it grows a little; "
    "normalization alone holds it at 1, without looking it stays, attention alone falls.",
)
lesson.claim(
    "alone, all rows are alike to a thousandth",
    passed["attention alone"][-1, 0] < 0.001,
    guess="twelve_means",
)
lesson.claim(
    "with normalization alone they are, too; without looking they differ by more than 0.9",
    passed["with normalization"][-1, 0] < 0.001 and passed["no looking"][-1, 0] > 0.9,
)
lesson.claim(
    "with both they keep differing, by more than a quarter", passed["with both"][-1, 0] > 0.25
)
lesson.claim(
    "with the shortcut alone they grow to more than eight times their size, with both to less "
    "than four",
    passed["with shortcut"][-1, 1] > 8 and passed["with both"][-1, 1] < 4,
)

# %% [markdown]
# Left: twelve layers of means have made the rows the same, and it was the means, not the matrices. With the shortcut they grow alike far more slowly; then their size grows, and the normalization slows that down. This is measured on untrained layers: it says where training starts, not where it ends.
#
# Now you can read the network from the beginning of the lesson: there is the block, line by line. (`flat` is for later.)

# %%
### SOURCE courseware.lessons.attention.models.build_attention_reader

# %% [markdown]
# It normalizes *before* the attention, as most large Transformers of today do: then no normalization lies on the path of the shortcuts. (A **Transformer** is such blocks, one after another.)
#
# ### Exercise: block_parameters
#
# Count a block's parameters. It is for `size` numbers a word: attention with one head and `key_dim` equal to `size` (queries, keys, values and the layer after them, each with biases), a feedforward part with `hidden` units and back to `size`, and two normalizations with a scale and a shift for each feature. (Check: `size=16, hidden=32` has 2,224.)


# %%
def block_parameters(size, hidden):
    """Return the number of parameters of one block."""
    ### BEGIN SOLUTION
    attention = 4 * (size * size + size)
    feedforward = size * hidden + hidden + hidden * size + size
    return attention + feedforward + 2 * 2 * size
    ### END SOLUTION


# %%
lesson.check("block_parameters", block_parameters)
# lesson.hint("block_parameters")

# %% [markdown]
# ## What a map of attention explains
#
# Each row of weights says who looked at whom, and such a map is tempting: is this not the network's reason? There is a way to find out: **interfere** (*intervention*, *ablation*). Put other attention weights into the trained network, leave all else, and see whether its answers change.
#
# First the table with the cards. We shuffle each row of attention weights, and in a second trial make all of them equal.


# %%
new_cards, new_numbers, new_sought = deal(np.random.default_rng(lesson.seed + 1000), n=500)


def cards_with(change):
    """Return the fraction right with each table's attention weights changed, and the weights."""
    model = look_ups[""]
    w_q, w_k, w_v = (model.get_layer(name).get_weights()[0] for name in ("query", "key", "value"))
    w_o, b_o = model.layers[-1].get_weights()
    weights = softmax(new_cards @ w_q @ np.swapaxes(new_cards @ w_k, 1, 2))
    out = np.array([change(w) for w in weights]) @ (new_cards @ w_v) @ w_o + b_o
    return np.mean(out.argmax(axis=-1) == new_numbers), weights


rng = np.random.default_rng(lesson.seed)
changes = {
    "as they are": lambda w: w,
    "shuffled": lambda w: rng.permuted(w, axis=1),
    "all equal": lambda w: np.ones_like(w) / w.shape[1],
}
of_cards = {name: cards_with(change)[0] for name, change in changes.items()}
_, weights = cards_with(changes["as they are"])
at_sought = np.mean(weights.argmax(axis=2) == new_sought)
counts = np.eye(10)[new_cards[..., 16:].argmax(axis=2)].sum(axis=1)  # (tables, 10)
commonest = np.mean(counts.argmax(axis=1)[:, None] == new_numbers)
print(f"the largest weight is at the sought card in ≈ {at_sought:.2f}")
print(f"always the commonest number of the table: right ≈ {commonest:.2f}")
for name, fraction in of_cards.items():
    print(f"attention weights {name}: right ≈ {fraction:.2f}")

# %%
lesson.claim("the largest weight is at the sought card in over 95 %", at_sought > 0.95)
lesson.claim(
    "with other attention weights less than half of the numbers are right",
    max(of_cards["shuffled"], of_cards["all equal"]) < 0.5,
)

# %% [markdown]
# Here the map is the mechanism. It shows the sought card, and with other weights the network is right no more often than by naming the commonest number on the table. Nothing else in this network could carry a number from one card to another.
#
# Now our reader of sentences, from the beginning of the lesson. We run it by hand, with the parts that you have met.


# %%
def read_by_hand(model, n, change=lambda w: w):
    """Return the probability for sentence n, and the attention weights, changed."""
    parts = model.get_weights()  # in the order of the layers, as build_attention_reader has them
    embedding, table = parts[:2]
    used = np.count_nonzero(rows[n])  # padding is left out, as the mask does
    x = embedding[rows[n, :used]] + table[:used]
    looked, weights = look(layer_norm(x, *parts[2:4]), parts[4:12], change=change)
    x = x + looked
    w_1, b_1, w_2, b_2 = parts[14:18]
    x = x + np.maximum(0, layer_norm(x, *parts[12:14]) @ w_1 + b_1) @ w_2 + b_2
    return 1 / (1 + np.exp(-(x.mean(axis=0) @ parts[18] + parts[19])))[0], weights


new = np.flatnonzero(held_out)
by_change = {
    name: np.array([read_by_hand(reader, n, change)[0] for n in new])
    for name, change in changes.items()
}
of_sentences = {name: np.mean((p > 0.5) == acts[new]) for name, p in by_change.items()}
by_hand = by_change["as they are"]

# %%
lesson.claim(
    "by hand it gives Keras's probabilities", np.max(np.abs(by_hand - probability[new])) < 1e-3
)

# %% [markdown]
# **Before you run it, guess:** with all attention weights equal, so that each word just gets the mean of all words: on how many sentences is the trained reader still right?

# %%
lesson.guess("equal_weights", "on about half", "on about three quarters", "on nearly all")

# %%
for name, fraction in of_sentences.items():
    print(f"attention weights {name}: right ≈ {fraction:.2f}")

# %%
show(
    draw.interfered({"cards": of_cards, "sentences": of_sentences}, chance=(commonest, 0.5)),
    "Two groups of three bars. Cards: as they are near the top, shuffled and all equal far below, "
    "near a dashed line or under it, that of the commonest number. "
    "Sentences: as they are high, shuffled and all equal on the dashed line of one half.",
)
lesson.claim(
    "with its own attention weights it is right in over 75 % of cases",
    of_sentences["as they are"] > 0.75,
)
lesson.claim(
    "with other attention weights it is right in about half, as by chance",
    max(abs(of_sentences["shuffled"] - 0.5), abs(of_sentences["all equal"] - 0.5)) < 0.15,
    guess="equal_weights",
)

# %% [markdown]
# With other attention weights the trained reader is lost. *It* needs its own. Does the *task* need them? As a control we train the network from the start with all attention weights equal (`flat=True`).
#
# **Before you run it, guess:** on how many of the test sentences will it be right?

# %%
lesson.guess("never_looked", "on about half", "on about two thirds", "on over three quarters")

# %%
_, never_looked = train_reader(positions=True, epochs=18, flat=True)
never_right = right(never_looked)
print(f"trained with all attention weights equal: right in ≈ {never_right:.2f}")

# %%
lesson.claim(
    "trained with equal attention weights it is right in over 75 % of cases",
    never_right > 0.75,
    guess="never_looked",
)

# %% [markdown]
# These sentences can be read without choosing where to look. (Our guess at how: "dog at place 2" votes for the animal, before anything is averaged.) The cards cannot: with equal weights all cards of a table get the same mean, and so give the same answer.
#
# So does the reader's map tell us *why* it says that in "the dog chased the boy" the dog acts? One more control. We train it again, with its attention, on the same sentences, from other first values of its parameters and in another order.
#
# **Before you run it, guess:** how alike are their maps? (A correlation of 1: the same map; 0: nothing in common.)

# %%
lesson.guess("two_maps", "nearly the same, above 0.9", "alike, about 0.7", "less alike than 0.5")

# %%
other_reader, other_probability = train_reader(positions=True, epochs=18, seed=lesson.seed + 100)
maps = [[read_by_hand(model, n)[1] for n in new] for model in (reader, other_reader)]
alike = np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(*maps, strict=True)])
other_right = right(other_probability)
example = next(i for i, n in enumerate(new) if 5 <= len(sentences[n].split()) <= 8)
example_words = sentences[new[example]].replace(".", "").split()
example_maps = {"one training": maps[0][example], "another": maps[1][example]}
print(f"right in ≈ {reader_right:.2f} and ≈ {other_right:.2f}")
print(f"correlation of their maps, mean over the sentences ≈ {alike:.2f}")

# %%
show(
    draw.maps(example_words, example_maps),
    "Two grids of grey squares for one sentence, a row for each word that looks. In most rows they "
    "are dark at different places.",
)
lesson.claim("both are right in over 75 % of cases", min(reader_right, other_right) > 0.75)
lesson.claim("the correlation of their maps is below 0.5", alike < 0.5, guess="two_maps")

# %% [markdown]
# The first reader needs its attention weights. Another one has others, a third none of its own, and mostly all three are right. A map says how *its* network moves values about (and after a first block each place is a mixture already). Neither map is the reason why a sentence means what it means.
#
# There is a well-known dispute about this. "Attention is not Explanation" (2019) found, mostly for LSTMs with attention on top, quite different weights that give nearly the same answers; our reader did not tolerate others. "Attention is not not Explanation", of the same year, proposed tests, two of ours among them: training with equal weights, and from another start.
#
# ## A network that writes
#
# A **language model** gives a probability to everything that could come next in a text. Ours works on characters. Its examples cost nothing: each place of a text is an input, and the character after it is the label.
#
# A text of 32 characters has 32 places, and each is to predict what comes after it, all in one pass. Each may see what a writer who has got that far sees: its own character and those before it. That is a **causal mask**.

# %%
show(
    draw.triangle(5),
    "A five by five grid. Each row, a place that looks, sees the columns up to its own number: a "
    "filled triangle below the diagonal, the diagonal included.",
)

# %% [markdown]
# ### Exercise: causal_mask
#
# Return it for `n` places: an array of truth values, a row for each place that looks, True where it may see.


# %%
def causal_mask(n):
    """Return an array (n, n), True at [i, j] if place i may look at place j."""
    ### BEGIN SOLUTION
    return np.tril(np.ones((n, n), dtype=bool))
    ### END SOLUTION


# %%
lesson.check("causal_mask", causal_mask)
# lesson.hint("causal_mask")

# %% [markdown]
# The writer is an embedding, positions, a block and a mask (`use_causal_mask` makes it). It learns from the sentences of lesson 06, one after another in a random order; some are held out. Each of its four heads makes queries, keys and values of 8 numbers, from all 32; at the end, one more normalization and a dense layer give a score for each character.

# %%
### SOURCE courseware.lessons.attention.models.build_writer

# %%
from courseware.lessons.attention.by_hand import table_losses, two_texts

text, new_text = two_texts(lesson.seed)
characters = sorted(set(text + new_text))
numbers_of = {character: number for number, character in enumerate(characters)}
text_ids, new_ids = (np.array([numbers_of[c] for c in part]) for part in (text, new_text))
print(f"{len(text)} characters to learn from, {len(new_text)} held out, {len(characters)} kinds")
print(text[:100])

# %% [markdown]
# Now train it, with the mask and without, on the same windows of text. The baselines are two tables. One counts how often each character followed the last one (pairs of characters, *bigrams*), the other how often it followed the last four.
#
# **Before you run it, guess:** which of the two networks has the smaller loss on new text?

# %%
lesson.guess("which_loss", "the one with the mask", "the one without", "about the same")


# %%
def windows(ids, starts):
    """Return pieces of 32 characters, and for each place of them the character that follows."""
    pieces = ids[starts[:, None] + np.arange(33)]
    return pieces[:, :-1], pieces[:, 1:]


rng = np.random.default_rng(lesson.seed)
x, y = windows(text_ids, rng.integers(0, len(text_ids) - 32, 32 * 430))
new_x, new_y = windows(new_ids, np.arange(0, len(new_ids) - 32, 7))
writers, losses = {}, {}
for name in ("with the mask", "without it"):
    keras.utils.set_random_seed(lesson.seed)
    writer = build_writer(len(characters), length=32, causal=name == "with the mask")
    writers[name] = writer
    writer.fit(x, y, batch_size=32, epochs=1, verbose=0, callbacks=[lesson.live()])
    loss = keras.losses.sparse_categorical_crossentropy(new_y, writer(new_x), from_logits=True)
    losses[name] = keras.ops.convert_to_numpy(loss).mean(axis=0)  # for each of the 32 places
    print(
        f"{name}: loss on new text ≈ {losses[name].mean():.2f}, "
        f"at the last place ≈ {losses[name][-1]:.2f}"
    )
tables = {seen: table_losses(text, new_text, seen) for seen in (1, 4)}
for seen, loss in tables.items():
    print(f"table of the last {seen}: ≈ {loss.mean():.2f}")

# %%
show(
    draw.by_place(losses, {f"table of the last {n}": loss for n, loss in tables.items()}),
    "Loss against the place, 0 to 31. With the mask it falls over the first few places and then "
    "stays low, far below the table of the last one and near that of the last four. Without it, it "
    "lies near zero at every place but the last, where it shoots up.",
)
lesson.claim(
    "without the mask the mean loss is less than half of that with it",
    losses["without it"].mean() < losses["with the mask"].mean() / 2,
    guess="which_loss",
)
lesson.claim(
    "at the last place, where nothing comes after, it is larger than with the mask",
    losses["without it"][-1] > losses["with the mask"][-1] + 0.3,
)
lesson.claim(
    "with the mask it is well below the pairs' loss",
    losses["with the mask"].mean() < 0.75 * tables[1].mean(),
)

# %% [markdown]
# The small loss is worth nothing. Without a mask the next character is in the input, one place further on, and need only be copied. Does the network copy? We put random characters into the places from 24 on, and look at what both networks answer at the places before those.

# %%
changed = new_x.copy()
changed[:, 24:] = rng.integers(0, len(characters), changed[:, 24:].shape)
moved, copied = {}, {}
for name, writer in writers.items():
    before, after = (keras.ops.convert_to_numpy(writer(part))[:, :24] for part in (new_x, changed))
    moved[name] = np.max(np.abs(before - after))
    copied[name] = np.mean(after[:, 23].argmax(axis=-1) == changed[:, 24])
    print(f"{name}: place 23 names the random character of place 24 in ≈ {copied[name]:.2f}")

# %%
lesson.claim(
    "with the mask the 24 places before stay the same, to the last bit", moved["with the mask"] == 0
)
lesson.claim("without it place 23 copies in most cases", copied["without it"] > 0.5)

# %% [markdown]
# At the end of the text there is nothing to copy, and there the network without a mask predicts little better than the table of pairs, and far worse than the one with the mask. And the end of the text is where one writes.
#
# Now the blue line, with the mask. It falls over the first few places, as there is more to see; so does the table of the last four, which in our run is even better.
#
# So of our tasks the cards needed attention weights; sentences, memory game and this text are regular enough for simpler means. That attention wins with long and varied texts was found elsewhere: in translation first, above all of long sentences (2015, see the end).
#
# ### Temperature
#
# To write, draw a character from the probabilities, append it to the text, ask again. How boldly it draws is set by the **temperature** $T$: the scores are divided by it before the softmax.
#
# ### Exercise: warm
#
# Return the probabilities for an array of scores at a temperature. Scores may be large: subtract the largest first, as `softmax` above does.


# %%
def warm(scores, temperature):
    """Return the probabilities of the scores (an array) at this temperature."""
    ### BEGIN SOLUTION
    powers = np.exp((scores - np.max(scores)) / temperature)
    return powers / np.sum(powers)
    ### END SOLUTION


# %%
lesson.check("warm", warm)
# lesson.hint("warm")


# %%
def write(writer, temperature, texts=16, n=120):
    """Return `texts` texts of n characters, each continuing 32 characters of the new text."""
    rng = np.random.default_rng(lesson.seed)
    ids = new_ids[200 * np.arange(texts)[:, None] + np.arange(32)]
    for _ in range(n):
        p = softmax(writer.predict_on_batch(ids[:, -32:])[:, -1].astype("float64") / temperature)
        drawn = [rng.choice(len(characters), p=row) for row in p]
        ids = np.hstack([ids, np.array(drawn)[:, None]])
    return ["".join(characters[i] for i in row[32:]) for row in ids]


def real_words(texts):
    """Return the fraction of the whole words that occur in the text that was learned from."""
    plain = [part.replace(".", "").replace(",", "").split() for part in [text, *texts]]
    return np.mean([word in plain[0] for part in plain[1:] for word in part[1:-1]])


# %% [markdown]
# We draw at the temperatures 0.5, 1 and 2, and count how many of the words are real: how many occur in the text.
#
# **Before you run it, guess:** at which temperature, 0.5 or 2, are more of the words real?

# %%
lesson.guess("which_temperature", "at 0.5", "at 2", "no difference")

# %%
written = {f"temperature {t}": write(writers["with the mask"], t) for t in (0.5, 1.0, 2.0)}
written["without the mask, temperature 1.0"] = write(writers["without it"], 1.0)
of_words = {name: real_words(texts) for name, texts in written.items()}
for name, fraction in of_words.items():
    print(f"{name}: real words ≈ {fraction:.2f}")

# %%
show(
    draw.written({name: texts[0] for name, texts in written.items()}, given=new_text[:32]),
    "Four short texts, each after the same 32 given characters in grey. At temperature 0.5 most "
    "are real words, and a sentence may come out whole; at 1 words and near-words; at 2 short "
    "real words among scraps. Without the mask: scraps.",
)
lesson.claim(
    "at 0.5 more of its words are real than at 2",
    of_words["temperature 0.5"] > of_words["temperature 2.0"],
    guess="which_temperature",
)

# %% [markdown]
# Below 1 the likely gets likelier, above 1 the unlikely gets its chance. A low temperature is not simply better: what is right and rare is hardly drawn any more.
#
# ### Exercise: repair
#
# This attention was meant for a writer. Three things are wrong: it knows no places, it sees the future, and its softmax runs over the wrong axis. `x` has the shape (time, size), `table` has a row for each place, and may have more rows than `x`.


# %%
def repaired_attention(x, table, w_q, w_k, w_v):
    """Return causal self-attention for the words x at the places of the table."""
    ### BEGIN SOLUTION
    x = x + table[: len(x)]
    scores = x @ w_q @ (x @ w_k).T / np.sqrt(w_k.shape[1])
    may_see = np.tril(np.ones((len(x), len(x)), dtype=bool))
    scores = np.where(may_see, scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) @ (x @ w_v)
    ### STARTER
    # scores = x @ w_q @ (x @ w_k).T / np.sqrt(w_k.shape[1])
    # powers = np.exp(scores - scores.max(axis=0, keepdims=True))
    # return powers / powers.sum(axis=0, keepdims=True) @ (x @ w_v)
    ### END SOLUTION


# %%
lesson.check("repair", repaired_attention)
# lesson.hint("repair")

# %% [markdown]
# ## From here to large language models
#
# At heart a large language model is this network, built from newer parts, with three additions.
#
# * **Scale.** Pieces of words (**tokens**), some 100,000 different ones, instead of characters; dozens of blocks, or more than a hundred; many billions of parameters instead of 16,000; much of the public web and many books instead of 32,000 characters. The training task is yours: predict what comes next.
# * **Instruction.** Such a network continues texts. So it is trained further (*fine-tuned*), with the same loss, on examples in which an instruction is followed by a good answer.
# * **Reward.** People compare answers, a second network learns to predict what they prefer, and the first is trained by reinforcement learning (lesson 12) to please it (*RLHF*, reinforcement learning from human feedback). Where an answer can be checked, as in arithmetic or programs, the check itself can be the reward.
#
# Tokens of our own text: begin with characters, and join a hundred times the two neighbours that are most often side by side.

# %%
joined = "|" + "|".join(text) + "|"
for _ in range(100):
    pieces = joined.split("|")[1:-1]
    (one, other), _ = Counter(zip(pieces, pieces[1:], strict=False)).most_common(1)[0]
    joined = joined.replace(f"|{one}|{other}|", f"|{one}{other}|")
print(joined[:130])

# %% [markdown]
# You steer such a model by the text before its answer, the **prompt**. It can hold examples: after "big, small; hot, cold; wet," comes "dry", and no parameter has changed (*few-shot prompting*).
#
# Know what follows from this. The model is trained to say what is *likely* in its texts, or pleasing, and a false sentence can be both (a *hallucination*); nothing in the loss you have seen checks whether a sentence is true. It knows what its texts knew, up to a date, unless a program puts newer ones into the prompt. What it says of its own reasons is again a likely text. And good form says little about worth: most of your network's words are real, too.
#
# ### Readers, writers, and both
#
# A network whose words see both sides, as in our reader, is called an *encoder* (in a wider sense than in lesson 07); one with a causal mask, as our writer, a *decoder*. Language models that write, GPT for one, are decoders. *BERT* (2018) is an encoder: in training some words are blotted out in its input, and it predicts these from both sides. It cannot copy them, and is made for reading, not for continuing a text. A translator has both: the decoder also looks at the other text, with its own queries and the encoder's keys and values (*cross-attention*). This is how attention began, and why `MultiHeadAttention` has separate arguments `query` and `value`.
#
# ### Why it is no recurrent network
#
# A language model writes one token after the other, but in training no place waits for another: all 32 are computed in one pass. When it writes, the loop is *outside* of the network: `write` draws, appends, and calls it again. (Programs keep the keys and values of earlier places, a *KV cache*, which grows with the text up to the *context window*.)
#
# ## What people get wrong
#
# * **"Attention knows the order of the words."** Without positions our reader was right in exactly half of the cases.
# * **"Query, key and value are three names for one thing."** With one matrix for query and key, the look-up failed.
# * **"The map of attention shows the network's reasons."** It shows where values come from, in one network. Interfere, before you say more.
# * **"ChatGPT is an LSTM, for it writes word after word."** It is a Transformer.
#
# ## Takeaways
#
# * Attention is products, softmax, weighted mean. The weights are made from the contents, anew for each input.
# * A query says what a place seeks, a key what it can be found by, a value what it hands over.
# * Where every word looks at every other, a network knows of their order only what positions tell it. Masks keep it from padding and from the future.
# * Any two places are one step apart, at the price of $n^2$ pairs.
# * A language model predicts what comes next. Its examples are free, its loop stands outside, and likely is not the same as true.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# Next, and last: [*Networks to borrow, and which to choose*](14_transfer.ipynb).
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Dzmitry Bahdanau, Kyunghyun Cho and Yoshua Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", *ICLR* (2015; arXiv:1409.0473): attention, between two recurrent networks.
# * Ashish Vaswani and others, "Attention Is All You Need", *NeurIPS* (2017; arXiv:1706.03762): the Transformer.
# * Yihe Dong, Jean-Baptiste Cordonnier and Andreas Loukas, "Attention is Not All You Need", *ICML* (2021; arXiv:2103.03404): why, without shortcuts, all rows become alike.
# * Sarthak Jain and Byron Wallace, "Attention is not Explanation", *NAACL* (2019), and Sarah Wiegreffe and Yuval Pinter, "Attention is not not Explanation", *EMNLP* (2019): what a map does and does not tell.
# * Jay Alammar, "The Illustrated Transformer" (2018), jalammar.github.io.
# * Andrej Karpathy, *nanoGPT*, github.com/karpathy/nanoGPT: your writer, grown up.
