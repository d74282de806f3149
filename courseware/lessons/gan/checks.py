"""Exercises of lesson 08: what each checks, and its hints."""

import warnings

import numpy as np

from courseware.checking import NotStarted, TryAgain, call, describe, exercise, expect, number, pair
from courseware.data import ring
from courseware.lessons.gan.measures import score
from courseware.lessons.gan.models import build_gan, train_gan, values


@exercise(
    "You need all distances first, one for each pair of a point and a centre. Then the nearest centre of each point.",
    "points[:, None] has the shape (n, 1, 2), centres[None] (1, k, 2); their difference (n, k, 2) holds all pairs, and "
    "np.linalg.norm(..., axis=2), the root of the summed squares, makes the distances (n, k). Two loops will do, too.",
    "return np.mean(distance.min(axis=1) < reach)",
)
def good_share(answer):
    centres = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 5.0]])
    points = np.array(
        [[0.1, 0.0], [0.0, 0.15], [2.1, 0.1], [2.0, -0.1], [0.1, 5.05], [0.3, 0.0], [0.15, 0.18], [1.0, 1.0]]
    )
    got = call(answer, points, centres)
    if np.shape(got) in {(8,), (8, 3)}:
        raise TryAgain("good_share returned a value for each point; take the mean, so that one number is left.")
    expect(
        "good_share of eight points, five of them closer than 0.2", got, 0.625,
        mistakes=[
            (5, "That is how many are good. Divide by the number of points."),
            (5 / 24, "Each point has one nearest centre: take the minimum over the centres before you compare with reach."),
            (0.75, "One point is off by 0.15 and 0.18, more than 0.2 in all: take the length, not each coordinate by itself."),
            (0.375, "That is the fraction of the bad points. Five of the eight are closer than reach."),
            (0.5, "Some centres were left out: a point may be near any of the three."),
            (0.0, "Nothing counts as good. Is each length taken over the two coordinates (axis=2 of points[:, None] - centres[None])? "
             "And a point is good if ONE centre is near: take the minimum, not the maximum or mean."),
            (0.875, "One point too many counts as good. Are the distances still squared?"),
            (1.0, "Everything counts as good. Is something compared the wrong way round?"),
        ],
    )  # fmt: skip
    wide = call(answer, points, centres, 1.5)
    expect("good_share of the same points with reach=1.5", wide, 1.0,
           mistakes=[(0.625, "`reach` is not used: a fixed 0.2 stands in its place.")])  # fmt: skip
    return "One number for quality, blind to variety."


