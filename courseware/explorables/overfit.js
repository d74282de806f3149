// Lesson 09: a polynomial through few points, its capacity, and an L2 penalty that holds it back.
import { chance, clamp, draw, mean, put, shown } from "./kit.js";

const MOST = 12; // the highest degree
const CHECKED = 60; // validation points
const TRACE = 1e-9; // of penalty, which decides where the points leave a choice
const truth = (x) => Math.sin(3.2 * x) + 0.4 * x;

export const arithmetic = {
  truth,
  // Points of the curve with noise, the training points first in a random order: `count` of them, then those for validation.
  points(seed, noise = 0.3) {
    const next = chance(seed);
    const point = (x) => [x, truth(x) + noise * next.normal()];
    // Halves, quarters, eighths ...: however many of the first are taken, they are spread over the whole range.
    const halved = (n) => (n ? (n % 2) / 2 + halved(Math.floor(n / 2)) / 2 : 0);
    return {
      train: [...Array(60).keys()].map((n) => point(2 * halved(n + 1) - 1 + 0.06 * (next() - 0.5))),
      check: [...Array(CHECKED).keys()].map(() => point(1.9 * (next() - 0.5))),
    };
  },
  // Legendre polynomials at x, up to a degree: as good as the powers of x, and kinder to the computer.
  features(x, degree) {
    const made = [1, x];
    for (let n = 1; n < degree; n += 1) made.push(((2 * n + 1) * x * made[n] - n * made[n - 1]) / (n + 1));
    return made.slice(0, degree + 1);
  },
  // The weights of the smallest mean squared error plus `penalty` times the squares of all weights but the first.
  fit(points, degree, penalty) {
    const rows = points.map(([x]) => this.features(x, degree));
    const size = degree + 1;
    const lower = [];
    const right = [...Array(size).keys()].map((i) => mean(rows.map((row, n) => row[i] * points[n][1])));
    for (let i = 0; i < size; i += 1) {
      lower.push([]);
      for (let j = 0; j <= i; j += 1) {
        let sum = mean(rows.map((row) => row[i] * row[j])) + (i === j && i ? Math.max(penalty, TRACE) : 0);
        for (let k = 0; k < j; k += 1) sum -= lower[i][k] * lower[j][k];
        lower[i].push(i === j ? Math.sqrt(Math.max(sum, 1e-14)) : sum / lower[j][j]);
      }
    }
    const half = [];
    for (let i = 0; i < size; i += 1) half.push((right[i] - half.reduce((sum, each, k) => sum + lower[i][k] * each, 0)) / lower[i][i]);
    const weights = Array(size).fill(0);
    for (let i = size - 1; i >= 0; i -= 1) {
      let sum = half[i];
      for (let k = i + 1; k < size; k += 1) sum -= lower[k][i] * weights[k];
      weights[i] = sum / lower[i][i];
    }
    return weights;
  },
  answer(weights, x) { return this.features(x, Math.max(1, weights.length - 1)).slice(0, weights.length).reduce((sum, each, n) => sum + each * weights[n], 0); },
  loss(weights, points) { return mean(points.map(([x, y]) => (this.answer(weights, x) - y) ** 2)); },
};

const RANGE = { x: [-1.05, 1.05], y: [-2.4, 2.4] };
const LOG = [-3, 1.3];
const POWERS = [...Array(15).keys()].map((n) => n / 2 - 6); // of the penalty; the first stands for none

