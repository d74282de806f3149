"""Each explorable in a real browser: as a plain page from a folder, to its goals and by keyboard alone."""

import base64
import json
import lzma
import re

import keras
import numpy as np
import pytest
import test_browser
from plays import PLAYS, choose, press, reached, turn
from playwright.sync_api import expect
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from test_browser import AXE, watched

from courseware.data import co2, digits, houses, sunspots
from courseware.explorables import explorable, explorables
from courseware.lessons.gan.measures import CENTRES, score
from courseware.lessons.gan.models import build_gan, discriminator_step, generator_step, values
from courseware.lessons.transfer.by_hand import outputs, wandering_digits
from courseware.lessons.transfer.models import build_body
from courseware.restart import Restart

pytestmark = test_browser.pytestmark
NAMES = list(explorables())


@pytest.fixture
def opened(browser, tmp_path):
    """Open the plain page of an explorable; what it asks of a network, and an error, fail the test."""
    contexts, trouble = [], []

    def opened(name, **options):
        contexts.append(browser.new_context(**{"viewport": {"width": 1000, "height": 900}, "offline": True, **options}))
        file = tmp_path / f"{name}.html"
        page = watched(contexts[-1].new_page(), trouble, file.as_uri())
        file.write_text(explorable(name).page(), encoding="utf-8")
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_played_to_its_goals(opened, name):
    board = opened(name).locator(".course-board")
    goals = board.get_by_role("list", name="Goals").get_by_role("listitem")
    expect(goals).to_have_count(len(PLAYS[name]))
    for number, play in enumerate(PLAYS[name]):
        expect(goals.nth(number)).not_to_contain_text("Reached")
        play(board)
        reached(board, number)
        expect(board.get_by_role("status")).to_contain_text("Goal reached")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("calm", (False, True), ids=("moving", "calm"))
def test_show_me_plays_the_point_in_ten_seconds_and_can_be_stopped(opened, name, calm):
    page = opened(name, reduced_motion="reduce" if calm else "no-preference")
    board = page.locator(".course-board")
    before = board.evaluate(
        "board => [...board.querySelectorAll('input')].map(({ value, checked }) => [value, checked])"
    )
    press(board, "Show me")
    expect(board.locator(".caption")).to_be_visible()
    page.wait_for_function("""() => {  // in some frame: what is shown may be spoken over by what it moves
        const [caption, status] = [".caption", "[role=status]"].map((each) => document.querySelector(".course-board " + each));
        return caption.textContent !== "" && caption.textContent === status.textContent;
    }""")
    expect(board.get_by_role("button", name="Show me")).to_be_visible(timeout=20_000)
    after = board.evaluate(
        "board => [...board.querySelectorAll('input')].map(({ value, checked }) => [value, checked])"
    )
    assert after == before, "it leaves other settings behind"
    assert "Reached" not in board.inner_text(), "it reaches goals by itself"
    press(board, "Show me")
    press(board, "Stop")
    expect(board.locator(".caption")).to_be_hidden()


