# %% [markdown]
# # Two networks that compete
#
# *145 minutes: 75 to read and run, 35 for 7 exercises, 35 for the 35 questions of the quiz. Builds on: lesson 02 (sigmoid, binary cross-entropy) and lesson 03 (hidden layers, Adam, the digits).*
#
# Nearly all networks so far answered questions about data. This one makes data: points, and then handwritten digits that nobody ever wrote.
# No label tells it what is good. It learns from an opponent, a second network that tries to catch it out.
#
# **After this lesson you can**
#
# * say what the two networks see, what each of them wants, and who learns when;
# * write one training step for both in plain Keras, and test that each turn changes only the network it should;
# * measure what a generator has learned: how good its samples are, how varied, and whether they are copies;
# * recognize mode collapse, provoke it, and say what holds it off;
# * say what the discriminator's accuracy and the losses tell you, and what they do not.

# %%
from courseware import open_lesson

lesson = open_lesson("08_gan")

import warnings

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from courseware.batches import ShuffledBatches
from courseware.data import digits
from courseware.lessons.fnn.models import build_digit_classifier
from courseware.lessons.gan import drawings as draw
from courseware.drawing import show

# %% [markdown]
# We begin with data whose truth is known: eight small clouds of points on a circle.

# %%
### SOURCE courseware.data.ring

# %% [markdown]
# Here is a network learning to turn random numbers into points. It never sees a point of the ring: another network sees both kinds, and says how real each one looks. You meet both networks soon.

# %%
from courseware.lessons.gan.models import build_gan, train_gan

keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
ring_gan = build_gan()
looks = train_gan(ring_gan, lambda n: ring(n, rng), steps=1500, rng=rng, live=lesson.live())

real = ring(500, rng)

# %%
moments = {look["step"]: look["samples"] for look in looks}
show(
    draw.clouds({f"step {step}": moments[step] for step in (0, 60, 200, 500, 1000, 1500)}, real),
    "Six pictures of the same eight grey clouds on a circle, with 500 made points in orange-red. "
    "At step 0 the made points lie in one heap. Then they spread, draw together to a circle, and "
    "at the end nine of ten lie in the eight clouds, in most of them on one side, and the others "
    "on the bridges between. (A few lie outside of the frames.)",
)
distance = np.abs(np.linalg.norm(moments[1500], axis=1) - 1)
lesson.claim(
    "at the end nine of ten made points are close to the circle", np.mean(distance < 0.2) > 0.9
)

# %% [markdown]
# Grey is real, orange-red is made. In the end there are eight clouds, with a few points on the bridges between them. Nobody told the network that there are eight.
#
# ## A forger and a detective
#
# Two networks play against each other.
#
# * The **generator** G gets random numbers and turns them into a sample, here a point. Such a sample is called a **fake**. The random numbers make each sample come out
#   different; they are called *noise* (or the *latent vector*).
# * The **discriminator** D gets a sample and says whether it is real or fake. It is an ordinary binary classifier: label 1 for real, 0 for fake.
#
# They are often compared to a forger and a detective: each gets better because the other does. Below, D is also called the detective. Together they are a **generative adversarial network**, or **GAN**. "Adversarial"
# means that they are opponents. Ian Goodfellow and others published the idea in 2014.
#
# What each of them sees matters. D sees samples, real ones and fake ones, and is told which is which. G sees noise only. All that it ever learns about the data comes through D:
# backpropagation tells it in which direction a fake would have to move for D to find it more real.
#
# D's last layer has no activation, so it gives a logit: above 0 means "real". $D(x)$, the probability that $x$ is real, is the sigmoid of that logit. The loss is told so by `from_logits=True`, and applies the sigmoid itself.

# %%
### SOURCE courseware.lessons.gan.models.build_generator

# %%
### SOURCE courseware.lessons.gan.models.build_discriminator

# %% [markdown]
# Adam keeps a running average of the gradients. `beta_1=0.5` makes that memory shorter than the usual 0.9. This habit, and leaky ReLU in the discriminator, come from the *DCGAN* of 2015 (deep convolutional GAN).
#
# **Before you run it, guess:** both networks are fresh. How often does D judge correctly?

# %%
lesson.guess("fresh_detective", "almost never", "about half the time", "almost always")

# %%
from courseware.lessons.gan.models import values

keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
generator, discriminator = build_generator(), build_discriminator()
noise = rng.normal(size=(500, 2))
fake = values(generator, noise)  # what the network gives, as a NumPy array
print("noise", noise.shape, "-> fake", fake.shape, "-> logit", values(discriminator, fake).shape)
real_points, hits = ring(500, rng), []
for _ in range(20):  # twenty fresh discriminators, as one alone may do well by chance
    fresh = build_discriminator()
    right = np.mean(values(fresh, real_points) > 0) + np.mean(values(fresh, fake) < 0)
    hits.append(right / 2)
print(f"accuracy of fresh discriminators, on average ≈ {np.mean(hits):.2f}")

# %%
lesson.claim(
    "it is nearer to one half than to 0 or 1", 0.25 < np.mean(hits) < 0.75, guess="fresh_detective"
)

# %% [markdown]
# The number is a mean over twenty discriminators. So at first the detective knows nothing.
#
# ## Before any learning: two baselines
#
# How good is a cloud of made points? One number is not enough. We ask two questions.
#
# * **Is each point plausible?** The *good share* is the fraction of points that lie within 0.2 of the centre of a real cloud.
# * **Is everything there?** A place where data crowd together is called a **mode**. The ring has eight. We count a mode as covered if at least 2 % of the made points are good and lie there.
#   (With equal numbers in all eight it would be 12.5 %.)
#
# ### Exercise: good_share
#
# Write the first measure. `points` has the shape (n, 2), `centres` the shape (k, 2). What fraction of the points has a centre at a distance below `reach`? Loops are fine.


# %%
def good_share(points, centres, reach=0.2):
    """Return the fraction of points that lie closer than `reach` to one of the centres."""
    ### BEGIN SOLUTION
    distance = np.linalg.norm(points[:, None] - centres[None], axis=2)  # (n, k)
    return np.mean(distance.min(axis=1) < reach)
    ### END SOLUTION


# %%
lesson.check("good_share", good_share)
# lesson.hint("good_share")

# %% [markdown]
# Two simple "generators" serve as baselines. The first fits one single bell-shaped cloud to the ring, with the right mean
# and spread. The second repeats a single point, the centre of one cloud.
#
# **Before you run it, guess:** which of the two has the larger good share?

# %%
lesson.guess("good_points", "the bell", "the repeated point", "both alike")

# %%
from courseware.lessons.gan.measures import CENTRES, score  # modes covered, and the good share

# a bell needs a centre and its spread: the mean, and how the two coordinates vary (covariance)
bell = rng.multivariate_normal(real.mean(axis=0), np.cov(real.T), 500)
candidates = {
    "real points": real,
    "one bell": bell,
    "one point": np.repeat(CENTRES[:1], 500, axis=0),
}
candidates["GAN"] = moments[1500]
results = {name: score(points) for name, points in candidates.items()}
for name, (modes, share) in results.items():
    print(f"{name:12} modes ≈ {modes}, good share ≈ {share:.2f}")

# %%
show(
    draw.clouds({name: points for name, points in candidates.items()}, real),
    "Four pictures of the grey ring. The real points fill it. One bell is a wide round cloud whose "
    "points lie mostly between the modes and in the hole. One point is a single dot on the right. "
    "The GAN's points reach all eight modes, but in most of them cover only a part of the grey.",
)
lesson.claim("one bell: less than a third of its points are good", results["one bell"][1] < 1 / 3)
lesson.claim(
    "one point: all good, and one mode", results["one point"] == (1, 1.0), guess="good_points"
)
lesson.claim("the GAN covers all eight modes", results["GAN"][0] == 8)
lesson.claim("and over half of its points are good", results["GAN"][1] > 0.5)

