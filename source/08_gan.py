# %% [markdown]
# # Two networks that compete
#
# *125 minutes: 65 to read and run, 35 for 7 exercises, 25 for the 22 questions of the quiz. Builds on: lesson 02 (sigmoid, logit, binary cross-entropy) and lesson 03 (hidden layers, Adam, the digits).*
#
# All networks so far answered questions about data. This one makes data: points, and then handwritten digits that nobody ever wrote.
# No label tells it what is good. It learns from an opponent, a second network that tries to catch it out.
#
# **After this lesson you can**
#
# * say what the two networks see, what each of them wants, and who learns when;
# * write one training step for both in plain Keras, and test that each turn changes only the network it should;
# * measure what a generator has learned: how good its samples are, how varied, and whether they are copies;
# * recognize mode collapse, say how it comes about, and provoke it;
# * say why the generator's loss was turned round, and why a loss tells so little here.

# %%
from courseware import open_lesson

lesson = open_lesson("08_gan")

import warnings

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from courseware.data import digits
from courseware.lessons.fnn.models import build_digit_classifier
from courseware.lessons.gan import drawings as draw
from courseware.drawing import show

# %% [markdown]
# The first data have a known truth, so that we can see at a glance what was learned and what was not. Eight small clouds stand on a circle.

# %%
### SOURCE courseware.data.ring

# %% [markdown]
# Here is a network that turns luck into points, in training. It never sees a point of the ring: another network sees both, and says how real each one looks. You meet both networks,
# and the whole of `train_gan`, in a few minutes. (It takes some seconds.)

# %%
from courseware.lessons.gan.models import build_gan, train_gan

keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
gan = build_gan()
looks = train_gan(gan, lambda n: ring(n, rng), steps=1500, rng=rng, live=lesson.live())

real = ring(500, rng)

# %%
moments = {look["step"]: look["samples"] for look in looks}
show(
    draw.clouds({f"step {step}": moments[step] for step in (0, 60, 200, 500, 1500)}, real),
    "Five pictures of the same eight grey clouds on a circle, with 500 made points in red. At step "
    "0 the red points lie in one heap. Then they fly apart, draw together to a circle, and at the "
    "end nearly all of them lie in the eight clouds, with a few on the bridges between.",
)
distance = np.abs(np.linalg.norm(moments[1500], axis=1) - 1)
lesson.claim(
    "at the end nine of ten made points are close to the circle", np.mean(distance < 0.2) > 0.9
)

# %% [markdown]
# Grey is real, red is made. First a heap, then points all over the place, then a circle, and in the end eight clouds. A few points still lie on the bridges between them. Nobody told the network that there are eight.
#
# ## A forger and a detective
#
# Two networks play against each other.
#
# * The **generator** G gets random numbers and turns them into a sample, here a point. Such a sample is called a **fake**. The random numbers are only there so that each sample comes out
#   different. We call them noise.
# * The **discriminator** D gets a sample and says whether it is real or fake. It is an ordinary binary classifier: label 1 for real, 0 for fake.
#
# They are often likened to a forger and a detective, or to a mouse and a cat: each gets better because the other does. Both together are a **generative adversarial network**, or **GAN**. "Adversarial"
# means that they are opponents. Ian Goodfellow and others published the idea in 2014.
#
# What each of them sees matters. D sees samples, real ones and fake ones, and is told which is which. G sees noise only. All that it ever learns about the data comes through D:
# backpropagation tells it in which direction a fake would have to move so that D finds it more real.
#
# Here are the two builders. D's last layer has no activation, so it gives a logit: above 0 means "real". $D(x)$, the probability that $x$ is real, is the sigmoid of that logit.

# %%
### SOURCE courseware.lessons.gan.models.build_generator

# %%
### SOURCE courseware.lessons.gan.models.build_discriminator

# %% [markdown]
# Adam keeps a running mean of the gradients. `beta_1=0.5` makes that memory shorter than usual (0.9), which is the custom for GANs: the opponent changes all the time, and old gradients are soon out of date.
#
# **Before you run it, guess:** both networks are fresh. How often does D judge correctly?

# %%
lesson.guess("fresh_judge", "almost never", "about half the time", "almost always")

# %%
from courseware.lessons.gan.models import values

keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
generator, discriminator = build_generator(), build_discriminator()
noise = rng.normal(size=(500, 2))
fake = values(generator, noise)  # what the network gives, as a NumPy array
print("noise", noise.shape, "-> fake", fake.shape, "-> logit", values(discriminator, fake).shape)
real_points, hits = ring(500, rng), []
for _ in range(20):  # twenty fresh discriminators, since one may be lucky
    fresh = build_discriminator()
    right = np.mean(values(fresh, real_points) > 0) + np.mean(values(fresh, fake) < 0)
    hits.append(right / 2)
print(f"accuracy of fresh discriminators, on average ≈ {np.mean(hits):.2f}")

# %%
lesson.claim(
    "it is nearer to one half than to 0 or 1", 0.3 < np.mean(hits) < 0.7, guess="fresh_judge"
)

