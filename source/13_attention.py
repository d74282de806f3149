# %% [markdown]
# # Networks that look where it matters
#
# *135 minutes: 65 to read and run, 40 for 8 exercises, 30 for the 30 questions of the quiz. Builds on: softmax (lesson 02), recurrent networks (lesson 05), embeddings and sentences (lesson 06), shortcuts and normalization (lesson 11), costs (lesson 12). The last lesson of the course. A good place for a break is marked about halfway.*
#
# "The dog chased the boy." To say who acts, a recurrent network reads word after word, and carries what it has read in a state. There is another way to read: take in all words at once, and let each word look at all the others and decide for itself which of them matter. That is **attention**. Large language models are built of it. This lesson takes it apart into products and means that you can work out on paper, asks by experiments what each part is for, and ends with a small network that writes.
#
# **After this lesson you can**
#
# * work out attention by hand: products, a softmax, a weighted mean;
# * say what queries, keys and values are for, and set them by hand for a task;
# * say what a network with attention knows of order, and give it what it lacks;
# * find out by interfering whether a map of attention shows what decides;
# * count what attention costs, and compare it with a recurrent network's steps;
# * build a block of a Transformer, mask the future, and draw text from a network at any temperature.

# %%
from courseware import open_lesson

lesson = open_lesson("13_attention")

import keras
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches
from courseware.data import word_order
from courseware.drawing import show
from courseware.lessons.attention import drawings as draw
from courseware.lessons.attention.by_hand import sentence_rows, time_both, two_texts
from courseware.lessons.attention.models import AddPositions
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
# And a network in which every word looks at every other. By the end you will understand each of its lines. `positions` says whether it is told *where* each word stands.

# %%
### SOURCE courseware.lessons.attention.models.build_attention_reader

# %% [markdown]
# The LSTM of lesson 06 was right on over 85 % of such test sentences. Our new network looks at all words of a sentence together, with `positions=False`: it knows which words there are, and not where.
#
# **Before you run it, guess:** on how many of the test sentences will it be right?

# %%
lesson.guess("no_positions", "about 50 %", "about 75 %", "over 90 %")


# %%
def train_reader(positions, epochs, seed=lesson.seed):
    """Return the trained reader, and the probability that it gives each sentence."""
    keras.utils.set_random_seed(seed)
    model = build_attention_reader(len(vocabulary) + 2, rows.shape[1], positions)
    batches = ShuffledBatches(rows[~held_out], acts[~held_out], batch_size=32, seed=seed)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[lesson.live()])
    return model, keras.ops.convert_to_numpy(model(rows))[:, 0]


def right(probability, which=held_out):
    return np.mean((probability > 0.5)[which] == acts[which])


_, blind = train_reader(positions=False, epochs=3)
reader, probability = train_reader(positions=True, epochs=18)
blind_right, reader_right = right(blind), right(probability)
print("without positions: right in", blind_right)
print(f"with positions: right in ≈ {reader_right:.2f}")

# %%
twins = np.max(np.abs(blind[0::2] - blind[1::2]))
lesson.claim("without positions both sentences of a pair get the same answer", twins < 1e-4)
lesson.claim("so it is right half of the time, exactly", blind_right == 0.5, guess="no_positions")
lesson.claim("with positions it is right in over 75 %", reader_right > 0.75)

# %% [markdown]
# Exactly a half, as for the counted words of lesson 06: without places, whoever looks at all words at once sees a bag of words. More training cannot help. The second network is told the place of each word as well, and reads.
#
# Now take it apart.
#
# ## A weighted mean, with weights made from the contents
#
# Three words, and for each of them two numbers, as from an embedding. Think of them as arrows in a plane.

# %%
words = ["dog", "cat", "runs"]
vectors = np.array([[2.0, 0.5], [1.5, 1.0], [-0.5, 1.5]])

# %% [markdown]
# How well do two arrows go together? Multiply them number by number and add up. This weighted sum of lesson 00 has a second name, **dot product**: it is large if both are long and point the same way, zero if they stand at a right angle, negative if they point apart. Let "dog" look at all three, itself included.

# %%
scores = vectors @ vectors[0]  # "dog" with each of the three
for word, score in zip(words, scores, strict=True):
    print(f"dog with {word}: {score}")

# %% [markdown]
# Three scores. The softmax of lesson 02 makes weights of them, which are positive and add up to 1. With these weights we take the mean of the three arrows.
#
# **Before you run it, guess:** where does the mean end up?