# %% [markdown]
# Compare the two baselines. The bell is varied, and mostly in the wrong places. The repeated point is perfect in quality and useless. Neither number alone would do. Remember
# the repeated point: a generator can fail in just that way.
#
# ## The smallest duel
#
# Before the code for real networks, here is a GAN of two numbers. All real data are one point at $0$. The generator has one number, $m$: it puts its fake there. The discriminator has one number,
# $a$: its logit for a sample $x$ is $a \cdot x$. With $a < 0$ it suspects everything to the right of 0.
#
# * D's loss is the binary cross-entropy you know: label 1 for the real 0, label 0 for the fake $m$.
# * G wants its fake to be taken for real: its loss is the cross-entropy with label **1**, which is $-\log D(m)$.
#
# Each in turn takes one step of gradient descent on *its own* loss. We get the slopes by nudging, as in lesson 01. The solution is clear: $m = 0$, the fake equals the real point, and $a = 0$, nothing to tell apart.
#
# **Before you run it, guess:** the fake starts at $m = 1$. What does it do in 200 steps?

# %%
lesson.guess("duel", "walk to 0 and rest there", "circle around 0", "run away from it")


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss_d(m, a):
    return -(np.log(sigmoid(a * 0)) + np.log(1 - sigmoid(a * m))) / 2


def loss_g(m, a):
    return -np.log(sigmoid(a * m))


def duel(m, a, rate, steps, nudge=1e-5):
    """Return the path of (m, a): in each step first the discriminator moves, then the generator."""
    path = [(m, a)]
    for _ in range(steps):
        a -= rate * (loss_d(m, a + nudge) - loss_d(m, a - nudge)) / (2 * nudge)
        m -= rate * (loss_g(m + nudge, a) - loss_g(m - nudge, a)) / (2 * nudge)
        path.append((m, a))
    return np.array(path)


path = duel(m=1.0, a=0.0, rate=0.3, steps=5000)
crossings = int(np.sum(path[1:201, 0] * path[:200, 0] < 0))
print("in 200 steps the fake passed the real point", crossings, "times")
for start, end in ((100, 200), (900, 1000), (4900, 5000)):
    swing = np.abs(path[start:end, 0]).max()
    print(f"furthest from it in the steps {start} to {end}: {swing:.2f}")

alone = 1.0  # for comparison: descent on one fixed loss, half the squared distance
for _ in range(20):
    alone -= 0.3 * alone
print(f"descent on a fixed loss, after 20 steps: {alone:.4f}")

# %%
show(
    draw.duel(path[:201]),
    "Left: two waves over 200 steps, the fake's place and the discriminator's weight; they shrink "
    "slowly. Right: the same two numbers against each other run around the solution in a spiral "
    "that narrows slowly.",
)
lesson.claim("it passes the real point again and again", crossings >= 4, guess="duel")
lesson.claim(
    "its swings shrink, and after 5,000 steps they are still larger than the other's after 20",
    alone < np.abs(path[4900:, 0]).max() < np.abs(path[100:200, 0]).max() / 2,
)

# %% [markdown]
# Follow the spiral from the start. D suspects the right side, so the fake moves left, past 0. Then D has to turn round, and the fake comes back. The loops shrink very slowly: thousands of steps later the players are further from the solution than descent on one fixed loss was after
# twenty. **Training a GAN is not walking down one landscape.** The two want opposite things, and each step of one
# moves the other's goal. There is no single loss that shrinks, and in general no promise that the game comes to rest.
#
# Now the same duel in Keras. Both players are dense layers with one weight and no bias. The trick is how the generator learns. It has no loss of its own, so we put both networks in a row,
# generator first, and ask the *whole* for the answer "real". The discriminator must not move in that turn, or it would simply learn to say "real" to fakes. A network whose weights training must not change is called **frozen**:
# `trainable = False`.

# %%
player_g = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(1, use_bias=False)])
player_d = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(1, use_bias=False)])
logit_loss = keras.losses.BinaryCrossentropy(from_logits=True)
player_d.compile(keras.optimizers.SGD(0.3), loss=logit_loss)
both = keras.Sequential([keras.Input(shape=(1,)), player_g, player_d])
both.compile(keras.optimizers.SGD(0.3), loss=logit_loss)
player_g.set_weights([np.array([[1.0]])])
player_d.set_weights([np.array([[0.0]])])

one = np.ones((1, 1))
for _ in range(20):
    samples = np.concatenate([0 * one, values(player_g, one)])  # the real 0, and the fake
    player_d.trainable = True
    player_d.train_on_batch(samples, np.array([[1.0], [0.0]]))
    player_d.trainable = False  # frozen while the generator learns
    both.train_on_batch(one, one)

m_keras, a_keras = player_g.get_weights()[0].item(), player_d.get_weights()[0].item()
print("NumPy after 20 steps: m =", path[20, 0].round(3), " a =", path[20, 1].round(3))
print(f"Keras after 20 steps: m ≈ {m_keras:.3f}  a ≈ {a_keras:.3f}")

# %%
lesson.claim("both agree", np.allclose([m_keras, a_keras], path[20], atol=5e-3))

# %% [markdown]
# ## One step, on every backend
#
# That loop is already the whole method. Here it is for networks of any size: the builder that puts both in a row, and the two turns.

# %%
### SOURCE courseware.lessons.gan.models.build_gan

# %%
### SOURCE courseware.lessons.gan.models.discriminator_step


### SOURCE courseware.lessons.gan.models.generator_step

# %% [markdown]
# Many examples on the web use the tools of one backend and run on that alone. `trainable`, `train_on_batch` and `predict_on_batch`
# (the answers to one batch, as an array) are part of Keras itself, and run on TensorFlow, JAX and PyTorch.
#
# Trust no such step before you have tested it. Two questions: does each turn change its own network? Does it leave the other alone?


# %%
def weights_that_moved(action, *networks):
    """Run `action` once, and return for each network how many of its weight arrays have changed."""
    before = [network.get_weights() for network in networks]
    action()
    return [
        sum(not np.array_equal(a, b) for a, b in zip(old, network.get_weights(), strict=True))
        for old, network in zip(before, networks, strict=True)
    ]


keras.utils.set_random_seed(lesson.seed)
gan = build_gan()
generator, discriminator, combined = gan
batch, noise = ring(128, rng), rng.normal(size=(128, 2))
turns = {
    "discriminator's": lambda: discriminator_step(gan, batch, noise),
    "generator's": lambda: generator_step(gan, noise),
}
moved = {}
for round_ in (1, 2):
    print("round", round_)
    for name, turn in turns.items():
        of_g, of_d = weights_that_moved(turn, generator, discriminator)
        moved[round_, name] = [of_g, of_d]
        print(f"{name} turn: {of_g} of 6 arrays of the generator moved, {of_d} of D's 6")

# %%
lesson.claim(
    "the generator moves in its own turn only",
    [moved[r, t][0] for r in (1, 2) for t in turns] == [0, 6, 0, 6],
)
lesson.claim(
    "and so does the discriminator",
    [moved[r, t][1] for r in (1, 2) for t in turns] == [6, 0, 6, 0],
)

# %% [markdown]
# Each turn changed its own network and left the other alone. Now the version found in many older tutorials: compile the discriminator, then freeze it *once*, build the combined model, and never touch `trainable` again. In the Keras of that time, `compile` remembered
# the flag.
#
# **Before you run it, guess:** what does the discriminator's own step do in Keras 3?

# %%
lesson.guess("frozen_once", "it works as before", "it changes nothing", "it stops with an error")