# %% [markdown]
# They guess. (A single one may be better or worse than that by luck.) So at first the generator has a clueless judge, and the judge has a clueless forger. That is a fair start, and an important one, as you will see.
#
# ## Guess nothing: two baselines
#
# How good is a cloud of made points? One number is not enough. We ask two questions.
#
# * **Is each point plausible?** The *good share* is the share of points that lie within 0.2 of the centre of a real cloud.
# * **Is everything there?** A place where data crowd together is called a **mode**. The ring has eight. A mode counts as covered if at least 2 % of the made points are good and lie there.
#   (A fair share would be 12.5 %.)
#
# ### Exercise: good_share
#
# Write the first measure. `points` has the shape (n, 2), `centres` the shape (k, 2). What share of the points has a centre at a distance below `reach`?


# %%
def good_share(points, centres, reach=0.2):
    """Return the share of points that lie closer than `reach` to one of the centres."""
    ### BEGIN SOLUTION
    distance = np.linalg.norm(points[:, None] - centres[None], axis=2)  # (n, k)
    return np.mean(distance.min(axis=1) < reach)
    ### END SOLUTION


# %%
lesson.check("good_share", good_share)
# lesson.hint("good_share")

# %% [markdown]
# Our own version gives both numbers. Two simple "generators" serve as baselines, without any network. The first fits one single bell-shaped cloud to the ring, with the right mean
# and spread. The second keeps one real point and repeats it.
#
# **Before you run it, guess:** which of the two has the larger share of good points?

# %%
lesson.guess("good_points", "the bell", "the repeated point", "both alike")

# %%
turn = 2 * np.pi * np.arange(8) / 8
CENTRES = np.column_stack([np.cos(turn), np.sin(turn)])


def score(points):
    """Return how many of the eight modes are covered, and the share of good points."""
    distance = np.linalg.norm(points[:, None] - CENTRES[None], axis=2)  # (n, 8)
    good = distance.min(axis=1) < 0.2
    counts = np.bincount(distance.argmin(axis=1)[good], minlength=8)
    return int(np.sum(counts >= 0.02 * len(points))), good.mean()


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
lesson.claim("one bell: less than a third of its points are good", results["one bell"][1] < 1 / 3)
lesson.claim(
    "one point: all good, and one mode", results["one point"] == (1, 1.0), guess="good_points"
)
lesson.claim("the GAN covers all eight modes", results["GAN"][0] == 8)
lesson.claim("and over 70 % of its points are good", results["GAN"][1] > 0.7)

# %%
show(
    draw.clouds({name: points for name, points in candidates.items()}, real),
    "Four pictures of the grey ring. The real points fill it. One bell is a wide round cloud whose "
    "points lie mostly between the modes and in the hole. One point is a single dot on the right. "
    "The GAN's points fill all eight modes.",
)

# %% [markdown]
# The bell is as varied as you like, and mostly in the wrong places: so few points hit any one mode that it hardly counts as covered. The repeated point is perfect in quality and useless. Neither number alone would do. Remember
# the repeated point: a generator can fail in just that way.
#
# ## The smallest duel
#
# Before the code for real networks, a GAN that you can follow with a pencil. All real data are one point at $0$. The generator has one number, $m$: it puts its fake there. The discriminator has one number,
# $a$: its logit for a sample $x$ is $a \cdot x$. With $a < 0$ it suspects everything to the right of 0.
#
# * D's loss is the binary cross-entropy you know: label 1 for the real 0, label 0 for the fake $m$. The mean over both is $\tfrac12\left(\log 2 - \log(1 - \sigma(a m))\right)$, and its derivative along $a$ is
#   $\tfrac12\,\sigma(a m)\, m$. ($\sigma$ is the sigmoid.)
# * G wants its fake to be taken for real: its loss is the cross-entropy with label **1**, $-\log \sigma(a m)$, with the derivative $-(1 - \sigma(a m))\, a$ along $m$.
#
# Each in turn takes one step of gradient descent on *its own* loss. The solution is clear: $m = 0$, the fake equals the real point, and $a = 0$, nothing to tell apart.
#
# **Before you run it, guess:** the fake starts at $m = 1$. What does it do in 200 steps?

# %%
lesson.guess("duel", "walk to 0 and rest there", "circle around 0", "run away from it")


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def duel(m, a, rate, steps):
    """Return the path of (m, a): in each step first the discriminator moves, then the generator."""
    path = [(m, a)]
    for _ in range(steps):
        a = a - rate * 0.5 * sigmoid(a * m) * m
        m = m + rate * (1 - sigmoid(a * m)) * a
        path.append((m, a))
    return np.array(path)


path = duel(m=1.0, a=0.0, rate=0.3, steps=200)
crossings = int(np.sum(path[1:, 0] * path[:-1, 0] < 0))
print("the fake passed the real point", crossings, "times")
print("furthest from it in the last 100 steps:", round(np.abs(path[100:, 0]).max(), 2))

# %%
show(
    draw.duel(path),
    "Left: two waves over 200 steps, the fake's place and the discriminator's weight; neither dies "
    "out. Right: the same two numbers against each other run around the solution in a spiral that "
    "narrows very slowly.",
)
lesson.claim("it passes the real point again and again", crossings >= 4, guess="duel")
lesson.claim("and later still swings out by more than 0.4", np.abs(path[100:, 0]).max() > 0.4)