@pytest.mark.skipif(not AXE.exists(), reason="axe is not installed: it needs Node, and `npm ci` in tests/site/axe")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_it_fits(opened, name, width, scheme):
    page = opened(name, viewport={"width": width, "height": 900}, color_scheme=scheme)
    expect(page.locator(f".course-board[data-look={scheme}]")).to_be_visible()
    press(page.locator(".course-board"), "Show me")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for _ in range(2):  # while it plays, and afterwards
        found = page.evaluate("axe.run(document, { preload: false, resultTypes: ['violations'] })")["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(".course-board .title").click()


@pytest.mark.parametrize("name", NAMES)
def test_a_finger_scrolls_past_it_and_drags_its_handles(opened, name):
    page = opened(name, viewport={"width": 390, "height": 800}, has_touch=True)
    touch = "element => getComputedStyle(element).touchAction"
    assert all(handle.evaluate(touch) == "none" for handle in page.locator(".course-board .handle").all())
    assert all(image.evaluate(touch) == "auto" for image in page.locator(".course-board svg").all())


# Backward, step by step


def test_backward_computes_like_numpy_and_like_a_nudge(opened):
    found = opened("backward").evaluate("""() => {
      const it = courseExplorables.backward.arithmetic;
      return [it.LESSON, ...[1, 2, 3, 4, 5].map((seed) => it.drawn(seed))].map((net) => ({ net, found: it.passes(net) }));
    }""")
    for each in found:
        net = {name: np.array(value, float) for name, value in each["net"].items()}
        ours = {name: np.array(value, float) for name, value in each["found"].items()}
        x, label, w1, b1, w2, b2 = (net[name] for name in ("x", "label", "w1", "b1", "w2", "b2"))

        def loss(parameters, x=x, label=label):
            w1, b1, w2, b2 = np.split(parameters, [6, 9, 15])
            p = np.maximum(0, x @ w1.reshape(2, 3) + b1) @ w2.reshape(3, 2) + b2
            return np.mean((p - label) ** 2)

        z = x @ w1 + b1
        for name, value in {"z": z, "h": np.maximum(0, z), "p": np.maximum(0, z) @ w2 + b2}.items():
            np.testing.assert_array_equal(ours[name], value)
        parameters = np.concatenate([w1.ravel(), b1, w2.ravel(), b2])
        assert ours["loss"] == loss(parameters)
        nudges = 1e-6 * np.eye(17)
        measured = [(loss(parameters + nudge) - loss(parameters - nudge)) / 2e-6 for nudge in nudges]
        blames = np.concatenate([ours[name].ravel() for name in ("W1", "B1", "W2", "B2")])
        np.testing.assert_allclose(blames, measured, atol=1e-6)
    lesson = found[0]["found"]
    assert lesson["p"] == [12, 4] and lesson["H"] == [3, -4, -5] and lesson["W1"] == [[6, 0, -10], [9, 0, -15]]


def test_every_number_opens_to_numbers_that_open(opened):
    board = opened("backward").locator(".course-board")
    for _ in range(8):
        press(board, "Next step")
    board.locator(".plot").get_by_role("button", name="blame of the weight from x₂ to z₃: −15", exact=True).press(
        "Enter"
    )
    opened_as = board.locator(".opened")
    expect(opened_as).to_contain_text("blame of the weight from x₂ to z₃ = 3 · (−5) = −15")
    press(board, "Nudge it by 0.01")
    expect(board.get_by_role("status")).to_contain_text("down")
    for name, product in [("blame of z₃: −5", "1 · (−5) = −5"), ("blame of h₃: −5", "1 · (−1) + (−2) · 2 = −5"),
                          ("blame of p₂: 2", "4 − 2 = 2"), ("prediction p₂: 4", "7 · 2 + 0 · (−1) + 6 · (−2) + 2 = 4"),
                          ("hidden value h₃: 6", "max( 0, 6 ) = 6"), ("sum z₃: 6", "2 · (−1) + 3 · 3 + (−1) = 6")]:  # fmt: skip
        opened_as.get_by_role("button", name=name, exact=True).press("Enter")
        expect(opened_as).to_contain_text(product)
    board.page.keyboard.press("ArrowRight")  # to the number beside it
    expect(board.get_by_role("button", name="blame of z₃: −5")).to_be_focused()


# Fewer bits, fewer weights


def test_the_shrunk_network_computes_like_numpy_and_like_keras(opened):
    from courseware.lessons.in_practice.models import build_digit_network

    settings = [
        {"gone": gone, "bits": bits, "scales": scales, "loud": loud}
        for gone, bits, scales, loud in [(0, 32, "one", 1), (0.5, 32, "one", 1), (0, 8, "unit", 1), (0.7, 3, "one", 1),
                                         (0, 4, "one", 8), (0.3, 2, "unit", 16), (0.99, 5, "unit", 1)]
    ]  # fmt: skip
    found = opened("bits").evaluate(
        """(settings) => {
          const it = courseExplorables.bits.arithmetic;
          const plain = (layers) => layers.flatMap(({ w, b }) => [Array.from(w), Array.from(b)]);
          return { weights: plain(it.LAYERS), pictures: Array.from(it.PICTURES), labels: it.LABELS, unit: it.LOUD, shrunk: settings.map((how) => {
            const { layers, zeros, plain: written, packed } = it.shrunk(how);
            return { sums: plain(layers).map((each) => each.reduce((sum, value) => sum + value ** 2, 0)), zeros, written, packed, answers: it.answers(layers) };
          }) };
        }""",
        settings,
    )
    images, numerals = digits("small")
    _, x_test, _, y_test = train_test_split(
        (16 * images).reshape(-1, 64), numerals, test_size=500, random_state=0, stratify=numerals
    )
    np.testing.assert_array_equal(np.reshape(found["pictures"], (500, 64)), x_test)
    np.testing.assert_array_equal(found["labels"], y_test)
    shapes = [(64, 256), (256,), (256, 256), (256,), (256, 10), (10,)]
    weights = [np.reshape(each, shape) for each, shape in zip(found["weights"], shapes, strict=True)]
    network = build_digit_network()
    network.set_weights(weights)
    by_keras = network.predict(x_test, verbose=0).argmax(axis=1)
    assert np.mean(by_keras == y_test) > 0.93, "as the lesson claims"
    assert found["shrunk"][0]["answers"] == by_keras.tolist()

    for how, ours in zip(settings, found["shrunk"], strict=True):
        arrays = [each.copy() for each in weights]
        unit, loud = found["unit"], how["loud"]
        arrays[0][:, unit] *= loud
        arrays[1][unit] *= loud
        arrays[2][unit] /= loud
        sizes = np.sort(np.concatenate([abs(w).ravel() for w in arrays[::2]]))
        limit = sizes[int(how["gone"] * len(sizes)) - 1] if how["gone"] else 0
        whole = []
        for n in (0, 2, 4):
            w = np.where(abs(arrays[n]) <= limit, 0, arrays[n])
            if how["bits"] < 32:
                largest = sizes[-1] if how["scales"] == "one" else abs(w).max(axis=0)
                step = np.maximum(largest, 1e-300) / (2 ** (how["bits"] - 1) - 1)
                whole.append(np.floor(w / step + 0.5).ravel())  # halves go up, as in JavaScript
                w = np.floor(w / step + 0.5) * step
            arrays[n] = w
        all_weights = np.concatenate([w.ravel() for w in arrays[::2]])
        assert ours["zeros"] == np.mean(all_weights == 0)
        assert ours["sums"] == pytest.approx([np.sum(each**2) for each in arrays])
        h = x_test / 8 - 1
        for n in (0, 2, 4):
            h = (np.maximum(0, h) if n else h) @ arrays[n] + arrays[n + 1]
        assert ours["answers"] == h.argmax(axis=1).tolist()
        symbols = np.concatenate(whole).astype("int8") if whole else (all_weights != 0).astype("int8")
        part = np.unique(symbols, return_counts=True)[1] / len(symbols)
        rest = 4 * 522 + (4 * (1 if how["scales"] == "one" else 522) if whole else 0)
        packed = -np.sum(part * np.log2(part)) * len(symbols) / 8
        kept = 0 if whole else 4 * np.count_nonzero(all_weights)
        assert ours["packed"] == pytest.approx(packed + kept + rest)
        assert ours["written"] == 84480 * how["bits"] / 8 + rest
        if whole:  # a real packer comes near
            assert packed < len(lzma.compress(symbols.tobytes())) < 1.25 * packed + 500


def test_a_louder_unit_changes_no_answer_and_a_drawing_is_read_as_the_scanned_digits_are(opened):
    pictures, labels = digits("10k")
    row = np.random.default_rng(0).permutation(10_000)[:60]
    pads = [base64.b64encode(np.kron(np.round(255 * each), np.ones((8, 8))).astype("uint8").tobytes()).decode() for each in pictures[row]]  # fmt: skip
    found = opened("bits").evaluate(
        """(pads) => {
          const it = courseExplorables.bits.arithmetic;
          const best = (all) => all.indexOf(Math.max(...all));
          const inks = pads.map((text) => Float32Array.from(atob(text), (each) => each.charCodeAt(0) / 255));
          const slanted = new Float32Array(224 * 224);
          for (let row = 20; row < 200; row += 1) slanted.fill(1, 224 * row + 150 - Math.floor(row / 2), 224 * row + 170 - Math.floor(row / 2));
          return { loud: [1, 4, 32].map((times) => it.answers(it.louder(times))), said: inks.map((ink) => best(it.probabilities(it.LAYERS, it.prepare(ink)))),
            upright: Array.from(it.prepare(slanted)), empty: Math.max(...it.prepare(new Float32Array(224 * 224))) };
        }""",
        pads,
    )
    assert found["loud"][0] == found["loud"][1] == found["loud"][2]
    assert np.mean(np.array(found["said"]) == labels[row]) > 0.65, "digits of another country's hands"
    upright = np.reshape(found["upright"], (8, 8))
    assert np.array_equal(upright, [[0, 0, 0, 12, 12, 0, 0, 0]] * 8) and found["empty"] == 0  # a stroke, set upright


# The line


def test_the_line_computes_like_numpy(opened):
    page = opened("line")
    found = page.evaluate("""() => {
      const it = courseExplorables.line.arithmetic;
      const walk = (rate, next) => {
        const path = [[0, 0]], batches = [];
        for (let n = 0; n < 50; n += 1) {
          batches.push(next());
          path.push(it.step(...path.at(-1), rate, batches.at(-1)));
        }
        return { path, batches };
      };
      return { size: it.SIZE, price: it.PRICE, loss: it.loss(2, 1), slopes: it.slopes(2, 1), bowl: it.bowl(),
        all: walk(0.45, it.batches(24, 1)), few: walk(0.1, it.batches(6, 3)) };
    }""")
    size, price = (np.array(found[name]) for name in ("size", "price"))
    np.testing.assert_array_equal([size, price], np.round(houses(24), 2))
    error = 2 * size + 1 - price
    assert found["loss"] == pytest.approx(np.mean(error**2))
    assert found["slopes"] == pytest.approx([np.mean(2 * error * size), np.mean(2 * error)])
    hessian = np.array([[np.mean(2 * size**2), np.mean(2 * size)], [np.mean(2 * size), 2]])
    curvatures, directions = np.linalg.eigh(hessian)
    bowl = found["bowl"]
    assert bowl["curvatures"] == pytest.approx(curvatures)
    assert [bowl["w"], bowl["b"]] == pytest.approx(np.polyfit(size, price, 1))
    assert abs(directions[:, 0] @ [np.cos(bowl["turn"]), np.sin(bowl["turn"])]) == pytest.approx(1)
    for rate, walk in ((0.45, found["all"]), (0.1, found["few"])):
        w = b = 0.0
        for batch, place in zip(walk["batches"], walk["path"][1:], strict=True):
            error = w * size[batch] + b - price[batch]
            w, b = w - rate * np.mean(2 * error * size[batch]), b - rate * np.mean(2 * error)
            assert place == pytest.approx([w, b])
    assert sorted(np.ravel(found["few"]["batches"][:4])) == list(range(24)), "an epoch has every house once"


def test_the_line_is_dragged_by_the_mouse_and_above_the_edge_it_explodes(opened):
    page = opened("line")
    board = page.locator(".course-board")
    handle = board.get_by_role("button", name="Right end of the line")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 11, box["y"] + 11)
    page.mouse.down()
    page.mouse.move(box["x"] + 11, box["y"] - 89, steps=5)
    page.mouse.up()
    assert float(board.get_by_role("slider", name="slope w").input_value()) > 0.5
    place = board.get_by_role("button", name="Place on the map")
    place.press("ArrowRight")
    turn(board, "learning rate", 0.6)
    press(board, "Walk downhill")
    expect(board).to_contain_text("It has exploded", timeout=30_000)
    expect(board.get_by_role("status")).to_contain_text("exploded")


# Gates by hand