# %%
old_g, old_d, old_combined = build_gan()  # build_gan freezes the discriminator
labels = np.concatenate([np.ones((128, 1)), np.zeros((128, 1))])
samples = np.concatenate([batch, values(old_g, noise)])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what Keras has to say stands below
    n_moved = weights_that_moved(lambda: old_d.train_on_batch(samples, labels), old_d)[0]
print(n_moved, "of 6 arrays of the discriminator moved in its own turn")

# %%
lesson.claim("frozen once, the discriminator never learns", n_moved == 0, guess="frozen_once")

# %% [markdown]
# Look at the number above. Keras 3 reads the flag when a network takes its first step, not at `compile`. The recipe that once worked now trains a generator against a detective that never learns. There is a warning, but no
# error. So each turn of ours sets the flag first. (With TensorFlow only the first step after `compile` counts. Yet both turns work: D alone and both in a row are two models, and each keeps the flag of its *own* first step.)
#
# ### Exercise: repair
#
# This training step runs, and a generator trained with it learns nothing useful. Two things are wrong. Repair it, and keep `train_on_batch` for both turns: the check watches these two calls. Remember: `network.train_on_batch(x, labels)` takes one training step with this batch. It moves the network's weights, except frozen ones, so that its answers to `x` come closer to `labels`. (The check calls your step 200 times, with 64 real points around (2, 1) and noise for 48 fakes, and expects the middle of the fakes within 1 of the real place.)


# %%
def repaired_step(gan, real, noise):
    """Let the discriminator learn once, then the generator."""
    generator, discriminator, combined = gan
    ### BEGIN SOLUTION
    samples = np.concatenate([real, generator.predict_on_batch(noise)])
    labels = np.concatenate([np.ones((len(real), 1)), np.zeros((len(noise), 1))])
    discriminator.trainable = True
    discriminator.train_on_batch(samples, labels)
    discriminator.trainable = False
    combined.train_on_batch(noise, np.ones((len(noise), 1)))
    ### STARTER
    # samples = np.concatenate([real, generator.predict_on_batch(noise)])
    # labels = np.concatenate([np.ones((len(real), 1)), np.zeros((len(noise), 1))])
    # discriminator.train_on_batch(samples, labels)
    # combined.train_on_batch(noise, np.zeros((len(noise), 1)))
    ### END SOLUTION


# %%
lesson.check("repair", repaired_step)
# lesson.hint("repair")

# %% [markdown]
# *A good place for a break. What comes next: what the two opponents' numbers tell, and what they hide.*
#
# ## How the duel goes
#
# The loop around the two turns only counts steps and looks at the state from time to time. This is what trained the ring at the top:

# %%
### SOURCE courseware.lessons.gan.models.train_gan

# %% [markdown]
# Over the 1,500 steps of that training we follow three curves: the modes covered (as a fraction of eight), the good share, and the discriminator's accuracy on fresh samples.

# %%
steps = np.array([look["step"] for look in looks])
covered, good = np.array([score(look["samples"]) for look in looks]).T
accuracy = np.array([look["accuracy"] for look in looks])
first, last = (steps >= 100) & (steps <= 300), steps >= 1200
early, late = accuracy[first].mean(), accuracy[last].mean()
print(f"mean accuracy, steps 100 to 300 ≈ {early:.2f}, steps 1200 to 1500 ≈ {late:.2f}")

# %%
show(
    draw.progress(
        steps, {"modes covered": covered / 8, "good points": good, "accuracy of D": accuracy}
    ),
    "Three curves over 1500 steps. The fraction of modes covered rises to 1 within a few hundred "
    "steps, the good share climbs more slowly. The accuracy of D swings "
    "widely at first; a dashed line marks chance, 0.5.",
)
lesson.claim(
    "over the last 300 steps more than half of the points are good", good[last].mean() > 0.5
)
lesson.claim("and at the end all eight modes are covered", covered[-1] == 8)

# %% [markdown]
# Follow the curve of D. A little above one half is what we hope for: the fakes are hard to tell, *for this detective*. Yet it is a hint, no more. A sharp D still tells good fakes apart, and a dull D is content with bad ones.
#
# And the loss? So far a falling training loss meant at least: better on what the network is trained on. Here not even that.
#
# **Before you run it, guess:** from the steps 100 to 300 to the last 300, how does the generator's loss change, in percent? (Write a fall with a minus.)

# %%
lesson.guess("loss_of_g")

# %%
loss = np.array([look["loss"] for look in looks])
for name, series in {"loss of G": loss, "good share": good}.items():
    print(f"{name}: early ≈ {series[first].mean():.2f}, late ≈ {series[last].mean():.2f}")

# %%
lesson.claim(
    "the good share rises by more than 20 points", good[last].mean() > good[first].mean() + 0.2
)
lesson.claim(
    "the loss has not fallen by as much as a fifth",
    loss[last].mean() > 0.8 * loss[first].mean(),
    guess="loss_of_g",
)

# %% [markdown]
# Compare both lines. The loss measures the generator against the discriminator *of that moment*, and that one had learned too. A runner and a pursuer who both get faster keep their distance.
# **To judge a GAN, look at the samples and measure them.**
#
# ## The best possible detective
#
# Why one half? Suppose real samples crowd around one place and fakes around another, and the two overlap. What should the best possible discriminator say at a place $x$? Let $p$ be how dense the real samples are at $x$, and $q$ how dense the fakes
# are. With as many real as fake ones, a fraction of
#
# $$D^*(x) = \frac{p}{p + q}$$
#
# of the samples found there is real, and no answer has a smaller cross-entropy. Check it: at a place with $p = 0.3$ and $q = 0.1$, try every answer.

# %%
p, q = 0.3, 0.1
answers = np.linspace(0.001, 0.999, 999)
costs = -p * np.log(answers) - q * np.log(1 - answers)
print("best answer:", answers[costs.argmin()].round(3), "  p / (p + q) =", round(p / (p + q), 3))

# %%
lesson.claim(
    "trying all answers gives p / (p + q)", abs(answers[costs.argmin()] - p / (p + q)) < 1e-3
)

# %%
x = np.linspace(-4, 6, 400)


def bell_curve(x, centre):
    return np.exp(-((x - centre) ** 2) / 2) / np.sqrt(2 * np.pi)


show(
    draw.best_answer(x, bell_curve(x, 0), bell_curve(x, 2)),
    "Above: two bell curves, real around 0 and fake around 2, that overlap. Below: the best "
    "answer, near 1 on the left, falling through one half where the curves cross, near 0 on the "
    "right.",
)

# %% [markdown]
# Far to the left the best detective is sure; where the curves cross it can only toss a coin. Now let the generator do its work
# until $q = p$ everywhere. Then $D^*$ is one half *everywhere*, and the loss of either player is $\log 2$, about 0.69. Look back
# at the generator's loss on the ring: it is about as near to that value early, when the fakes are bad, as late. Two opponents can
# be level at any standard. Players who know nothing have the loss $\log 2$ as well, as in lesson 03.
#
# ### Exercise: best_discriminator
#
# Usually D sees as many real samples as fake ones. Write the rule for the general case: `n_real` real samples of density `p` and `n_fake` fakes of density `q`. What fraction of the samples at that place is real?


# %%
def best_discriminator(p, q, n_real=1, n_fake=1):
    """Return the probability that a sample is real, where the densities are p and q."""
    ### BEGIN SOLUTION
    return n_real * p / (n_real * p + n_fake * q)
    ### END SOLUTION


# %%
lesson.check("best_discriminator", best_discriminator)
# lesson.hint("best_discriminator")

# %% [markdown]
# ## The flipped loss
#
# The paper of 2014 first describes the game by one number:
#
# $$V = \text{mean of } \log D(\text{real}) + \text{mean of } \log\left(1 - D(\text{fake})\right)$$
#
# D makes $V$ as large as it can (1 for real, 0 for fakes), G as small as it can. Such a game is called **minimax**. For D, a large $V$ is the same as a small binary cross-entropy.