# %%
lesson.guess(
    "where_the_mean_is",
    "inside the triangle between the three ends, close to dog and cat",
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
    "Left: three arrows from the origin, dog and cat close together, runs apart, and a cross "
    "between the ends of dog and cat. Right: three bars of the weights, dog highest, cat next, "
    "runs hardly to be seen.",
)
distance = np.linalg.norm(vectors - new_dog, axis=1)
lesson.claim(
    "its weights are positive and add up to 1, which puts it into the triangle; dog and cat are "
    "nearer to it than runs",
    weights.min() > 0 and abs(weights.sum() - 1) < 1e-9 and distance[2] > distance[:2].max(),
    guess="where_the_mean_is",
)

# %% [markdown]
# That is all of attention: **products, softmax, weighted mean.** (Here a text looks at itself, which is called *self-attention*.) The weights are positive and add up to 1, so the result lies somewhere between what is looked at. What is new is where these weights come from. The weights of a dense layer stay as they were trained, whatever comes in; those of attention are made anew for each sentence, from its contents.
#
# In general the one that looks is described by a **query** $q$, what is looked at by **keys** $k_1, \dots, k_n$, and what is averaged are **values** $v_1, \dots, v_n$. Up to now all three were the same arrows. With one row for each, in matrices:
#
# $$\text{attention}(Q, K, V) = \text{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V$$
#
# $Q K^\top$ holds the dot product of each query with each key, and $d$ is how many numbers a key has. (We come to the root at once. With it, this is *scaled dot-product attention*.)
#
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
# ### Exercise: attend
#
# One query, in plain Python numbers: `scores` is a list of scores (already divided), `values` a list of numbers. Return the weighted mean. No softmax is given here; use `np.exp`.


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
# ### Why the root?
#
# A dot product of $d$ random numbers with $d$ others is a sum of $d$ products, and such a sum grows like $\sqrt{d}$ (lesson 11). A softmax of scores that lie far apart gives nearly all to the largest. Eight random keys, 200 draws:

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
# The shapes have a 1 in them, the number of **heads**. Several heads are several attentions side by side, each with its own queries, keys and values, so that a word can look at different things for different reasons; their results are joined by the last layer. (Where the mask comes in, you will see below.)
#
# ## Queries, keys, values: what each is for
#
# Eight people sit at a table, each with a card. On the card stand three things: the person's **name**, the name of somebody whom this person **seeks**, and a **number**. Each has to tell the number of the one whom they seek.
#
# One card is one row: eight numbers for the name, eight for the sought name, ten for the number, with a single 1 in each group.


# %%
### SOURCE courseware.lessons.attention.by_hand.deal

# %%
cards, numbers, sought_at = deal(np.random.default_rng(lesson.seed), n=2000)
print("cards:", cards.shape, " numbers to tell:", numbers.shape)

# %% [markdown]
# So one thing on a card says what its owner looks for (the sought name), another by what the card can be found (the name), and a third what it has to tell (the number). That is what queries, keys and values are for: the **query** says what a place looks for, the **key** what it can be found by, the **value** what it hands over.
#
# ### Exercise: look_up
#
# A goal to reach without any training. Return three matrices of shapes (26, 8), (26, 8) and (26, 10), so that `softmax(x @ w_q @ (x @ w_k).T) @ (x @ w_v)` gives each card the number of the one whom it seeks, as ten numbers of which the right one is above 0.95. The columns of a card: 0 to 7 name, 8 to 15 sought name, 16 to 25 number. (A product of 1 is too little for a softmax among eight. How large should it be?)


# %%
def look_up():
    """Return w_q, w_k and w_v, set by hand."""
    w_q, w_k, w_v = np.zeros((26, 8)), np.zeros((26, 8)), np.zeros((26, 10))
    ### BEGIN SOLUTION
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
# Now a network learns it, by examples alone.

# %%
### SOURCE courseware.lessons.attention.models.build_look_up

# %% [markdown]
# Are all three needed? We train two more, in which the same weights make two of them: query and key, or key and value.
#
# **Before you run it, guess:** if query and key are made by the same weights, how often does the network tell the right number? (Blind guessing: one time in ten.)

# %%
lesson.guess(
    "query_is_key", "nearly always", "about two times in three", "less than half of the time"
)

