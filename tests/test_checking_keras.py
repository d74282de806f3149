"""An exercise that asks for a Keras model takes any legal one, and says what is amiss with any other, in every lesson."""

import importlib
import random

import keras
import numpy as np
import pytest
from keras import layers

from courseware.checking import Exercise, TryAgain, examine
from courseware.checking_keras import compiled_model, loss_of, outputs_of, train
from courseware.course import ready_lessons
from courseware.progress import NOT_STARTED, PASSED, TRY_AGAIN

ARGUMENTS = {
    ("10_gridsearch", "repair"): (np.zeros((1, 8)), np.zeros((1, 2))),
    ("12_in_practice", "repair"): (240, 80),
}
ASKS_FOR_A_MODEL = {"repair", "small_spiral", "small_reader", "thirty", "beat_noise"}


def built(slug, name, answer):
    return answer if isinstance(answer, keras.Model) else answer(*ARGUMENTS.get((slug, name), ()))


def cases():
    """Each exercise of the course that takes a model, with its check and a builder that passes."""
    for info in ready_lessons():
        right = importlib.import_module(f"lessons.{info.short_name}.answers").RIGHT
        for exercise in importlib.import_module(info.checks).EXERCISES:
            if exercise.name in ASKS_FOR_A_MODEL and info.short_name != "gan":  # whose repair is one of functions
                name = f"{info.slug}-{exercise.name}"
                yield pytest.param(info.slug, exercise, right[exercise.name][0], id=name)


CASES = list(cases())
EVERY_MODEL = pytest.mark.parametrize(("slug", "exercise", "right"), CASES)
# The grid search of lesson 10 builds one model for each setting, so an instance is no answer there.
EVERY_INSTANCE = pytest.mark.parametrize(
    ("slug", "exercise", "right"), [case for case in CASES if case.values[0] != "10_gridsearch"]
)


def test_every_lesson_that_repairs_a_model_is_among_them():
    assert {case.values[0][:2] for case in CASES} == {f"{number:02d}" for number in range(13)} - {"08"}
    assert {case.values[1].name for case in CASES} == ASKS_FOR_A_MODEL


def without_input(model, compiled=True):
    """The same layers in a `Sequential` that has no `keras.Input`, which is legal Keras."""
    bare = keras.Sequential([type(layer).from_config(layer.get_config()) for layer in model.layers])
    assert not bare.built
    if compiled:
        bare.compile_from_config(model.get_compile_config())
    return bare


@EVERY_MODEL
def test_a_sequential_without_keras_input_passes_as_well(slug, exercise, right):
    def bare(*given, **named):
        made = right(*given, **named)
        return without_input(made) if isinstance(made, keras.Sequential) else made

    verdict = examine(exercise, bare)
    assert verdict.outcome == PASSED, verdict.message


@EVERY_MODEL
def test_an_uncompiled_model_is_told_so_built_or_not(slug, exercise, right):
    model = built(slug, exercise.name, right)
    uncompiled = [keras.Model(model.inputs, model.outputs)]
    if isinstance(model, keras.Sequential):
        uncompiled.append(without_input(model, compiled=False))
    for answer in uncompiled:
        verdict = examine(exercise, lambda *given, answer=answer: answer)
        assert verdict.outcome == TRY_AGAIN and "The model is not compiled" in verdict.message


@EVERY_INSTANCE
def test_an_instance_gets_the_same_verdict_twice_and_stays_as_it_was(slug, exercise, right):
    keras.utils.set_random_seed(0)
    model = built(slug, exercise.name, right)
    before = [weights.copy() for weights in model.get_weights()]
    first, second = examine(exercise, model), examine(exercise, model)
    assert first == second
    assert first.outcome == PASSED or "was the goal" in first.message, first  # which one start in three may miss
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))


@EVERY_MODEL
@pytest.mark.parametrize("answer", [lambda *given: "a model", lambda *given: keras.layers.Dense(1), 7])
def test_what_is_no_model_is_called_by_its_name(slug, exercise, right, answer):
    verdict = examine(exercise, answer)
    assert verdict.outcome == TRY_AGAIN and "could not make sense" not in verdict.message
    assert "a compiled Keras model was expected" in verdict.message or "must be a function" in verdict.message