# %%
logit_real, logit_fake = np.array([2.0, 1.0]), np.array([-1.0, 0.5])
value = np.mean(np.log(sigmoid(logit_real))) + np.mean(np.log(1 - sigmoid(logit_fake)))
logits = np.concatenate([logit_real, logit_fake])
bce = float(logit_loss(np.array([1.0, 1.0, 0.0, 0.0]), logits))
print(f"V ≈ {value:.4f}, binary cross-entropy in Keras ≈ {bce:.4f}")

# %%
lesson.claim("the cross-entropy is minus one half of V", abs(bce + value / 2) < 1e-5)

# %% [markdown]
# For G, the minimax rule says: make $\log(1 - D)$ small. We did something else. Our generator made $-\log D$ small, the cross-entropy with the label "real". Both want the same, a larger $D$ for the fakes. But look at how hard each of them *pushes*. We nudge
# the logit of one fake and measure the slope of both losses.
#
# **Before you run it, guess:** a fake is so bad that D gives it the logit $-6$, a probability of 0.0025. Which of the two losses is steeper there?

# %%
lesson.guess("steeper", "the minimax loss, log(1 - D)", "ours, -log D", "both alike")


# %%
def minimax_loss(logit):
    return np.log(1 - sigmoid(logit))


def flipped_loss(logit):
    return -np.log(sigmoid(logit))


nudge, slopes = 1e-4, {}
for logit in (-6.0, -2.0, 0.0, 2.0):
    slopes[logit] = [
        (f(logit + nudge) - f(logit - nudge)) / (2 * nudge) for f in (minimax_loss, flipped_loss)
    ]
    print(f"logit {logit:4}: D = {sigmoid(logit):.4f}", end=", ")
    print(f"slopes {slopes[logit][0]:.4f} and {slopes[logit][1]:.4f}")

# %%
lesson.claim(
    "at the logit -6 ours is over 300 times as steep",
    slopes[-6.0][1] / slopes[-6.0][0] > 300,
    guess="steeper",
)

# %% [markdown]
# ### Exercise: generator_slopes
#
# There is a simple rule behind these numbers: compare the column of $D$ with the two slopes beside it. Write both slopes as formulas. The function takes a logit (or an array of them) and returns the slope of $\log(1 - D)$ and the slope of $-\log D$, both along the logit.


# %%
def generator_slopes(logit):
    """Return the slopes of log(1 - D) and of -log D along the logit."""
    ### BEGIN SOLUTION
    d = 1 / (1 + np.exp(-logit))
    return -d, d - 1
    ### END SOLUTION


# %%
lesson.check("generator_slopes", generator_slopes)
# lesson.hint("generator_slopes")

# %%
line = np.linspace(-7, 5, 121)
show(
    draw.slopes(line, -sigmoid(line), sigmoid(line) - 1),
    "Left: both losses over the logit fall to the right; the minimax loss is flat at the left end "
    "and steep at the right, the flipped one the other way round. Right: their slopes. In the grey "
    "zone of exposed fakes, the minimax slope is nearly 0 and the flipped slope nearly -1.",
)

# %% [markdown]
# (The second slope, $D - 1$, is the $p - 1$ of lesson 03.) The grey zone holds the fakes that D has exposed. There $D$ is near 0, and the minimax loss is nearly flat: saturated, as we called it for the sigmoid. The generator is worst and hears least. With $-\log D$ it is the other way round. That loss was proposed in the same paper of 2014, and later named the
# **non-saturating loss**. For the discriminator, nothing changes.
#
# ### Where the gradient vanishes
#
# Now in whole networks. We move a fresh generator's heap to (3, 3), far from all real points, and hold the generator as it is. Only the discriminator trains, and gets further and further ahead. Every 20 steps we ask: how large is the generator's gradient, under both losses? (One step of plain gradient descent with rate 1 moves the weights by exactly the
# gradient. So we take one step, see how far the weights moved, and put them back.)
#
# **Before you run it, guess:** by how much will the gradient of *our* loss, $-\log D$, change in 600 steps?

# %%
lesson.guess(
    "flipped_gradient",
    "it falls below a tenth",
    "it changes less than tenfold",
    "it grows more than tenfold",
)


# %%
def minimax(labels, logits):
    """Return log(1 - D), the cross-entropy with label 0 with its sign flipped; ignore `labels`."""
    return -keras.losses.binary_crossentropy(keras.ops.zeros_like(logits), logits, from_logits=True)


keras.utils.set_random_seed(lesson.seed)
gan = build_gan()
generator, discriminator, _ = gan
weights = generator.get_weights()
weights[-1] = np.array([3.0, 3.0])  # the last biases: where the heap lies
generator.set_weights(weights)
rulers = {}  # for each loss both networks in a row, only to measure with
for name, rule in {"minimax": minimax, "flipped": logit_loss}.items():
    rulers[name] = keras.Sequential([keras.Input(shape=(2,)), generator, discriminator])
    rulers[name].compile(keras.optimizers.SGD(1.0), loss=rule)


def size_of_gradient(ruler, noise):
    before = generator.get_weights()
    discriminator.trainable = False
    ruler.train_on_batch(noise, np.ones((len(noise), 1)))
    after = generator.get_weights()
    generator.set_weights(before)
    return np.sqrt(sum(np.sum((new - old) ** 2) for new, old in zip(after, before, strict=True)))


# %%
noise, at_step, sizes = rng.normal(size=(500, 2)), np.arange(0, 601, 20), []
d_at_start = sigmoid(values(discriminator, values(generator, noise))).mean()
for n in at_step:
    sizes.append([size_of_gradient(ruler, noise) for ruler in rulers.values()])
    if n in (0, 20, 100, 300, 600):
        d = sigmoid(values(discriminator, values(generator, noise))).mean()
        print(f"D trained for {n} steps alone: mean D of the fakes ≈ {d:.5f}")
        print("  gradient:", *(f"{r} ≈ {s:.4f}" for r, s in zip(rulers, sizes[-1], strict=True)))
    for _ in range(20):
        discriminator_step(gan, ring(128, rng), rng.normal(size=(128, 2)))
of_minimax, of_flipped = np.array(sizes).T

# %%
show(
    draw.gradients(at_step, of_minimax, of_flipped),
    "Two curves over 600 steps on a scale where each line is a factor of ten. They begin "
    "near each other. The minimax gradient falls by some factors of ten, the flipped one rises.",
)
lesson.claim(
    "at the start the minimax gradient is D / (1 - D) times the other, to within a tenth",
    0.9 < of_minimax[0] / of_flipped[0] / (d_at_start / (1 - d_at_start)) < 1.1,
)
lesson.claim(
    "in the end the minimax gradient is less than a tenth of its largest value",
    of_minimax[-1] < of_minimax.max() / 10,
)
lesson.claim(
    "the flipped one has grown tenfold instead",
    of_flipped[-1] > 10 * of_flipped[0],
    guess="flipped_gradient",
)

# %% [markdown]
# Follow both curves to the right. At the start D knows nothing, and all fakes get about the same answer from it; then the two gradients are as the two slopes, $D$ and $D - 1$. Once D is sure of every fake, the minimax loss is flat there, and its gradient dwindles; the flipped loss, through the very same discriminator and from the same fakes, pushes hard. (Its slope along the logit only went from about one half to 1. The rest of the growth is D's: its logit has become steeper.)
#
# Yet the whole GAN need not fail with the minimax loss. Plain gradient descent would take steps as small as that gradient. But Adam divides each step by the usual size of the gradient, and so makes steps of much the same length from a gradient that is small everywhere. Trained side by side with a D that is not yet sure of itself, the minimax loss may do as well.
#
# ### For the curious; nothing later needs it: a distance that does not go flat
#
# Under the minimax rule, why is there so little to feel when fakes lie apart? Put real samples at 0 and fakes at a distance, and let the best possible detective judge. Its loss says how different the two are. The **Wasserstein distance** says it in another way: how far must the fakes be carried, on average, to become the real ones? In one dimension that is simple: sort both, and take the mean distance between partners.