# %%
new_cards, new_numbers, new_sought = deal(np.random.default_rng(lesson.seed + 1000), n=500)
look_ups, told = {}, {}
for shared in ("", "query and key", "key and value"):
    keras.utils.set_random_seed(lesson.seed)
    model = build_look_up(n_cards=8, shared=shared)
    batches = ShuffledBatches(cards, numbers, batch_size=50, seed=lesson.seed)
    model.fit(batches, epochs=4, verbose=0)
    answers = keras.ops.convert_to_numpy(model(new_cards)).argmax(axis=-1)
    look_ups[shared], told[shared] = model, np.mean(answers == new_numbers)
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
# Why does it fail with query and key alike? A dot product of two arrays is the same in both directions: the score of Ann with Bob is the score of Bob with Ann. Let Ann seek Bob, Bob seek Cem, and Cem seek Ann. Bob should score higher with Cem than with Ann, Cem higher with Ann than with Bob, and Ann higher with Bob than with Cem. But these are only three scores, and each would have to be larger than another one round the ring. No training can do that. Besides, the card itself lies on the table, and with the same weights no card fits another better than itself, on average. (What is left is to name the number that most cards bear. How far that takes one is printed below, with the maps.)
#
# Key and value are another case: here one set of weights does for both. (Our guess: its 16 numbers have room for the name *and* the number, and the last layer picks out the number.) So three sets of weights are not a law. Separate values give a network the freedom to be found by one thing and to tell another, at little cost.
#
# ## The game of memory, in one step
#
# In lesson 06 you heard a row of digits and had to say at the end which was first. What a recurrent network knows of the first digit has to survive every step in between. With attention the last place looks at the first one directly; however many digits lie between, it is one step away.

# %%
### SOURCE courseware.lessons.attention.models.build_attention_recall

# %% [markdown]
# Both train on the same 12,000 rows with 40 digits between the first and the question: this network, and lesson 06's GRU with as many units. A third network is the control: attention without positions, which cannot know what "first" means.
#
# **Before you run it, guess:** which of the three learn it?

# %%
lesson.guess("gap_40", "all three", "attention and GRU", "only attention with positions", "none")


# %%
def game(rng, n, gap):
    """Return n rows of gap + 1 digits, each as ten numbers, and the first digit of each row."""
    digits = rng.integers(0, 10, (n, gap + 1))
    return np.eye(10, dtype="float32")[digits], digits[:, 0]


test_x, test_y = game(np.random.default_rng(lesson.seed + 1000), n=500, gap=40)
recalled = {}
for name in ("attention", "without positions", "GRU"):
    keras.utils.set_random_seed(lesson.seed)
    rng = np.random.default_rng(lesson.seed)
    if name == "GRU":
        model = build_recall(layers.GRU, n_symbols=10)
    else:
        model = build_attention_recall(10, length=41, positions=name == "attention")
    for _ in range(6):
        model.fit(*game(rng, n=2000, gap=40), batch_size=100, verbose=0)
    answers = keras.ops.convert_to_numpy(model(test_x)).argmax(axis=1)
    recalled[name] = np.mean(answers == test_y)
    print(f"{name}: {model.count_params()} parameters, right ≈ {recalled[name]:.2f}")

# %%
lesson.claim("attention is right in over 95 % of new rows", recalled["attention"] > 0.95)
lesson.claim(
    "without positions, and with the GRU, it is less than a third",
    max(recalled["without positions"], recalled["GRU"]) < 1 / 3,
    guess="gap_40",
)

# %% [markdown]
# This does not say that a GRU cannot keep a digit for 40 steps. In lesson 06, trained at gaps up to 10, it learned the game. Here, in six passes of 2,000 rows at gap 40, it has not found the way. Attention has, and the control says that it goes by the place: without positions the last place can look anywhere, and has no way to tell the first digit from the others.
#
# There is a price: this network has a table of 41 places. A row of 100 digits does not fit into it at all, while a GRU takes rows of any length.
#
# **A good place for a break.** What follows looks at order, cost and blocks, asks what a map of attention explains, and lets a network write.
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
# A mean over all places then loses even that, and a bag of words is left. The remedy is as simple as it could be: **add to each word a list of numbers that belongs to its place.** "Dog at place 2" and "dog at place 5" are then two different arrows. `AddPositions` learns the lists like any other weights (a **positional embedding**); the first Transformer of 2017 used fixed waves of sine and cosine instead.

# %%
### SOURCE courseware.lessons.attention.models.AddPositions

# %% [markdown]
# ### Exercise: add_positions
#
# The same in NumPy, for a batch: `x` has the shape (batch, time, size), and `table` has a row for each of `length` places, at least as many as `time`.


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
# **Before you run it, guess:** what lets *bites* find who bites, the dog in one sentence and the man in the other?

# %%
lesson.guess(
    "who_bites", "a long query", "places, nothing else", "places, or hiding what comes after"
)

# %% [markdown]
# First point the query at *man*, as long as it goes, and see who gets the look.