# %% [markdown]
# It circles. D suspects the right side, so the fake moves left, past 0. Then D has to turn round, and the fake comes back. The rounds narrow so slowly that 200 steps have not brought it to rest; a walk down a
# bowl would have arrived after twenty. **Training a GAN is not walking down one landscape.** Each step of one player
# changes the landscape of the other. There is no single loss that shrinks, and no promise that the game comes to rest. This is the root of most trouble with GANs. Larger networks and Adam do
# settle somewhat, as you saw on the ring, but not because they must.
#
# Now the same duel in Keras. Both players are dense layers with one weight and no bias. The trick is how the generator learns. It has no loss of its own, so we put both networks in a row,
# generator first, and ask the *whole* for the answer "real". The discriminator must not move in that turn, or it would simply learn to say "real" to fakes. A network that training must leave as it is is called **frozen**:
# `trainable = False`.

# %%
player_g = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
player_d = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
logit_loss = keras.losses.BinaryCrossentropy(from_logits=True)
player_d.compile(keras.optimizers.SGD(0.3), loss=logit_loss)
both = keras.Sequential([keras.Input((1,)), player_g, player_d])
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
lesson.claim("both agree", np.allclose([m_keras, a_keras], path[20], atol=1e-3))

# %% [markdown]
# `train_on_batch` takes one step with the batch that you hand over. It returns the loss that this batch had before the step. (Early releases of Keras 3 returned a mean over all calls so far; look before you plot it elsewhere.)
#
# ## One step, on every backend
#
# That loop is already the whole method. Here it is for networks of any size: the builder that puts both in a row, and the two turns.

# %%
### SOURCE courseware.lessons.gan.models.build_gan

# %%
### SOURCE courseware.lessons.gan.models.discriminator_step


### SOURCE courseware.lessons.gan.models.generator_step

# %% [markdown]
# Many examples on the web write this step with the tools of one backend (TensorFlow's `GradientTape`, or PyTorch's `backward`). Such code runs on that backend alone. Ours uses `trainable`, `train_on_batch` and `predict_on_batch`
# (the answers to one batch, as an array) and nothing else, all part of Keras itself, so nothing in it belongs to one backend. (This course is run on three: TensorFlow, JAX and PyTorch.)
#
# Trust no such step before you have tested it. Two questions: does each turn change its own network? Does it leave the other alone?


# %%
def weights_that_moved(network, action):
    """Return how many of the network's weight arrays change when `action` is run."""
    before = network.get_weights()
    action()
    return sum(not np.array_equal(old, new) for old, new in zip(before, network.get_weights()))


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
        for who, network in {"generator": generator, "discriminator": discriminator}.items():
            moved[round_, name, who] = weights_that_moved(network, turn)
            print(f"{name} turn: {moved[round_, name, who]} of 6 arrays of the {who} moved")

# %%
lesson.claim(
    "the generator moves in its own turn only",
    [moved[r, t, "generator"] for r in (1, 2) for t in turns] == [0, 6, 0, 6],
)
lesson.claim(
    "and so does the discriminator",
    [moved[r, t, "discriminator"] for r in (1, 2) for t in turns] == [6, 0, 6, 0],
)

# %% [markdown]
# As it should be. Now the version found in many older tutorials: compile the discriminator, then freeze it *once*, build the combined model, and never touch `trainable` again. In the Keras of that time, `compile` remembered
# the flag.
#
# **Before you run it, guess:** what does the discriminator's own step do in the Keras of today?

# %%
lesson.guess("frozen_once", "it works as before", "it changes nothing", "it stops with an error")

# %%
old_g, old_d, old_combined = build_gan()  # build_gan freezes the discriminator
labels = np.concatenate([np.ones((128, 1)), np.zeros((128, 1))])
samples = np.concatenate([batch, values(old_g, noise)])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what Keras has to say stands below
    n_moved = weights_that_moved(old_d, lambda: old_d.train_on_batch(samples, labels))
print(n_moved, "of 6 arrays of the discriminator moved in its own turn")

# %%
lesson.claim("frozen once, the discriminator never learns", n_moved == 0, guess="frozen_once")

# %% [markdown]
# Nothing. Keras 3 looks at the flag when the first step is taken, not at `compile`. The recipe that once worked now trains a generator against a judge that stays as clueless as on its first day. There is a warning, but no
# error, and in a long log a warning is soon missed. So we set the flag before every turn.
#
# ### Exercise: repair
#
# This training step runs, and a generator trained with it learns nothing of use. Two things are wrong. Repair it.


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
# ## How the duel goes
#
# The loop around the two turns only counts steps and looks at the state from time to time (`live` shows the looks to whoever is waiting). This is what trained the ring at the top:

# %%
### SOURCE courseware.lessons.gan.models.train_gan

# %% [markdown]
# Now look at that training again. Over 1,500 steps we follow three curves: the modes covered (as a share of eight), the share of good points, and the discriminator's accuracy on fresh samples.
#
# **Before you run it, guess:** the generator got better and better. What does the accuracy of the discriminator do, from the first 300 steps to the last 300?

# %%
lesson.guess("accuracy_of_d", "it falls", "it stays about the same", "it rises")

