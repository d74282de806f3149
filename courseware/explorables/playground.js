// Lesson 03: a network to train. Adam, gradient descent and the losses are Keras's own, to the last figure that float32 keeps.
import { chance, clamp, draw, make, mean, put, shown } from "./kit.js";
import { adam, dense, forward, sigmoid, slopesOf } from "./network.js";

const [TRAINING, TEST] = [256, 256]; // points; every batch size on offer divides the first
const REACH = 1.25; // the map goes from -REACH to REACH
const SIDE = 50; // places along one side of the map
const LAST_EPOCH = 3000; // it stops by itself here
const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3];
const STRENGTHS = [0.0001, 0.001, 0.01, 0.1];
const BATCHES = [1, 4, 16, 64, 256];
const FEATURES = [
  ["x₁", (x) => x], ["x₂", (_, y) => y], ["x₁²", (x) => x * x], ["x₂²", (_, y) => y * y], ["x₁x₂", (x, y) => x * y],
  ["sin πx₁", (x) => Math.sin(Math.PI * x)], ["sin πx₂", (_, y) => Math.sin(Math.PI * y)],
];
// Each with its slope, from what comes out.
const ACTIVATIONS = {
  relu: [(z) => (z > 0 ? z : 0), (h) => (h > 0 ? 1 : 0)],
  tanh: [Math.tanh, (h) => 1 - h * h],
  sigmoid: [sigmoid, (h) => h * (1 - h)],
  linear: [(z) => z, () => 1],
};
const between = (next, low, high) => low + (high - low) * next();
const DATA = {
  circle(next, n) {
    const [far, angle] = [n % 2 ? between(next, 0, 0.45) : between(next, 0.65, 1), between(next, 0, 2 * Math.PI)];
    return [far * Math.cos(angle), far * Math.sin(angle), n % 2];
  },
  xor(next) {
    const [x, y] = [0, 1].map(() => between(next, 0.08, 1) * (next() < 0.5 ? -1 : 1));
    return [x, y, x * y < 0 ? 1 : 0];
  },
  gaussians(next, n) {
    const middle = n % 2 ? 0.45 : -0.45;
    return [middle + 0.17 * next.normal(), middle + 0.17 * next.normal(), n % 2];
  },
  spiral(next, n) {
    const way = Math.sqrt(between(next, 0.02, 1));
    const angle = 2 * Math.PI * 1.25 * way + Math.PI * (n % 2);
    return [way * Math.cos(angle), way * Math.sin(angle), n % 2];
  },
};

export const arithmetic = {
  FEATURES, ACTIVATIONS,
  // `count` points [x, y, label]; noise is added after the labels are given.
  points(name, count, noise, seed) {
    const [next, luck] = [chance(seed), chance(seed + 5e8)];
    return [...Array(count).keys()].map((n) => {
      const [x, y, label] = DATA[name](next, n);
      return [x + noise * luck.normal(), y + noise * luck.normal(), label];
    });
  },
  // What the network gets of places [x, y]: one row each, one after the other.
  inputs(places, features) {
    const rows = new Float64Array(places.length * features.length);
    places.forEach(([x, y], n) => features.forEach((feature, i) => { rows[n * features.length + i] = FEATURES[feature][1](x, y); }));
    return rows;
  },
  network: (widths, kind, seed) => ({ ...dense(widths, chance(seed)), kind }),
  // What every layer says to `count` rows of inputs; the last layer is a sigmoid.
  forward: (net, rows, count) => forward(net, rows, count, ACTIVATIONS[net.kind][0], sigmoid),
  // The mean cross-entropy of probabilities.
  loss(probabilities, labels) {
    return mean(labels.map((label, n) => -Math.log(Math.max(label ? probabilities[n] : 1 - probabilities[n], 1e-7))));
  },
  // What regularization charges for the weights.
  charge: ({ layers }, { penalty, strength }) => (penalty === "none" ? 0
    : strength * layers.reduce((sum, { w }) => sum + w.reduce((all, each) => all + (penalty === "L1" ? Math.abs(each) : each * each), 0), 0)),
  // One step on a batch, by `how`: rate, optimizer, penalty, strength. Backpropagation as the lesson has it.
  step(net, rows, labels, how) {
    const count = labels.length;
    const said = this.forward(net, rows, count);
    const blame = said.at(-1).map((p, n) => (p - labels[n]) / count); // of the last sums
    const slopes = slopesOf(net, said, blame, count, ACTIVATIONS[net.kind][1]);
    if (how.penalty !== "none") {
      net.layers.forEach(({ w }, n) => {
        const [dw] = slopes[n];
        for (let at = 0; at < w.length; at += 1) dw[at] += how.strength * (how.penalty === "L1" ? Math.sign(w[at]) : 2 * w[at]);
      });
    }
    if (how.optimizer === "Adam") adam(net, slopes, how.rate);
    else {
      net.layers.forEach(({ w, b }, n) => [w, b].forEach((values, part) => {
        for (let at = 0; at < values.length; at += 1) values[at] -= how.rate * slopes[n][part][at];
      }));
    }
  },
};