def test_the_gates_compute_like_keras_and_its_gradient_is_that_of_nudges(opened):
    import keras

    rng = np.random.default_rng(0)
    gates = {name: rng.uniform(0.05, 0.95, 40).round(2).tolist() for name in "fio"}
    found = opened("gates").evaluate(
        """(gates) => {
          const it = courseExplorables.gates.arithmetic;
          const nudged = it.CANDIDATES.map((_, t) => [1, -1].map(
            (sign) => it.run(gates, it.CANDIDATES.map((g, n) => g + (n === t ? sign * 1e-5 : 0))).cells[19]));
          return { g: it.CANDIDATES, ...it.run(gates), heard: it.heard(gates, 19), left: it.left(gates, 19),
            nudged: nudged.map(([more, less]) => (more - less) / 2e-5) };
        }""",
        gates,
    )
    logit = [np.log(each / (1 - each)) for each in (np.array(gates["i"]), np.array(gates["f"]), np.array(gates["o"]))]
    sums = np.column_stack([logit[0], logit[1], np.arctanh(found["g"]), logit[2]])  # in Keras's order
    layer = keras.layers.LSTM(1, return_sequences=True)
    layer.build((None, 40, 4))
    layer.set_weights([np.eye(4), np.zeros((1, 4)), np.zeros(4)])
    by_keras = keras.ops.convert_to_numpy(layer(sums[None].astype("float32")))[0, :, 0]
    assert found["shows"] == pytest.approx(by_keras.tolist(), abs=1e-5)
    assert found["heard"] == pytest.approx(found["nudged"], abs=1e-8)
    assert found["left"][:20] == pytest.approx([np.prod(gates["f"][t + 1 : 20]) for t in range(20)])


def test_a_right_number_by_another_way_is_no_memory_and_gates_are_drawn_with_the_mouse(opened):
    page = opened("gates")
    found = page.evaluate("""() => {
      const it = courseExplorables.gates.arithmetic;
      const all = (value, other = {}) => Array.from({ length: 40 }, (_, t) => other[t] ?? value);
      const sum = it.CANDIDATES[34] + it.CANDIDATES[39];
      return [it.reached({ f: all(1), i: all(0, { 5: 1 }), o: all(0) }), it.reached({ f: all(1), i: all(0, { 39: 0.8 / it.CANDIDATES[39] }), o: all(0) }),
        it.reached({ f: all(1, { 23: 0 }), i: all(0, { 5: 1, 23: 1 }), o: all(0, { 19: 1, 39: 1 }) }), it.reached({ f: all(0.98), i: all(0, { 5: 1 }), o: all(1) })];
    }""")
    assert found == [[True, False, False], [False] * 3, [False, True, False], [False, False, True]]
    board = page.locator(".course-board")
    box = board.get_by_role("img", name="forget gate").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 10, steps=6)
    page.mouse.up()
    expect(board.get_by_role("img", name="forget gate")).to_have_attribute("aria-label", re.compile("1.00 at"))
    assert board.get_by_role("slider", name="forget gate f").input_value() == "1"


# Hinges


def test_hinges_compute_like_numpy(opened):
    net = {"knees": [2.3, 5.5, 9.3], "weights": [0.7, -2.0, 1.5], "bias": 0.4}
    page = opened("hinges")
    found = page.evaluate(
        """(net) => {
          const it = courseExplorables.hinges.arithmetic;
          return { curves: it.CURVES, fits: ["relu", "tanh", "sigmoid", "none"].map((kind) => ({
            kind, loss: it.loss({ ...net, kind }, it.CURVES.year), slopes: it.slopes({ ...net, kind }, it.CURVES.year),
            best: it.leastSquares({ ...net, kind }, it.CURVES.year),
            step: it.step({ ...net, kind }, it.CURVES.year, 0.01, {}) })) };
        }""",
        net,
    )
    month, mean = np.array(found["curves"]["year"])
    _, ppm = co2()
    around = np.array([(ppm[i - 6 : i + 6].mean() + ppm[i - 5 : i + 7].mean()) / 2 for i in range(10, 514)])
    np.testing.assert_allclose(mean, (ppm[10:514] - around).reshape(42, 12).mean(axis=0), atol=0.006)
    kinds = {
        "relu": lambda z: np.maximum(0, z),
        "tanh": np.tanh,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "none": lambda z: z,
    }
    numbers = np.array([*net["knees"], *net["weights"], net["bias"]])
    for fit in found["fits"]:

        def loss(numbers, act=kinds[fit["kind"]]):
            return np.mean((act(month[:, None] - numbers[:3]) @ numbers[3:6] + numbers[6] - mean) ** 2)

        assert fit["loss"] == pytest.approx(loss(numbers))
        nudged = [(loss(numbers + nudge) - loss(numbers - nudge)) / 2e-6 for nudge in 1e-6 * np.eye(7)]
        slopes = [*fit["slopes"]["knees"], *fit["slopes"]["weights"], fit["slopes"]["bias"]]
        assert slopes == pytest.approx(nudged, rel=1e-4, abs=1e-6)
        columns = np.column_stack([kinds[fit["kind"]](month[:, None] - numbers[:3]), np.ones(12)])
        best = columns @ np.linalg.lstsq(columns, mean)[0]
        ours = columns @ np.array([*fit["best"]["weights"], fit["best"]["bias"]])
        assert ours == pytest.approx(best, abs=1e-3)
        moved = np.array([*fit["step"]["knees"], *fit["step"]["weights"], fit["step"]["bias"]]) - numbers
        assert moved == pytest.approx(-0.01 * np.sign(slopes), rel=1e-3), "Adam's first step has the length of the rate"


def test_hinges_are_trained_to_a_wave(opened):
    board = opened("hinges").locator(".course-board")
    choose(board, "match", "a wave")
    turn(board, "hinges", 8)
    press(board, "Train everything")
    board.page.wait_for_function("() => Number(document.querySelector('.number b').textContent) < 0.5", timeout=30_000)
    press(board, "Pause")


# Draw a digit


def test_the_digit_reader_computes_like_numpy_and_reads_what_is_small_and_aside(opened):
    pictures, labels = digits("10k")
    row = np.random.default_rng(0).permutation(10_000)[:40]
    pads = []
    for picture in pictures[row]:  # half as large, and in a corner
        pad = np.zeros((224, 224), np.uint8)
        pad[:112, 112:] = np.kron(np.round(255 * picture), np.ones((4, 4)))
        pads.append(base64.b64encode(pad.tobytes()).decode())
    found = opened("digit").evaluate(
        """({ rows, pads }) => {
          const it = courseExplorables.digit.arithmetic;
          const best = (all) => all.indexOf(Math.max(...all));
          const read = pads.map((text) => Float32Array.from(atob(text), (each) => each.charCodeAt(0) / 255)).map((pad) => ({
            prepared: Array.from(it.prepare(pad)), said: best(it.probabilities(it.prepare(pad))), bare: best(it.probabilities(it.shrink(pad))) }));
          return { weights: Array.from(it.W), probabilities: rows.map((picture) => it.probabilities(picture)), read,
            samples: it.SAMPLES.map((picture) => best(it.probabilities(picture))), labels: it.labels };
        }""",
        {"rows": pictures[row].reshape(40, 784).tolist(), "pads": pads},
    )
    stored = json.loads(explorable("digit").weights.read_text(encoding="utf-8"))
    weights = np.frombuffer(base64.b64decode(stored["weights"]), np.int8).reshape(784, 10) * stored["scale"]
    np.testing.assert_allclose(np.reshape(found["weights"], (784, 10)), weights, rtol=1e-5)
    scores = pictures[row].reshape(40, 784) @ weights + stored["bias"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    np.testing.assert_allclose(found["probabilities"], powers / powers.sum(axis=1, keepdims=True), atol=1e-4)
    assert found["samples"] == found["labels"], "a picture on offer is misread"
    right = np.mean(np.argmax(scores, axis=1) == labels[row])
    assert right >= 0.85
    assert np.mean([each["said"] for each in found["read"]] == labels[row]) >= right - 0.05
    assert np.mean([each["bare"] for each in found["read"]] == labels[row]) < 0.5
    for each in found["read"]:
        picture = np.reshape(each["prepared"], (28, 28))
        middle = np.array([np.arange(28) @ picture.sum(axis=1), np.arange(28) @ picture.sum(axis=0)]) / picture.sum()
        assert np.abs(middle - 14).max() <= 0.6
        places = np.argwhere(picture > 0)
        assert 19 <= np.ptp(places, axis=0).max() + 1 <= 20


def test_a_digit_is_drawn_with_a_mouse(opened):
    page = opened("digit")
    board = page.locator(".course-board")
    press(board, "Clear")
    box = board.locator("canvas.pad").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 4 * box["height"] / 5, steps=8)
    page.mouse.up()
    expect(board).to_contain_text("it reads 1")
    board.get_by_role("button", name=re.compile(r"^1 \d+ %")).press("Enter")
    expect(board.get_by_role("status")).to_contain_text("The weights of 1 are shown.")