export function build(board) {
  let seed = 1;
  let data = arithmetic.points(seed);
  let count = 12;
  let degree = 3;
  let power = POWERS[0];
  let along = "degree";
  let isTruthShown = false;
  const penaltyOf = (each) => (each <= POWERS[0] ? 0 : 10 ** each);
  const trained = () => data.train.slice(0, count);
  const judged = (toDegree, toPower) => {
    const weights = arithmetic.fit(trained(), toDegree, penaltyOf(toPower));
    return { weights, train: arithmetic.loss(weights, trained()), check: arithmetic.loss(weights, data.check) };
  };
  let now = judged(degree, power);

  const goals = board.goals([
    "Overfit: a training loss under 0.01, and a validation loss over 1.",
    "Stay at degree 12 and 12 points: bring the validation loss under 0.15 by the penalty alone.",
    "Without a penalty, at degree 12: bring the validation loss under 0.12. What else is there to turn?",
  ]);

  const curvePlot = board.plot({
    name: "The curve", yName: "full: training, hollow: validation", xName: "x", ...RANGE, left: 30,
    label: "Points, and the curve that was fitted to the training points.",
  });
  const hollow = draw("g", {});
  const full = draw("g", {});
  const real = draw("path", { class: "target" });
  const model = draw("path", { class: "model" });
  curvePlot.front.append(hollow, real, full, model);
  const checks = data.check.map(() => draw("circle", { r: 3, class: "checked" }));
  const trains = data.train.map(() => draw("circle", { r: 4.5, class: "house" }));
  hollow.append(...checks);
  full.append(...trains);

  const lossPlot = board.plot({
    name: "The loss", yName: "each line ten times the one below", xName: "degree", x: [1, MOST], y: LOG, left: 46,
    rows: [-3, -2, -1, 0, 1], tick: (row) => shown(10 ** row, Math.max(0, -row)),
    label: "Training and validation loss for every degree, or for every penalty.",
  });
  const [trainLine, checkLine] = ["blue", "orange"].map((colour) => draw("path", { class: "unit", style: `stroke: var(--${colour})` }));
  const here = draw("path", { class: "guide", style: "stroke: var(--ink)" });
  const [trainDot, checkDot] = ["blue", "orange"].map((colour) => draw("circle", { r: 6, style: `fill: var(--${colour})` }));
  const [trainName, checkName] = ["training", "validation"].map((words) => draw("text", { class: "curve-name" }, words));
  lossPlot.front.append(here, trainLine, checkLine, trainDot, checkDot, trainName, checkName);

  const first = board.row();
  const degreeSlider = board.slider({
    name: "degree", min: 1, max: MOST, step: 1, value: degree, text: String, parent: first,
    oninput(to) {
      degree = to;
      show("degree");
    },
  });
  const powerSlider = board.slider({
    name: "L2 penalty", min: POWERS[0], max: POWERS.at(-1), step: 0.5, value: power, parent: first,
    text: (to) => (to <= POWERS[0] ? "none" : shown(10 ** to, Math.max(0, Math.ceil(-to)))),
    oninput(to) {
      power = to;
      show("penalty");
    },
  });
  const countSlider = board.slider({
    name: "training points", min: 6, max: 60, step: 1, value: count, text: String, parent: first,
    oninput(to) {
      count = to;
      changed();
    },
  });
  const second = board.row();
  const alongChoice = board.choice({
    name: "losses for every", options: [["degree", "degree"], ["penalty", "penalty"]], value: along, onchange: show, parent: second,
  });
  const truthBox = board.toggle({
    name: "show where the points come from", onchange(to) {
      isTruthShown = to;
      board.dirty();
    }, parent: second,
  });
  board.button("Other points", () => {
    seed += 1;
    data = arithmetic.points(seed);
    changed();
  }, second);
  const [setTrain, setCheck] = board.numbers(["training loss", "validation loss"], second);

  function show(what) {
    along = what;
    alongChoice.value = what;
    lossPlot.x = what === "degree" ? [1, MOST] : [POWERS[0], POWERS.at(-1)];
    lossPlot.xName = what === "degree" ? "degree" : "penalty, as a power of ten";
    if (lossPlot.width) lossPlot.axes();
    changed();
  }
  function changed() {
    now = judged(degree, power);
    if (now.train < 0.01 && now.check > 1) goals.reach(0, "It has learned the noise of its points.");
    if (degree === MOST && count === 12 && penaltyOf(power) && now.check < 0.15) goals.reach(1, "The same thirteen weights, held back.");
    if (degree === MOST && !penaltyOf(power) && now.check < 0.12) goals.reach(2, `With ${count} points there is less room for noise.`);
    board.say(`Training loss ${shown(now.train, 3)}, validation loss ${shown(now.check, 3)}.`);
    board.dirty();
  }

  const LINE = [...Array(211).keys()].map((n) => -1.05 + n / 100);
  const path = (f) => `M${LINE.map((x) => `${curvePlot.X(x).toFixed(1)} ${curvePlot.Y(clamp(f(x), -9, 9)).toFixed(1)}`).join("L")}`;
  board.draws(() => {
    if (!curvePlot.width || !lossPlot.width) return;
    data.check.forEach(([x, y], n) => put(checks[n], { cx: curvePlot.X(x), cy: curvePlot.Y(y) }));
    data.train.forEach(([x, y], n) => put(trains[n], { cx: n < count ? curvePlot.X(x) : -99, cy: curvePlot.Y(y) }));
    put(model, { d: path((x) => arithmetic.answer(now.weights, x)) });
    put(real, { d: isTruthShown ? path(truth) : "" });
    const places = along === "degree" ? [...Array(MOST).keys()].map((n) => n + 1) : POWERS;
    const all = places.map((each) => (along === "degree" ? judged(each, power) : judged(degree, each)));
    const high = (loss) => lossPlot.Y(clamp(Math.log10(Math.max(loss, 1e-9)), LOG[0] - 1, LOG[1] + 1)).toFixed(1);
    const lineOf = (part) => `M${all.map((each, n) => `${lossPlot.X(places[n]).toFixed(1)} ${high(each[part])}`).join("L")}`;
    put(trainLine, { d: lineOf("train") });
    put(checkLine, { d: lineOf("check") });
    const at = lossPlot.X(along === "degree" ? degree : power);
    put(here, { d: `M${at} 0V${lossPlot.height}` });
    put(trainDot, { cx: at, cy: high(now.train) });
    put(checkDot, { cx: at, cy: high(now.check) });
    const middle = Math.floor(places.length / 2);
    [[trainName, "train", 16], [checkName, "check", -9]].forEach(([name, part, off]) => put(name, {
      x: lossPlot.X(places[middle]), y: clamp(Number(high(all[middle][part])) + off, 14, lossPlot.height - 40), "text-anchor": "middle" }));
    setTrain(shown(now.train, 3));
    setCheck(shown(now.check, 3));
  });

  // Show me
  let before = null;
  board.showMe(async ({ tell, wait, glide }) => {
    before = { seed, data, count, degree, power, along, isTruthShown };
    [seed, data, count, degree, power, isTruthShown] = [1, arithmetic.points(1), 12, 1, POWERS[0], false];
    const settle = () => {
      [degreeSlider.value, powerSlider.value, countSlider.value, truthBox.checked] = [degree, power, count, isTruthShown];
      changed();
    };
    show("degree");
    settle();
    tell("A straight line: too stiff for training and validation alike.");
    await wait(1.6);
    tell("More capacity: both losses fall, and then only one of them.");
    await glide(3, (part) => {
      degree = 1 + Math.round((MOST - 1) * part);
      settle();
    });
    await wait(1);
    tell("A penalty holds the same polynomial back. Too much of it, and it is stiff again.");
    show("penalty");
    await glide(3, (part) => {
      power = POWERS[Math.round(14 * part)];
      settle();
    });
    tell("Or more points, which leave the noise less room.");
    [power, count] = [POWERS[0], 12];
    await glide(1.8, (part) => {
      count = 12 + Math.round(48 * part);
      settle();
    });
    await wait(0.8);
  }, () => {
    if (!before) return;
    ({ seed, data, count, degree, power, isTruthShown } = before);
    [degreeSlider.value, powerSlider.value, countSlider.value, truthBox.checked] = [degree, power, count, isTruthShown];
    show(before.along);
    before = null;
  });

  return () => { // for the picture
    degree = 8;
    degreeSlider.value = degree;
    changed();
  };
}