# %%
grid, fine = np.linspace(-2, 6, 4001), np.random.default_rng(lesson.seed)
real_1d = fine.normal(0, 0.2, 1000)
lead, carried = {}, {}
for away in (0.0, 0.25, 0.5, 1.0, 2.0, 4.0):
    # the best detective needs the densities, the distance only samples; 1e-300 avoids log(0)
    p, q = (np.exp(-(((grid - c) / 0.2) ** 2) / 2) + 1e-300 for c in (0, away))
    best = p / (p + q)
    costs = -p * np.log(best) - q * np.log(1 - best + 1e-300)
    lead[away] = np.log(2) - costs.sum() / (p.sum() + q.sum())  # 0 where it can only guess
    carried[away] = np.abs(np.sort(real_1d) - np.sort(fine.normal(away, 0.2, 1000))).mean()
    print(f"fakes at {away:4}: best D's loss is {lead[away]:.3f} below guessing", end=", ")
    print(f"Wasserstein distance ≈ {carried[away]:.2f}")

# %%
lesson.claim(
    "from 1 to 4 the detective's lead changes by less than 5 %", lead[4.0] < 1.05 * lead[1.0]
)
lesson.claim(
    "the Wasserstein distance becomes more than three times as large",
    carried[4.0] > 3 * carried[1.0],
)

# %% [markdown]
# Read the rows from 1 on. The best detective is right nearly every time at 1, and always from 2 on, so its loss cannot tell whether fakes come closer. The distance does. A *Wasserstein GAN* (2017) trains a network, called a *critic*, to estimate that distance in many dimensions, and gives its slope to the generator.
#
# ## A slow detective
#
# The generator is paid for fooling the detective *of the moment*. We begin with the slowest of all, one that learns no more: the
# discriminator from the top of the lesson, held as it was in the end. It has seen the whole ring. A fresh generator trains
# against it for 500 steps.
#
# **Before you run it, guess:** where will the fresh generator put its points?

# %%
lesson.guess(
    "still_detective",
    "in all eight clouds",
    "in about half of them",
    "in one, two or three of them",
)


# %%
def describe(name, points, detective):
    """Print how many modes are covered and what the detective thinks of the points; return both."""
    modes, trust = score(points)[0], sigmoid(values(detective, points)).mean()
    print(f"{name}: modes covered ≈ {modes}, mean D of the points ≈ {trust:.2f}")
    return modes, trust


keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
newcomer, alone = build_gan(), {}
newcomer[1].set_weights(ring_gan[1].get_weights())  # the experienced detective
_ = describe("the real ring", real, newcomer[1])
for step in range(501):
    if step in (0, 100, 500):
        alone[f"step {step}"] = values(newcomer[0], rng.normal(size=(500, 2)))
        modes, trust = describe(f"step {step}", alone[f"step {step}"], newcomer[1])
    generator_step(newcomer, rng.normal(size=(128, 2)))  # the detective has no turn
crowd = alone["step 500"]

# %%
show(
    draw.clouds(alone, real),
    "Three pictures of the grey ring. At step 0 the points lie in one heap in the middle, at step "
    "100 they are on their way, at step 500 they lie in one place, or in a few.",
)
lesson.claim("it covers fewer than four of the eight modes", modes < 4, guess="still_detective")
lesson.claim("and the detective gives its points more than 0.35 on average", trust > 0.35)

# %% [markdown]
# ## When the generator repeats itself
#
# Look at the pictures, then at the printed lines. The last 500 points were made from 500 different draws of noise. This detective
# takes them for real about as readily as the ring itself, and most kinds are missing. This is **mode collapse**: the generator
# makes only one or a few of the kinds that the data hold. It is our repeated point from the baselines, now made by a network.
#
# The detective has seen all eight. But nothing in the generator's loss asks for variety: against a detective that stands still, it is
# smallest if *all* points lie where $D$ is largest.
#
# Or does the generator only need more time? We copy both networks twice. In the first copy all goes on as before, for 500 steps. In the second one thing changes: the detective learns again, one turn for each of the generator's.
#
# **Before you run it, guess:** what will become of the points in the second copy?

# %%
lesson.guess(
    "detective_learns",
    "they stay in place",
    "they move on, all together",
    "they spread over the ring",
)

# %%
copies, kept, released = {}, {}, {}
for name in ("detective still", "detective learns"):
    copies[name] = build_gan()
    for network, original in zip(copies[name][:2], newcomer[:2], strict=True):
        network.set_weights(original.get_weights())
    for turn in range(501):
        if turn in (0, 5, 20, 50, 100, 500):
            released[f"turn {turn}"] = points = values(copies[name][0], rng.normal(size=(500, 2)))
        if turn in (20, 500):
            kept[name] = describe(f"{name}, turn {turn}", points, copies[name][1])[0]
            at_heap = sigmoid(values(copies[name][1], crowd)).mean()
            print(f"    mean D at the old place ≈ {at_heap:.2f}")
        if name == "detective learns":
            discriminator_step(copies[name], ring(128, rng), rng.normal(size=(128, 2)))
        generator_step(copies[name], rng.normal(size=(128, 2)))

# %%
show(
    draw.clouds(released, real),
    "Six pictures of the copy with a detective that learns. At turn 0 the points lie on one or a "
    "few clouds. Then they leave the place, stretch, and at turn 500 they lie on several clouds, "
    "or all around the ring.",
)
lesson.claim(
    "with the still detective, it keeps to fewer than four modes", kept["detective still"] < 4
)
lesson.claim(
    "with a detective that learns, it covers at least two modes more",
    kept["detective learns"] >= kept["detective still"] + 2,
    guess="detective_learns",
)

# %% [markdown]
# Follow the six pictures, then compare the lines. Both copies began with the same crowded points. Only the detective's turns differ, so it is these that brought the variety. How? The formula for the best detective tells: where fakes crowd far more densely than real points, $p / (p + q)$ is small. Compare $D$ at the old place of the crowd after 20 turns: the detective that learns has found that out. Then a crowd no longer pays, here or at the next place. (By turn 500 the points have spread. Fakes no longer crowd at the old place, and D has risen there.)
#
# And a detective that learns, but slowly? Take both fresh, and give the generator ten turns for each of the detective's.
#
# **Before you run it, guess:** what will the points do?

# %%
lesson.guess(
    "slow_detective",
    "spread over the ring, but later",
    "stay crowded in one place",
    "hurry on from place to place",
)

# %% [markdown]
# Try it, with smaller networks. First press "Start" and wait for all eight clouds; then hold the detective still, and take a new
# generator. For the guess, set ten turns for the generator and one for the detective, take both new, and watch the clouds
# that the crowd visits.

# %%
lesson.explore("duel")

# %% [markdown]
# Why should a crowd hurry on? Here is the smallest copy of such a chase. The points always lie in one cloud, all together. The
# detective is the best possible one for the crowd as it lies, and then the crowd goes to the cloud that it finds most real.

# %%
crowded, places = np.eye(8)[0], []  # the fraction of the made points in each cloud
for _ in range(6):
    answer = (1 / 8) / (1 / 8 + crowded)  # p / (p + q) at each cloud
    places.append(int(crowded.argmax()))
    print(f"crowd at {places[-1]}: D* there {answer.min():.2f}, elsewhere {answer.max():.2f}")
    crowded = np.eye(8)[answer.argmax()]