# A few examples


def test_the_heads_learn_like_keras(opened):
    found = opened("borrow").evaluate("""() => {
      const it = courseExplorables.borrow.arithmetic;
      const next = { shuffled: (n) => [...Array(n).keys()].map((k) => (37 * k + 5) % n) };
      const draws = [1, 5, 20].map((count) => it.few(next, count).flat());
      return Object.entries(it.SOURCES).map(([name, from]) => ({ name, inputs: from.inputs, start: [...from.start],
        heads: draws.map((examples) => {
          const w = it.train(from, examples);
          return { values: examples.map((n) => [...from.values.slice(n * from.inputs, (n + 1) * from.inputs)]), kinds: examples.map((n) => it.kind(n)),
            w: [...w], counts: it.right(from, w) };
        }), test: [...from.values.slice(500 * from.inputs)] }));
    }""")
    assert [each["inputs"] for each in found] == [48, 48, 400]
    for each in found:
        head = keras.Sequential([keras.Input((each["inputs"],)), keras.layers.Dense(5, activation="softmax")])
        head.compile(keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
        start = np.reshape(each["start"], (-1, 5))
        assert not start[-1].any() and np.abs(start).max() < np.sqrt(6 / (each["inputs"] + 5))
        training = Restart(head)
        test = np.reshape(each["test"], (500, -1)).astype("float32")
        for ours in each["heads"]:
            x, y = np.array(ours["values"], "float32"), np.array(ours["kinds"])
            assert np.bincount(y).tolist() == [len(y) // 5] * 5
            training.train([start[:-1], start[-1]], x, y, steps=100)
            weights = np.reshape(ours["w"], (-1, 5))
            np.testing.assert_allclose(weights, np.vstack(head.get_weights()), atol=2e-3)
            said = outputs(head, test).argmax(axis=1).reshape(5, 100)
            assert np.abs(np.sum(said == np.arange(5)[:, None], axis=1) - ours["counts"]).max() <= 1


def test_what_the_heads_learn_from_is_what_the_lessons_bodies_make_of_its_pictures(opened):
    found = opened("borrow").evaluate("""() => Object.fromEntries(
      Object.entries(courseExplorables.borrow.arithmetic.SOURCES).map(([name, { values }]) => [name, [...values]]))""")
    pages, numerals = wandering_digits(0)
    pages, numerals = pages[numerals >= 5], numerals[numerals >= 5]
    parts = (np.arange(3500), np.arange(3500, 4500))  # to draw from, and the lesson's test
    chosen = np.concatenate([part[numerals[part] == each][:100] for part in parts for each in range(5, 10)])
    np.testing.assert_allclose(np.reshape(found["pixels"], (1000, 400)), pages[chosen].reshape(1000, 400), atol=0.034)
    keras.utils.set_random_seed(0)
    features = outputs(build_body(size=20), pages[chosen])
    ours = np.reshape(found["twin"], (1000, 48))
    assert (np.abs(ours - features) <= 0.51 * features.max(axis=0) / 255 + 1e-6).all()
    borrowed = np.reshape(found["borrowed"], (1000, 48))  # a training ends elsewhere on another machine
    assert borrowed.shape == ours.shape and borrowed.min() == 0
    kinds = np.tile(np.repeat(np.arange(5), 100), 2)
    fit = {
        name: LogisticRegression(max_iter=2000).fit(values[:500], kinds[:500]).score(values[500:], kinds[500:])
        for name, values in {"borrowed": borrowed / borrowed.std(), "twin": ours / ours.std()}.items()
    }
    assert fit["borrowed"] > 0.6 and fit["borrowed"] > fit["twin"] + 0.1


def test_a_picture_is_exchanged_by_mouse_and_keys_and_counts_for_no_mean(opened):
    page = opened("borrow", reduced_motion="reduce")
    board = page.locator(".course-board")
    caption, status = board.locator("figcaption", has_text="of each"), board.get_by_role("status")
    board.get_by_role("button", name="A 7, the only one").click()
    expect(status).to_contain_text("Another 7. The borrowed body reads")
    expect(board).to_contain_text("it counts for no mean")
    expect(caption).to_contain_text("1 draw with 1 of each")
    choose(board, "examples of each digit", "5")
    press(board, "Ten draws")
    expect(caption).to_contain_text("11 draws with 5 of each")
    expect(board).not_to_contain_text("counts for no mean")
    expect(board.locator(".example[tabindex='0']")).to_have_count(1)
    board.get_by_role("button", name="A 5, 1 of 5").focus()
    for key, name in (("ArrowRight", "A 5, 2 of 5"), ("ArrowDown", "A 6, 2 of 5"), ("ArrowLeft", "A 6, 1 of 5"), ("ArrowLeft", "A 5, 5 of 5")):  # fmt: skip
        page.keyboard.press(key)
        expect(board.get_by_role("button", name=name)).to_be_focused()
    painted = "canvas => canvas.toDataURL()"
    canvas = board.get_by_role("button", name="A 5, 5 of 5").locator("canvas")
    before = canvas.evaluate(painted)
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Another 5.")
    light = canvas.evaluate(painted)
    assert light != before
    expect(caption).to_contain_text("11 draws")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "before => document.querySelectorAll('.example canvas')[4].toDataURL() !== before", arg=light
    )
    page.keyboard.press("Tab")
    expect(board.locator(".example:focus")).to_have_count(0)
    press(board, "Start afresh")
    expect(caption).to_contain_text("1 draw with 5 of each")


# The map of codes


def test_the_map_draws_like_keras(opened):
    from courseware.lessons.autoencoder.models import build_autoencoder

    places = [[-12, -15], [-1.8, 1.1], [6, -5], [0.3, -0.97], [30, 30]]
    found = opened("codes").evaluate(
        """(places) => {
          const it = courseExplorables.codes.arithmetic;
          return { drawn: places.map((place) => Array.from(it.decode(place))), walk: it.walk(places[0], places[2]).map((each) => Array.from(each)),
            error: it.error(it.decode(places[1]), it.SAMPLES[0].picture), apart: it.apart(it.decode(places[1]), it.decode(places[2])),
            samples: it.SAMPLES.map(({ picture }) => Array.from(picture)), near: places.map((place) => it.near(place)) };
        }""",
        places,
    )
    stored = json.loads(explorable("codes").weights.read_text(encoding="utf-8"))
    _, _, decoder = build_autoencoder(784, 2, hidden=(128, 64), code="linear")
    weights = []
    for layer, like in zip(stored["layers"], decoder.get_weights()[::2], strict=True):
        table = np.frombuffer(base64.b64decode(layer["weights"]), np.int8).reshape(like.shape) * layer["scale"]
        weights += [table, np.array(layer["bias"])]
    decoder.set_weights(weights)
    drawn = decoder.predict(np.array(places), verbose=0)
    np.testing.assert_allclose(found["drawn"], drawn, atol=1e-4)
    steps = np.linspace(places[0], places[2], 9)
    np.testing.assert_allclose(found["walk"], decoder.predict(steps, verbose=0), atol=1e-4)
    assert found["error"] == pytest.approx(np.mean((drawn[1] - found["samples"][0]) ** 2), abs=1e-5)
    assert found["apart"] == pytest.approx(np.linalg.norm(drawn[1] - drawn[2]), abs=1e-3)
    codes, labels = np.array(stored["codes"]), np.array(stored["labels"])
    for place, near in zip(places, found["near"], strict=True):
        nearest = labels[np.argsort(np.linalg.norm(codes - place, axis=1))[:7]]
        assert np.sum(nearest == near) == np.bincount(nearest).max()
    known = digits("10k")[0].reshape(-1, 784)
    for sample in found["samples"]:
        assert np.abs(known - sample).max(axis=1).min() < 0.003, "no picture of the course"


def test_a_place_is_taken_by_a_press_of_the_mouse_and_the_whole_map_is_drawn(opened):
    page = opened("codes")
    board = page.locator(".course-board")
    here = board.get_by_role("button", name="Here")
    board.locator("svg").first.click(position={"x": 90, "y": 120})
    expect(here).to_have_attribute("aria-label", re.compile("among pictures of 1"))
    assert "Reached" not in board.inner_text()
    board.get_by_role("checkbox", name="draw the whole map").press("Space")
    whole = board.locator("canvas").first
    expect(whole).to_be_visible()
    ink = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    assert whole.evaluate(ink) > 100


# Kernel bench


def test_the_kernel_bench_computes_like_keras(opened):
    import keras

    from courseware.lessons.cnn.models import build_digit_cnn
    from courseware.lessons.fnn.models import build_digit_classifier

    weights = [2, -1, 0.5, 0, 3, -2, 1, 1, -0.5]
    page = opened("kernel")
    found = page.evaluate(
        """(weights) => {
          const it = courseExplorables.kernel.arithmetic;
          const pictures = [...it.SAMPLES, ...it.SAMPLES.map((each) => it.pushed(each, -3, 4))];
          const ways = [1, 2].flatMap((stride) => [0, 1].flatMap((rim) => [1, 2, 3].map((pool) => ({ stride, rim, pool }))));
          return { pictures: pictures.map((each) => Array.from(each)), read: pictures.map((each) => it.reads(each)),
            layers: Object.fromEntries(Object.entries(it.LAYERS).map(([name, layers]) => [name, layers.flatMap(({ w, b }) => [Array.from(w), b])])),
            maps: ways.map((how) => ({ how, places: Array.from(it.map(it.SAMPLES[5], weights, how).values) })) };
        }""",
        weights,
    )
    pictures = np.reshape(found["pictures"], (20, 32, 32)).astype("float32")
    np.testing.assert_allclose(pictures[10:], np.roll(pictures[:10], (-3, 4), axis=(1, 2)))
    for each in found["maps"]:
        how = each["how"]
        layers = [
            keras.layers.ZeroPadding2D(how["rim"]),
            keras.layers.Conv2D(1, 3, strides=how["stride"], use_bias=False),
            keras.layers.MaxPooling2D(how["pool"]),
        ]
        bench = keras.Sequential([keras.Input((32, 32, 1)), *layers])
        bench.set_weights([np.reshape(weights, (3, 3, 1, 1))])
        by_keras = bench.predict(pictures[5][None, ..., None], verbose=0)
        assert each["places"] == pytest.approx(by_keras.ravel().tolist(), abs=1e-4)
    builders = {"dense": build_digit_classifier, "flatten": lambda size: build_digit_cnn(size, flatten=True)}
    builders["global"] = build_digit_cnn
    for name, builder in builders.items():
        model = builder(32)
        model.set_weights(
            [
                np.reshape(ours, theirs.shape)
                for ours, theirs in zip(found["layers"][name], model.get_weights(), strict=True)
            ]
        )
        theirs = model.predict(pictures if name == "dense" else pictures[..., None], verbose=0)
        ours = np.array([each[name] for each in found["read"]])
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
        assert np.argmax(ours[:10], axis=1).tolist() == list(range(10)), "a digit on offer is misread at home"


def test_only_kernels_whose_rows_and_columns_add_up_to_0_find_corners(opened):
    found = opened("kernel").evaluate("""() => {
      const it = courseExplorables.kernel.arithmetic;
      const outer = (a, b) => a.flatMap((each) => b.map((other) => each * other));
      const lines = [[1, -1, 0], [1, 0, -1], [1, -2, 1], [1, 1, -2], [1, 1, 1], [0, 1, 0]];
      return [...lines.flatMap((a) => lines.map((b) => outer(a, b))), ...Object.values(it.KERNELS)].map(
        (kernel) => [kernel, it.findsCorners(kernel)]);
    }""")
    for kernel, said in found:
        rows = np.reshape(kernel, (3, 3))
        assert said == (not rows.sum(axis=0).any() and not rows.sum(axis=1).any()), kernel


def test_a_stroke_of_ink_is_read_and_the_frame_follows_the_mouse(opened):
    page = opened("kernel")
    board = page.locator(".course-board")
    choose(board, "picture", "your own")
    box = board.get_by_role("img", name="Your own drawing").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3 * box["height"] / 4, steps=8)
    page.mouse.up()
    expect(board.get_by_role("listitem").filter(has_text="dense network")).to_contain_text("1")
    choose(board, "picture", "a photo")
    box = board.get_by_role("img", name="A grey photo").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(board.get_by_role("button", name="Kernel at row 48, column 48")).to_be_visible()
    expect(board.get_by_role("button", name="Push it left")).to_be_disabled()


