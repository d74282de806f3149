// Lesson 04: a kernel slides over a picture, its map moves along in steps, and three readers make of it what they can.
// WEIGHTS, those of the readers, come from kernel.weights.json.
import { clamp, draw, make, put, shown } from "./kit.js";

const PAGE = 32; // pixels to a side of the page
const DIGITS = [...Array(10).keys()];
const NINE = [...Array(9).keys()];
const CODE = Object.fromEntries([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((letter, n) => [letter, n]));
const codes = (text) => Array.from(text, (letter) => CODE[letter]);

const READERS = ["dense", "flatten", "global"];
const LAYERS = Object.fromEntries(READERS.map((name) => [name, WEIGHTS[name].map(({ letters, scales, bias }) => ({
  w: Float32Array.from(codes(letters), (code, n) => (code - 31) * scales[n % scales.length]), b: bias,
}))]));
// Ten digits of the test data, each 24 by 20 on a page of 32 by 32.
const SAMPLES = DIGITS.map((digit) => {
  const picture = new Float32Array(PAGE * PAGE);
  codes(WEIGHTS.samples.slice(480 * digit, 480 * digit + 480)).forEach((code, n) => {
    picture[PAGE * (4 + Math.floor(n / 20)) + 6 + (n % 20)] = code / 63;
  });
  return picture;
});
const PHOTO = Float32Array.from(codes(WEIGHTS.photo), (code) => code / 63);
const CARD = Float32Array.from({ length: PAGE * PAGE }, (_, n) => {
  const [row, column] = [Math.floor(n / PAGE), n % PAGE];
  return row >= 8 && row < 24 && column >= 8 && column < 24 ? 1 : 0;
});

const KERNELS = {
  vertical: [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  horizontal: [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  blur: [1, 1, 1, 1, 1, 1, 1, 1, 1],
  outline: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
};

// A convolution with a rim of zeros that keeps the size, with ReLU; all in rows of channels, as Keras has them.
function convolved(input, side, channels, { w, b }) {
  const filters = b.length;
  const out = new Float32Array(side * side * filters);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const to = (row * side + column) * filters;
      for (let f = 0; f < filters; f += 1) out[to + f] = b[f];
      for (let i = 0; i < 3; i += 1) {
        for (let j = 0; j < 3; j += 1) {
          const [r, c] = [row + i - 1, column + j - 1];
          if (r < 0 || c < 0 || r >= side || c >= side) continue;
          for (let k = 0; k < channels; k += 1) {
            const value = input[(r * side + c) * channels + k];
            if (!value) continue;
            const from = ((3 * i + j) * channels + k) * filters;
            for (let f = 0; f < filters; f += 1) out[to + f] += value * w[from + f];
          }
        }
      }
      for (let f = 0; f < filters; f += 1) if (out[to + f] < 0) out[to + f] = 0;
    }
  }
  return out;
}
// The largest of each full block of numbers, for each channel.
function pooled(input, side, channels, block) {
  const small = Math.floor(side / block);
  const out = new Float32Array(small * small * channels).fill(-Infinity);
  for (let row = 0; row < small * block; row += 1) {
    for (let column = 0; column < small * block; column += 1) {
      const to = (Math.floor(row / block) * small + Math.floor(column / block)) * channels;
      const from = (row * side + column) * channels;
      for (let k = 0; k < channels; k += 1) if (input[from + k] > out[to + k]) out[to + k] = input[from + k];
    }
  }
  return out;
}
function matrix(input, { w, b }) {
  const out = Float32Array.from(b);
  input.forEach((value, n) => { if (value) for (let k = 0; k < b.length; k += 1) out[k] += value * w[n * b.length + k]; });
  return out;
}
function softmax(scores) {
  const top = Math.max(...scores);
  const powers = Array.from(scores, (each) => Math.exp(each - top));
  const sum = powers.reduce((total, each) => total + each, 0);
  return powers.map((each) => each / sum);
}

export const arithmetic = {
  LAYERS, SAMPLES, PHOTO, CARD, KERNELS,
  // The map of a picture: how many places a side has, before and after pooling, and all its numbers.
  map(picture, weights, { stride = 1, rim = 0, pool = 1 } = {}) {
    const side = Math.sqrt(picture.length);
    const places = Math.floor((side + 2 * rim - 3) / stride) + 1;
    const sums = new Float32Array(places * places);
    for (let row = 0; row < places; row += 1) {
      for (let column = 0; column < places; column += 1) sums[row * places + column] = this.sum(picture, weights, row * stride - rim, column * stride - rim);
    }
    return { places, sums, side: Math.floor(places / pool), values: pooled(sums, places, 1, pool) };
  },
  // The nine pixels under a kernel whose upper left weight lies at this row and column; beyond the page there are zeros.
  under(picture, row, column) {
    const side = Math.sqrt(picture.length);
    return NINE.map((n) => {
      const [r, c] = [row + Math.floor(n / 3), column + (n % 3)];
      return r < 0 || c < 0 || r >= side || c >= side ? 0 : picture[r * side + c];
    });
  },
  sum(picture, weights, row, column) {
    const side = Math.sqrt(picture.length);
    let sum = 0;
    for (let i = Math.max(0, -row); i < Math.min(3, side - row); i += 1) {
      for (let j = Math.max(0, -column); j < Math.min(3, side - column); j += 1) sum += weights[3 * i + j] * picture[(row + i) * side + column + j];
    }
    return sum;
  },
  pushed(picture, down, right) {
    const side = Math.sqrt(picture.length);
    return picture.map((_, n) => {
      const [row, column] = [Math.floor(n / side) - down, (n % side) - right];
      return row < 0 || column < 0 || row >= side || column >= side ? 0 : picture[row * side + column];
    });
  },
  // Whether `after` is `before`, moved by one place; what comes in at the edge must be empty.
  isMovedByOne(before, after, down, right) {
    if (before.every((each) => Math.abs(each) < 1e-5)) return false;
    const moved = this.pushed(before, Math.sign(down), Math.sign(right));
    return moved.every((each, n) => Math.abs(each - after[n]) < 1e-5);
  },
  // The ten probabilities of each reader.
  reads(picture) {
    const [hidden, answer] = LAYERS.dense;
    const dense = softmax(matrix(matrix(picture, hidden).map((each) => Math.max(0, each)), answer));
    const maps = ([first, second, third]) => {
      const one = pooled(convolved(picture, 32, 1, first), 32, 8, 2);
      const two = pooled(convolved(one, 16, 8, second), 16, 16, 2);
      return convolved(two, 8, 16, third);
    };
    return {
      dense,
      flatten: softmax(matrix(maps(LAYERS.flatten), LAYERS.flatten[3])),
      global: softmax(matrix(pooled(maps(LAYERS.global), 8, 32, 8), LAYERS.global[3])),
    };
  },
  // Whether a kernel answers at each corner of the square on the card, and nowhere else.
  findsCorners(weights) {
    const { places, sums } = this.map(CARD, weights);
    const near = [[0, 0], [0, 0], [0, 0], [0, 0]].map(() => 0);
    for (let row = 0; row < places; row += 1) {
      for (let column = 0; column < places; column += 1) {
        const size = Math.abs(sums[row * places + column]);
        if (size < 1e-6) continue;
        const corner = (row < places / 2 ? 0 : 2) + (column < places / 2 ? 0 : 1);
        const far = (at) => Math.min(Math.abs(at - 6.5), Math.abs(at - 22.5)); // the kernel covers a corner from there
        if (far(row) > 1 || far(column) > 1) return false;
        near[corner] = Math.max(near[corner], size);
      }
    }
    return near.every((each) => each > 0);
  },
};

const AWAY = { left: ["←", 0, -1], right: ["→", 0, 1], up: ["↑", -1, 0], down: ["↓", 1, 0] };

export function build(board) {
  let kind = "digit";
  let digit = 3;
  let home = SAMPLES[3]; // the picture where it was put or drawn
  let picture = home;
  let offset = [0, 0];
  let weights = [...KERNELS.vertical];
  let [stride, rim, pool] = [1, 0, 1];
  let place = [12, 12]; // of the kernel, counted in its steps
  let step = 4; // pixels of a push
  let until = Infinity; // places that have been visited, while it slides
  let map = null;
  let found = null;
  const side = () => Math.sqrt(picture.length);

  const goals = board.goals([
    "The square: a kernel whose map is empty on all its edges and all its areas, and not at its corners.",
    "A digit, stride 2, pooling 3: move the map by exactly one place, with a single push.",
    "At most two pixels from home: a digit and a place where only the reader with global pooling reads it.",
  ]);

  // The picture
  const range = { x: [0, PAGE], y: [0, PAGE] };
  const from = board.plot({ name: "The picture", yName: "move the frame", label: "The picture.", ...range, square: true, left: 0, right: 0, top: 0, bottom: 0, axes: false, most: 1000 });
  const surface = canvas(from);
  const reach = draw("rect", { class: "seen-by" });
  const frame = draw("rect", { class: "kernel-frame" });
  from.front.append(reach, frame);
  const fromWords = from.figure.querySelector("figcaption span");
  const keys = [1 / PAGE, 1 / PAGE];
  const grip = from.handle({
    name: "Kernel: arrow keys move it", kind: "window", keys,
    at: () => [place[1] * stride - rim + 1.5, side() - (place[0] * stride - rim + 1.5)],
    move: (x, y) => moveTo((side() - y - 1.5 + rim) / stride, (x - 1.5 + rim) / stride),
  });
  grip.addEventListener("keydown", (event) => {
    if (event.key !== " " || kind !== "own") return;
    event.preventDefault();
    const at = [place[1] * stride - rim + 1.5, place[0] * stride - rim + 1.5];
    stroke(at, at);
  });
  grip.addEventListener("keyup", (event) => { if (event.key === " ") event.preventDefault(); });
  let last = null;
  const pointed = (event) => {
    const box = from.image.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * side(), ((event.clientY - box.top) / box.height) * side()];
  };
  from.image.addEventListener("pointerdown", (event) => {
    if (event.button || (kind !== "own" && event.pointerType !== "mouse")) return; // a finger scrolls past
    from.image.setPointerCapture(event.pointerId);
    last = pointed(event);
    pointing(event);
  });
  from.image.addEventListener("pointermove", (event) => { if (last) (event.getCoalescedEvents?.() ?? [event]).forEach(pointing); });
  for (const over of ["pointerup", "pointercancel"]) {
    from.image.addEventListener(over, () => {
      if (last) tell();
      last = null;
    });
  }
  function pointing(event) {
    const [x, y] = pointed(event);
    if (kind === "own") stroke(last, [x, y]);
    else moveTo((y - 1.5 + rim) / stride, (x - 1.5 + rim) / stride);
    last = [x, y];
  }
  // A line of ink with a soft edge, as thick as those of the digits.
  function stroke([x0, y0], [x1, y1]) {
    settleHome();
    home = Float32Array.from(home);
    const pieces = Math.max(1, Math.ceil(2 * Math.hypot(x1 - x0, y1 - y0)));
    for (let n = 0; n <= pieces; n += 1) {
      const [x, y] = [x0 + ((x1 - x0) * n) / pieces, y0 + ((y1 - y0) * n) / pieces];
      for (let row = Math.max(0, Math.floor(y - 3)); row < Math.min(PAGE, y + 3); row += 1) {
        for (let column = Math.max(0, Math.floor(x - 3)); column < Math.min(PAGE, x + 3); column += 1) {
          const ink = clamp(1.7 - Math.hypot(column + 0.5 - x, row + 0.5 - y), 0, 1);
          if (ink > home[row * PAGE + column]) home[row * PAGE + column] = ink;
        }
      }
    }
    look();
  }
  function settleHome() {
    [home, offset] = [picture, [0, 0]];
  }

  // The kernel
  const inputs = NINE.map((n) => {
    const input = make("input", { type: "number", min: -9, max: 9, step: 1, value: weights[n],
      "aria-label": `Weight in row ${1 + Math.floor(n / 3)}, column ${1 + (n % 3)}` });
    input.dataset.lmSuppressShortcuts = "true";
    input.addEventListener("input", () => {
      weights[n] = clamp(Number(input.value) || 0, -9, 9);
      nameKernel();
      changed();
      tell(true);
    });
    input.addEventListener("blur", () => { input.value = weights[n]; });
    return input;
  });
  const products = NINE.map(() => make("span", { "aria-hidden": "true" }));
  const sumLine = make("p", { class: "kernel-sum" });
  const sizeLine = make("p", { class: "kernel-size" });
  const cells = NINE.map((n) => make("div", { class: "kernel-cell" }, inputs[n], products[n]));
  board.panels.append(make("figure", { class: "kernel-figure" }, make("figcaption", {}, make("b", {}, "Kernel × pixels"), make("span", {}, "type your own")),
    make("div", { class: "kernel-grid" }, ...cells), sumLine, sizeLine));

  // The map
  const to = board.plot({ name: "The feature map", yName: "orange-red: positive", label: "The feature map.", x: [0, 30], y: [0, 30], square: true, left: 0, right: 0, top: 0, bottom: 0, axes: false, most: 1000 });
  const film = canvas(to);
  const cell = draw("rect", { class: "kernel-frame" });
  to.front.append(cell);
  const inWords = to.figure.querySelector("figcaption span");
  for (const each of [from, to]) each.figure.classList.add("bench");
  board.panels.classList.add("three");

  // The readers
  const NAMES = { dense: "dense network", flatten: "convolutions, then Flatten", global: "convolutions, then global max pooling" };
  const rows = READERS.map((name) => {
    const [bar, says, sure] = [make("span", { class: "bar-fill" }), make("b", {}), make("span", { class: "bar-words" })];
    const row = make("li", {}, make("span", { class: "name" }, NAMES[name]), says, make("span", { class: "bar-track", "aria-hidden": "true" }, bar), sure);
    return { row, bar, says, sure };
  });
  const readers = make("figure", { class: "wide", style: "order: 2" }, make("figcaption", {}, make("b", {}, "Three readers of digits"), make("span", {}, "trained on digits at home, in the middle")),
    make("ul", { class: "readers" }, ...rows.map(({ row }) => row)));
  board.panels.append(readers);

  // The controls
  const first = board.row();
  const kinds = board.choice({ name: "picture", options: [["digit", "a digit"], ["own", "your own"], ["card", "a square"], ["photo", "a photo"]], value: kind, onchange: setKind, parent: first });
  const nextButton = board.button("Another digit", () => setDigit((digit + 1) % 10), first);
  const presets = board.choice({
    name: "kernel", options: [["vertical", "vertical"], ["horizontal", "horizontal"], ["blur", "blur"], ["outline", "outline"]], value: "vertical",
    onchange(key) {
      setWeights(KERNELS[key]);
      tell(true);
    },
    parent: board.row(),
  });
  const second = board.row();
  const strides = board.choice({ name: "stride", options: [["1", "1"], ["2", "2"]], value: "1", onchange(key) { resize(() => { stride = Number(key); }); }, parent: second });
  const rims = board.choice({ name: "padding", options: [["0", "none"], ["1", "1"]], value: "0", onchange(key) { resize(() => { rim = Number(key); }); }, parent: second });
  const pools = board.choice({ name: "max pooling", options: [["1", "none"], ["2", "2"], ["3", "3"]], value: "1", onchange(key) { resize(() => { pool = Number(key); }); }, parent: second });
  const third = board.row();
  const slideButton = board.button("Slide over all places", () => {
    if (sliding.running) sliding.stop();
    else if (board.calm) tell(true);
    else {
      until = 0;
      sliding.start();
    }
  }, third);
  slideButton.classList.add("first");
  const steps = board.slider({ name: "push by", min: 1, max: 8, step: 1, value: step, text: (each) => `${each} pixel${each === 1 ? "" : "s"}`, oninput(value) { step = value; }, parent: third });
  const pushes = make("div", { class: "row", role: "group", "aria-label": "Push the picture" });
  third.append(pushes);
  const pushButtons = Object.entries(AWAY).map(([name, [sign, down, right]]) => {
    const button = board.button(sign, () => push(down * step, right * step), pushes);
    button.setAttribute("aria-label", `Push it ${name}`);
    return button;
  });
  const homeButton = board.button("Home", () => {
    [picture, offset] = [home, [0, 0]];
    changed();
    read();
    tell();
  }, pushes);
  const setWords = board.numbers([""])[0];
  let words = "";

  const sliding = board.loop((passed) => {
    until += passed * Math.max(60, (map.places ** 2) / 7);
    if (until >= map.places ** 2) sliding.stop();
    else place = [Math.floor(until / map.places), Math.floor(until) % map.places];
  }, (isRunning) => {
    slideButton.textContent = isRunning ? "Stop" : "Slide over all places";
    if (!isRunning) until = Infinity;
  });

  function setKind(to) {
    kind = to;
    settle({ digit: SAMPLES[digit], own: new Float32Array(PAGE * PAGE), card: CARD, photo: PHOTO }[kind]);
    from.image.style.touchAction = kind === "own" ? "none" : "";
    tell();
  }
  function setDigit(to) {
    [digit, kind, kinds.value] = [to, "digit", "digit"];
    settle(SAMPLES[digit]);
    tell();
  }
  function settle(to) {
    sliding.stop();
    const before = side();
    [home, picture, offset, words] = [to, to, [0, 0], ""];
    range.x[1] = range.y[1] = side();
    place = place.map((each) => (each * side()) / before);
    changed();
    read();
  }
  function setWeights(to) {
    weights = [...to];
    inputs.forEach((input, n) => { input.value = weights[n]; });
    nameKernel();
    changed();
  }
  function nameKernel() {
    presets.value = Object.keys(KERNELS).find((key) => KERNELS[key].every((each, at) => each === weights[at]));
  }
  function resize(change) {
    sliding.stop();
    const at = place.map((each) => each * stride - rim);
    change();
    place = at.map((each) => (each + rim) / stride);
    changed();
    tell(true);
  }
  function moveTo(row, column) {
    sliding.stop();
    place = [row, column];
    changed();
    tell(true);
  }
  // The picture is `home`, pushed; ink never leaves the page.
  function push(down, right) {
    const target = [offset[0] + down, offset[1] + right];
    const moved = arithmetic.pushed(home, ...target);
    const ink = (of) => of.reduce((sum, each) => sum + each, 0);
    if (ink(moved) < ink(home) - 0.01) {
      words = "Its ink would leave the page.";
      board.dirty();
      board.say(words);
      return;
    }
    const before = map;
    [picture, offset] = [moved, target];
    changed();
    read();
    const isOne = arithmetic.isMovedByOne(before.values, map.values, down, right);
    words = isOne ? "The map is the old one, moved by one place." : map.values.every((each, n) => Math.abs(each - before.values[n]) < 1e-5)
      ? "The map has not changed." : "The map has changed.";
    if (!isOne && stride * pool === 1) words = "The map has moved along.";
    if (isOne && stride === 2 && pool === 3 && kind === "digit") goals.reach(1, "Two pixels a step, three steps a block.");
    tell();
  }
  function read() {
    const isRead = ["digit", "own"].includes(kind) && picture.reduce((sum, each) => sum + each, 0) > 8;
    found = isRead ? arithmetic.reads(picture) : null;
    if (!found || kind !== "digit") return;
    const isNear = Math.max(...offset.map(Math.abs)) <= 2;
    if (isNear && READERS.map((name) => best(found[name]) === digit).join() === "false,false,true") goals.reach(2, "It asks whether, and not where.");
  }
  const best = (all) => all.indexOf(Math.max(...all));

  function look() {
    picture = home;
    changed();
    read();
  }
  function changed() {
    map = arithmetic.map(picture, weights, { stride, rim, pool });
    place = place.map((each) => clamp(Math.round(each), 0, map.places - 1));
    keys.fill(stride / side());
    to.x[1] = to.y[1] = map.side;
    if (kind === "card" && arithmetic.findsCorners(weights)) goals.reach(0, "Every row and every column adds up to 0.");
    board.dirty();
  }
  function tell(isKernel = false) {
    const at = `The sum is ${shown(here().sum)}; row ${place[0] + 1}, column ${place[1] + 1} of ${map.places}.`;
    const answers = found ? ` ${READERS.map((name) => `${NAMES[name]}: ${best(found[name])}`).join(", ")}.` : "";
    board.say(isKernel ? `${at} The map has ${map.side} by ${map.side}.` : `${words}${answers}` || at);
  }
  function here() {
    const [row, column] = place.map((each) => each * stride - rim);
    return { row, column, pixels: arithmetic.under(picture, row, column), sum: arithmetic.sum(picture, weights, row, column) };
  }

  const colours = () => (board.root.dataset.look === "dark" ? [[32, 38, 45], [240, 243, 246], [232, 116, 32], [86, 180, 233]] : [[255, 255, 255], [20, 24, 28], [213, 94, 0], [0, 114, 178]]);
  const mix = (a, b, part) => a.map((each, n) => each + part * (b[n] - each));
  function paint(of, side, colour) {
    if (of.width !== side) [of.width, of.height] = [side, side];
    const context = of.getContext("2d");
    const image = context.createImageData(side, side);
    for (let n = 0; n < side * side; n += 1) image.data.set([...colour(n), 255], 4 * n);
    context.putImageData(image, 0, 0);
  }
  const box = (plot, element, row, column, size, all) => {
    const unit = plot.width / all;
    put(element, { x: column * unit, y: row * unit, width: size * unit, height: size * unit });
  };
  board.draws(() => {
    if (!map || !from.width) return;
    const [back, front, plus, minus] = colours();
    const isPhoto = kind === "photo";
    paint(surface, side(), (n) => (isPhoto ? [255, 255, 255].map((each) => each * picture[n]) : mix(back, front, picture[n])));
    const largest = Math.max(1e-6, ...map.values.map(Math.abs));
    const shownUntil = until >= map.places ** 2 ? Infinity : until;
    paint(film, map.side, (n) => {
      const [row, column] = [Math.floor(n / map.side), n % map.side];
      const lastPlace = (row * pool + pool - 1) * map.places + column * pool + pool - 1;
      if (lastPlace > shownUntil) return mix(back, front, 0.12);
      const part = clamp(map.values[n] / largest, -1, 1);
      return mix(back, part > 0 ? plus : minus, Math.abs(part) ** 0.8);
    });
    const { row, column, pixels, sum } = here();
    box(from, frame, row, column, 3, side());
    const block = place.map((each) => Math.min(map.side - 1, Math.floor(each / pool)));
    const sees = stride * (pool - 1) + 3;
    box(from, reach, block[0] * pool * stride - rim, block[1] * pool * stride - rim, pool > 1 ? sees : 0, side());
    box(to, cell, ...block, 1, map.side);
    cells.forEach((each, n) => {
      const part = clamp(Math.abs(weights[n]) / 4, 0, 1);
      each.style.background = weights[n] ? `color-mix(in srgb, var(--${weights[n] > 0 ? "red" : "blue"}) ${8 + 22 * part}%, var(--paper))` : "var(--paper)";
      products[n].textContent = `× ${shown(pixels[n], 1)}`;
    });
    sumLine.replaceChildren("sum ", make("b", {}, shown(sum)));
    const fits = (side() + 2 * rim - 3) / stride;
    sizeLine.textContent = `places: ${rim || stride > 1 ? `(${side()}${rim ? " + 2" : ""} − 3)` : `${side()} − 3`}${stride > 1 ? ` / 2${fits % 1 ? ", rounded down," : ""}` : ""} + 1 = ${map.places}${
      pool > 1 ? `; / ${pool}${map.places % pool ? ", rounded down," : ""} = ${map.side}` : ""}`;
    inWords.textContent = `${map.side} by ${map.side}`;
    fromWords.textContent = kind === "own" ? "draw here" : "move the frame";
    grip.setAttribute("aria-label", `Kernel at row ${place[0] + 1}, column ${place[1] + 1}, sum ${shown(sum)}: arrow keys move it${kind === "own" ? ", space draws" : ""}`);
    from.describe(kind === "digit" ? `A handwritten ${digit}, ${offset[0] || offset[1] ? `pushed by ${offset[0]} down and ${offset[1]} to the right` : "at home"}.`
      : { own: "Your own drawing.", card: "A bright square on a dark page.", photo: "A grey photo of a pagoda." }[kind]);
    to.describe(`The feature map, ${map.side} by ${map.side}: the largest number is ${shown(Math.max(...map.values), 1)}, the smallest ${shown(Math.min(...map.values), 1)}.`);
    for (const each of [...pushButtons, homeButton]) each.disabled = isPhoto;
    nextButton.hidden = kind !== "digit";
    READERS.forEach((name, n) => {
      const { row: line, bar, says, sure } = rows[n];
      const answer = found ? best(found[name]) : -1;
      const isWrong = kind === "digit" && found && answer !== digit;
      line.classList.toggle("best", !isWrong);
      line.classList.toggle("wrong", Boolean(isWrong));
      says.textContent = found ? answer : "–";
      bar.style.transform = `scaleX(${found ? found[name][answer] : 0})`;
      sure.textContent = found ? `${shown(100 * found[name][answer], 0)} %${isWrong ? " wrong" : ""}` : "";
    });
    setWords(words);
  });

  const nameSizes = () => { [strides.value, rims.value, pools.value] = [stride, rim, pool].map(String); };
  let kept = null;
  board.showMe(async ({ tell: say, wait, glide }) => {
    kept = { kind, digit, home, picture, offset, weights, stride, rim, pool, place, words, step };
    [stride, rim, pool] = [1, 1, 1];
    nameSizes();
    setDigit(7);
    setWeights(KERNELS.horizontal);
    say("Nine weights visit every place: orange-red where it is brighter below.");
    await glide(3.4, (part) => {
      until = part * map.places ** 2;
      const at = Math.min(map.places ** 2 - 1, Math.floor(until));
      place = [Math.floor(at / map.places), at % map.places];
    });
    until = Infinity;
    await wait(0.6);
    say("Push the digit, and its map moves along.");
    for (const up of [1, 1, 1, 1]) {
      push(-up, 0);
      await wait(0.55);
    }
    say("Same map, another place: a dense layer has a weight for each place, global pooling forgets it.");
    await wait(3.2);
  }, () => {
    until = Infinity;
    if (!kept) return;
    const was = kept;
    kept = null;
    ({ kind, stride, rim, pool, step } = was);
    digit = was.digit;
    [kinds.value, steps.value] = [kind, step];
    settle(was.home);
    ({ picture, offset, words, place } = was);
    setWeights(was.weights);
    read();
    nameSizes();
  });

  changed();
  read();
  return () => {};
}

// A canvas that fills a plot, beneath its marks.
function canvas(plot) {
  const made = make("canvas", { width: 1, height: 1, class: "pixels", "aria-hidden": "true" });
  plot.box.prepend(made);
  return made;
}
