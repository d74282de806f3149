// Lesson 02: a curve as a sum of hinges. Each unit is weight × activation(month − knee); a bias is added to the sum.
import { clamp, draw, mean, put, shown } from "./kit.js";

const MONTHS = [...Array(12).keys()].map((n) => n + 1);
const FINE = [...Array(56).keys()].map((n) => 1 + n / 5);
const sigmoid = (z) => 1 / (1 + Math.exp(-z));
// Each with its slope.
const ACTIVATIONS = {
  relu: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0)],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
  none: [(z) => z, () => 1],
};
const CURVES = {
  // Carbon dioxide on Mauna Loa: the mean of each month against the year around it, in ppm.
  year: [MONTHS, [-0.02, 0.62, 1.42, 2.51, 2.92, 2.28, 0.74, -1.32, -3.07, -3.17, -2.04, -0.91]],
  tower: [FINE, FINE.map((x) => clamp(1.5 * (x - 3), 0, 3) - clamp(1.5 * (x - 8), 0, 3))],
  wave: [FINE, FINE.map((x) => 3 * Math.sin((3 * Math.PI * (x - 1)) / 11))],
};

export const arithmetic = {
  ACTIVATIONS, CURVES,
  sum: (x, { knees, weights, bias, kind }) => knees.reduce((sum, knee, n) => sum + weights[n] * ACTIVATIONS[kind][0](x - knee), bias),
  loss(net, [xs, ys]) { return mean(xs.map((x, n) => (this.sum(x, net) - ys[n]) ** 2)); },
  // The slopes of the loss along each knee, each weight, and the bias.
  slopes(net, [xs, ys]) {
    const [act, slope] = ACTIVATIONS[net.kind];
    const errors = xs.map((x, n) => 2 * (this.sum(x, net) - ys[n]));
    const along = (each) => mean(xs.map((x, n) => errors[n] * each(x)));
    return {
      knees: net.knees.map((knee, n) => along((x) => -net.weights[n] * slope(x - knee))),
      weights: net.knees.map((knee) => along((x) => act(x - knee))),
      bias: along(() => 1),
    };
  },
  // The weights and the bias of the smallest loss for these knees; a trace of ridge decides where there are many.
  leastSquares(net, [xs, ys]) {
    const columns = [...net.knees.map((knee) => xs.map((x) => ACTIVATIONS[net.kind][0](x - knee))), xs.map(() => 1)];
    const dot = (a, b) => mean(a.map((each, n) => each * b[n]));
    const rows = columns.map((a, i) => [...columns.map((b, j) => dot(a, b) + (i === j ? 1e-7 : 0)), dot(a, ys)]);
    rows.forEach((_, at) => { // Gauss and Jordan
      const best = rows.slice(at).reduce((max, row, n) => (Math.abs(row[at]) > Math.abs(rows[max][at]) ? at + n : max), at);
      [rows[at], rows[best]] = [rows[best], rows[at]];
      rows.forEach((row, other) => {
        if (other === at) return;
        const factor = row[at] / rows[at][at];
        row.forEach((_, n) => { row[n] -= factor * rows[at][n]; });
      });
    });
    const found = rows.map((row, at) => row.at(-1) / row[at]);
    return { weights: found.slice(0, -1), bias: found.at(-1) };
  },
  // One step of Adam on all numbers; `state` is its memory.
  step(net, curve, rate, state) {
    const slopes = this.slopes(net, curve);
    const flat = [...slopes.knees, ...slopes.weights, slopes.bias];
    if (state.first?.length !== flat.length) Object.assign(state, { first: flat.map(() => 0), second: flat.map(() => 0), time: 0 });
    state.time += 1;
    const moved = [...net.knees, ...net.weights, net.bias].map((value, n) => {
      state.first[n] = 0.9 * state.first[n] + 0.1 * flat[n];
      state.second[n] = 0.999 * state.second[n] + 0.001 * flat[n] ** 2;
      return value - (rate * state.first[n] / (1 - 0.9 ** state.time)) / (Math.sqrt(state.second[n] / (1 - 0.999 ** state.time)) + 1e-7);
    });
    const count = net.knees.length;
    return { ...net, knees: moved.slice(0, count), weights: moved.slice(count, -1), bias: moved.at(-1) };
  },
};

const COLOURS = ["blue", "orange", "green", "purple", "sky", "red", "ink", "muted"];
const RANGE = { x: [0, 13], y: [-5, 5] };
const ARM = 1.6; // months from a knee to the handle of its weight
const ALL = [...Array(COLOURS.length).keys()];