# %%
steps = np.array([look["step"] for look in looks])
covered, good = np.array([score(look["samples"]) for look in looks]).T
accuracy = np.array([look["accuracy"] for look in looks])
early, late = accuracy[steps <= 300].mean(), accuracy[steps >= 1200].mean()
print(f"mean accuracy, steps 0 to 300 ≈ {early:.2f}, steps 1200 to 1500 ≈ {late:.2f}")

# %%
show(
    draw.progress(
        steps, {"modes covered": covered / 8, "good points": good, "accuracy of D": accuracy}
    ),
    "Three curves over 1500 steps. The share of modes covered jumps to 1 within a few hundred "
    "steps, the share of good points climbs to about 0.9. The accuracy of D swings "
    "widely at first and settles just above the dashed line of chance, 0.5.",
)
lesson.claim(
    "the discriminator's accuracy falls towards chance", late < early - 0.02, guess="accuracy_of_d"
)
lesson.claim("at the end it is within 6 points of one half", abs(late - 0.5) < 0.06)
lesson.claim("while three of four made points have become good", good[steps >= 1200].mean() > 0.75)

# %% [markdown]
# It falls towards one half. That is not a failure, it is the aim. A detective who can only guess means that the forgeries have become good, *for this detective*. (Whether they are good for another one is a different
# question. We come back to it.)
#
# And the loss? In every lesson so far, a falling loss meant progress.
#
# **Before you run it, guess:** between the steps 100 to 300 and 1,300 to 1,500, by how much, in percent, does the generator's loss fall?

# %%
lesson.guess("loss_of_g")

# %%
loss = np.array([look["loss"] for look in looks])
first, last = (steps >= 100) & (steps <= 300), steps >= 1300
for name, series in {"loss of G": loss, "good share": good}.items():
    print(f"{name}: early ≈ {series[first].mean():.2f}, late ≈ {series[last].mean():.2f}")

# %%
lesson.claim(
    "the good share rises by more than 20 points", good[last].mean() > good[first].mean() + 0.2
)
lesson.claim(
    "the loss falls by less than a third",
    loss[last].mean() > 2 / 3 * loss[first].mean(),
    guess="loss_of_g",
)

# %% [markdown]
# The samples became far better, and the loss hardly shows it. It measures the generator against the discriminator *of that moment*, and that one had learned too. A runner and a pursuer who both get faster keep their distance.
# **To judge a GAN, look at the samples and measure them.**
#
# ## The best possible detective
#
# Why one half? Suppose real samples crowd around one place and fakes around another, and the two overlap. What should the best possible discriminator say at a place $x$? Let $p$ be how dense the real samples are at $x$, and $q$ how dense the fakes
# are. With as many real as fake ones, a share of
#
# $$D^*(x) = \frac{p}{p + q}$$
#
# of the samples found there is real, and no honest answer is better than that. Check it: at a place with $p = 0.3$ and $q = 0.1$, try every answer and take the one with the smallest cross-entropy.

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
# Far to the left the best detective is sure, where the curves cross it can only toss a coin. Now let the generator do its work until $q = p$ everywhere. Then $D^*$ is one half *everywhere*, and the loss of either player is $\log 2$, about 0.69.
# Look back: the generator's loss on the ring was near that value.
#
# ### Exercise: best_discriminator
#
# Usually D sees as many real samples as fake ones. Write the rule for the general case: `n_real` real samples of density `p` and `n_fake` fakes of density `q`. What share of the samples at that place is real?


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
# ## The loss that was turned round
#
# The paper of 2014 first describes the game by one number that both players fight over:
#
# $$V = \text{mean of } \log D(\text{real}) + \text{mean of } \log\left(1 - D(\text{fake})\right)$$
#
# D makes $V$ as large as it can (1 for real, 0 for fakes), G as small as it can. Such a game is called **minimax**: one player takes the minimum of what the other has made the maximum. For D, a large $V$ is the same as a small binary cross-entropy.

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


def turned_loss(logit):
    return -np.log(sigmoid(logit))


nudge = 1e-4
for logit in (-6.0, -2.0, 0.0, 2.0):
    slopes = [
        (f(logit + nudge) - f(logit - nudge)) / (2 * nudge) for f in (minimax_loss, turned_loss)
    ]
    print(f"logit {logit:4}: D = {sigmoid(logit):.4f}, slopes {slopes[0]:.4f} and {slopes[1]:.4f}")

up, down = (float(logit_loss(np.ones((1, 1)), np.full((1, 1), -6 + d))) for d in (0.01, -0.01))
slope_keras = (up - down) / 0.02
print(f"Keras, label 1, logit -6: slope ≈ {slope_keras:.4f}")

# %%
lesson.claim(
    "Keras's cross-entropy with label 1 is the second one", abs(slope_keras + 0.9975) < 0.01
)

# %% [markdown]
# The rule behind the numbers: along the logit, the minimax loss has the slope $-D$, and the other one $-(1 - D)$.

# %%
line = np.linspace(-7, 5, 121)
show(
    draw.slopes(line, -sigmoid(line), sigmoid(line) - 1),
    "Left: both losses over the logit fall to the right; the minimax loss is flat at the left end "
    "and steep at the right, the turned one the other way round. Right: their slopes. In the grey "
    "zone of exposed fakes, the minimax slope is nearly 0 and the turned slope nearly -1.",
)