# Signal through depth


def test_depth_computes_like_numpy(opened):
    found = opened("depth").evaluate("""() => {
      const it = courseExplorables.depth.arithmetic;
      const drawn = it.drawn(5, 1.3, 7);
      const ways = ["relu", "tanh", "sigmoid"].flatMap((kind) => [[false, false], [true, false], [false, true], [true, true]].map(
        ([normalize, shortcut]) => ({ kind, normalize, shortcut })));
      return { x: Array.from(drawn.x), labels: drawn.labels, weights: drawn.weights.map((each) => Array.from(each)),
        ways: ways.map((how) => ({ how, ...it.passes(drawn, how) })) };
    }""")
    x = np.reshape(found["x"], (24, 64))
    sizes = [64, 32, 32, 32, 32, 32, 10]
    weights = [np.reshape(w, (n, m)) for w, n, m in zip(found["weights"], sizes, sizes[1:], strict=False)]
    assert weights[1].std() == pytest.approx(1.3 * np.sqrt(2 / 32), rel=0.1)
    kinds = {
        "relu": (lambda z: np.maximum(0, z), lambda z: 1.0 * (z > 0)),
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    }
    for way in found["ways"]:
        act, slope = kinds[way["how"]["kind"]]
        h, kept, signal = x, [], [np.sqrt(np.mean(x**2))]
        for layer, w in enumerate(weights[:-1]):
            z, root = h @ w, 1.0
            if way["how"]["normalize"]:
                root = np.sqrt(z.var(axis=0) + 0.001)
                z = (z - z.mean(axis=0)) / root
            kept.append((h, z, root))
            h = act(z) + h if way["how"]["shortcut"] and layer else act(z)
            signal.append(np.sqrt(np.mean(h**2)))
        powers = np.exp(h @ weights[-1] - (h @ weights[-1]).max(axis=1, keepdims=True))
        blame = (powers / powers.sum(axis=1, keepdims=True) - np.eye(10)[found["labels"]]) / 24 @ weights[-1].T
        gradient = []
        for layer in reversed(range(5)):  # as `cured_gradients` of lesson 11, which is held against Keras there
            h, z, root = kept[layer]
            through = blame * slope(z)
            if way["how"]["normalize"]:
                through = (through - through.mean(axis=0) - z * (through * z).mean(axis=0)) / root
            gradient.insert(0, np.linalg.norm(h.T @ through))
            blame = through @ weights[layer].T + (blame if way["how"]["shortcut"] and layer else 0)
        assert way["signal"] == pytest.approx(signal)
        assert way["gradient"] == pytest.approx(gradient)


