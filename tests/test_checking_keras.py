"""An exercise that asks for a Keras model takes any legal one, and says what is amiss with any other, in every lesson."""

import importlib
import random
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from courseware.checking import Exercise, TryAgain, examine
from courseware.checking_keras import compiled_model, every_layer, loss_of, output_activation, outputs_of, train
from courseware.course import ready_lessons
from courseware.lesson import open_lesson
from courseware.lessons.lstm.checks import repair as repaired_reader
from courseware.lessons.lstm.models import build_reader
from courseware.progress import NOT_STARTED, PASSED, TRY_AGAIN

ARGUMENTS = {
    ("10_gridsearch", "repair"): (np.zeros((1, 8)), np.zeros((1, 2))),
    ("12_in_practice", "repair"): (240, 80),
}
ASKS_FOR_A_MODEL = {"repair", "small_spiral", "small_reader", "thirty", "beat_noise"}
OF_FUNCTIONS = {"gan", "attention"}  # whose repair is no model


def built(slug, name, answer):
    return answer if isinstance(answer, keras.Model) else answer(*ARGUMENTS.get((slug, name), ()))


def cases():
    """Each exercise of the course that takes a model, with its check and a builder that passes."""
    for info in ready_lessons():
        right = importlib.import_module(f"lessons.{info.short_name}.answers").RIGHT
        for exercise in importlib.import_module(info.checks).EXERCISES:
            if exercise.name in ASKS_FOR_A_MODEL and info.short_name not in OF_FUNCTIONS:
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


class OwnModel(keras.Model):
    """Any model, written as a class of the learner's own."""

    def __init__(self, inside, fails=False):
        super().__init__()
        self.inside, self.fails = inside, fails
        self.compile_from_config(inside.get_compile_config())

    def call(self, x, training=False):
        if training and self.fails:
            raise RuntimeError("my own mistake")
        return self.inside(x, training=training)


@EVERY_MODEL
def test_a_right_subclassed_model_passes(slug, exercise, right):
    verdict = examine(exercise, lambda X=0, y=0: OwnModel(built(slug, exercise.name, right)))
    assert verdict.outcome == PASSED, verdict.message


@pytest.mark.parametrize(("slug", "exercise", "right"), [case for case in CASES if case.values[0] != "06_lstm"])
def test_a_layer_that_raises_while_training_is_told_as_the_learners_error(slug, exercise, right):
    verdict = examine(exercise, lambda X=0, y=0: OwnModel(built(slug, exercise.name, right), fails=True))
    assert verdict.outcome == TRY_AGAIN
    assert "RuntimeError" in verdict.message and "my own mistake" in verdict.message
    assert "could not make sense" not in verdict.message


def test_layers_are_found_wherever_they_stand():
    encoder = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="one")])
    rest = [layers.TimeDistributed(layers.Dense(2, name="two")), layers.Bidirectional(layers.LSTM(2, name="three"))]
    model = keras.Sequential(
        [keras.Input((4, 3)), layers.TimeDistributed(encoder), *rest, layers.Dense(1, name="four")]
    )
    assert [each.name for each in every_layer(model)][1:] == ["two", "forward_three", "four"]


@pytest.mark.parametrize(
    ("last", "name"),
    [
        ([layers.Dense(2, "softmax")], "softmax"),
        ([layers.Dense(2), layers.Softmax()], "softmax"),
        ([layers.Dense(2), layers.Activation("sigmoid"), layers.Reshape((2, 1))], "sigmoid"),
        ([layers.Dense(2), layers.ReLU()], "relu"),
        ([layers.Dense(2)], "linear"),
        ([layers.Dense(2), layers.Dropout(0.5)], ""),
    ],
)
def test_the_activation_of_the_output_is_seen_however_it_is_written(last, name):
    assert output_activation(keras.Sequential([keras.Input((3,)), *last])) == name


@pytest.fixture
def graphics_card(monkeypatch):
    """Keras takes the way it takes on a graphics card, up to cuDNN itself, which is replaced."""
    monkeypatch.setattr(sys.modules["keras.src.backend.tensorflow.rnn"], "_is_gpu_available", lambda: True)

    def cudnn(input, input_h, input_c, params, **_):
        kept = 0 * tf.reduce_sum(params)
        return input[..., :1] * 0 + tf.zeros_like(input_h), input_h + kept, input_c, None, None

    monkeypatch.setattr(tf.raw_ops, "CudnnRNNV3", cudnn)


def test_zeros_in_front_of_a_sentence_are_read_on_a_graphics_card_too(graphics_card):
    padded = np.array([[0, 0, 3, 4]], dtype="int32")
    plain = keras.Sequential([keras.Input((None,)), layers.Embedding(20, 4, mask_zero=True), layers.LSTM(3)])
    with pytest.raises(tf.errors.InvalidArgumentError, match="right-padded"):
        plain.predict(padded, verbose=0)
    assert build_reader(20).predict(padded, verbose=0).shape == (1, 1)


def test_a_reader_that_leaves_the_way_of_computing_to_keras_passes_on_a_graphics_card(graphics_card):
    stack = [layers.Embedding(100, 8, mask_zero=True), layers.LSTM(16), layers.Dense(1, "sigmoid")]
    model = keras.Sequential([keras.Input((None,), dtype="int32"), *stack])
    model.compile("adam", "binary_crossentropy")
    assert examine(repaired_reader, model).outcome == PASSED
    assert model.layers[1].use_cudnn == "auto"


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


def test_settings_of_keras_that_were_left_behind_change_no_check_and_stay():
    def check(answer):
        layer = layers.Conv2D(1, 3)
        return f"{layer.compute_dtype} {layer.data_format} {keras.config.floatx()} {tf.config.functions_run_eagerly()}"

    keras.config.set_floatx("float16")
    keras.config.set_dtype_policy("mixed_float16")
    keras.config.set_image_data_format("channels_first")
    tf.config.run_functions_eagerly(True)
    try:
        verdict = examine(Exercise("settings", check, ("a", "b", "c")), 1)
        assert verdict.message == "float32 channels_last float32 False"
        assert keras.config.dtype_policy().name == "mixed_float16" and tf.config.functions_run_eagerly()
        assert (keras.config.floatx(), keras.config.image_data_format()) == ("float16", "channels_first")
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
        keras.config.set_image_data_format("channels_last")
        tf.config.run_functions_eagerly(False)


def test_settings_that_an_answer_changes_are_put_back():
    def check(answer):
        keras.config.set_floatx("float16")
        keras.config.set_image_data_format("channels_first")
        tf.config.run_functions_eagerly(True)

    examine(Exercise("settings", check, ("a", "b", "c")), 1)
    assert (keras.config.floatx(), keras.config.image_data_format()) == ("float32", "channels_last")
    assert not tf.config.functions_run_eagerly()


def test_a_lesson_computes_with_whole_floats_on_a_graphics_card():
    tf.config.experimental.enable_tensor_float_32_execution(True)
    open_lesson("01")
    assert not tf.config.experimental.tensor_float_32_execution_enabled()


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