# %% [markdown]
# When D has exposed the fakes, $D$ is near 0, and the minimax loss is nearly flat: saturated, as we called it for the sigmoid. The generator is worst and learns least. With $-\log D$ it is the other way round. The generator learns most when it is worst. This is the
# **non-saturating loss**, and it was proposed in the same paper of 2014. For the discriminator, nothing changes.
#
# ### Exercise: generator_slopes
#
# Write both slopes as formulas. The function takes a logit (or an array of them) and returns the slope of $\log(1 - D)$ and the slope of $-\log D$.


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

# %% [markdown]
# Now in whole networks. A fresh generator is held as it is, and only the discriminator trains, so it gets further and further ahead. Each time we ask: how long is the generator's gradient under both losses? (One step of plain gradient descent with rate 1 moves the weights by exactly the
# gradient. So we take one step, see how far the weights moved, and put them back.)


# %%
def minimax(labels, logits):
    """Return log(1 - D), the cross-entropy with label 0 with its sign turned; ignore `labels`."""
    return -keras.losses.binary_crossentropy(keras.ops.zeros_like(logits), logits, from_logits=True)


keras.utils.set_random_seed(lesson.seed)
gan = build_gan()
generator, discriminator, _ = gan
rulers = {}
for name, rule in {"minimax": minimax, "turned": logit_loss}.items():
    rulers[name] = keras.Sequential([keras.Input((2,)), generator, discriminator])
    rulers[name].compile(keras.optimizers.SGD(1.0), loss=rule)


def length_of_gradient(ruler, noise):
    before = generator.get_weights()
    discriminator.trainable = False
    ruler.train_on_batch(noise, np.ones((len(noise), 1)))
    after = generator.get_weights()
    generator.set_weights(before)
    return np.sqrt(sum(np.sum((new - old) ** 2) for new, old in zip(after, before)))


# %%
noise, trained, lengths = rng.normal(size=(500, 2)), 0, {}
for n in (0, 150, 600):
    while trained < n:
        discriminator_step(gan, ring(128, rng), rng.normal(size=(128, 2)))
        trained += 1
    lengths[n] = [length_of_gradient(ruler, noise) for ruler in rulers.values()]
    d = sigmoid(values(discriminator, values(generator, noise))).mean()
    print(f"D trained for {n} steps alone: mean D of fakes ≈ {d:.4f}")
    print("  length of the gradient:", *(f"{r} ≈ {l:.3f}" for r, l in zip(rulers, lengths[n])))

# %%
lesson.claim(
    "with a clueless discriminator, both are about equal",
    0.5 < lengths[0][0] / lengths[0][1] < 2,
)
lesson.claim(
    "with a far better one, the minimax gradient is less than a tenth of the other",
    lengths[600][0] < 0.1 * lengths[600][1],
)
lesson.claim("the turned gradient has grown instead", lengths[600][1] > 5 * lengths[0][1])

# %% [markdown]
# At the start it makes no difference. The further the detective gets ahead, the less the forger hears under the minimax rule, and the more under the other. (Adam, which adapts its step to the size of the gradients, hides a good part of this. It does not make a tiny gradient more precise.)
#
# So "the stronger the discriminator, the better" is wrong, and so is "the discriminator should win". It has to be good enough to point the way, and no further ahead.
#
# The generator is paid for fooling the detective. Now give it an advantage: ten turns for each turn of the discriminator, whose learning rate we halve. All else stays the same.
#
# **Before you run it, guess:** what is the best thing to do for a forger whose detective reacts slowly?

# %%
lesson.guess(
    "slow_detective",
    "spread the fakes over all eight clouds",
    "keep to about half of the clouds",
    "put all the fakes in one place",
)

# %%
keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
greedy_looks = train_gan(
    build_gan(rates=(0.001, 0.001)),
    lambda n: ring(n, rng),
    steps=300,
    rng=rng,
    generator_steps=10,
    live=lesson.live(),
)
greedy = {look["step"]: look["samples"] for look in greedy_looks}
after = [look for look in greedy_looks if look["step"] >= 200]
most = max(score(look["samples"])[0] for look in after)
middles = np.array([np.median(look["samples"], axis=0) for look in after])
travel = np.linalg.norm(np.diff(middles, axis=0), axis=1).sum()
print(f"most modes covered at any look ≈ {most}, the middle travelled ≈ {travel:.1f}")

# %%
show(
    draw.clouds({f"step {step}": greedy[step] for step in (200, 220, 240, 260, 280, 300)}, real),
    "Six moments of the ring. Each time the 500 red points lie in one heap or streak, at another "
    "place than before: on one cloud, on another, or on the way between them.",
)
lesson.claim(
    "from step 200 on, it never covers more than 3 of 8 modes", most <= 3, guess="slow_detective"
)
lesson.claim("and the heap wanders", travel > 1)

