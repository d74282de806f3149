"""A small course in a temporary folder, for tests that must not depend on the real lessons."""

import dataclasses
import json
import os

import hypothesis
import pytest

from courseware import course
from courseware.verify.running import calmly

QUIZ = """\
lesson: 01_linear_regression
title: A stand-in
questions:
  - id: larger
    kind: single
    section: One
    shuffle: false
    prompt: Which is larger?
    options:
      - {id: two, text: Two, correct: true, feedback: Two is larger.}
      - {id: one, text: One, feedback: One is smaller., misconception: order}
  - id: sum
    kind: number
    section: Two
    prompt: What is 1 + 1?
    answer: 2
    tolerance: {absolute: 0.01}
    feedback: Two it is.
    wrong: Count again.
"""


hypothesis.settings.register_profile("course", deadline=None)  # how long an example takes is no part of a test
hypothesis.settings.load_profile("course")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Chromium without a window, with a home of its own."""
    import test_browser
    from playwright.sync_api import sync_playwright

    home = str(tmp_path_factory.mktemp("home"))
    environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=test_browser.CHROMIUM, args=test_browser.FLAGS, env=environment
        )
        yield chromium
        chromium.close()


def pytest_configure():
    calmly()  # the kernels of the notebooks above all


def ship_lesson(info, version="v1", exercises=("predict", "gradient")):
    """Write the notebook of a lesson as the build would."""
    code = {"cell_type": "code", "id": "a", "execution_count": 3, "metadata": {}, "source": ["print('hello')"]}
    output = {"output_type": "stream", "name": "stdout", "text": ["hello\n"]}
    about = {"lesson": info.slug, "version": version, "exercises": list(exercises)}
    notebook = {
        "cells": [
            {"cell_type": "markdown", "id": "b", "metadata": {}, "source": ["# ≈ Stand-in"]},
            {**code, "outputs": [output]},
        ],
        "metadata": {"courseware": about, "widgets": {"state": {}}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    info.lesson.parent.mkdir(exist_ok=True)
    info.lesson.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def ship():
    return ship_lesson


@pytest.fixture
def small_course(monkeypatch, tmp_path):
    """Lesson 01 alone, as a stand-in with two exercises and two questions; nothing is done yet."""
    known = course.lessons()
    only = tuple(dataclasses.replace(info, ready=info.slug == "01_linear_regression") for info in known)
    monkeypatch.setattr(course, "lessons", lambda: only)
    monkeypatch.setattr(course, "ROOT", tmp_path / "root")
    monkeypatch.setattr(course, "PACKAGE", tmp_path / "root" / "courseware")
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "my work"))
    info = course.find("01_linear_regression")
    info.quiz.parent.mkdir(parents=True)
    info.quiz.write_text(QUIZ, encoding="utf-8")
    info.quiz.with_name("misconceptions.yaml").write_text("order: {title: Order, explanation: More is larger.}\n")
    ship_lesson(info)
    return info