# %%
lesson.explore("look")

# %%
arrows = {"dog": [2.6, 0.5], "bites": [0.8, -1.7], "man": [1.0, 0.9]}


def bites_looks(sentence, query, hide=False):
    scores = np.array([arrows[word] for word in sentence.split()]) @ query / np.sqrt(2)
    return softmax(np.where([True, True, not hide], scores, -np.inf))


at_man, away_from_dog = np.array([2.2, 2.0]), np.array([-2.0, 2.1])
one, other = bites_looks("dog bites man", at_man), bites_looks("man bites dog", at_man)
one_hides = bites_looks("dog bites man", at_man, hide=True)
other_hides = bites_looks("man bites dog", at_man, hide=True)

# %%
lesson.claim("pointed at man, the query finds the dog", one[0] > 0.8)
lesson.claim("turned away from dog, man", bites_looks("dog bites man", away_from_dog)[2] > 0.9)
lesson.claim("without places both sentences get the same", np.allclose(one, other[::-1]))
lesson.claim(
    "without places it finds who bites where what comes after is hidden",
    min(one_hides[0], other_hides[0]) > 0.9,
    guess="who_bites",
)

# %% [markdown]
# Most of the look goes to the key that lies furthest along the query, not to the one nearest to its direction. And what a word does not see tells of its place.
#
# Sentences of different lengths are padded with zeros, and padding is no word. It must get the weight 0. Since softmax makes $e^{\text{score}}$ of a score, a score of $-\infty$ does it: $e^{-\infty} = 0$. Such a **mask** is what `look` takes. Here three rows of padding come after the seven:

# %%
padded = np.concatenate([x, np.ones((3, 4))])
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
# Each of $n$ words looks at $n$ words: $n^2$ weights, and about $2 n^2 d$ multiply-adds for products and mean. (Making queries, keys and values grows with $n$ alone; on short texts it is the larger part.) A recurrent network takes $n$ steps of one size. Twice the text: four times the one, twice the other. We time both on one core, in processor time, at 512 and at 2,048 words, which is four times as long.
#
# **Before you run it, guess:** how much longer does attention take for the text that is four times as long?

# %%
lesson.guess("four_times", "about twice as long", "about 4 times", "more than 8 times")

# %%
lengths = np.array([128, 256, 512, 1024, 2048])
seconds = time_both(lengths)
print("weights to compute:", {int(n): int(n) ** 2 for n in lengths})
for name, times in seconds.items():
    print(f"{name}: from 512 to 2,048 words ≈ {times[4] / times[2]:.0f} times as long")

# %%
show(
    draw.costs(lengths, seconds),
    "Processor time against the number of words, both scales logarithmic. The recurrence rises "
    "in a straight line; attention begins below it, rises about twice as steeply, and ends far "
    "above.",
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
lesson.claim(
    "at 2,048 words it takes over three times as long",
    seconds["attention"][4] > 3 * seconds["recurrence"][4],
)

# %% [markdown]
# By the count, four times the words are 16 times the weights. The time may grow by more or by less, as the machine has it. (And the recurrence here is a loop in Python, attention a few calls of NumPy: that attention is ahead on short texts owes much to this.) So why is it used so much? The $n$ steps of a recurrence have to wait for each other. The $n^2$ products wait for nothing, and a graphics card does thousands of them at once. Long texts remain expensive, and much work goes into cheaper kinds of attention.
#
# ## A block
#
# One attention is a weighted mean, and a mean alone does not compute much. A **Transformer block** adds three things, all of which you know: a **shortcut** around the attention (lesson 11; also *residual connection*), a **normalization**, and a small feedforward network that treats each place on its own, again with a shortcut.
#
# The normalization is another one than in lesson 11. Batch normalization takes mean and spread of each feature over the examples of a batch. Layer normalization, which lesson 11 named in passing, takes them over the features of one place, so that it does not matter what else is in the batch, or how long the text is.


# %%
def layer_norm(x, scale=1.0, shift=0.0):
    """Give each row the mean 0 and the spread 1, then scale and shift each feature."""
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-3) * scale + shift


from_keras = keras.ops.convert_to_numpy(layers.LayerNormalization()(some_x))

# %%
lesson.claim("ours is Keras's", np.allclose(layer_norm(some_x), from_keras, atol=1e-4))

# %% [markdown]
# Does it need the shortcut? A mean of means of means ... We send 16 random rows through twelve untrained attentions, one after the other, and measure how much the rows differ among each other: 1 where their mean is nothing against them, 0 where all are alike.
#
# **Before you run it, guess:** attention alone, without shortcut or normalization. After twelve layers, how different are the 16 rows?