@EVERY_MODEL
def test_dots_are_not_started(slug, exercise, right):
    assert examine(exercise, ...).outcome == examine(exercise, lambda *given: ...).outcome == NOT_STARTED


def test_a_model_that_cannot_take_the_inputs_is_told_in_one_line():
    model = keras.Sequential([layers.Conv2D(2, 3), layers.Dense(1)])
    model.compile(loss="mse")
    with pytest.raises(TryAgain, match=r"^The model cannot take inputs of shape \(None, 64\): .*$"):
        compiled_model(model, "build", inputs=(64,))


def test_many_steps_at_once_lead_to_the_weights_of_one_by_one_and_leave_the_model_as_it_was_compiled():
    x = np.random.default_rng(0).normal(size=(30, 2))
    y = x[:, :1] ** 2
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(8, activation="relu"), layers.Dropout(0.1), layers.Dense(1)]
    )
    model.compile(optimizer="adam", loss="mse")
    other = keras.models.clone_model(model)
    other.set_weights(model.get_weights())
    for drop in (model.layers[1], other.layers[1]):
        drop.seed_generator.state.assign([0, 1])
    other.compile(optimizer="adam", loss="mse")
    train(model, x, y, epochs=11, batch_size=4)  # 83 steps, the last one with two examples
    rng = np.random.default_rng(0)
    order = np.concatenate([rng.permutation(30) for _ in range(11)])
    other.fit(x[order], y[order], batch_size=4, shuffle=False, verbose=0)
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert model.steps_per_execution == 1 and model.train_function is None
    np.testing.assert_allclose(outputs_of(model, x), model.predict(x, verbose=0), atol=1e-6)
    assert loss_of(model, x, y) == pytest.approx(model.evaluate(x, y, verbose=0), abs=1e-6)


@pytest.mark.parametrize("how", [{"run_eagerly": True}, {"steps_per_execution": 4}, {"metrics": ["mae"]}], ids=str)
def test_a_model_trains_however_it_was_compiled_and_stays_so(how):
    x = np.random.default_rng(0).normal(size=(30, 2))
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", **how)
    before = loss_of(model, x, x[:, :1])
    train(model, x, x[:, :1], epochs=7, batch_size=8)
    assert loss_of(model, x, x[:, :1]) < before / 2
    assert model.steps_per_execution == how.get("steps_per_execution", 1)
    assert bool(model.run_eagerly) == how.get("run_eagerly", False)


def test_a_loss_that_does_not_take_the_labels_is_told_with_a_word_on_them():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3)])
    model.compile(loss="categorical_crossentropy")
    with pytest.raises(TryAgain, match=r"^Training stopped with ValueError\. They are numbers\.$"):
        train(model, np.ones((4, 2)), np.arange(4), epochs=1, labels="They are numbers.")
    assert model.steps_per_execution == 1


def by_chance(answer):
    """A check whose verdict is a throw of dice."""
    return f"{random.random()} {np.random.rand()} {keras.random.uniform((1,))[0]:.8f} {keras.layers.Dense(1)(np.ones((1, 1)))}"


def test_a_check_draws_the_same_every_time_and_the_notebook_goes_on_with_its_own_numbers():
    exercise = Exercise("chance", by_chance, ("a", "b", "c"))
    random.seed(5), np.random.seed(5)
    expected = random.random(), np.random.rand()
    random.seed(5), np.random.seed(5)
    first = examine(exercise, 1)
    assert first.outcome == PASSED and (random.random(), np.random.rand()) == expected
    keras.utils.set_random_seed(77)
    assert examine(exercise, 1) == first


def test_the_optimizer_of_a_model_that_was_trained_inside_begins_anew():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
    x = np.ones((32, 2), dtype="float32")

    def check(answer):
        train(answer, x, x[:, :1], epochs=3)
        return f"{answer.evaluate(x, x[:, :1], verbose=0):.9f}"

    exercise = Exercise("train", check, ("a", "b", "c"))
    first = examine(exercise, model)
    assert examine(exercise, model) == first
    assert float(model.optimizer.learning_rate) == pytest.approx(0.05)
    model.fit(x, x[:, :1], epochs=1, verbose=0)  # the learner goes on with it
    assert examine(exercise, model) != first and examine(exercise, model) == examine(exercise, model)