def test_the_green_band_of_depth_says_of_the_cures_what_the_lesson_says(opened):
    """How many of eight draws lie in it, signal and gradient, in every layer."""
    found = opened("depth").evaluate("""() => {
      const it = courseExplorables.depth.arithmetic;
      const ways = { none: [false, false], normalization: [true, false], shortcuts: [false, true], both: [true, true] };
      const held = (depth, spread, [normalize, shortcut]) => [1, 2, 3, 4, 5, 6, 7, 8].filter((seed) => {
        const { signal, gradient } = it.passes(it.drawn(depth, spread, seed), { kind: "relu", normalize, shortcut });
        const edge = it.allowed(depth);
        return [...signal.map((each) => each / signal[0]), ...gradient].every((each) => each > 1 / edge && each < edge);
      }).length;
      return Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, Object.fromEntries(
        [[10, 1], [30, 1], [30, 0.5], [100, 0.8], [100, 1], [100, 1.2], [100, 2]].map((at) => [at.join(), held(...at, way)]))]));
    }""")
    assert set(found["both"].values()) == {8}  # at any depth, however the weights are spread
    assert found["normalization"]["10,1"] == 8  # bearable over ten layers, and not over thirty or a hundred
    assert not any(held for at, held in found["normalization"].items() if not at.startswith("10,"))
    assert not any(found["shortcuts"].values())
    assert found["none"]["30,1"] >= 6  # He alone holds, mostly, and nothing beside it does
    assert not any(found["none"][at] for at in ("30,0.5", "100,0.8", "100,1.2", "100,2"))


# Look where it matters


def test_a_look_is_what_keras_computes(opened):
    rng = np.random.default_rng(0)
    words = ["dog", "bites", "man"]
    settings = [
        {"query": rng.uniform(-3, 3, 2).tolist(), "places": places, "hide": hide,
         "keys": {word: rng.uniform(-3, 3, 2).tolist() for word in words}}
        for places in (False, True) for hide in (False, True)
    ]  # fmt: skip
    found = opened("look").evaluate(
        """(settings) => {
          const it = courseExplorables.look.arithmetic;
          return { places: it.PLACES, values: it.VALUES, sentences: it.SENTENCES,
            looks: settings.map((now) => it.SENTENCES.map((words) => it.look(words, now))) };
        }""",
        settings,
    )
    layer = keras.layers.MultiHeadAttention(num_heads=1, key_dim=2, value_dim=3)
    layer.build((1, 3, 6), (1, 3, 6))
    for now, looks in zip(settings, found["looks"], strict=True):
        for sentence, ours in zip(found["sentences"], looks, strict=True):
            # a row for each word: which word it is, and at which place it stands
            x = np.hstack([[[word == each for each in words] for word in sentence], now["places"] * np.eye(3)])[None]
            w_q, w_k, w_v = np.zeros((6, 1, 2)), np.zeros((6, 1, 2)), np.zeros((6, 1, 3))
            w_q[1, 0] = now["query"]
            w_k[:3, 0], w_k[3:, 0] = [now["keys"][word] for word in words], found["places"]
            w_v[:3, 0] = np.eye(3)
            layer.set_weights(
                [w_q, np.zeros((1, 2)), w_k, np.zeros((1, 2)), w_v, np.zeros((1, 3)), np.eye(3, 6)[None], np.zeros(6)]
            )
            out, weights = layer(x, x, return_attention_scores=True, use_causal_mask=now["hide"])
            by_keras = keras.ops.convert_to_numpy(weights)[0, 0, 1]
            assert ours["weights"] == pytest.approx(by_keras.tolist(), abs=1e-5)
            values = [found["values"][word] for word in words]
            mean = keras.ops.convert_to_numpy(out)[0, 1, :3] @ values
            assert ours["mean"] == pytest.approx(mean.tolist(), abs=1e-5)
        first, second = (look["mean"] for look in looks)
        assert (first == second) == (not now["places"] and not now["hide"]), "to the last bit"


def test_what_the_look_is_to_reach_is_not_reached_by_another_way(opened):
    page = opened("look")
    found = page.evaluate("""() => {
      const it = courseExplorables.look.arithmetic;
      const turned = (degrees) => [3 * Math.cos((degrees * Math.PI) / 180), 3 * Math.sin((degrees * Math.PI) / 180)];
      const reached = (degrees, other = {}) => it.reached({ query: turned(degrees), keys: it.KEYS, places: false, hide: false, ...other });
      const out = { ...it.KEYS, bites: [0.8, 2.8] };
      const every = (how) => [...Array(360).keys()].filter((degrees) => reached(degrees, how.other)[how.goal]).length;
      return [reached(42), reached(133), reached(133, { hide: true }), reached(133, { keys: out }), reached(77), reached(77, { places: true }),
        reached(77, { hide: true }), reached(257, { places: true }), reached(257, { places: true, keys: out }),
        [every({ goal: 0 }), every({ goal: 1, other: { places: true } }), every({ goal: 2, other: { places: true } })]];
    }""")
    none = [False] * 3
    assert found == [
        none, [True, False, False], none, none, none, [False, True, False], none, none, [False, False, True], found[-1]
    ]  # fmt: skip
    assert 15 < found[-1][0] < 40 and 15 < found[-1][1] < 40 and found[-1][2] == 0  # degrees of 360

    board = page.locator(".course-board")
    note = board.locator(".note")
    expect(note).to_contain_text("No query parts them")
    plane = board.get_by_role("img", name="The query of").bounding_box()
    page.mouse.move(plane["x"] + plane["width"] * (0.5 + 0.7 / 6.4), plane["y"] + plane["height"] * (0.5 + 0.4 / 6.4))
    page.mouse.down()
    page.mouse.move(plane["x"] + plane["width"], plane["y"], steps=5)  # the query keeps its greatest length
    page.mouse.up()
    expect(board.get_by_role("img", name="3.0 long")).to_be_visible()
    expect(board.get_by_role("status")).to_contain_text("In both sentences: dog 8")
    board.get_by_role("checkbox", name="hide from each word").press("Space")
    expect(note).to_contain_text("without places")
    expect(board.get_by_role("status")).to_contain_text("man hidden")


# Room for noise


def test_overfit_computes_like_numpy_and_fits_like_scikit_learn(opened):
    page = opened("overfit")
    found = page.evaluate("""() => {
      const it = courseExplorables.overfit.arithmetic;
      const { train, check } = it.points(3);
      const points = train.slice(0, 14);
      return { points, check, features: it.features(0.3, 7), fits: [[1, 0.5], [4, 0.01], [9, 0.001]].map(([degree, penalty]) => {
        const weights = it.fit(points, degree, penalty);
        return { degree, penalty, weights, train: it.loss(weights, points), check: it.loss(weights, check) };
      }) };
    }""")
    assert found["features"] == pytest.approx(np.polynomial.legendre.legvander([0.3], 7)[0])
    (x, y), (x_check, y_check) = (np.array(found[part]).T for part in ("points", "check"))
    for fit in found["fits"]:
        powers = np.polynomial.legendre.legvander(x, fit["degree"])
        ridge = Ridge(alpha=len(x) * fit["penalty"]).fit(powers[:, 1:], y)  # scikit-learn sums where we take the mean
        assert fit["weights"] == pytest.approx([ridge.intercept_, *ridge.coef_])
        assert fit["train"] == pytest.approx(np.mean((ridge.predict(powers[:, 1:]) - y) ** 2))
        there = np.polynomial.legendre.legvander(x_check, fit["degree"])[:, 1:]
        assert fit["check"] == pytest.approx(np.mean((ridge.predict(there) - y_check) ** 2))


# Playground