# %%
lesson.guess("twelve_means", "as different as before", "about half as different", "all alike")


# %%
def through_twelve(shortcut, normalization):
    """Return how much the rows differ, and their typical size, after each of twelve layers."""
    x, seen = rng.normal(size=(16, 32)), []
    for _ in range(12):
        w_q, w_k, w_v = rng.normal(0, np.sqrt(1 / 32), (3, 32, 32))
        h = layer_norm(x) if normalization else x
        looked = softmax(h @ w_q @ (h @ w_k).T / np.sqrt(32)) @ h @ w_v
        x = x + looked if shortcut else looked
        difference = np.linalg.norm(x - x.mean(axis=0)) / np.linalg.norm(x)
        seen.append([difference, np.sqrt(np.mean(x**2))])
    return np.array(seen)


rng = np.random.default_rng(lesson.seed)
kinds = {
    "attention alone": (False, False),
    "with shortcut": (True, False),
    "with both": (True, True),
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
    "Two panels against the layer, from 1 to 12. Left, how much the rows differ: attention alone "
    "falls to zero within a few layers, the other two sink slowly. Right, their size on a "
    "logarithmic scale: with the shortcut alone it climbs steeply, with both it grows a little.",
)
lesson.claim(
    "alone, all rows are alike to a thousandth",
    passed["attention alone"][-1, 0] < 0.001,
    guess="twelve_means",
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
# Look at the left panel: twelve layers of means have made the rows the same. With the shortcut, which carries each row past the mean, they grow alike far more slowly; then their size grows with every layer, and the normalization slows that down. This is measured on untrained layers: it says from where training has to begin, not where it ends.
#
# Look back at `build_attention_reader`: there is the block, line by line. It normalizes *before* the attention, as `through_twelve` does and as most deep networks of today do; the path of the shortcuts is then free from the first layer to the last. In 2017 the normalization came after the sum.
#
# ### Exercise: block_parameters
#
# Count them. A block for `size` numbers a word: attention with one head and `key_dim` equal to `size` (queries, keys, values and the layer after them, each with biases), a feedforward part with `hidden` units and back to `size`, and two normalizations with a scale and a shift for each feature. (Check: `size=16, hidden=32` has 2,224.)


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
# Each row of weights says who looked at whom, and such a map is tempting: is this not the network's reason? It may be, or may not. There is a way to find out: **interfere.** Give the trained network other weights, and see whether its answers change.
#
# First the table with the cards. We shuffle each row of weights, and in a second trial make all weights equal.


# %%
def cards_with(change):
    """Return the fraction of right numbers with each table's weights changed, and the weights."""
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
    print(f"weights {name}: right ≈ {fraction:.2f}")

# %%
lesson.claim("the largest weight is at the sought card in over 95 %", at_sought > 0.95)
lesson.claim(
    "with other weights less than half of the numbers are right",
    max(of_cards["shuffled"], of_cards["all equal"]) < 0.5,
)

# %% [markdown]
# Here the map is the mechanism. It shows the sought card, and without it hardly more is right than by naming the commonest number on the table. Nothing else in this network could carry a number from one card to another.
#
# Now our reader of sentences, from the beginning of the lesson. We run it by hand, with the parts that you have met.


# %%
def read_by_hand(model, n, change=lambda w: w):
    """Return the reader's probability for sentence n, with its weights of attention changed."""
    parts = model.get_weights()
    embedding, table = parts[:2]
    used = np.count_nonzero(rows[n])  # padding is left out, as the mask does
    x = embedding[rows[n, :used]] + table[:used]
    x = x + look(layer_norm(x, *parts[2:4]), parts[4:12], change=change)[0]
    w_1, b_1, w_2, b_2 = parts[14:18]
    x = x + np.maximum(0, layer_norm(x, *parts[12:14]) @ w_1 + b_1) @ w_2 + b_2
    return 1 / (1 + np.exp(-(x.mean(axis=0) @ parts[18] + parts[19])))[0]


new = np.flatnonzero(held_out)
by_change = {
    name: np.array([read_by_hand(reader, n, change) for n in new])
    for name, change in changes.items()
}
of_sentences = {name: np.mean((p > 0.5) == acts[new]) for name, p in by_change.items()}
by_hand = by_change["as they are"]

# %%
lesson.claim(
    "by hand it gives Keras's probabilities", np.max(np.abs(by_hand - probability[new])) < 1e-3
)

# %% [markdown]
# **Before you run it, guess:** with all weights of attention equal, so that each word just gets the mean of all words: on how many sentences is the trained reader still right?

# %%
lesson.guess("equal_weights", "on about half", "on about three quarters", "on nearly all")

# %%
for name, fraction in of_sentences.items():
    print(f"weights {name}: right ≈ {fraction:.2f}")

# %%
show(
    draw.interfered({"cards": of_cards, "sentences": of_sentences}, chance=(commonest, 0.5)),
    "Two groups of three bars. Cards: as they are near the top, shuffled and all equal far below, "
    "at or under a dashed line, that of the commonest number. "
    "Sentences: as they are high, shuffled and all equal on the dashed line of one half.",
)
lesson.claim("with its own weights it is right in over 75 %", of_sentences["as they are"] > 0.75)
lesson.claim(
    "with other weights it is right in about half, as by chance",
    max(abs(of_sentences["shuffled"] - 0.5), abs(of_sentences["all equal"] - 0.5)) < 0.15,
    guess="equal_weights",
)

# %% [markdown]
# Trained with its own weights, it is lost with others. So does the map tell us *why* "the dog chased the boy" is about a dog that acts? One more control. We train the same network again, on the same sentences, from other first weights and in another order.
#
# **Before you run it, guess:** both are right on most sentences. How alike are their maps? (The correlation is 1 for the same map, 0 for nothing in common.)

# %%
lesson.guess("two_maps", "nearly the same, above 0.9", "alike, about 0.7", "less alike than 0.5")

# %%
other_reader, other_probability = train_reader(positions=True, epochs=18, seed=lesson.seed + 100)


def map_of(model, n):
    """Return the weights with which the words of sentence n look at each other."""
    kept = []
    read_by_hand(model, n, change=lambda weights: kept.append(weights) or weights)
    return kept[0]


alike = np.mean(
    [np.corrcoef(map_of(reader, n).ravel(), map_of(other_reader, n).ravel())[0, 1] for n in new]
)
other_right = right(other_probability)
example = next(n for n in new if 5 <= len(sentences[n].split()) <= 8)
example_words = sentences[example].replace(".", "").split()
example_maps = {"one training": map_of(reader, example), "another": map_of(other_reader, example)}
print(f"right in ≈ {reader_right:.2f} and ≈ {other_right:.2f}")
print(f"correlation of their maps, mean over the sentences ≈ {alike:.2f}")

# %%
show(
    draw.maps(example_words, example_maps),
    "Two grids of grey squares for one sentence, a row for each word that looks. They are dark at "
    "different places.",
)
lesson.claim("both are right in over 75 %", min(reader_right, other_right) > 0.75)
lesson.claim("the correlation of their maps is below 0.5", alike < 0.5, guess="two_maps")

# %% [markdown]
# Two networks, the same question, mostly the same right answers, two maps. A map says how *its* network moves things about. Neither is the reason why a sentence means what it means, and a story told about the darkest square of the one would not fit the other.
#
# There is a known dispute about this. "Attention is not Explanation" (2019) found, for trained networks, quite different weights that give nearly the same answers. "Attention is not not Explanation", of the same year, replied that it depends on what one calls an explanation, and proposed tests; training again from other first weights is among them. What a map shows is where values *come from* in one layer. Interfere, and train again, before you say more.
#
# ## A network that writes
#
# A **language model** gives a probability to everything that could come next in a text. Ours works on characters. Its examples cost nothing: each place of a text is an input, and the character after it is the label.
#
# A text of 32 characters has 32 places, and each is to predict what comes after it. All at once, in one pass. But attention looks everywhere, and the right answer of each place stands just after it. So each place must see only itself and what stands before it. That is a **causal mask**.

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
# The writer is an embedding, positions, a block and a mask (`use_causal_mask` makes it). It learns from the sentences of lesson 06, one after another in a drawn order; some are held out.

# %%
### SOURCE courseware.lessons.attention.models.build_writer

# %%
text, new_text = two_texts(lesson.seed)
characters = sorted(set(text + new_text))
numbers_of = {character: number for number, character in enumerate(characters)}
text_ids, new_ids = (np.array([numbers_of[c] for c in part]) for part in (text, new_text))
print(
    "characters to learn from:",
    len(text_ids),
    " held out:",
    len(new_ids),
    " different ones:",
    len(characters),
)
print(text[:100])

# %% [markdown]
# Does the mask work? We change the last characters of a text, and look at what the network says at the places before.

# %%
keras.utils.set_random_seed(lesson.seed)
writers = {"with the mask": build_writer(len(characters), length=32)}
keras.utils.set_random_seed(lesson.seed)
writers["without it"] = build_writer(len(characters), length=32, causal=False)
original = new_ids[None, :32]
changed = original.copy()
changed[0, 24:] = (changed[0, 24:] + 1) % len(characters)
moved = {}
for name, writer in writers.items():
    first, second = (
        keras.ops.convert_to_numpy(writer(part))[0, :24] for part in (original, changed)
    )
    moved[name] = np.max(np.abs(first - second))

# %%
lesson.claim(
    "with the mask the 24 places before stay the same, to the last bit", moved["with the mask"] == 0
)
lesson.claim("without it they do not", moved["without it"] > 0)

# %% [markdown]
# Now train both, with the mask and without, on the same windows of text. The baseline looks at one character and says how often which followed it in the text: a table of pairs (*bigrams*).
#
# **Before you run it, guess:** which of the two has the smaller loss on new text?

# %%
lesson.guess("which_loss", "the one with the mask", "the one without", "about the same")


# %%
def windows(ids, starts):
    """Return pieces of 32 characters, and for each place of them the character that follows."""
    pieces = ids[starts[:, None] + np.arange(33)]
    return pieces[:, :-1], pieces[:, 1:]


rng = np.random.default_rng(lesson.seed)
x, y = windows(text_ids, rng.integers(0, len(text_ids) - 32, 32 * 500))
new_x, new_y = windows(new_ids, np.arange(0, len(new_ids) - 32, 7))
pairs = np.ones((len(characters), len(characters)))
np.add.at(pairs, (text_ids[:-1], text_ids[1:]), 1)
pair_loss = -np.mean(np.log(pairs / pairs.sum(axis=1, keepdims=True))[new_x, new_y])
losses = {}
for name, writer in writers.items():
    writer.fit(x, y, batch_size=32, epochs=1, verbose=0, callbacks=[lesson.live()])
    p = softmax(keras.ops.convert_to_numpy(writer(new_x)))
    losses[name] = -np.log(np.take_along_axis(p, new_y[..., None], axis=2) + 1e-9)[..., 0].mean(
        axis=0
    )
    print(
        f"{name}: loss on new text ≈ {losses[name].mean():.2f}, "
        f"at the last place ≈ {losses[name][-1]:.2f}"
    )
print(f"from pairs of characters: ≈ {pair_loss:.2f}")

# %%
show(
    draw.by_place(losses, pair_loss),
    "Loss against the place, 0 to 31. With the mask it falls over the first few places and then "
    "stays low, below the dotted line of the pairs. Without it, it lies near zero at every place "
    "but the last, where it shoots up.",
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
    losses["with the mask"].mean() < 0.75 * pair_loss,
)

# %% [markdown]
# The small loss is worth nothing. Without a mask the next character is in the input, one place further on, and need only be copied. At the end of the text there is none to copy, and there the network has hardly learned to predict. And the end of the text is where one writes.
#
# ### Temperature
#
# To write, draw a character from the probabilities, append it to the text, ask again. How boldly it draws is set by the **temperature** $T$: the scores are divided by it before the softmax. Below 1 the likely gets likelier, above 1 the unlikely gets its chance.
#
# ### Exercise: warm
#
# Return the probabilities for one list of scores at a temperature. Scores may be large: subtract the largest first, as `softmax` above does.


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
    """Return so many texts of n characters, each continuing 32 characters of the new text."""
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
# **Before you run it, guess:** at which of the two ends are more of its words real ones, at 0.5 or at 2?

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
    draw.written({name: texts[0] for name, texts in written.items()}),
    "Four short texts. At temperature 0.5 mostly whole words in the order of sentences, at 1 words "
    "and near-words, at 2 letters nearly at random. Without the mask: scraps.",
)
lesson.claim(
    "at 0.5 more of its words are real than at 2",
    of_words["temperature 0.5"] > of_words["temperature 2.0"],
    guess="which_temperature",
)