@exercise(
    "Compare the step with discriminator_step and generator_step above. Who is frozen when, and what does each ask for?",
    "build_gan leaves the discriminator frozen: its flag must be set before each turn. And which label does the generator want?",
    "discriminator.trainable = True before its step, False before combined's step, and np.ones(...) as the combined model's labels.",
    seconds=60,
)
def repair(answer):
    if not callable(answer):
        raise TryAgain(f"The answer must be a function; yours is {describe(answer)}.")
    rng = np.random.default_rng(0)
    gan = generator, discriminator, combined = build_gan(hidden=32, rates=(0.003, 0.003))
    seen = {"discriminator": [], "generator": []}  # for each call: did its own network move, did the other, labels

    def watch(model, turn, own, other):
        step = model.train_on_batch

        def watched(x, y, *rest, **named):
            if len(x) != len(y):
                raise TryAgain(
                    f"In the {turn}'s turn {len(x)} rows go in, with {len(y)} labels. Each row needs its own label: "
                    "as many as there are samples or, in the generator's turn, rows of noise."
                )
            before = [network.get_weights() for network in (own, other)]
            result = step(x, y, *rest, **named)
            moved = [
                any(not np.array_equal(a, b) for a, b in zip(old, network.get_weights(), strict=True))
                for old, network in zip(before, (own, other), strict=True)
            ]
            seen[turn].append((*moved, float(np.mean(np.asarray(y, dtype=float)))))
            return result

        model.train_on_batch = watched

    watch(discriminator, "discriminator", discriminator, generator)
    watch(combined, "generator", generator, discriminator)
    place = np.array([2.0, 1.0])

    def step():
        real, noise = place + rng.normal(0, 0.1, (64, 2)), rng.normal(size=(48, 2))
        result = call(lambda: (answer(gan, real, noise),), name="repaired_step")[0]
        if result is ...:
            raise NotStarted

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        step()
        for turn, name in {"discriminator": "discriminator", "generator": "combined"}.items():
            if not seen[turn]:
                raise TryAgain(f"{name}.train_on_batch was never called. Both turns are needed in one step.")
        learned = any(own for own, _, _ in seen["discriminator"])
        asks_for_fake = seen["generator"][0][2] == 0
        if not learned and asks_for_fake:
            raise NotStarted("The step is still as it was given. Two things are wrong with it.")
        if not learned:
            raise TryAgain(
                "The discriminator did not move in its own turn: it is still frozen from build_gan. "
                "Set discriminator.trainable before its step."
            )
        if any(other for _, other, _ in seen["generator"]):
            raise TryAgain(
                "The discriminator learned in the generator's turn, too, and so learns to call fakes real. "
                "Freeze it before combined.train_on_batch."
            )
        for model in (discriminator, combined):
            del model.train_on_batch  # enough was watched, and that takes time
        for _ in range(200):
            step()
    samples = values(generator, rng.normal(size=(200, 2)))
    away = float(np.linalg.norm(np.median(samples, axis=0) - place))
    if not away < 1:
        real_wins = np.mean(values(discriminator, place[None])) > np.mean(values(discriminator, samples))
        if asks_for_fake and real_wins:
            advice = "The generator is trained to be called fake: which label should its samples get in its own turn?"
        else:
            advice = "Check the labels of both turns: 1 for real, 0 for fake, and 1 where the generator wants to be believed."
        raise TryAgain(
            f"After 200 steps the made points lie {away:.1f} from the real ones; less than 1 was expected. {advice}"
        )
    return "Each network moves in its own turn, and the generator asks to be believed."


@exercise(
    "How many real samples lie at that place, and how many in all?",
    "Real ones: n_real * p. Fakes: n_fake * q.",
    "return n_real * p / (n_real * p + n_fake * q)",
)
def best_discriminator(answer):
    expect(
        "best_discriminator(p=0.3, q=0.1)", call(answer, 0.3, 0.1), 0.75,
        mistakes=[
            (0.25, "That is the probability of a fake. Real stands in the numerator."),
            (3.0, "That is p / q, the odds. Divide by the sum of both."),
            (0.3, "That is p alone. It has to be compared with q."),
            (0.4, "That is the sum of both. It belongs in the denominator."),
        ],
    )  # fmt: skip
    p, q = np.array([0.2, 0.1, 0.0]), np.array([0.2, 0.3, 0.5])
    expect("best_discriminator([0.2 0.1 0], [0.2 0.3 0.5])", call(answer, p, q), [0.5, 0.25, 0.0])
    expect(
        "best_discriminator(p=0.2, q=0.1, n_real=3, n_fake=2)", call(answer, 0.2, 0.1, 3, 2), 0.75,
        mistakes=[
            (0.2 / 0.3, "The numbers of samples are not used: weigh p with n_real and q with n_fake."),
            (0.4 / 0.7, "The numbers are swapped: n_real belongs to p."),
            (2.0, "The numbers of samples are missing in the denominator."),
            (1.5, "n_real is missing in the denominator."),
            (0.6 / 0.7, "n_fake is missing in the denominator: q is weighed with it."),
        ],
    )  # fmt: skip
    return "Where both are equally frequent it can only say one half."