at_peace = (1 / 8) / (1 / 8 + np.full(8, 1 / 8))
print(f"spread evenly: D* from {at_peace.min():.2f} to {at_peace.max():.2f}")

# %%
lesson.claim(
    "the crowd moves on each time; where points are spread evenly, D* is one half everywhere",
    np.all(np.diff(places) != 0) and at_peace.min() == at_peace.max() == 0.5,
    guess="slow_detective",
)

# %% [markdown]
# Each answer is right for the crowd that was, and drives it on instead of spreading it. Does ten to one also end in a chase if both have first learned in equal turns? Try it.
#
# And what did the usual numbers say of all this? Here are the loss of the generator and the accuracy of the discriminator, for a fresh GAN, the collapsed one and the good one.

# %%
final = [look for look in looks if look["step"] >= 1200]
seen = {
    name: [np.mean([look[key] for look in those]) for key in ("loss", "accuracy")]
    for name, those in {"fresh": looks[:1], "good": final}.items()
}
for_crowd, for_real = values(newcomer[1], crowd), values(newcomer[1], real)
seen["collapsed"] = [
    np.mean(np.logaddexp(0, -for_crowd)),  # -log D, safe from overflow
    (np.mean(for_real > 0) + np.mean(for_crowd < 0)) / 2,
]
for name, (its_loss, its_accuracy) in seen.items():
    print(f"{name:10} loss of G ≈ {its_loss:.2f}, accuracy of D ≈ {its_accuracy:.2f}")

# %%
lesson.claim(
    "the loss of the collapsed one is at most 0.4 above that of the good one",
    seen["collapsed"][0] < seen["good"][0] + 0.4,
)
lesson.claim(
    "yet one covers eight modes, and the other at most three", covered[-1] == 8 and modes < 4
)

# %% [markdown]
# Read down the columns. The loss hardly gives the crowd away: it is a little higher. D's accuracy may: if the still detective gives
# the whole crowd a little less than one half, all of it counts as fake. But a sharp detective still tells good fakes apart. And
# one may be at one half when it has not yet learned anything, when it is a step behind a moving crowd, or when the fakes are good.
# **An unsure detective can mean success, or blindness.** In practice collapse is mostly partial: some kinds are missing, and a
# few nice samples do not show it.
#
# ### Exercise: cover
#
# A goal to reach. These settings fail, with a slow detective and small networks. Change them so that after **800 steps** at least **7 modes** are covered and at least **40 %** of the points are good. `rates` are the learning rates of the
# generator and of the discriminator. The check trains the network, which takes some seconds.

# %%
### BEGIN SOLUTION
settings = dict(generator_steps=1, rates=(0.001, 0.002), hidden=64)
### STARTER
# settings = dict(generator_steps=8, rates=(0.002, 0.0005), hidden=8)
### END SOLUTION

# %%
lesson.check("cover", settings)
# lesson.hint("cover")

# %% [markdown]
# *Another good place for a break. What comes next: pictures, and how to judge them.*
#
# ## Digits that nobody wrote
#
# Now pictures: small networks and a short training, so expect scrawls. The two turns stay the same to the letter; what changes is the networks: the sample has as many numbers as a picture has pixels, the last layer is a sigmoid, which keeps each pixel between 0 and 1, and there is more noise, 16 numbers, as digits differ in more ways. Some settings change as well: wider layers, smaller batches, and now the generator has the larger rate (our guess is that with pictures the discriminator has the easier task).
#
# To save time we average blocks of 2 by 2 pixels: 14 by 14 are left. A part of the real digits is held out, as real pictures that no network here has seen.

# %%
images, numerals = digits()
images, numerals = images[:7500], numerals[:7500]
if images.shape[1] == 28:
    images = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
size = images.shape[1]
x_train, x_test, y_train, y_test = train_test_split(
    images, numerals, test_size=0.2, random_state=lesson.seed, stratify=numerals
)
flat_train, flat_test = x_train.reshape(len(x_train), -1), x_test.reshape(len(x_test), -1)
print("to learn from:", flat_train.shape, " held out:", flat_test.shape)

# %%
keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
digit_gan = build_gan(
    n_noise=16, n_out=size * size, hidden=128, output="sigmoid", rates=(0.002, 0.001)
)
digit_looks = train_gan(
    digit_gan,
    lambda n: flat_train[rng.integers(0, len(flat_train), n)],
    steps=2000,
    rng=rng,
    batch=64,
    look_every=50,
    live=lesson.live(),
)

# %%
end = digit_looks[-1]["step"]
frames = {look["step"]: look["samples"].reshape(-1, size, size) for look in digit_looks}
shown = {f"step {step}": frames[step][:25] for step in (0, 150, 500, 1000, end)}
show(
    draw.pictures(shown | {"real": x_train[:25]}),
    "Six blocks of 25 small pictures. At step 0 all are the same grey fog. After 150 steps they "
    "are the same dark blot nearly everywhere, after 500 two figures, a thin one "
    "and an open ring, in a few variants. Then "
    "strokes and loops differ more and more, and at the end some can be read as digits. The last "
    "block shows real digits, which are cleaner.",
)
lesson.claim("at the start, the samples are nearly alike", frames[0].std(axis=0).mean() < 0.1)
lesson.claim("at the end they differ from one another", frames[end].std(axis=0).mean() > 0.1)

# %% [markdown]
# Each block follows the same 25 draws of noise through the training. In our run the generator repeats itself on the way: look at steps 150 and 500. On the ring we called that mode collapse; here it passes. Compare the fifth block with the last one: some figures can be read, and few would pass for real ones. As between the codes of lesson 07, we can take a walk: we take two draws of noise and go from one to the other in small steps.

# %%
walks = rng.normal(size=(5, 2, 16))
way = np.linspace(0, 1, 12)[:, None]
on_the_way = [values(digit_gan[0], (1 - way) * a + way * b) for a, b in walks]
show(
    draw.walks([row.reshape(-1, size, size) for row in on_the_way]),
    "Five rows of twelve made digits. In each row the first turns little by little into the last.",
)

# %% [markdown]
# Small steps in the noise make small changes in the picture. Between two digits there is sometimes a third one, and sometimes nothing readable.
#
# ## Good, varied, and not copied
#
# How good are they? With pictures we have no list of centres. So we ask a witness: a classifier from lesson 03, trained on the real digits. It gives two numbers about a set of samples.
#
# * **Quality**: how sure is it, on average, of its answer? That is the mean of the largest of the ten probabilities.
# * **Variety**: which digits does it see, and how often? If all ten are equally frequent, that is ten kinds. If one has nearly everything, it is one kind. The **effective number** of kinds is $1 / (s_1^2 + s_2^2 + \dots + s_{10}^2)$, where the $s$ are the fractions of the ten kinds (the field calls it the *inverse Simpson index*).
#   Ten equal fractions of 0.1 give $1 / (10 \cdot 0.01) = 10$. One fraction of 1 gives 1.
#
# ### Exercise: effective_number
#
# Write the second measure. It takes an array of whole numbers, the digit seen in each sample.


# %%
def effective_number(seen):
    """Return 1 over the sum of the squared fractions of the kinds in `seen`."""
    ### BEGIN SOLUTION
    counts = np.unique(seen, return_counts=True)[1]
    shares = counts / len(seen)
    return 1 / np.sum(shares**2)
    ### END SOLUTION


# %%
lesson.check("effective_number", effective_number)
# lesson.hint("effective_number")