export function build(board) {
  let net = { knees: [1, 5, 9], weights: [0, 0, 0], bias: 0, kind: "relu" };
  let curve = "year";
  let isByHand = true;
  let state = {};
  const loss = () => arithmetic.loss(net, CURVES[curve]);

  const goals = board.goals([
    "The year by hand: three hinges, a loss under 0.30.",
    "The tower: flat, up, flat, down, flat, with a loss under 0.02. How many hinges does it need?",
    "No bend: switch the activation to none, take eight hinges, and let least squares do its best.",
  ]);

  const sumPlot = board.plot({
    name: "The sum of all hinges", yName: "and the curve to match", xName: "month", ...RANGE, left: 30,
    label: "The curve to match, and the sum of all hinges.",
  });
  const target = draw("path", { class: "target" });
  const dots = draw("path", { class: "target-dots" });
  const guides = ALL.map((n) => draw("path", { class: "guide", style: `stroke: var(--${COLOURS[n]})` }));
  const model = draw("path", { class: "model" });
  sumPlot.front.append(...guides, target, dots, model);

  const unitPlot = board.plot({
    name: "Each hinge alone", yName: "drag its knee and its arm", xName: "month", ...RANGE, left: 30,
    label: "Each hinge by itself: its weight times the activation of month minus knee.",
  });
  const lines = ALL.map((n) => draw("path", { class: "unit", style: `stroke: var(--${COLOURS[n]})` }));
  unitPlot.front.append(...lines);
  const armAt = (n) => net.knees[n] + (net.knees[n] > 11 ? 0.8 : ARM);
  const act = (z) => ACTIVATIONS[net.kind][0](z);
  const handles = ALL.map((n) => {
    const style = `--red: var(--${COLOURS[n]})`;
    const knee = unitPlot.handle({
      name: `Hinge ${n + 1}, knee`, kind: "knee", keys: [1 / 130, 0],
      at: () => [net.knees[n] ?? 0, 0],
      move: (x) => change(n, { knees: clamp(x, 0, 12.5) }),
    });
    const arm = unitPlot.handle({
      name: `Hinge ${n + 1}, weight`, kind: "arm", keys: [0, 1 / 100],
      at: () => (n < net.knees.length ? [armAt(n), net.weights[n] * act(armAt(n) - net.knees[n])] : [0, 0]),
      move: (_, y) => change(n, { weights: clamp(y / (act(armAt(n) - net.knees[n]) || 1), -6, 6) }),
    });
    for (const each of [knee, arm]) each.setAttribute("style", style);
    return [knee, arm];
  });

  const first = board.row();
  const curveChoice = board.choice({
    name: "match", options: [["year", "the year"], ["tower", "a tower"], ["wave", "a wave"]], value: "year", onchange: setCurve, parent: first,
  });
  const kindChoice = board.choice({
    name: "activation", options: [["relu", "ReLU"], ["tanh", "tanh"], ["sigmoid", "sigmoid"], ["none", "none"]], value: "relu",
    onchange: setKind, parent: first,
  });
  const second = board.row();
  const count = board.slider({ name: "hinges", min: 1, max: 8, step: 1, value: 3, text: String, oninput: setCount, parent: second });
  const bias = board.slider({
    name: "bias, added to the sum", min: -5, max: 5, step: 0.05, value: 0,
    oninput(to) {
      training.stop();
      net.bias = to;
      changed();
    },
    parent: second,
  });
  const third = board.row();
  const trainButton = board.button("Train everything", () => {
    if (training.running) training.stop();
    else if (board.calm && !board.playing) {
      for (let n = 0; n < 1500; n += 1) trainStep();
      changed();
    } else training.start();
  }, third);
  trainButton.classList.add("first");
  board.button("Least squares for the weights", solve, third);
  board.button("Flat again", () => {
    training.stop();
    net = { ...net, knees: spread(net.knees.length), weights: net.knees.map(() => 0), bias: 0 };
    isByHand = true;
    changed();
  }, third);
  const [setLoss, setWords] = board.numbers(["loss", ""], third);

  const training = board.loop(() => {
    for (let n = 0; n < 6; n += 1) trainStep();
    settle();
  }, (isRunning) => {
    trainButton.textContent = isRunning ? "Pause" : "Train everything";
    if (!isRunning) tell();
  });
  function trainStep() {
    net = arithmetic.step(net, CURVES[curve], 0.03, state);
    isByHand = false;
  }

  const spread = (n) => [...Array(n).keys()].map((each) => Math.round((1 + (each * 11) / Math.max(3, n)) * 10) / 10);
  function change(n, { knees, weights }) {
    training.stop();
    if (knees !== undefined) net.knees[n] = Math.round(knees * 100) / 100;
    if (weights !== undefined) net.weights[n] = Math.round(weights * 100) / 100;
    changed();
  }
  function setCurve(to) {
    curve = to;
    state = {};
    changed();
  }
  function setKind(to) {
    net = { ...net, kind: to };
    state = {};
    changed();
  }
  function setCount(to) {
    training.stop();
    const places = spread(to);
    while (net.knees.length < to) {
      net.knees.push(places.find((each) => net.knees.every((knee) => Math.abs(knee - each) > 0.6)) ?? 6.5);
      net.weights.push(0);
    }
    net = { ...net, knees: net.knees.slice(0, to), weights: net.weights.slice(0, to) };
    state = {};
    changed();
  }
  function solve() {
    training.stop();
    net = { ...net, ...arithmetic.leastSquares(net, CURVES[curve]) };
    isByHand = false;
    state = {};
    if (net.kind === "none" && net.knees.length === 8) goals.reach(2, "Eight hinges without a bend add up to one straight line.");
    changed();
  }
  function settle() {
    bias.value = net.bias;
    count.value = net.knees.length;
    if (curve === "year" && isByHand && net.knees.length <= 3 && net.kind === "relu" && loss() < 0.3) {
      goals.reach(0, "Up, down, up: each knee turns the sum.");
    }
    if (curve === "tower" && loss() < 0.02) {
      goals.reach(1, net.kind !== "relu" ? "" : net.knees.length > 4 ? "It can be done with four." : "Each corner is one knee.");
    }
  }
  function tell() {
    board.say(`Loss ${shown(loss(), 3)}. ${net.knees.map((knee, n) => `Hinge ${n + 1}: knee ${shown(knee, 1)}, weight ${shown(net.weights[n], 1)}.`).join(" ")}`);
  }
  function changed() {
    settle();
    board.dirty();
    tell();
  }

  const path = (plot, f) => {
    const points = [];
    for (let x = RANGE.x[0]; x <= RANGE.x[1] + 1e-9; x += 0.05) points.push(`${plot.X(x).toFixed(1)} ${plot.Y(clamp(f(x), -40, 40)).toFixed(1)}`);
    return `M${points.join("L")}`;
  };
  board.draws(() => {
    if (!sumPlot.width || !unitPlot.width) return;
    const [xs, ys] = CURVES[curve];
    const places = xs.map((x, n) => `${sumPlot.X(x).toFixed(1)} ${sumPlot.Y(ys[n]).toFixed(1)}`);
    put(target, { d: curve === "year" ? "" : `M${places.join("L")}` });
    put(dots, { d: curve === "year" ? places.map((place) => `M${place}h0`).join("") : "" });
    put(model, { d: path(sumPlot, (x) => arithmetic.sum(x, net)) });
    for (const n of ALL) {
      const isThere = n < net.knees.length;
      for (const each of handles[n]) each.hidden = !isThere;
      put(lines[n], { d: isThere ? path(unitPlot, (x) => net.weights[n] * act(x - net.knees[n])) : "" });
      put(guides[n], { d: isThere && net.kind !== "none" ? `M${sumPlot.X(net.knees[n]).toFixed(1)} 0V${sumPlot.height}` : "" });
      if (!isThere) continue;
      handles[n][0].setAttribute("aria-label", `Hinge ${n + 1}, knee at ${shown(net.knees[n], 1)}: left and right arrows`);
      handles[n][1].setAttribute("aria-label", `Hinge ${n + 1}, weight ${shown(net.weights[n], 2)}: up and down arrows`);
    }
    setLoss(shown(loss(), 3));
    setWords(net.kind === "none" ? "Without a bend the sum stays a straight line." : "");
  });

  // Show me
  let before = null;
  board.showMe(async ({ tell: say, wait, glide }) => {
    before = { net, curve, isByHand };
    const start = (to, kind, knees) => {
      curve = to;
      net = { knees, weights: knees.map(() => 0), bias: 0, kind };
      [curveChoice.value, kindChoice.value, state] = [to, kind, {}];
      settle();
      board.dirty();
    };
    const open = async (n, to, seconds) => {
      await glide(seconds, (part) => { net.weights[n] = to * part; });
    };
    start("year", "relu", [0, 5.5, 9.5]);
    net.bias = -0.8;
    say("The first hinge sets the slope.");
    await open(0, 0.7, 1.2);
    say("The second turns the sum down in May.");
    await open(1, -2.2, 1.3);
    say("The third turns it up again in October.");
    await open(2, 2.7, 1.3);
    await wait(0.8);
    say("Training moves knees and weights at once.");
    start("wave", "relu", [1, 3, 5, 7, 9, 11]);
    net.weights = [0.3, -0.3, 0.3, -0.3, 0.3, -0.3];
    if (board.calm) for (let n = 0; n < 1200; n += 1) trainStep();
    else training.start();
    await wait(3);
    training.stop();
    say("Without a bend, the best of six is a straight line.");
    net = { ...net, kind: "none" };
    kindChoice.value = "none";
    net = { ...net, ...arithmetic.leastSquares(net, CURVES[curve]) };
    settle();
    board.dirty();
    await wait(2.4);
  }, () => {
    if (!before) return;
    ({ net, curve, isByHand } = before);
    [curveChoice.value, kindChoice.value, before, state] = [curve, net.kind, null, {}];
    settle();
  });

  return () => {
    net = { knees: [0, 5.4, 9.3], weights: [0.7, -2.3, 2.9], bias: -1, kind: "relu" };
    settle();
    board.dirty();
  };
}