@pytest.mark.parametrize(
    ("activation", "optimizer", "penalty", "batch"),
    [("relu", "Adam", "none", 16), ("tanh", "SGD", "L2", 4), ("sigmoid", "Adam", "L1", 64), ("linear", "SGD", "none", 1),
     ("tanh", "Adam", "L2", 256), ("relu", "SGD", "L1", 16)],
)  # fmt: skip
def test_the_playground_trains_like_keras(opened, activation, optimizer, penalty, batch):
    """The same weights and the same batches give the same losses, step by step, and in the end the same weights."""
    how = {"rate": 0.03, "optimizer": optimizer, "penalty": penalty, "strength": 0.01}
    found = opened("playground").evaluate(
        """({ activation, batch, how }) => {
          const it = courseExplorables.playground.arithmetic;
          const points = it.points("spiral", 256, 0.05, 7), labels = points.map(([, , label]) => label);
          const features = [0, 1, 2, 4, 6], width = features.length;
          const rows = it.inputs(points, features);
          const net = it.network([width, 6, 5, 1], activation, 3);
          const weights = () => net.layers.flatMap(({ ins, outs, w, b }) => [[ins, outs, ...w], [...b]]);
          const start = weights();
          const steps = [];
          for (let at = 0; at < 40; at += 1) {
            const taken = [...Array(batch).keys()].map((n) => (at * 37 + n) % 256);
            const part = Float64Array.from(taken.flatMap((n) => [...rows.subarray(n * width, (n + 1) * width)]));
            const wanted = taken.map((n) => labels[n]);
            const loss = it.loss(it.forward(net, part, batch).at(-1), wanted) + it.charge(net, how);
            it.step(net, part, wanted, how);
            steps.push({ taken, loss });
          }
          return { points, rows: [...rows], start, end: weights(), steps };
        }""",
        {"activation": activation, "batch": batch, "how": how},
    )
    x, y, label = np.array(found["points"]).T
    inputs = np.column_stack([x, y, x**2, x * y, np.sin(np.pi * y)])
    np.testing.assert_allclose(np.reshape(found["rows"], inputs.shape), inputs, atol=1e-12)
    charge = {
        "none": lambda: None,
        "L1": lambda: keras.regularizers.L1(0.01),
        "L2": lambda: keras.regularizers.L2(0.01),
    }
    model = keras.Sequential(
        [
            keras.Input(shape=(5,)),
            keras.layers.Dense(6, activation=activation, kernel_regularizer=charge[penalty]()),
            keras.layers.Dense(5, activation=activation, kernel_regularizer=charge[penalty]()),
            keras.layers.Dense(1, activation="sigmoid", kernel_regularizer=charge[penalty]()),
        ]
    )

    def as_keras(parts):
        return [np.reshape(part[2:], part[:2]) if n % 2 == 0 else np.array(part) for n, part in enumerate(parts)]

    model.set_weights(as_keras(found["start"]))
    chosen = {"Adam": keras.optimizers.Adam, "SGD": keras.optimizers.SGD}[optimizer](0.03)
    model.compile(optimizer=chosen, loss="binary_crossentropy")
    for step in found["steps"]:
        model.reset_metrics()
        rows = step["taken"]
        loss = model.train_on_batch(inputs[rows].astype("float32"), label[rows, None].astype("float32"))
        assert step["loss"] == pytest.approx(float(loss), abs=2e-4)
    for ours, theirs in zip(as_keras(found["end"]), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-3)


@pytest.mark.parametrize("name", ["circle", "xor", "gaussians", "spiral"])
def test_the_playgrounds_points_are_repeatable_balanced_and_blurred_by_noise(opened, name):
    found = opened("playground").evaluate(
        """(name) => {
          const it = courseExplorables.playground.arithmetic;
          return [[0, 3], [0, 3], [0.3, 3], [0, 4]].map(([noise, seed]) => it.points(name, 400, noise, seed));
        }""",
        name,
    )
    clear, again, blurred, other = np.array(found)
    assert np.array_equal(clear, again) and not np.array_equal(clear, other)
    x, y, label = clear.T
    assert 150 < label.sum() < 250 and np.abs(clear[:, :2]).max() < 1.3
    far, turned = np.hypot(x, y), np.arctan2(y, x) - 2.5 * np.pi * np.hypot(x, y)
    rules = {
        "circle": np.where(far < 0.5, 1, 0),
        "xor": np.where(x * y < 0, 1, 0),
        "gaussians": np.where(x + y > 0, 1, 0),
        "spiral": np.where(np.cos(turned) < 0, 1, 0),
    }
    assert np.mean(rules[name] == label) > 0.99, "the points are those of the Python playground"
    assert np.array_equal(label, blurred[:, 2]) and 0.27 < np.std(blurred[:, :2] - clear[:, :2]) < 0.33


def test_the_playground_starts_pauses_steps_and_resets(opened):
    board = opened("playground").locator(".course-board")
    numbers = board.locator(".top .number b")
    choose(board, "data", "two Gaussians")
    press(board, "Start")
    expect(numbers.nth(0)).not_to_have_text("0", timeout=20_000)
    press(board, "Pause")
    stopped, loss = (float(numbers.nth(n).inner_text()) for n in (0, 1))
    board.page.wait_for_timeout(300)
    assert float(numbers.nth(0).inner_text()) == stopped and loss < 0.69
    expect(board.get_by_role("status")).to_contain_text("Loss on training points")
    press(board, "Step")
    expect(numbers.nth(0)).to_have_text(str(int(stopped) + 1))
    press(board, "Reset")
    expect(numbers.nth(0)).to_have_text("0")
    for name, count in (("hidden layers", 3), ("neurons in each", 2)):
        turn(board, name, count)
    expect(numbers.nth(4)).to_have_text(str(3 * 2 + 3 * 2 + 3 * 2 + 3))
    ring = board.get_by_role("button", name="What the network answers: arrow keys")
    ring.press("ArrowLeft")
    expect(board.locator("figcaption b").nth(1)).to_contain_text("of hidden layer 3")


# Duel


def test_the_duel_takes_the_lessons_steps_like_keras(opened):
    """Both turns, one after the other, on the same weights, real points and noise; Adam's memory is Keras's own."""
    found = opened("duel").evaluate("""() => {
      const it = courseExplorables.duel.arithmetic;
      const { next, forger, detective } = it.start(5);
      const weights = (net) => net.layers.flatMap(({ ins, outs, w, b }) => [[ins, outs, ...w], [...b]]);
      const both = () => [forger, detective].map(weights);
      const start = both(), turns = [];
      for (let n = 0; n < 30; n += 1) {
        const [real, first, second] = [it.ring(next, 24), it.noise(next, 16), it.noise(next, 16)];
        const losses = [it.detectiveTurn(forger, detective, real, first, 0.004), it.forgerTurn(forger, detective, second, 0.002)];
        turns.push({ real: [...real], first: [...first], second: [...second], losses });
      }
      return { start, turns, end: both(), points: [...it.answers(forger, it.noise(next, 5))].length };
    }""")

    def as_keras(parts):
        return [np.reshape(part[2:], part[:2]) if n % 2 == 0 else np.array(part) for n, part in enumerate(parts)]

    gan = build_gan(hidden=32, rates=(0.002, 0.004))
    generator, discriminator, combined = gan
    for network, parts in zip((generator, discriminator), found["start"], strict=True):
        network.set_weights(as_keras(parts))
    for turn_ in found["turns"]:
        real, first, second = (np.reshape(turn_[name], (-1, 2)) for name in ("real", "first", "second"))
        logits = np.concatenate([values(discriminator, real), -values(discriminator, values(generator, first))])
        assert turn_["losses"][0] == pytest.approx(np.logaddexp(0, -logits).mean(), abs=2e-4)
        discriminator_step(gan, real, first)
        assert turn_["losses"][1] == pytest.approx(np.logaddexp(0, -values(combined, second)).mean(), abs=2e-4)
        generator_step(gan, second)
    for network, parts in zip((generator, discriminator), found["end"], strict=True):
        for ours, theirs in zip(as_keras(parts), network.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=2e-3)
    assert found["points"] == 10