const PLACES = [...Array(SIDE * SIDE).keys()].map((n) => [n % SIDE, Math.floor(n / SIDE)].map((each) => -REACH + (2 * REACH * each) / (SIDE - 1)));
const START = {
  data: "circle", noise: 0.05, layers: 1, neurons: 4, activation: "relu", features: [0, 1],
  rate: 0.03, optimizer: "Adam", penalty: "none", strength: 0.001, batch: 16, seed: 1,
};

export function build(board) {
  let now = { ...START };
  let game = null; // what is in play: data, network, order of the points, losses so far
  let chosen = null; // [column, unit] whose map is shown; none for the answer
  let seen = null; // what every unit says on the map
  let lastLook = null; // losses and accuracy
  let inRow = 0; // epochs in a row with 95 % right
  let noisy = ""; // the network that has learned the noise
  const pick = (list, at) => list[at];

  const goals = board.goals([
    "The circle with no hidden layer: over 95 % of the test points right, with two inputs.",
    "The spiral from x₁ and x₂ alone: over 95 % of the test points right, with at most 120 parameters.",
    "Two Gaussians, noise 0.4: learn the noise, until the test loss is a quarter above its lowest. Then press “Reset”, and let regularization keep it within a tenth for 100 epochs, all else the same.",
  ]);
  const top = board.row();
  board.panels.before(top);
  top.classList.add("top");
  const startButton = board.button("Start", () => {
    if (training.running) training.stop();
    else if (board.calm && !board.playing) {
      const end = performance.now() + 400;
      for (let n = 0; n < 100 && performance.now() < end; n += 1) {
        epoch();
        if (n % 4 === 0) look();
      }
      look();
      tell();
    } else training.start();
  }, top);
  startButton.classList.add("first");
  board.button("Step", () => {
    training.stop();
    epoch();
    look();
    tell();
  }, top);
  board.button("Reset", () => {
    now.seed += 1;
    begin();
  }, top);
  const [setEpoch, setTrain, setTest, setRight, setCount, setWords] = board.numbers(
    ["epoch", "training loss", "test loss", "test points right", "parameters", "test loss of ten epochs above its lowest"], top);

  // Pictures
  const netPlot = board.plot({
    name: "The network", yName: "each unit: where it is active", label: "The network's units, each with its map.", axes: false, x: [0, 1], y: [0, 1],
    left: 42, right: 0, top: 0, bottom: 0, ratio: 1, most: 480,
  });
  const mapPlot = board.plot({
    name: "What the network answers", label: "The points, and the answer at each place.", axes: false, x: [-REACH, REACH], y: [-REACH, REACH],
    square: true, left: 0, right: 0, top: 0, bottom: 0, most: 480,
  });
  const [mapTitle] = mapPlot.figure.querySelectorAll("figcaption b");
  const mapNote = make("span", {});
  mapTitle.after(mapNote);
  const lossPlot = board.plot({
    name: "Cross-entropy", yName: "blue: training points, orange: test points", xName: "epoch", x: [0, 10], y: [0, 0.8], height: 150, left: 34,
    label: "The losses on training and test points, epoch by epoch.",
  });
  lossPlot.figure.classList.add("wide");
  const canvases = [netPlot, mapPlot].map((plot) => {
    const canvas = make("canvas", { class: "under", "aria-hidden": "true" });
    plot.box.prepend(canvas);
    plot.box.classList.add("over");
    return canvas;
  });
  const marks = [0, 1].map((label) => draw("path", { class: `dots ${label ? "one" : "none"}` }));
  const border = draw("path", { class: "border" });
  mapPlot.front.append(border, ...marks);
  const [trainLine, testLine] = ["blue", "orange"].map((colour) => draw("path", { class: "unit", style: `stroke: var(--${colour})` }));
  lossPlot.front.append(trainLine, testLine);

  const widths = () => [now.features.length, ...Array(now.layers).fill(now.neurons), 1];
  const most = () => Math.max(...widths());
  const rowOf = (column, unit) => most() / 2 + (widths()[column] - 1) / 2 - unit - 0.5; // units stand around the middle
  const shownUnit = () => chosen ?? [now.layers + 1, 0];
  const keys = [0, 0];
  const ring = netPlot.handle({
    name: "A unit", kind: "ring", keys,
    at: () => [shownUnit()[0] + 0.5, rowOf(...shownUnit()) + 0.5],
    move: choose,
  });
  netPlot.press(choose);
  netPlot.image.addEventListener("click", (event) => {
    const place = netPlot.box.getBoundingClientRect();
    choose(netPlot.fromX(event.clientX - place.left), netPlot.fromY(event.clientY - place.top));
  });
  function choose(x, y) {
    const column = clamp(Math.floor(x), 0, now.layers + 1);
    const unit = clamp(Math.round(most() / 2 + (widths()[column] - 1) / 2 - y), 0, widths()[column] - 1);
    chosen = column === now.layers + 1 ? null : [column, unit];
    board.dirty();
    board.say(`${nameOf()} is shown.`);
  }
  function nameOf() {
    const [column, unit] = shownUnit();
    return column > now.layers ? "What the network answers" : column ? `Unit ${unit + 1} of hidden layer ${column}` : `Input ${FEATURES[now.features[unit]][0]}`;
  }

  // Controls; those of `begins` begin again, the others act on the network as it is.
  const set = (name, begins) => (to) => {
    now[name] = to;
    if (name === "optimizer") [game.net.memory, game.net.time] = [null, 0];
    if (begins) begin();
    else board.dirty();
  };
  const rows = [0, 1, 2, 3].map(() => board.row());
  for (const row of rows) row.classList.add("dials");
  const knobs = {
    data: board.choice({ name: "data", options: [["circle", "circle"], ["xor", "exclusive-or"], ["gaussians", "two Gaussians"], ["spiral", "spiral"]],
      value: now.data, onchange: set("data", true), parent: rows[0] }),
    activation: board.choice({ name: "activation", options: [["relu", "ReLU"], ["tanh", "tanh"], ["sigmoid", "sigmoid"], ["linear", "linear"]],
      value: now.activation, onchange: set("activation", true), parent: rows[0] }),
    noise: board.slider({ name: "noise", min: 0, max: 0.4, step: 0.05, value: now.noise, oninput: set("noise", true), parent: rows[1] }),
    layers: board.slider({ name: "hidden layers", min: 0, max: 4, step: 1, value: now.layers, text: String, oninput: set("layers", true), parent: rows[1] }),
    neurons: board.slider({ name: "neurons in each", min: 1, max: 16, step: 1, value: now.neurons, text: String, oninput: set("neurons", true), parent: rows[1] }),
    batch: fromList("batch size", BATCHES, "batch", rows[1]),
    rate: fromList("learning rate", RATES, "rate", rows[2]),
    strength: fromList("strength of regularization", STRENGTHS, "strength", rows[2]),
    optimizer: board.choice({ name: "optimizer", options: [["Adam", "Adam"], ["SGD", "SGD"]], value: now.optimizer, onchange: set("optimizer"), parent: rows[2] }),
    penalty: board.choice({ name: "regularization", options: [["none", "none"], ["L1", "L1"], ["L2", "L2"]], value: now.penalty, onchange: set("penalty"),
      parent: rows[2] }),
  };
  function fromList(name, list, key, parent) {
    return board.slider({ name, min: 0, max: list.length - 1, step: 1, value: list.indexOf(now[key]), text: (at) => String(pick(list, at)), parent,
      oninput(at) {
        now[key] = pick(list, at);
        if (key === "batch") game.at = TRAINING; // the order is drawn anew
        board.dirty();
      } });
  }
  rows[3].append(make("span", { class: "name" }, "inputs"));
  const boxes = FEATURES.map(([name], feature) => board.toggle({ name, checked: now.features.includes(feature), parent: rows[3], onchange() {
    const wanted = FEATURES.map((_, n) => n).filter((n) => boxes[n].checked);
    if (!wanted.length) boxes[feature].checked = true; // one must stay
    else {
      now.features = wanted;
      begin();
    }
  } }));
  const listOf = { batch: BATCHES, rate: RATES, strength: STRENGTHS };
  function settle() {
    for (const [key, knob] of Object.entries(knobs)) knob.value = listOf[key] ? listOf[key].indexOf(now[key]) : now[key];
    boxes.forEach((box, n) => { box.checked = now.features.includes(n); });
  }

  function begin() {
    const points = arithmetic.points(now.data, TRAINING + TEST, now.noise, 1000 + now.seed);
    const places = [...points, ...PLACES];
    game = {
      points, labels: points.map(([, , label]) => label), rows: arithmetic.inputs(places, now.features), count: places.length,
      net: arithmetic.network(widths(), now.activation, now.seed), next: chance(now.seed), order: [], at: TRAINING, epochs: 0, history: [],
    };
    [chosen, inRow] = [null, 0];
    [netPlot.x, netPlot.y] = [[0, now.layers + 2], [0, most()]];
    [keys[0], keys[1]] = [1 / (now.layers + 2), 1 / most()];
    lossPlot.x = [0, 10];
    look();
    place();
    if (!training.running) tell();
  }
  // One step on the next batch; true at the end of an epoch.
  function step() {
    if (game.at >= TRAINING) [game.order, game.at] = [game.next.shuffled(TRAINING), 0];
    const batch = game.order.slice(game.at, game.at + now.batch);
    const width = now.features.length;
    const taken = new Float64Array(batch.length * width);
    batch.forEach((point, n) => { for (let i = 0; i < width; i += 1) taken[n * width + i] = game.rows[point * width + i]; });
    arithmetic.step(game.net, taken, batch.map((point) => game.labels[point]), now);
    game.at += now.batch;
    if (game.at < TRAINING) return false;
    game.epochs += 1;
    return true;
  }
  function epoch() { while (!step()); }
  // See what the network says everywhere, and note its losses.
  function look() {
    seen = arithmetic.forward(game.net, game.rows, game.count);
    const said = seen.at(-1);
    const [train, test] = [game.labels.slice(0, TRAINING), game.labels.slice(TRAINING)];
    const checked = said.subarray(TRAINING, TRAINING + TEST);
    lastLook = {
      train: arithmetic.loss(said, train), test: arithmetic.loss(checked, test), right: mean(test.map((label, n) => (checked[n] > 0.5 ? 1 : 0) === label)),
      epoch: game.epochs + (game.at < TRAINING ? game.at / TRAINING : 0), parameters: game.net.layers.reduce((sum, { w, b }) => sum + w.length + b.length, 0),
    };
    const passed = lastLook.epoch - (game.history.at(-1)?.[0] ?? 0);
    game.lately = lastLook.test + 0.9 ** passed * ((game.lately ?? lastLook.test) - lastLook.test); // the mean of about ten epochs
    game.lowest = Math.min(game.lowest ?? game.lately, game.lately);
    game.above = game.lately / game.lowest - 1;
    game.history.push([lastLook.epoch, lastLook.train, lastLook.test]);
    if (game.history.length > 600) game.history = game.history.filter((_, n) => n % 2 === 0 || n > 500);
    judge();
    board.dirty();
  }
  function judge() {
    const { right, parameters, epoch: at } = lastLook;
    inRow = right > 0.95 ? inRow + 1 : 0;
    if (inRow >= 5) {
      if (now.data === "circle" && now.layers === 0 && now.features.length === 2) {
        goals.reach(0, "Over x₁² and x₂² the circle is a straight line.");
      }
      if (now.data === "spiral" && String(now.features) === "0,1" && parameters <= 120) goals.reach(1, `${parameters} parameters, and a spiral.`);
    }
    if (now.data !== "gaussians" || now.noise < 0.4) return;
    const plan = [widths(), now.features, now.activation, now.rate, now.batch, now.optimizer].join();
    if (game.above > 0.25) [noisy, game.isLoose] = [plan, true];
    if (noisy === plan && now.penalty !== "none" && at >= 100 && !game.isLoose && game.above < 0.1 && right > 0.8) {
      goals.reach(2, "The penalty leaves no room for the noise.");
    }
  }
  function tell() {
    const { train, test, right } = lastLook;
    board.say(`Epoch ${game.epochs}. Loss on training points ${shown(train, 3)}, on test points ${shown(test, 3)}; ${shown(100 * right, 0)} % of the test points are right.`);
  }

  const training = board.loop((seconds) => {
    const end = performance.now() + Math.max(9, 500 * seconds); // half of the time is for drawing
    const steps = Math.max(4, TRAINING / now.batch) * Math.max(1, Math.round(60 * seconds)); // sixty epochs a second, if the time allows it
    for (let n = 0; n < steps && performance.now() < end; n += 1) step();
    look();
    if (game.epochs >= LAST_EPOCH) training.stop();
  }, (isRunning) => {
    startButton.textContent = isRunning ? "Pause" : "Start";
    if (board.playing) return;
    if (isRunning) board.say("Training.", 0);
    else tell();
  });

  // Drawing
  function place() { // points, in the plot's pixels
    const at = game.points.slice(0, TRAINING).map(([x, y, label]) => [mapPlot.X(x), mapPlot.Y(y), label]);
    put(marks[0], { d: at.filter(([, , label]) => !label).map(([x, y]) => `M${(x - 3).toFixed(1)} ${y.toFixed(1)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`).join("") });
    put(marks[1], { d: at.filter(([, , label]) => label).map(([x, y]) => `M${x.toFixed(1)} ${(y - 4).toFixed(1)}l3.6 6.4h-7.2z`).join("") });
  }
  const small = make("canvas", {});
  // What a unit says, as a picture of `side` by `side`: blue for little or below zero, orange for much.
  function picture(column, unit, side, isDark) {
    const [from, width] = [seen[column], widths()[column]];
    const isAnswer = column > now.layers;
    const at = (n) => from[(TRAINING + TEST + n) * width + unit];
    let size = 1e-9;
    if (!isAnswer) for (let n = 0; n < SIDE * SIDE; n += 7) size = Math.max(size, Math.abs(at(n)));
    small.width = small.height = side;
    const context = small.getContext("2d");
    const image = context.createImageData(side, side);
    const by = SIDE / side;
    const paper = isDark ? [28, 34, 41] : [250, 250, 250];
    const ends = isDark ? [[52, 140, 205], [214, 98, 10]] : [[120, 180, 220], [240, 156, 92]];
    for (let row = 0; row < side; row += 1) {
      for (let place = 0; place < side; place += 1) {
        const value = at(Math.floor((side - 1 - row) * by) * SIDE + Math.floor(place * by));
        const part = clamp(isAnswer ? 2 * value - 1 : value / size, -1, 1);
        const end = ends[part < 0 ? 0 : 1];
        const pixel = 4 * (row * side + place);
        for (let c = 0; c < 3; c += 1) image.data[pixel + c] = paper[c] + Math.abs(part) * (end[c] - paper[c]);
        image.data[pixel + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    return small;
  }
  function sized(canvas, plot) {
    const scale = Math.min(2, devicePixelRatio || 1);
    const [width, height] = [Math.round(plot.width * scale), Math.round(plot.height * scale)];
    if (canvas.width !== width || canvas.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      put(canvas, { style: `width: ${plot.width}px; height: ${plot.height}px` });
    }
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, plot.width, plot.height);
    return context;
  }
  // Where the answer is undecided: a line through the squares of the map.
  function borderline(said) {
    const at = (x, y) => said[TRAINING + TEST + y * SIDE + x] - 0.5;
    const pieces = [];
    const X = (x) => mapPlot.X(-REACH + (2 * REACH * x) / (SIDE - 1)).toFixed(1);
    const Y = (y) => mapPlot.Y(-REACH + (2 * REACH * y) / (SIDE - 1)).toFixed(1);
    for (let y = 0; y < SIDE - 1; y += 1) {
      for (let x = 0; x < SIDE - 1; x += 1) {
        const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
        if ((a > 0) === (b > 0) && (b > 0) === (c > 0) && (c > 0) === (d > 0)) continue;
        const cuts = [];
        if ((a > 0) !== (b > 0)) cuts.push([x + a / (a - b), y]);
        if ((b > 0) !== (c > 0)) cuts.push([x + 1, y + b / (b - c)]);
        if ((d > 0) !== (c > 0)) cuts.push([x + d / (d - c), y + 1]);
        if ((a > 0) !== (d > 0)) cuts.push([x, y + a / (a - d)]);
        for (let n = 0; n + 1 < cuts.length; n += 2) pieces.push(`M${X(cuts[n][0])} ${Y(cuts[n][1])}L${X(cuts[n + 1][0])} ${Y(cuts[n + 1][1])}`);
      }
    }
    return pieces.join("");
  }
  let drawnWidth = 0;
  board.draws(() => {
    if (!netPlot.width || !mapPlot.width || !lossPlot.width) return;
    if (mapPlot.width !== drawnWidth) {
      drawnWidth = mapPlot.width;
      place();
    }
    const isDark = board.root.dataset.look === "dark";
    const [column, unit] = shownUnit();
    const map = sized(canvases[1], mapPlot);
    map.imageSmoothingEnabled = true;
    map.drawImage(picture(column, unit, SIDE, isDark), 0, 0, mapPlot.width, mapPlot.height);
    put(border, { d: column > now.layers ? borderline(seen.at(-1)) : "" });
    mapTitle.textContent = nameOf();
    mapNote.textContent = column > now.layers ? "blue: circle, orange: triangle" : "blue: below zero, orange: above";
    mapPlot.describe(`The training points, and as a colour ${column > now.layers ? "the network's answer" : "what this unit says"} at each place. ${
      shown(100 * lastLook.right, 0)} % of the test points are right.`);
    ring.setAttribute("aria-label", `${nameOf()}: arrow keys go to other units`);

    const net = sized(canvases[0], netPlot);
    const high = netPlot.height / most();
    const size = Math.max(8, Math.min(44, 0.84 * high, (0.5 * netPlot.width) / (now.layers + 2)));
    ring.style.setProperty("--size", `${size + 6}px`);
    const spot = (c, u) => [netPlot.X(c + 0.5), netPlot.Y(rowOf(c, u) + 0.5)];
    // Lines by sign and strength, in few strokes: a stroke for each would be slow.
    const strokes = new Map();
    game.net.layers.forEach(({ ins, outs, w }, n) => {
      for (let i = 0; i < ins; i += 1) {
        for (let j = 0; j < outs; j += 1) {
          const weight = w[i * outs + j];
          const level = Math.min(6, Math.round(Math.abs(weight) * 2.5));
          if (!level) continue;
          const key = weight < 0 ? -level : level;
          if (!strokes.has(key)) strokes.set(key, new Path2D());
          const [[fromX, fromY], [toX, toY]] = [spot(n, i), spot(n + 1, j)];
          strokes.get(key).moveTo(fromX + size / 2, fromY);
          strokes.get(key).lineTo(toX - size / 2, toY);
        }
      }
    });
    for (const [key, path] of strokes) {
      net.strokeStyle = key < 0 ? (isDark ? "#348ccd" : "#0072b2") : (isDark ? "#e0782a" : "#d55e00");
      net.globalAlpha = 0.25 + 0.09 * Math.abs(key);
      net.lineWidth = 0.5 * Math.abs(key);
      net.stroke(path);
    }
    net.globalAlpha = 1;
    net.imageSmoothingEnabled = true;
    net.fillStyle = net.strokeStyle = isDark ? "#a7b0ba" : "#555e68";
    net.lineWidth = 1;
    net.font = "12px system-ui, sans-serif";
    net.textAlign = "right";
    net.textBaseline = "middle";
    widths().forEach((count, c) => {
      for (let u = 0; u < count; u += 1) {
        const [x, y] = spot(c, u);
        net.drawImage(picture(c, u, size > 24 ? SIDE / 2 : 10, isDark), x - size / 2, y - size / 2, size, size);
        net.strokeRect(x - size / 2, y - size / 2, size, size);
        if (!c) net.fillText(FEATURES[now.features[u]][0], x - size / 2 - 5, y);
      }
    });

    const epochs = lastLook.epoch;
    const highest = 1.05 * Math.max(0.75, ...game.history.map(([, train, test]) => Math.max(train, test)));
    if (epochs > lossPlot.x[1] || Math.abs(highest - lossPlot.y[1]) > 0.04) {
      lossPlot.x = [0, Math.max(10, epochs > lossPlot.x[1] ? 1.5 * epochs : lossPlot.x[1])];
      lossPlot.y = [0, Math.min(highest, 6)];
      lossPlot.axes();
    }
    const line = (part) => `M${game.history.map((row) => `${lossPlot.X(row[0]).toFixed(1)} ${lossPlot.Y(row[part]).toFixed(1)}`).join("L")}`;
    put(trainLine, { d: line(1) });
    put(testLine, { d: line(2) });
    setEpoch(String(game.epochs));
    setTrain(shown(lastLook.train, 3));
    setTest(shown(lastLook.test, 3));
    setRight(`${shown(100 * lastLook.right, 0)} %`);
    setCount(String(lastLook.parameters));
    setWords(`${shown(100 * game.above, 0)} %${game.isLoose ? ": it learns the noise" : ""}`);
  });

  // Show me
  let before = null;
  board.showMe(async ({ tell: say, wait }) => {
    before = { now, game, chosen, seen, lastLook, inRow, noisy };
    const play = async (settings, words, seconds) => {
      now = { ...START, ...settings };
      settle();
      begin();
      say(words);
      if (board.calm) {
        for (let n = 0; n < 60; n += 1) epoch();
        look();
      } else training.start();
      await wait(seconds);
      training.stop();
    };
    await play({ layers: 0 }, "Without a hidden layer: one straight boundary.", 1.8);
    await play({ activation: "tanh" }, "Four units: four straight edges, added up to a bend.", 2.4);
    chosen = [1, 0];
    say("Each unit sees one edge.");
    board.dirty();
    await wait(1.6);
    await play({ data: "spiral", noise: 0, layers: 2, neurons: 16, rate: 0.01 }, "A second layer puts edges together.", 4);
    chosen = [2, 3];
    say("Its units see corners and stripes.");
    board.dirty();
    await wait(1.6);
  }, () => {
    if (!before) return;
    ({ now, game, chosen, seen, lastLook, inRow, noisy } = before);
    before = null;
    settle();
    [netPlot.x, netPlot.y] = [[0, now.layers + 2], [0, most()]];
    [keys[0], keys[1]] = [1 / (now.layers + 2), 1 / most()];
    lossPlot.x = [0, 10];
    place();
  });

  begin();
  return () => { // for the picture
    now = { ...START, data: "spiral", layers: 2, neurons: 8, seed: 2 };
    settle();
    begin();
    for (let n = 0; n < 45; n += 1) {
      epoch();
      if (n % 3 === 0) look();
    }
    look();
  };
}
