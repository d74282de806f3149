"""Drawings show what their descriptions say, and come with words and pixels enough."""

import base64
import io
import os
import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.markers import MarkerStyle
from PIL import Image

from courseware import drawing
from courseware.course import ready_lessons
from courseware.drawing import ORANGE, RED
from courseware.lessons.autoencoder import drawings


def test_both_principal_directions_are_drawn_although_the_long_one_leaves_the_axes():
    """An arrow whose point lies outside of its axes is left out by matplotlib, without a word."""
    pair = 0.6 + 0.7 * np.array([[-1, -1], [-1, -1], [1, 1], [1, 1], [-0.8, 0.8], [0.8, -0.8]])
    directions = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
    figure = drawings.two_pixels(pair, directions)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    plt.close(figure)
    for color in (RED, ORANGE):
        distance = np.abs(pixels - 255 * np.array(to_rgb(color))).max(axis=-1)
        assert np.count_nonzero(distance < 3) > 30


# How colours look to eyes without the cones for long (protan) or middle (deutan) waves: Machado, Oliveira, Fernandes 2009.
SEEN = {
    "usual": np.eye(3),
    "protan": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deutan": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
}
TO_XYZ = np.array([[0.4339, 0.3762, 0.1899], [0.2127, 0.7152, 0.0722], [0.0178, 0.1095, 0.8727]])  # of white: 1, 1, 1


@pytest.mark.parametrize("eyes", SEEN)
def test_the_ten_digits_of_a_map_have_colours_that_all_eyes_tell_apart(eyes):
    colours = np.array([to_rgb(color) for color in drawings.TEN_COLORS])
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ np.transpose(SEEN[eyes]), 0, 1) @ TO_XYZ.T
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116).T
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
    distances = np.linalg.norm(lab[:, None] - lab, axis=2)[np.triu_indices(10, 1)]
    assert distances.min() > 20  # of matplotlib's tab10, to deutan eyes: 7; to protan eyes: 5


def test_on_a_map_every_picture_is_its_numeral():
    labels = np.repeat(np.arange(10), 50)
    points = np.random.default_rng(0).normal(size=(500, 2))
    figure = drawings.maps({"one": points, "two": points * [1, 40]}, labels, most=len(labels))
    for ax, scale in zip(figure.axes, ([1, 1], [1, 40]), strict=True):
        assert len(ax.collections) == 10
        for digit, dots in enumerate(ax.collections):
            numeral = MarkerStyle(f"${digit}$")
            assert np.array_equal(
                dots.get_paths()[0].vertices, numeral.get_path().transformed(numeral.get_transform()).vertices
            )
            assert np.allclose(dots.get_offsets(), points[labels == digit] * scale)
    plt.close(figure)


@pytest.fixture
def shown(monkeypatch):
    """What is displayed of a figure (bundle, metadata, words), and the picture as matplotlib makes it."""

    def shown(figure, description):
        plain, displayed = io.BytesIO(), []
        figure.set_layout_engine("none")  # which would move a little each time
        figure.savefig(plain, format="png", dpi=2 * figure.dpi)
        monkeypatch.setattr(drawing, "display", lambda *bundle, **how: displayed.append((*bundle, how.get("metadata"))))
        drawing.show(figure, description)
        (bundle, metadata), (words, _) = displayed
        return bundle, metadata, words.data, Image.open(plain).convert("RGB")

    return shown


def test_a_figure_has_its_words_as_alt_and_twice_the_pixels_of_its_size(shown):
    figure, ax = plt.subplots(figsize=(4, 3), dpi=90)
    ax.plot([1, 3, 2])
    bundle, metadata, words, plain = shown(figure, 'It rises, then "falls" <b>.')
    assert metadata == {"image/png": {"width": 360, "height": 270, "alt": 'It rises, then "falls" <b>.'}}
    assert bundle["text/plain"] == 'Figure: It rises, then "falls" <b>.'  # which VS Code takes for its alt
    assert "&lt;b&gt;" in words and "<img" not in words
    assert Image.open(io.BytesIO(bundle["image/png"])).size == plain.size == (720, 540)
    assert not plt.fignum_exists(figure.number)


@pytest.mark.parametrize(
    ("colours", "mode", "pixels"), [(64, "P", 200), (256**3, "RGBA", 100)], ids=["drawing", "photo"]
)
def test_few_colours_are_stored_where_nobody_sees_the_difference_and_else_fewer_pixels(shown, colours, mode, pixels):
    figure, ax = plt.subplots(figsize=(2, 2), dpi=50)
    noise = np.random.default_rng(0).integers(0, colours, size=(100, 100))
    ax.imshow(np.stack([noise >> 16, noise >> 8 & 255, noise & 255], axis=-1).astype("uint8"))
    ax.set_axis_off()
    bundle, metadata, _, plain = shown(figure, "Noise.")
    image = Image.open(io.BytesIO(bundle["image/png"]))
    assert (image.mode, image.size) == (mode, (pixels, pixels))
    assert (metadata["image/png"]["width"], metadata["image/png"]["height"]) == (100, 100)
    if mode == "P":
        assert np.abs(np.asarray(image.convert("RGB"), int) - np.asarray(plain, int)).mean() < 1


def inked_edges(image):
    """The edges of a picture on which there is anything but paper."""
    pixels = np.asarray(image.convert("RGB"), int)
    edges = {"top": pixels[0], "bottom": pixels[-1], "left": pixels[:, 0], "right": pixels[:, -1]}
    return [name for name, line in edges.items() if np.any(np.abs(line - 255).sum(axis=-1) > 60)]


def test_what_stands_out_of_a_figure_is_not_cut_off(shown):
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.set_title("A title in two lines,\nof which one stands out", y=1.05)
    bundle, _, _, plain = shown(figure, "A title.")
    assert inked_edges(plain) == ["top"]
    assert inked_edges(Image.open(io.BytesIO(bundle["image/png"]))) == []


@pytest.mark.parametrize("info", ready_lessons(), ids=lambda info: info.slug)
def test_no_figure_of_a_lesson_is_cut_off(info):
    for cell in nbformat.read(info.solution, as_version=4).cells:
        for output in cell.get("outputs", []):
            png = output.get("data", {}).get("image/png")
            if png and "lesson.explore(" not in cell.source:
                edges = inked_edges(Image.open(io.BytesIO(base64.b64decode(png))))
                assert not edges, f"{edges}: {output['data']['text/plain']}"


FORGETFUL = """\
import sys
from matplotlib import font_manager
if sys.argv[1] == "forget":
    font_manager.fontManager.ttflist = [font for font in font_manager.fontManager.ttflist if font.name == "DejaVu Sans"]
    [known] = font_manager.Path(font_manager.mpl.get_cachedir()).glob("fontlist*.json")
    font_manager.json_dump(font_manager.fontManager, known)
else:
    import matplotlib.pyplot as plt
    from courseware import drawing
    figure, ax = plt.subplots()
    ax.semilogy([1e-9, 1e9])
    figure.savefig(sys.argv[1])
"""


def test_a_list_of_fonts_that_lacks_matplotlibs_own_does_no_harm(tmp_path):
    """Such a list stays in the user's home when an environment is deleted while a notebook of it runs."""

    def run(argument):
        environment = {**os.environ, "MPLCONFIGDIR": str(tmp_path), "MPLBACKEND": "agg"}
        command = [sys.executable, "-c", FORGETFUL, argument]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stderr

    run("forget")
    assert run(str(tmp_path / "figure.png")) == ""