# %% [markdown]
# Look at what it learned in a few seconds from 32,000 characters, of which nobody told it that there are words: the fractions above say how much of what it writes between two spaces are words of the text. And look at what it says: nothing that anybody meant.
#
# A low temperature is not simply better: what is unlikely and right goes as well.
#
# ### Exercise: repair
#
# This attention was meant for a writer. Three things are wrong: it knows no places, it sees the future, and its softmax runs over the wrong axis. `x` has the shape (time, size), `table` a row for each place, at least as many as there are.


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
# At heart a large language model is this network, with three things more.
#
# * **Scale.** Instead of characters, pieces of words (**tokens**), some 100,000 different ones; instead of one block, dozens to more than a hundred; instead of 16,000 parameters, many billions; instead of 32,000 characters of one kind, much of the public web and many books. GPT-3 (2020) had 96 blocks and 175 billion parameters. The training task is yours: predict what comes next.
# * **Instruction.** Such a network continues texts. Asked a question, it might continue with more questions. So it is trained further (*fine-tuned*), with the same loss, on examples in which an instruction is followed by a good answer.
# * **Reward.** Then people compare answers, a second network learns to predict what they prefer, and the first is trained by reinforcement learning (lesson 12) to please it (*RLHF*, reinforcement learning from human feedback). Where an answer can be checked, as in arithmetic or programs, the check itself can be the reward.
#
# Know what follows from this. It is trained to say what is *likely* in its texts, or pleasing, and a false sentence can be both (a *hallucination*); nothing in the loss you have seen looks whether a sentence is true. It knows what its texts knew, up to a date, unless a program puts newer texts or the result of a search before its question; that too is only more text to look at. It has no place of its own to look something up, and what it says of its own reasons is again a likely text. And the shape of the writing says little of its worth: your network here writes of things that never happened, in sentences that sound nearly right.
#
# ### Why it is no recurrent network
#
# It is often called one, since it writes one token after the other. But look at how it is built. In a recurrent network, state $t$ is computed from state $t - 1$; the steps must wait for each other, in training too. In `build_writer` no place waits for another: all 32 were computed in one pass, and the mask proof says what each could see. When it writes, the loop is *outside* of the network. What is handed from step to step is nothing but the text. (To save work, programs keep the keys and values of earlier places, which stay the same as long as the text fits into the places there are, its *context window*. This is a *KV cache*. That is a memory of results, and grows with the text; a recurrent state has one size.)
#
# ## What people get wrong
#
# * **"Attention knows the order of the words."** Without positions our reader was right in exactly half of the cases. (A causal mask does give order away: an early place sees fewer others.)
# * **"Query, key and value are three names for one thing."** With one set of weights for query and key, the look-up failed.
# * **"The map of attention shows the network's reasons."** It shows where values come from. Interfere, before you say more.
# * **"A lower loss is a better language model."** Without a mask the loss was a fraction of the other, except at the end of the text, where one writes.
# * **"Attention is always faster than a recurrence."** Not on a processor with long texts: pairs grow with the square.
# * **"ChatGPT is an LSTM, for it writes word after word."** It is a Transformer. The loop is outside of it.
# * **"Temperature makes a model more creative."** It flattens the probabilities. What they are worth was settled in the training.
#
# ## Takeaways
#
# * Attention is products, softmax, weighted mean. The weights are made from the contents, anew for each input.
# * A query says what a place seeks, a key what it can be found by, a value what it hands over.
# * Where all look at all, it knows of order what positions tell it. Masks keep it from padding and from the future.
# * Any two places are one step apart, at the price of $n^2$ pairs.
# * A block is attention and a small feedforward network, each with a shortcut and a normalization.
# * A language model predicts what comes next. Its examples are free, its loop stands outside, and likely is not the same as true.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# This was the last lesson. You can write a network and its training from scratch, and check the gradient by a nudge. You can build networks for tables of numbers, pictures, series and sentences, compress data and make new ones, choose settings without fooling yourself, put a network to work, and find out whom it fails.
#
# How to go on? Take data that *you* care about, and go the way of every lesson: a baseline, the smallest network that might work, an honest test, then one change at a time. Find others to learn with. When something surprises you, build the smallest experiment that shows it.
#
# * All terms of the course, each in a sentence: [glossary](glossary.md). All of Keras: [keras.io/api](https://keras.io/api/).
# * François Chollet, *Deep Learning with Python* (Manning, third edition 2025): the natural next book.
# * Dzmitry Bahdanau, Kyunghyun Cho and Yoshua Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", *ICLR* (2015; arXiv:1409.0473): attention, between two recurrent networks.
# * Ashish Vaswani and others, "Attention Is All You Need", *NeurIPS* (2017; arXiv:1706.03762): the Transformer.
# * Sarthak Jain and Byron Wallace, "Attention is not Explanation", *NAACL* (2019), and Sarah Wiegreffe and Yuval Pinter, "Attention is not not Explanation", *EMNLP* (2019): what a map does and does not tell.
# * Jay Alammar, "The Illustrated Transformer" (2018), jalammar.github.io: the same, drawn step by step.
# * Andrej Karpathy, *nanoGPT*, github.com/karpathy/nanoGPT: your writer, grown up, in a few hundred lines.
