"""Every builder: its shape comments are true, its size is as counted, its gradients flow, it learns."""

import ast
import importlib
import inspect
import re

import keras
import numpy as np
import pytest

from courseware.checking_keras import loss_of, train
from courseware.course import ready_lessons

CASES = [
    case for info in ready_lessons() for case in importlib.import_module(f"lessons.{info.short_name}.models").CASES
]


def commented_shapes(function, names):
    """The shapes in a builder's comments, top to bottom; names are looked up, `batch` and `time` mean "any"."""
    lines, _ = inspect.getsourcelines(function)
    shapes = []
    for comment in re.findall(r"#\s*(\(batch[^#]*?\))\s*(?:$|[;:,.])", "".join(lines), flags=re.MULTILINE):
        shapes.append(eval(comment, {}, {"batch": None, "time": None, **names}))
    return shapes


def defaults(function):
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }


@pytest.fixture(params=CASES, ids=str)
def case(request):
    keras.utils.set_random_seed(0)
    return request.param


def build(case):
    return case.model_of(case.builder(**case.arguments))


def layers_within(model):
    """The layers of a model in order, those of a model inside it in its place."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from layers_within(layer)
        else:
            yield layer


def test_shape_comments_are_what_the_layers_give(case):
    commented = commented_shapes(case.builder, {**defaults(case.builder), **case.arguments})
    assert commented, "the builder has no shape comments"
    model = build(case)
    remaining = [tuple(model.input_shape), *(tuple(layer.output.shape) for layer in layers_within(model))]
    for shape in commented:
        assert shape in remaining, f"no layer left gives {shape}; left are {remaining}"
        del remaining[: remaining.index(shape) + 1]


def test_parameters_are_as_counted_by_hand(case):
    assert build(case).count_params() == case.parameters


def test_it_learns_and_its_gradients_reach_every_weight(case):
    """One training for both, since most of its time is the tracing."""
    model = build(case)
    x, y = case.data()
    before = [weight.numpy() for weight in model.trainable_weights]
    train(model, x, y, epochs=case.epochs, batch_size=case.batch_size)
    for weight, old in zip(model.trainable_weights, before, strict=True):
        assert not np.array_equal(weight.numpy(), old), f"{weight.path} did not move"
    assert loss_of(model, x, y) < case.baseline


@pytest.mark.parametrize("info", ready_lessons(), ids=lambda info: info.slug)
def test_every_builder_of_a_lesson_has_a_case_and_is_shown_in_it(info):
    module = importlib.import_module(info.models)
    builders = {name for name, value in vars(module).items() if name.startswith("build_") and callable(value)}
    cases = importlib.import_module(f"lessons.{info.short_name}.models").CASES
    assert builders and builders == {case.builder.__name__ for case in cases}
    source = info.source.read_text(encoding="utf-8")
    for name in builders:
        assert f"### SOURCE {info.models}.{name}" in source


@pytest.mark.parametrize("info", ready_lessons(), ids=lambda info: info.slug)
def test_every_builder_has_an_example(info):
    for node in ast.parse(inspect.getsource(importlib.import_module(info.models))).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("build_"):
            assert ">>>" in (ast.get_docstring(node) or ""), node.name