@exercise(
    "Begin with D, the sigmoid of the logit. Which simple formula of D gives the printed slopes?",
    "The slope of log(1 - D) along the logit is -D; the slope of -log D is -(1 - D).",
    "d = 1 / (1 + np.exp(-logit)); return -d, d - 1",
)
def generator_slopes(answer):
    d = 1 / (1 + np.exp(-1.0))
    got = pair(call(answer, 1.0), "generator_slopes(1.0)", ("slope_minimax", "slope_flipped"))
    right = np.array([-d, d - 1])
    expect(
        "generator_slopes(1.0)", [number(part, "a slope") for part in got], right,
        mistakes=[
            (-right, "The signs are flipped: both losses fall as the logit grows, so both slopes are negative."),
            (right[::-1], "The two are swapped: first log(1 - D), then -log D."),
            ([-1 / (1 - d), -1 / d],
             "Those are slopes along D. Along the logit, multiply by the slope of the sigmoid, D * (1 - D)."),
            ([np.log(1 - d), -np.log(d)], "Those are the losses themselves. The slopes are asked for."),
            ([-d * (1 - d), -d * (1 - d)], "That is the slope of the sigmoid. The logarithm's slope, 1 / D or 1 / (1 - D), comes on top."),
            ([-1.0, 0.0], "That puts the logit itself in place of D. First D = sigmoid(logit)."),
        ],
    )  # fmt: skip
    line = np.array([-6.0, 0.0, 3.0])
    d = 1 / (1 + np.exp(-line))
    got = pair(call(answer, line), "generator_slopes([-6 0 3])", ("slope_minimax", "slope_flipped"))
    expect("the slopes of log(1 - D) at [-6 0 3]", got[0], -d)
    expect("the slopes of -log D at [-6 0 3]", got[1], d - 1)
    return "They always add up to -1: what one rule hears, the other misses."


@exercise(
    "Count how often each kind occurs, and turn the counts into fractions.",
    "np.unique(seen, return_counts=True)[1] gives the counts; divide by len(seen).",
    "return 1 / np.sum(shares**2)",
)
def effective_number(answer):
    expect(
        "effective_number([3, 3, 3, 7, 7, 7])", call(answer, np.array([3, 3, 3, 7, 7, 7])), 2.0,
        mistakes=[
            (0.5, "That is the sum of the squared fractions. The effective number is 1 over it."),
            (1.0, "Fractions add up to 1; square each of them before you add."),
            (1 / 18, "Those are counts. Divide them by the number of samples first."),
            (1 / 4.5, "Fractions are counts divided by the number of samples, not of kinds."),
            (1 / 174, "Those are the digits themselves. Count how often each occurs."),
            (6.0, "That is how many samples there are."),
        ],
    )  # fmt: skip
    seen = np.array([0] * 6 + [1, 2, 3, 9])
    expect(
        "effective_number of six zeros and one each of 1, 2, 3, 9", call(answer, seen), 2.5,
        mistakes=[
            (5.0, "That counts the kinds that occur at all. A kind that is rare should count for less."),
            (1 / 0.6, "That looks at the most frequent kind only. All squared fractions are added."),
            (0.4, "That is the sum of the squared fractions. The effective number is 1 over it."),
            (np.exp(-(0.6 * np.log(0.6) + 0.4 * np.log(0.1))),
             "That is the exponential of the entropy, another good measure. Here 1 over the sum of squares is asked for."),
        ],
    )  # fmt: skip
    expect("effective_number([4, 4, 4])", call(answer, np.array([4, 4, 4])), 1.0)
    return "Rare kinds count for little, and one kind counts for one."