# %% [markdown]
# Our witness was trained on digits only and must always choose one of the ten, whatever it is shown. So we add a third number, without a network: the distance from a sample to the **nearest** real picture of the training set (square root of the summed squared
# differences of all pixels). And we bring baselines: pure noise, the mean of all digits, the ten mean digits (one for each numeral, each repeated 50 times), and real digits that were held out.
#
# You know from lesson 00 that a classifier can be sure of pure noise; the distance is to catch that.
#
# **Before you run it, guess:** how many of the three numbers will show that the ten mean digits, ten blurs, are not real ones? (Count a number that is worse by more than a fifth than for real digits.)

# %%
lesson.guess("blurs", "all three", "one or two", "none")


# %%
from courseware.lessons.gan.measures import nearest_picture  # its number, and the distance

keras.utils.set_random_seed(lesson.seed)
witness = build_digit_classifier(size)
batches = ShuffledBatches(x_train, y_train, seed=lesson.seed)
witness.fit(batches, epochs=5 if size > 8 else 20, verbose=0)


def testimony(pictures):
    """Return mean sureness, effective number of digits seen, and mean distance to the nearest."""
    answer = witness.predict(pictures, batch_size=500, verbose=0)
    fractions = np.bincount(answer.argmax(axis=1), minlength=10) / len(pictures)
    _, distance = nearest_picture(pictures.reshape(len(pictures), -1), flat_train)
    return answer.max(axis=1).mean(), 1 / np.sum(fractions**2), distance.mean()


sets = {
    "pure noise": rng.uniform(size=(500, size, size)).astype("float32"),
    "the mean digit": np.repeat(x_train.mean(axis=0)[None], 500, axis=0),
    "ten mean digits": np.repeat(
        [x_train[y_train == k].mean(axis=0) for k in range(10)], 50, axis=0
    ),
    "GAN, step 150": frames[150],
    "GAN, at the end": frames[end],
    "real, held out": x_test[:500],
}
found = {name: testimony(pictures) for name, pictures in sets.items()}

# %%
print("sureness, effective number of digits, distance to the nearest training picture")
for name, (sure, kinds, away) in found.items():
    print(f"{name:16} ≈ {sure:.2f}  ≈ {kinds:.1f}  ≈ {away:.2f}")

# %%
noise, gan, new = (found[name] for name in ("pure noise", "GAN, at the end", "real, held out"))
sure, kinds, away = zip(noise, gan, new, strict=True)
lesson.claim("on pure noise the witness is more than 40 % sure", sure[0] > 0.4)
lesson.claim("but noise lies over twice as far off as the GAN's samples", away[0] > 2 * away[1])
lesson.claim("the mean digit is one kind", abs(found["the mean digit"][1] - 1) < 1e-6)
lesson.claim("in the end the GAN makes more than 4 kinds", kinds[1] > 4)
lesson.claim("its samples have come closer to real digits", away[1] < found["GAN, step 150"][2])
lesson.claim("real digits are better in quality", sure[2] > sure[1])
blurred = found["ten mean digits"]
lesson.claim(
    "ten blurs are not more than a fifth worse than real digits in any of the three numbers",
    blurred[0] > 0.8 * sure[2] and blurred[1] > 0.8 * kinds[2] and blurred[2] < 1.2 * away[2],
    guess="blurs",
)

# %% [markdown]
# Compare the first row with the last. The witness is rather sure of pure noise, as "none of them" is not among its answers. The finished GAN may well score below it. **Sureness alone proves nothing.** The distance exposes the noise at once. The mean digit has a small distance (a blur is not far from anything), but it is one kind.
#
# So each number can be fooled alone. Now read the third row: ten blurred pictures, again and again, fool all three. Nobody asked about variety *within* a kind. Look at the samples as well.
#
# ### Whoever shows you the best
#
# Of 2,000 made digits we show, for each numeral, the ten of which the witness is surest. Beside them stand a hundred that nobody chose.

# %%
made = values(digit_gan[0], rng.normal(size=(2000, 16))).reshape(-1, size, size)
answer = witness.predict(made, batch_size=500, verbose=0)
chosen = [made[answer[:, numeral].argsort()[::-1][:10]] for numeral in range(10)]
show(
    draw.pictures({"chosen": np.concatenate(chosen), "not chosen": made[:100]}, across=10),
    "Two blocks of a hundred made digits. Left: ten rows from 0 to 9, some of them clear, and in "
    "some rows the ten look much alike. Right: "
    "digits in no order; some are clear, others are blots.",
)

# %% [markdown]
# Both blocks come from the same generator. Pictures in papers and advertisements are often chosen; ask for the others, too. Look
# along the rows on the left, too: where ten digits are nearly one picture, the generator may repeat itself within a kind, and
# none of our three numbers showed it. (The choosing favours look-alikes, too: those of which a witness is surest are alike in any
# set.)
#
# ### Are they copies?
#
# Perhaps the generator hands out training pictures? It never saw them, but D did. A copy would have the distance 0 to its nearest training picture. The mean distance, in the table above, would hide a few copies. So we look at the smallest one, too. The yardstick is how close real digits come that were held out.
#
# **Before you run it, guess:** how many of the 500 samples are copies, say closer than 0.05 to a training picture?

# %%
lesson.guess("copies", "more than ten", "one to ten", "none")

# %%
where, away_gan = nearest_picture(frames[end].reshape(len(frames[end]), -1), flat_train)
_, away_new = nearest_picture(flat_test[:500], flat_train)
middle_gan, middle_new = np.median(away_gan), np.median(away_new)
print(f"median distance: made ≈ {middle_gan:.2f}, new real ones ≈ {middle_new:.2f}")
print(f"smallest distance: made ≈ {away_gan.min():.2f}, new real ones ≈ {away_new.min():.2f}")

# %%
show(
    draw.neighbours(frames[end][:8], x_train[where[:8]]),
    "Eight made digits, and below each the training picture that is nearest to it. The pairs "
    "have much in common, with strokes that differ.",
)
lesson.claim("no sample is a copy", away_gan.min() > 0.05, guess="copies")
lesson.claim("in the median they lie further off than new real digits", middle_gan > middle_new)

# %% [markdown]
# Compare the medians, the smallest distances, and then the pairs. These are no copies. (A copy moved by one pixel would escape
# this test. And the answer holds for this small network and these data. Very large models of a later kind have been caught
# repeating training pictures.)
#
# ### Exercise: nearest
#
# Write the test yourself. `made` has the shape (n, k), `training` the shape (m, k). Return an array (n,): the distance from each made sample to the nearest training example. Loops are fine.


# %%
def nearest(made, training):
    """Return the distance of each made sample to the training example nearest to it."""
    ### BEGIN SOLUTION
    difference = made[:, None] - training[None]  # (n, m, k)
    return np.sqrt((difference**2).sum(axis=2)).min(axis=1)
    ### END SOLUTION


# %%
lesson.check("nearest", nearest)
# lesson.hint("nearest")

# %% [markdown]
# ### For the curious; nothing later needs it: the number in the papers
#
# Papers on generated pictures mostly report the *Fréchet inception distance*, **FID**: 0 is best. It takes a classifier's last
# hidden layer: in papers that of a large network named Inception, here our witness's 128 units. (An older number, the *Inception
# score*, asks that network what we asked our witness, quality and variety.) Then it fits one many-dimensional bell curve to the
# real pictures and one to the made ones, by their means $\mu$ and covariances $C$, and measures how far apart the two bells are.
# (The *trace* of a matrix is the sum along its diagonal.)
#
# $$\lVert \mu_1 - \mu_2 \rVert^2 + \text{trace}\left(C_1 + C_2 - 2 \sqrt{C_1 C_2}\right)$$

# %%
hidden_layer = keras.Model(witness.inputs, witness.layers[-2].output)