def test_the_duel_draws_and_measures_as_the_lesson_does(opened):
    found = opened("duel").evaluate("""() => {
      const it = courseExplorables.duel.arithmetic, game = it.start(2);
      const real = it.ring(game.next, 4000);
      const made = it.ring(game.next, 300).map((each, n) => each + 0.25 * Math.sin(n));
      return { centres: it.CENTRES, real: [...real], made: [...made], scores: [it.score(real), it.score(made)] };
    }""")
    np.testing.assert_allclose(found["centres"], CENTRES, atol=1e-12)
    for name, ours in zip(("real", "made"), found["scores"], strict=True):
        points = np.reshape(found[name], (-1, 2))
        covered, good = score(points)
        assert ours["covered"] == covered and ours["good"] == pytest.approx(good)
        assert sum(ours["shares"]) == pytest.approx(good)
    real = np.reshape(found["real"], (-1, 2))
    distance = np.linalg.norm(real[:, None] - CENTRES, axis=2)
    assert np.bincount(distance.argmin(axis=1), minlength=8).min() > 400
    spread = (real - CENTRES[distance.argmin(axis=1)]).std(axis=0)
    np.testing.assert_allclose(spread, 0.05, atol=0.003)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_the_duel_comes_to_its_goals_from_any_start(opened, seed):
    found = opened("duel").evaluate(
        """(seed) => {
          const it = courseExplorables.duel.arithmetic, game = it.start(seed);
          const until = (turns, most, isSo) => {
            for (let n = 1; n <= most; n += 1) {
              it.round(game, turns);
              if (n % 5 === 0 && isSo(it.look(game))) return n;
            }
            return null;
          };
          const found = [until([1, 1], 1200, ({ covered, good }) => covered === 8 && good > 0.6)];
          it.replace(game, "forger");
          found.push(until([1, 0], 1000, ({ goals }) => goals[0]));
          found.push(until([1, 1], 1500, ({ goals }) => goals[1]));
          it.replace(game, "forger");
          it.replace(game, "detective");
          found.push(until([10, 1], 1500, ({ goals }) => goals[2]));
          return found;
        }""",
        seed,
    )
    assert None not in found


def test_the_made_points_are_carried_by_keys_and_mouse(opened):
    board = opened("duel").locator(".course-board")
    hold = board.get_by_role("button", name="The made points")
    before = hold.bounding_box()
    hold.focus()
    for _ in range(5):
        board.page.keyboard.press("Shift+ArrowRight")
    after = hold.bounding_box()
    assert after["x"] > before["x"] + 60 and abs(after["y"] - before["y"]) < 2
    mouse = board.page.mouse
    mouse.move(after["x"] + 11, after["y"] + 11)
    mouse.down()
    mouse.move(after["x"] - 89, after["y"] + 61, steps=4)
    mouse.up()
    expect(hold).to_be_visible()
    assert hold.bounding_box()["y"] == pytest.approx(after["y"] + 50, abs=3)
    expect(board.get_by_role("status")).to_contain_text("Round 0.")


# Nine trials


def test_the_search_computes_like_numpy_and_believes_like_scikit_learn(opened):
    page = opened("search")
    found = page.evaluate("""() => {
      const it = courseExplorables.search.arithmetic;
      const land = { valley: [-0.6, -4.2], matters: 0.4 };
      const trials = [[-3, -5], [-1, -3], [0.5, -4.5], [1, -2.5]].map((at) => [at, it.loss(at, land)]);
      return { spots: it.SPOTS, losses: it.SPOTS.map((spot) => it.loss(spot, land)), trials,
        belief: it.believe(trials, it.SPOTS, 0.1), next: it.next(trials, () => 0.5, 0.1) };
    }""")
    spots, losses, belief = (np.array(found[name]) for name in ("spots", "losses", "belief"))
    far = spots[:, 0] + 0.6
    by_rate = np.exp(-((far / np.where(far < 0, 1.1, 0.6)) ** 2))
    by_penalty = 1 - 0.4 * (1 - np.exp(-(((spots[:, 1] + 4.2) / 0.7) ** 2)))
    np.testing.assert_allclose(losses, 0.7 - 0.62 * by_rate * by_penalty)

    places, seen = (np.array(part) for part in zip(*found["trials"], strict=True))
    kernel = ConstantKernel(0.25**2, "fixed") * RBF([1, 1.5], "fixed")
    process = GaussianProcessRegressor(kernel, alpha=0.001 * 0.25**2 + 0.1**2, optimizer=None)
    likely, doubt = process.fit(places, seen - seen.mean()).predict(spots, return_std=True)
    np.testing.assert_allclose(belief[:, 0], likely + seen.mean(), atol=1e-6)
    np.testing.assert_allclose(belief[:, 1], doubt, atol=1e-6)
    assert found["next"] == pytest.approx(spots[np.argmin(likely - 0.5 * doubt)])


def test_a_grid_repeats_three_rates_and_a_random_search_does_not(opened):
    board = opened("search").locator(".course-board")
    press(board, "Grid of nine")
    expect(board).to_contain_text("different rates 3", timeout=20_000)
    expect(board).to_contain_text("trials 9 of 9", timeout=20_000)
    press(board, "Nine at random")
    expect(board).to_contain_text("different rates 9", timeout=20_000)


# Unrolled


def test_unrolled_computes_like_keras(opened):
    import keras

    found = opened("unrolled").evaluate("""() => {
      const it = courseExplorables.unrolled.arithmetic;
      return { series: it.SERIES, runs: [[1, 0.5], [1, 1.2], [0.1, 1], [0.4, -1.15]].map(([wx, wh]) => {
        const states = it.states(it.SERIES.spots, { wx, wh });
        return { wx, wh, states, passes: it.passes(states, { wh }), influence: it.influence(states, { wx, wh }),
          bare: it.influence(states, { wx, wh }, false) };
      }) };
    }""")
    _, counts = sunspots()
    train = counts[:156]
    spots = np.array(found["series"]["spots"])
    np.testing.assert_allclose(spots, (train[-24:] - train.mean()) / train.std(), atol=0.0051)
    assert found["series"]["one"] == [1, *[0] * 23] and found["series"]["two"] == [1, *[0] * 11, -1, *[0] * 11]
    model = keras.Sequential([keras.Input((None, 1)), keras.layers.SimpleRNN(1, return_sequences=True)])

    def last(inputs, wx, wh, act=np.tanh):
        h = 0.0
        for value in inputs:
            h = act(value * wx + h * wh)
        return h

    for run in found["runs"]:
        weights = run["wx"], run["wh"]
        model.set_weights([np.array([[weights[0]]]), np.array([[weights[1]]]), np.zeros(1)])
        np.testing.assert_allclose(run["states"], np.ravel(model(spots[None, :, None])), atol=1e-5)
        for name, act in (("influence", np.tanh), ("bare", lambda z: z)):
            nudged = [
                (last(spots + nudge, *weights, act) - last(spots - nudge, *weights, act)) / 2e-6
                for nudge in 1e-6 * np.eye(24)
            ]
            assert run[name] == pytest.approx(nudged, rel=1e-5, abs=1e-8)
        onward = np.prod(run["passes"]) * weights[0] * (1 - run["states"][0] ** 2)
        assert run["influence"][0] == pytest.approx(onward)


def test_an_input_is_changed_by_mouse_and_keys_and_how_long_it_is_felt_is_told(opened):
    page = opened("unrolled")
    board = page.locator(".course-board")
    handle = board.get_by_role("button", name=re.compile("^Input of step"))
    for _ in range(4):
        handle.press("ArrowRight")
    expect(handle).to_have_attribute("aria-label", re.compile(r"^Input of step 5, 0\.00"))
    for _ in range(10):
        handle.press("ArrowUp")
    expect(handle).to_have_attribute("aria-label", re.compile(r"^Input of step 5, 1\.00"))
    expect(board).to_contain_text("your change is felt for 6 steps")
    press(board, "Undo my changes")
    expect(board).not_to_contain_text("felt")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 11, box["y"] + 11)
    page.mouse.down()
    page.mouse.move(box["x"] + 16, box["y"] + 36, steps=6)
    page.mouse.up()
    expect(handle).to_have_attribute("aria-label", re.compile(r"^Input of step 5, −"))
    page.mouse.move(*(box[side] + 11 for side in "xy"))
    board.locator("svg").nth(1).click(position={"x": 600, "y": 60})
    expect(handle).not_to_have_attribute("aria-label", re.compile("^Input of step 5,"))