# %% [markdown]
# ## When the generator repeats itself
#
# All 500 points lie in one heap or streak, although each of them was made from other noise. The generator has found a place that the detective takes for real, and puts everything there. When the detective has learned to
# suspect that place, the whole heap moves on. This is **mode collapse**: the generator makes only one or a few of the kinds that the data hold. It is our repeated point from the baselines, in motion.
#
# Why does it happen? Nothing in the generator's loss asks for variety. Against a detective that stands still, the best answer is the one point that it trusts most, not a ring. Variety pays only because the detective follows: a heap is easily suspected as a whole. Give
# the detective too few turns, and that pressure is gone. (In practice collapse is mostly partial. Some kinds are missing, and nobody notices who looks at a few nice samples only. And it is a risk, not a law: with five turns and the old rate, it depended on luck.
# Most starts collapsed, one did not. Ten turns make it certain enough to show.)
#
# And the loss? Look at the same number as before, for both trainings.

# %%
greedy_loss = np.mean([look["loss"] for look in after])
print(f"loss of the collapsed ≈ {greedy_loss:.2f}, of the good one ≈ {loss[last].mean():.2f}")

# %%
lesson.claim("the two losses differ by less than 0.2", abs(greedy_loss - loss[last].mean()) < 0.2)
lesson.claim(
    "yet one covers eight modes, and the other at most three", covered[-1] == 8 and most <= 3
)

# %% [markdown]
# By its loss you could not tell the ring from the heap.
#
# ### Exercise: cover
#
# A goal to reach. These settings collapse. Change them so that after **800 steps** at least **7 modes** are covered and at least **40 %** of the points are good. `rates` are the learning rates of the
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
# ## Digits that nobody wrote
#
# Now pictures. Only three things change: the sample has as many numbers as a picture has pixels, the last layer is a sigmoid, so that each pixel lies between 0 and 1, and there is more noise, 16 numbers, since there are more ways for digits to differ. The two turns stay the same to the letter.
#
# We put a part of the real digits aside. They serve later, as real pictures that no network here has seen.

# %%
images, numerals = digits("small")
images, numerals = images[:4000], numerals[:4000]  # all of the small digits; of MNIST, enough
x_train, x_test, y_train, y_test = train_test_split(
    images, numerals, test_size=0.3, random_state=lesson.seed, stratify=numerals
)
size = images.shape[1]
flat_train, flat_test = x_train.reshape(len(x_train), -1), x_test.reshape(len(x_test), -1)
print("to learn from:", flat_train.shape, " put aside:", flat_test.shape)

# %%
keras.utils.set_random_seed(lesson.seed)
rng = np.random.default_rng(lesson.seed)
digit_gan = build_gan(
    n_noise=16, n_out=size * size, hidden=128, output="sigmoid", rates=(0.002, 0.001)
)
digit_looks = train_gan(
    digit_gan,
    lambda n: flat_train[rng.integers(0, len(flat_train), n)],
    steps=2500 if size < 20 else 1800,
    rng=rng,
    batch=64,
    look_every=50,
    live=lesson.live(),
)

# %%
end = digit_looks[-1]["step"]
frames = {look["step"]: look["samples"].reshape(-1, size, size) for look in digit_looks}
shown = {f"step {step}": frames[step][:25] for step in (0, 250, 500, 1000, end)}
show(
    draw.pictures(shown | {"real": x_train[:25]}),
    "Six blocks of 25 small pictures. At step 0 all are the same grey blur. After 250 steps they "
    "are dark blots that resemble each other, then strokes and loops appear and differ, and at "
    "the end most can be read as digits. The last block shows real digits, which are cleaner.",
)
lesson.claim("at the start, all samples are nearly alike", frames[0].std(axis=0).mean() < 0.1)
lesson.claim("at the end they differ from one another", frames[end].std(axis=0).mean() > 0.1)

# %% [markdown]
# Each block follows the same 25 draws of noise through the training. Grey fog, then blots, then strokes, then digits: some clear, some not. Compare the fifth block with the last one. You can see the difference, and now we want to measure it.
#
# ## Good, varied, and not copied
#
# With pictures we have no list of centres. So we ask a witness: a classifier from lesson 03, trained on the real digits. It gives two numbers about a set of samples.
#
# * **Quality**: how sure is it, on average, of its answer? That is the mean of the largest of the ten probabilities.
# * **Variety**: which digits does it see, and in which shares? If all ten are equally frequent, that is ten kinds. If one has nearly everything, it is one kind. The **effective number** of kinds is $1 / (s_1^2 + s_2^2 + \dots + s_{10}^2)$, where the $s$ are the shares.
#   Ten equal shares of 0.1 give $1 / (10 \cdot 0.01) = 10$. One share of 1 gives 1.
#
# ### Exercise: effective_number
#
# Write the second measure. It takes a list of whole numbers, the digit seen in each sample.


# %%
def effective_number(seen):
    """Return 1 over the sum of the squared shares of the kinds in `seen`."""
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
# differences of all pixels). And we bring baselines: pure noise, the mean of all digits, and the real digits put aside.
#
# **Before you run it, guess:** how sure of its answer is the classifier when it is shown pure noise?

# %%
lesson.guess("noise", "10 to 30 %", "30 to 50 %", "50 to 100 %")


# %%
keras.utils.set_random_seed(lesson.seed)
witness = build_digit_classifier(size)
witness.fit(x_train, y_train, batch_size=32, epochs=20 if size < 20 else 8, verbose=0)