def frechet(one, two):
    """Return the Fréchet distance between two sets of pictures, by the witness's hidden layer."""
    one, two = (hidden_layer.predict(p, batch_size=500, verbose=0) for p in (one, two))
    c_one, c_two = np.cov(one.T), np.cov(two.T)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(c_one @ c_two).real, 0))
    apart = np.sum((one.mean(axis=0) - two.mean(axis=0)) ** 2)
    return apart + np.trace(c_one) + np.trace(c_two) - 2 * roots.sum()


sets["real 3s and 8s only"] = x_test[np.isin(y_test, [3, 8])]
sets["training pictures"] = x_train[:500]
distances = {name: frechet(pictures, x_train[500:2000]) for name, pictures in sets.items()}
for name, distance in distances.items():
    print(f"{name:19} ≈ {distance:.1f}")

# %%
lesson.claim(
    "the finished GAN is better than noise by a factor of 3 or more",
    3 * distances["GAN, at the end"] < distances["pure noise"],
)
lesson.claim("the GAN has improved", distances["GAN, at the end"] < distances["GAN, step 150"])
lesson.claim(
    "held-out real digits are better by a factor of 3 or more",
    3 * distances["real, held out"] < distances["GAN, at the end"],
)
lesson.claim(
    "two kinds of real digits are over five times as far off as all ten",
    distances["real 3s and 8s only"] > 5 * distances["real, held out"],
)
lesson.claim(
    "training pictures handed out would do as well as new real ones, within a factor of 2",
    distances["training pictures"] < 2 * distances["real, held out"],
)

# %% [markdown]
# One number sees poor quality and missing variety, as the rows of the noise and of the 3s and 8s show. It sees the ten blurs as well: compare them with the held-out digits. But it may rank them before the GAN. And the last row shows what it does not see: copies.
#
# ## A new detective
#
# Suppose that a discriminator ends near one half. Does it mean that nobody can tell the made points from real ones? Let us hire a new detective. It has the same build, but trains in peace, on 10,000 real points and on 10,000 of the finished generator, which stands still. Both are tested on 10,000 other points.
#
# **Before you run it, guess:** how will the new detective do, compared with the one that took part in the duel?

# %%
lesson.guess("new_detective", "worse", "about as well", "better")


# %%
def hire(detective, rival, real, fake, tests, batch_size, epochs):
    """Train a new detective on fakes that do not change; return the accuracy of both detectives."""
    labels = np.concatenate([np.ones((len(real), 1)), np.zeros((len(fake), 1))])
    samples = np.concatenate([real, fake])
    batches = ShuffledBatches(samples, labels, batch_size=batch_size, seed=lesson.seed)
    detective.fit(batches, epochs=epochs, verbose=0)
    real, fake = tests
    return [
        (np.mean(values(one, real) > 0) + np.mean(values(one, fake) < 0)) / 2
        for one in (rival, detective)
    ]


def samples_of(gan, n):
    return values(gan[0], rng.normal(size=(n, gan[0].input_shape[1])))


keras.utils.set_random_seed(lesson.seed)
tests = ring(5000, rng), samples_of(ring_gan, 5000)
evidence = ring(10_000, rng), samples_of(ring_gan, 10_000)
on_ring = hire(build_discriminator(), ring_gan[1], *evidence, tests, batch_size=256, epochs=25)
print(f"ring: D of the duel ≈ {on_ring[0]:.2f}, the new detective ≈ {on_ring[1]:.2f}")

fresh = build_discriminator(n_in=size * size, hidden=128, learning_rate=0.001)
tests = flat_test, samples_of(digit_gan, len(flat_test))
evidence = flat_train, samples_of(digit_gan, len(flat_train))
epochs = 3 if len(flat_train) > 2000 else 10
on_digits = hire(fresh, digit_gan[1], *evidence, tests, batch_size=64, epochs=epochs)
print(f"digits: D of the duel ≈ {on_digits[0]:.2f}, the new detective ≈ {on_digits[1]:.2f}")

# %%
lesson.claim(
    "on the ring, the new detective is right more often than D of the duel",
    on_ring[1] > on_ring[0],
    guess="new_detective",
)
lesson.claim("on the digits it judges more than 80 % right", on_digits[1] > 0.8)

# %% [markdown]
# Compare the two numbers of the ring. "The discriminator is at chance" means that *this* generator fools *this* discriminator at *this* moment. It does not mean that the samples are perfect. On the digits even D of the duel was mostly right: by this measure that generator was not finished. The new detective's number there is good news for those who hunt fakes; the catch comes below.
#
# ## What it is used for, and misused for
#
# GANs were the leading way to make convincing pictures from about 2015 to 2020. They have been used to make art, levels and
# landscapes for games, and faces of people who do not exist; to sharpen pictures, and to colour old films.
#
# Today **diffusion models** lead. In one sentence: such a network learns to remove a little noise from a spoiled picture, and makes a new one by starting with pure noise and removing it step by step. There is no opponent, so the training has one plain loss.
# The price is time: many steps for one picture, where a generator needs one. Where speed counts, GANs are still in use.
#
# The same means make a **deepfake**: a picture, a voice or a film of a real person who never did or said what it shows. It has served fraud, slander and abuse. A detective that is trained on samples of *a known
# generator* does well, as we saw. But a detective is just what a generator can be trained against. So detection helps, and it cannot be the only answer. Where a
# picture comes from, who vouches for it, and whether the person shown agreed, are questions that no network settles. If you make such samples, say so wherever you show them.
#
# ## What people get wrong
#
# * **"The discriminator should win."** The aim is a detective that can only guess, though it does its best.
# * **"A falling loss means better samples."** The good share rose by more than 20 percentage points while the loss hardly moved.
# * **"The discriminator is at chance, so the samples are perfect."** It may be blind, or a step behind a moving crowd. And on the
#   ring a new detective told real from made more often than the one that had come to guess.
# * **"The classifier is sure, so the picture is good."** It was more than 40 % sure of pure noise.
# * **"The generator learns from the real data."** It never sees them. It learns from the discriminator's gradient alone.
# * **"Freeze the discriminator once, after compiling it."** That was right in older versions. In Keras 3 it then never learns.
#
# ## Takeaways
#
# * A generator turns noise into samples, a discriminator tells them from real ones, and each learns from the other. The generator learns through a frozen discriminator, with the label "real".
# * It is a game, not a descent. It may circle, and no loss tells you how good the samples are.
# * Judge samples by at least three numbers: how plausible, how varied, how far from copies. Each alone can be fooled, and ten blurs fooled all three: look at the samples, too.
# * The non-saturating loss $-\log D$ pushes hardest when the fakes are worst.
# * Variety is not part of the generator's loss. It took a discriminator that kept learning to bring it back.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Keras's guide to writing one's own training step, and its GAN: [keras.io/examples/generative](https://keras.io/examples/generative/).
# * Next lesson: *Learning without memorizing*, on networks that know their training pictures by heart.
# * Ian Goodfellow and others, "Generative Adversarial Nets", *NeurIPS* (2014): the game, the best discriminator, and the flipped loss. Free at arxiv.org/abs/1406.2661.
# * Alec Radford, Luke Metz and Soumith Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks", *ICLR* (2016): DCGAN, with walks through the noise. arxiv.org/abs/1511.06434.
# * Martin Arjovsky, Soumith Chintala and Léon Bottou, "Wasserstein GAN" (2017): arxiv.org/abs/1701.07875. Martin Heusel and others, "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", *NeurIPS* (2017): where FID was introduced. arxiv.org/abs/1706.08500.
# * Lars Mescheder, Andreas Geiger and Sebastian Nowozin, "Which Training Methods for GANs do actually Converge?", *ICML* (2018): the smallest duel, and what stops its circling. arxiv.org/abs/1801.04406.
# * Jonathan Ho, Ajay Jain and Pieter Abbeel, "Denoising Diffusion Probabilistic Models", *NeurIPS* (2020): the paper that brought diffusion models forward. arxiv.org/abs/2006.11239.