@exercise(
    "All differences at once, as in good_share: made[:, None] - training[None].",
    "Square, add up over axis 2, take the root: that gives the distances (n, m).",
    "return np.sqrt(((made[:, None] - training[None]) ** 2).sum(axis=2)).min(axis=1)",
)
def nearest(answer):
    training = np.array([[0.0, 0.0], [3.0, 4.0], [10.0, 0.0]])
    made = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = call(answer, made, training)
    if np.shape(got) == (3,):
        raise TryAgain("nearest returned one number for each training example; one for each made sample was expected.")
    if np.shape(got) == (2, 3):
        raise TryAgain("nearest returned all distances; of each row, only the smallest was asked for.")
    expect(
        "nearest([[1 2], [3 4]], [[0 0], [3 4], [10 0]])", got, [np.sqrt(5.0), 0.0],
        mistakes=[
            ([5.0, 0.0], "Those are squared distances; take the root."),
            ([0.0, 1.0], "Those are indices. The distances themselves are asked for."),
            (np.sqrt([85.0, 65.0]), "Those are the largest distances; take the smallest."),
            (np.linalg.norm(made[:, None] - training[None], axis=2).mean(axis=1),
             "Those are mean distances. Only the nearest example matters."),
            ([np.sqrt(2.5), 0.0], "Add up the squares over the k numbers; do not take their mean or the largest."),
            ([2.0, 0.0], "Add up the squares over the k numbers; do not take their mean or the largest."),
        ],
    )  # fmt: skip
    rng = np.random.default_rng(0)
    made, training = rng.normal(size=(20, 5)), rng.normal(size=(30, 5))
    right = np.linalg.norm(made[:, None] - training[None], axis=2).min(axis=1)
    expect("nearest of 20 samples with 5 numbers each", call(answer, made, training), right, rtol=1e-3)
    return "A copy would show up here as a zero."


START = {"generator_steps": 8, "rates": (0.002, 0.0005), "hidden": 8}


@exercise(
    "Three settings are against you: the generator's turns, its rate, and the size of both networks.",
    "The detective must keep up: one turn each, and its rate at least as large as the generator's.",
    "dict(generator_steps=1, rates=(0.001, 0.002), hidden=64) is what the first training used.",
    seconds=120,
)
def cover(answer):
    if not isinstance(answer, dict) or set(answer) != set(START):
        raise TryAgain(
            f"settings is {describe(answer)}; expected dict(generator_steps=..., rates=(..., ...), hidden=...)."
        )
    if any(value is ... for value in answer.values()):
        raise NotStarted
    if isinstance(answer["rates"], int | float):
        raise TryAgain(
            f"rates is {describe(answer['rates'])}; expected two numbers, (of the generator, of the discriminator)."
        )
    rates = tuple(
        number(rate, "a rate") for rate in pair(answer["rates"], "rates", ("of_generator", "of_discriminator"))
    )
    turns, hidden = (number(answer[name], name) for name in ("generator_steps", "hidden"))
    if {"generator_steps": turns, "rates": rates, "hidden": hidden} == START:
        raise NotStarted("The settings are still as they were given.")
    for name, value, most in (("generator_steps", turns, 10), ("hidden", hidden, 256)):
        if value != int(value) or not 1 <= value <= most:
            raise TryAgain(f"{name} is {value:g}; a whole number from 1 to {most} was expected.")
    if min(rates) <= 0:
        raise TryAgain(f"rates is {rates}; both must be above 0, else that network never learns.")
    rng = np.random.default_rng(0)
    looks = train_gan(
        build_gan(hidden=int(hidden), rates=rates),
        lambda n: ring(n, rng), steps=800, rng=rng, generator_steps=int(turns), look_every=100,
    )  # fmt: skip
    (modes, share), found = score(looks[-1]["samples"]), [score(look["samples"])[0] for look in looks]
    if modes >= 7 and share >= 0.4:
        return "At least 7 of the 8 modes are covered."
    said = f"After 800 steps: modes covered {modes}, good points {100 * share:.0f} %; the goal is 7 and 40 %."
    if max(found) <= 3 and turns > 1:
        raise TryAgain(
            f"{said} The generator collapses: how many turns does it have for each one of the discriminator?"
        )
    if rates[0] > 1.5 * rates[1]:
        raise TryAgain(f"{said} The generator learns faster than its detective: compare the two rates.")
    if hidden < 32:
        raise TryAgain(
            f"{said} With {hidden:g} units in a layer, networks learn the clouds' edges slowly: try more units."
        )
    if rates[0] < 0.0005:
        raise TryAgain(f"{said} With so small a rate the generator has not arrived after 800 steps.")
    if max(rates) > 0.005:
        raise TryAgain(f"{said} With rates so large the two chase each other; try some thousandths.")
    raise TryAgain(f"{said} Look at the settings of the first training of this lesson.")


EXERCISES = (good_share, repair, best_discriminator, generator_slopes, cover, effective_number, nearest)