def nearest_training_picture(pictures):
    """Return for each flat picture the index of the nearest training picture and its distance."""
    squared = (pictures**2).sum(axis=1)[:, None] + (flat_train**2).sum(axis=1)
    squared = squared - 2 * pictures @ flat_train.T
    return squared.argmin(axis=1), np.sqrt(np.maximum(squared.min(axis=1), 0))


def testimony(pictures):
    """Return mean sureness, effective number of digits seen, and mean distance to the nearest."""
    answer = witness.predict(pictures, batch_size=500, verbose=0)
    shares = np.bincount(answer.argmax(axis=1), minlength=10) / len(pictures)
    _, distance = nearest_training_picture(pictures.reshape(len(pictures), -1))
    return answer.max(axis=1).mean(), 1 / np.sum(shares**2), distance.mean()


noise_pictures = rng.uniform(size=(500, size, size)).astype("float32")
sets = {
    "pure noise": noise_pictures,
    "the mean digit": np.repeat(x_train.mean(axis=0)[None], 500, axis=0),
    "GAN, step 250": frames[250],
    "GAN, at the end": frames[end],
    "real, put aside": x_test[:500],
}
found = {name: testimony(pictures) for name, pictures in sets.items()}

# %%
print("sureness, effective number of digits, distance to the nearest training picture")
for name, (sure, kinds, away) in found.items():
    print(f"{name:16} ≈ {sure:.2f}  ≈ {kinds:.1f}  ≈ {away:.2f}")

# %%
sure, kinds, away = np.array(list(found.values())).T  # in the order of the rows
lesson.claim("on pure noise the witness is more than 55 % sure", sure[0] > 0.55, guess="noise")
lesson.claim("but noise lies over twice as far off as the GAN's samples", away[0] > 2 * away[3])
lesson.claim("the mean digit is one kind", abs(kinds[1] - 1) < 1e-6)
lesson.claim("in the end the GAN makes more than 5 kinds", kinds[3] > 5)
lesson.claim("more than at step 250", kinds[3] > kinds[2])
lesson.claim("its samples have come closer to real digits", away[3] < away[2])
lesson.claim("real digits are better in quality", sure[4] > sure[3])
lesson.claim("and in distance too", away[4] < away[3])

# %% [markdown]
# Read the first row with care. The classifier is quite sure that pure noise is a digit, because "none of them" is not among its answers. Sureness alone proves nothing. The distance exposes the noise at once. Taken together the three
# numbers tell a plain story. Noise fails by its distance. The mean digit lies not far from many real ones, but it is a single blur, one kind and no more. The GAN makes many kinds of digits, nearer to real ones than noise is, and it does not reach the
# real ones in quality or distance.
#
# ### Are they copies?
#
# Perhaps the generator has only stored some training pictures and hands them out? The generator never saw them, but D did. A copy would have the distance 0 to its nearest training picture. How close are real digits that were put aside? That is the natural yardstick.
#
# **Before you run it, guess:** compared with new real digits, how close are the GAN's samples to the training pictures?

# %%
lesson.guess("copies", "closer", "about as close", "further away")

# %%
where, away_gan = nearest_training_picture(frames[end].reshape(len(frames[end]), -1))
_, away_new = nearest_training_picture(flat_test)
middle_gan, middle_new = np.median(away_gan), np.median(away_new)
print(f"median distance: made ≈ {middle_gan:.2f}, new real ones ≈ {middle_new:.2f}")

# %%
show(
    draw.neighbours(frames[end][:8], x_train[where[:8]]),
    "Eight made digits, and below each the training picture that is nearest to it. The pairs "
    "mostly show the same digit, with strokes that differ.",
)
lesson.claim("no sample is a copy", away_gan.min() > 0.05)
lesson.claim(
    "the samples keep at least the distance that new real digits keep",
    middle_gan > 0.95 * middle_new,
    guess="copies",
)

# %% [markdown]
# They are no copies. They keep at least the distance that a new real digit keeps. (This holds for this small network and these data. Very large generators have been caught repeating training pictures, so the test is worth making each time.)
#
# ### Exercise: nearest
#
# Write the test yourself. `made` has the shape (n, k), `training` the shape (m, k). Return an array (n,): the distance from each made sample to the nearest training example.


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
# ## A new detective
#
# On digits too, the discriminator's accuracy falls during the training.

# %%
accuracy = np.array([look["accuracy"] for look in digit_looks])
parts = np.array_split(accuracy[1:], 5)
figure, ax = plt.subplots()
_ = ax.plot([look["step"] for look in digit_looks], accuracy, color="0.7", label="each look")
middle = [look["step"] for look in digit_looks][1:]
_ = ax.plot(
    [part.mean() for part in np.array_split(middle, 5)],
    [part.mean() for part in parts],
    "o-",
    label="mean of a fifth",
)
_ = ax.axhline(0.5, color="0.6", linestyle="--")
_ = ax.set(xlabel="step", ylabel="accuracy of D", ylim=(0, 1.05), title="Digits: D loses its lead")
_ = ax.legend(loc="lower right")
show(
    figure,
    "The accuracy of the discriminator over the training, jagged, and its mean over each fifth: "
    "above 0.75 early on, falling, but still above the dashed line of one half at the end.",
)
best, final = max(parts[0].mean(), parts[1].mean()), parts[4].mean()
print(f"mean accuracy in its best early fifth ≈ {best:.2f}, in the last ≈ {final:.2f}")

# %%
lesson.claim("the accuracy falls towards chance", final < best - 0.05)

# %% [markdown]
# Does that mean that nobody can tell these digits from real ones? Let us hire a new detective. It has the same build, but trains in peace, on real digits and on samples of the finished generator, which stands still. It is tested on other samples and on the digits put aside.
#
# **Before you run it, guess:** how will the new detective do, compared with the one that took part in the duel?

# %%
lesson.guess("new_detective", "worse", "about as well", "better")


# %%
def made_digits(n):
    return values(digit_gan[0], rng.normal(size=(n, 16)))


keras.utils.set_random_seed(lesson.seed)
detective = build_discriminator(n_in=size * size, hidden=128, learning_rate=0.001)
n, n_test = len(flat_train), len(flat_test)
detective.fit(
    np.concatenate([flat_train, made_digits(n)]),
    np.concatenate([np.ones((n, 1)), np.zeros((n, 1))]),
    batch_size=64,
    epochs=10,
    verbose=0,
)
fakes = made_digits(n_test)
hits = {
    name: (np.mean(values(network, flat_test) > 0) + np.mean(values(network, fakes) < 0)) / 2
    for name, network in {"D of the duel": digit_gan[1], "new detective": detective}.items()
}
for name, share in hits.items():
    print(f"accuracy of the {name} ≈ {share:.2f}")

# %%
lesson.claim("the new detective tells more than 80 % right", hits["new detective"] > 0.8)
lesson.claim(
    "at least 5 points more than D",
    hits["new detective"] > hits["D of the duel"] + 0.05,
    guess="new_detective",
)

# %% [markdown]
# It does much better. "The discriminator is at chance" means that *this* generator fools *this* discriminator at *this* moment. It does not mean that the samples are perfect. And it is a piece of good news about misuse, with a catch.
#
# ## What it is used for, and misused for
#
# GANs were the first networks to make convincing pictures, from about 2014 to 2020. They have been used to make art (a portrait made with one was sold at auction in 2018), to make levels and landscapes for games, and to make faces of people who do not exist. They are also used where variety matters less than a crisp result: to sharpen
# pictures, and to colour old films.
#
# Today they are no longer the first choice for making pictures. **Diffusion models** lead. In one sentence: such a network learns to remove a little noise from a spoiled picture, and makes a new one by starting with pure noise and removing it step by step. There is no opponent, so the training is one plain loss that falls,
# and nothing collapses. The price is time: many steps for one picture, where a generator needs one. Where speed counts, GANs are still in use, and adversarial losses live on as parts of other models.
#
# The same means make a **deepfake**: a picture, a voice or a film of a real person who never did or said what it shows. It has served fraud, slander and abuse. Our last experiment shows both sides of detecting it, in small. A detective that is trained on samples of *a known
# generator* does well. But a detective is just what a generator can be trained against: the duel of this lesson is a recipe for getting past it. So detection helps, and it cannot be the only answer. Where a
# picture comes from, who vouches for it, and whether the person shown agreed, are questions that no network settles. If you make such samples, say so wherever you show them.
#
# ## What people get wrong
#
# * **"The discriminator should win."** A perfect one has nothing left to teach: under the minimax rule the generator's gradient became less than a tenth of the other. The aim is a detective that can only guess.
# * **"A falling loss means better samples."** The good share rose by more than 20 points while the loss hardly moved, and the collapsed generator had nearly the same loss as the good one.
# * **"The generator learns from the real data."** It never sees them. It learns from the discriminator's gradient alone.
# * **"The samples are copies of training data."** They kept at least the distance of new real digits. Measure it each time.
# * **"Different noise gives different samples."** Not after mode collapse: 500 draws of noise, one heap.
# * **"The discriminator is at chance, so the samples are perfect."** A new detective told them apart.
# * **"Freeze the discriminator once, before compiling."** That was right in older versions. In Keras 3 it then never learns.
# * **"GANs are the best image makers."** They were. Diffusion models lead now.
#
# ## Takeaways
#
# * A generator turns noise into samples, a discriminator tells them from real ones, and each learns from the other. The generator learns through a frozen discriminator, with the label "real".
# * It is a game, not a descent. It may circle, and no loss tells you how good the samples are.
# * Judge samples by at least three numbers: how plausible, how varied, how far from copies. Each alone can be fooled.
# * The non-saturating loss $-\log D$ pushes hardest when the fakes are worst.
# * Variety is not part of the generator's loss. Only a discriminator that keeps up enforces it.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Learning without memorizing*.
# * Ian Goodfellow and others, "Generative Adversarial Nets", *NeurIPS* (2014): the game, the best discriminator, and the turned loss, in nine pages. Free at arxiv.org/abs/1406.2661.
# * Lars Mescheder, Andreas Geiger and Sebastian Nowozin, "Which Training Methods for GANs do actually Converge?", *ICML* (2018): the smallest duel, and what stops its circling. arxiv.org/abs/1801.04406.
# * Jonathan Ho, Ajay Jain and Pieter Abbeel, "Denoising Diffusion Probabilistic Models", *NeurIPS* (2020): the paper that brought diffusion models forward. arxiv.org/abs/2006.11239.
