// Lesson 10: nine trials on a landscape that nobody sees: by hand, in a grid, at random, or guided by the trials so far.
import { chance, clamp, draw, mean, put, shown } from "./kit.js";

const RATE = [-5, 2]; // powers of ten
const PENALTY = [-6, -2];
const TRIALS = 9;
const SCALE = 0.25; // how much losses are expected to differ, far from any trial
const across = ([low, high], part) => low + part * (high - low);
const grid = (columns, rows) => [...Array(columns * rows).keys()].map((n) => [
  across(RATE, ((n % columns) + 0.5) / columns), across(PENALTY, (Math.floor(n / columns) + 0.5) / rows)]);
const SPOTS = grid(42, 16);

export const arithmetic = {
  SPOTS,
  // The loss at a point, a pair of powers: a valley along the rate, and across it one along the penalty, as far as that matters.
  loss([rate, penalty], { valley, matters }) {
    const far = rate - valley[0];
    const byRate = Math.exp(-((far / (far < 0 ? 1.1 : 0.6)) ** 2));
    const byPenalty = 1 - matters * (1 - Math.exp(-(((penalty - valley[1]) / 0.7) ** 2)));
    return 0.7 - 0.62 * byRate * byPenalty;
  },
  land: (n) => {
    const next = chance(n);
    return { valley: [-2.5 + 3 * next(), -5 + 2 * next()], matters: 0.15 };
  },
  grid(next) {
    const [shiftRate, shiftPenalty] = [next(), next()];
    return [...Array(TRIALS).keys()].map((n) => [
      across(RATE, ((n % 3) + shiftRate) / 3), across(PENALTY, (Math.floor(n / 3) + shiftPenalty) / 3)]);
  },
  random: (next) => [...Array(TRIALS).keys()].map(() => [across(RATE, next()), across(PENALTY, next())]),
  alike: (a, b) => Math.exp(-((a[0] - b[0]) ** 2 + ((a[1] - b[1]) / 1.5) ** 2) / 2),
  // A Gaussian process: for each point the loss that the trials, pairs of point and loss, make likely, and how far it may be off.
  believe(trials, points, noise = 0) {
    const usual = mean(trials.map(([, loss]) => loss));
    const lower = []; // of Cholesky
    trials.forEach(([at], i) => {
      lower.push([]);
      for (let j = 0; j <= i; j += 1) {
        let sum = this.alike(at, trials[j][0]) + (i === j ? 0.001 + (noise / SCALE) ** 2 : 0);
        for (let k = 0; k < j; k += 1) sum -= lower[i][k] * lower[j][k];
        lower[i].push(i === j ? Math.sqrt(sum) : sum / lower[j][j]);
      }
    });
    const solve = (right) => right.reduce((found, value, i) => {
      let sum = value;
      for (let k = 0; k < i; k += 1) sum -= lower[i][k] * found[k];
      found.push(sum / lower[i][i]);
      return found;
    }, []);
    const seen = solve(trials.map(([, loss]) => (loss - usual) / SCALE));
    return points.map((point) => {
      const near = solve(trials.map(([at]) => this.alike(at, point)));
      const likely = near.reduce((sum, each, n) => sum + each * seen[n], 0);
      return [usual + SCALE * likely, SCALE * Math.sqrt(Math.max(0, 1 - near.reduce((sum, each) => sum + each * each, 0)))];
    });
  },
  // Where a guided search tries next: at random three times, then where the loss may well be lowest.
  next(trials, draws, noise = 0) {
    if (trials.length < 3) return [across(RATE, draws()), across(PENALTY, draws())];
    const promise = this.believe(trials, SPOTS, noise).map(([likely, doubt]) => likely - 0.5 * doubt);
    return SPOTS[promise.indexOf(Math.min(...promise))];
  },
};

const METHODS = ["by hand", "grid", "random", "guided"];
const COLOURS = ["red", "orange", "blue", "green"];
const HAND = 0.15;
const MANY = 20;

export function build(board) {
  let number = 1; // of the landscape
  let land = arithmetic.land(number);
  let noise = 0;
  let view = "nothing";
  let place = [-4, -3]; // where the hand would try
  let method = 0;
  let trials = []; // of this search: place, loss as judged, true loss
  let plan = null; // names the place to try next, while a search runs
  let passed = 0;
  let results = METHODS.map(() => []); // of each search: what its best seemed to have, and what it has
  let isHandHonest = true; // the truth was not looked at
  let draws = chance(2026);
  const normal = () => draws.normal();

  const goals = board.goals([
    "By hand, without looking: nine trials, and a true loss under 0.15.",
    `Let the penalty matter so much that the grid does no worse than random search, over ${MANY} searches of each.`,
    "Make the judge so noisy that the winners of random search seem 0.1 better than they are, on average.",
  ]);

  const map = board.plot({
    name: "Trials", yName: "penalty, as a power of ten", xName: "learning rate, as a power of ten", x: RATE, y: PENALTY, left: 30, grid: false, ratio: 0.66,
    label: "Trials over learning rate and penalty.",
    onsize: () => paint(),
  });
  const tiles = SPOTS.map(() => draw("rect", { class: "tile" }));
  const dots = [...Array(TRIALS).keys()].map(() => [draw("path", { class: "seen-rate" }), draw("circle", { r: 6, class: "tried" })]);
  const ring = draw("circle", { r: 10, class: "winner" });
  map.back.append(...tiles);
  map.front.append(...dots.flat(), ring);
  map.handle({
    name: "Where to try next: arrow keys", at: () => place, keys: [1 / 70, 1 / 40],
    move(rate, penalty) {
      place = [clamp(rate, ...RATE), clamp(penalty, ...PENALTY)];
      board.say(`Learning rate 10 to the power of ${shown(place[0], 1)}, penalty 10 to the power of ${shown(place[1], 1)}.`);
      board.dirty();
    },
  });

  const table = board.plot({
    name: "The best of each search", yName: "dot: what it is, tail: what it seemed", xName: "loss", x: [0, 0.75], y: [-0.6, 3.6], left: 58, ratio: 0.66,
    label: "For each way to search, the loss of the best trial of each search.",
    rows: [0, 1, 2, 3], tick: (row) => METHODS[3 - row],
  });
  const rowsOf = METHODS.map((_, n) => {
    const made = [draw("path", { class: "tails", style: `stroke: var(--${COLOURS[n]})` }),
      draw("path", { class: "bests", style: `stroke: var(--${COLOURS[n]})` }), draw("path", { class: "mean-bar" })];
    table.front.append(...made);
    return made;
  });

  const first = board.row();
  const tryButton = board.button("Try here", () => {
    if (method !== 0 || trials.length >= TRIALS || plan) begin(0);
    judge(place);
    settle();
  }, first);
  tryButton.classList.add("first");
  board.button("Grid of nine", () => run(1), first);
  board.button("Nine at random", () => run(2), first);
  board.button("Nine, guided", () => run(3), first);
  board.button(`${MANY} of each`, many, first);
  const second = board.row();
  const matters = board.slider({
    name: "how much the penalty matters", min: 0, max: 1, step: 0.05, value: land.matters,
    oninput(to) {
      land = { ...land, matters: to };
      restart();
    },
    parent: second,
  });
  const noisy = board.slider({
    name: "noise of the judge", min: 0, max: 0.2, step: 0.01, value: 0,
    oninput(to) {
      noise = to;
      restart();
    },
    parent: second,
  });
  const third = board.row();
  const viewChoice = board.choice({
    name: "show", options: [["nothing", "nothing"], ["belief", "what the trials suggest"], ["truth", "the truth"]], value: view,
    onchange: setView, parent: third,
  });
  board.button("Another landscape", () => {
    number += 1;
    land = { ...arithmetic.land(number), matters: land.matters };
    if (view === "truth") {
      viewChoice.value = "nothing";
      setView("nothing");
    }
    restart();
  }, third);
  const [setTrials, setRates, setBest] = board.numbers(["trials", "different rates", "best"], third);

  const running = board.loop((seconds) => {
    passed += seconds;
    if (passed < 0.16) return;
    passed = 0;
    advance();
  });

  function begin(to) {
    running.stop();
    [method, trials, plan] = [to, [], null];
    isHandHonest = view !== "truth";
  }
  function restart() {
    begin(0);
    results = METHODS.map(() => []);
    settle();
  }
  function setView(to) {
    view = to;
    if (to === "truth") isHandHonest = false;
    settle();
  }
  function judge(at) {
    const loss = arithmetic.loss(at, land);
    trials.push([at, Math.max(0, loss + noise * normal()), loss]);
    if (trials.length === TRIALS) results[method].push(best().slice(1));
    if (method === 0 && isHandHonest && best()[2] < HAND) {
      goals.reach(0, `It took ${trials.length} ${trials.length === 1 ? "trial" : "trials"}.`);
    }
  }
  const best = () => trials.reduce((found, trial) => (trial[1] < found[1] ? trial : found));
  const seen = () => trials.map(([at, loss]) => [at, loss]); // what a search knows: not the truth
  function plans(to) {
    begin(to);
    const places = to === 3 ? null : arithmetic[METHODS[to]](draws);
    plan = () => (places ? places[trials.length] : arithmetic.next(seen(), draws, noise));
  }
  function take() {
    judge(plan());
    if (trials.length >= TRIALS) plan = null;
  }
  function advance() {
    take();
    if (!plan) running.stop();
    settle();
  }
  function run(to) {
    plans(to);
    if (board.calm && !board.playing) while (plan) advance();
    else running.start();
  }
  function many() {
    for (let n = 0; n < MANY; n += 1) {
      for (const to of [1, 2, 3]) {
        plans(to);
        while (plan) take();
      }
    }
    const is = (to) => mean(results[to].map(([, loss]) => loss));
    const flattery = mean(results[2].map(([seemed, loss]) => loss - seemed));
    if (noise === 0 && results[1].length >= MANY && is(1) <= is(2)) {
      goals.reach(1, "When both knobs matter, what the grid repeats is not wasted.");
    }
    if (flattery >= 0.1) goals.reach(2, "The best of many owes part of its score to chance.");
    settle();
    board.say(METHODS.map((name, n) => (results[n].length ? `${name}: ${shown(is(n))} on average.` : "")).join(" "));
  }
  function settle() {
    paint();
    if (trials.length) {
      board.say(`Trial ${trials.length} of ${TRIALS}: loss ${shown(trials.at(-1)[1])}. Best so far ${shown(best()[1])}.`);
    }
    board.dirty();
  }

  // The map is painted when a trial, the view, or its size changes: the better, the bluer.
  function paint() {
    if (!map.width) return;
    const known = view === "belief" && trials.length
      ? arithmetic.believe(seen(), SPOTS, noise).map(([likely]) => likely)
      : view === "truth" ? SPOTS.map((spot) => arithmetic.loss(spot, land)) : null;
    const [columns, rows] = [43, 17].map((count, n) => [...Array(count).keys()].map((each) => Math.round(
      n ? map.Y(across(PENALTY, each / 16)) : map.X(across(RATE, each / 42)))));
    tiles.forEach((tile, n) => {
      const [column, row] = [n % 42, Math.floor(n / 42)];
      put(tile, {
        x: columns[column], y: rows[row + 1], width: columns[column + 1] - columns[column], height: rows[row] - rows[row + 1],
        "fill-opacity": known ? clamp(1 - (known[n] - 0.08) / 0.62, 0.04, 1).toFixed(2) : 0.04,
      });
    });
  }
  board.draws(() => {
    if (!map.width || !table.width) return;
    dots.forEach(([mark, dot], n) => {
      const at = trials[n]?.[0];
      put(mark, { d: at ? `M${map.X(at[0]).toFixed(1)} ${map.Y(PENALTY[1])}v9` : "" });
      put(dot, { cx: at ? map.X(at[0]) : -99, cy: at ? map.Y(at[1]) : -99, style: `fill: var(--${COLOURS[method]})` });
    });
    const winner = trials.length ? best()[0] : null;
    put(ring, { cx: winner ? map.X(winner[0]) : -99, cy: winner ? map.Y(winner[1]) : -99 });
    results.forEach((each, n) => {
      const y = (k) => table.Y(3 - n + 0.28 * Math.sin(k * 2.4)).toFixed(1);
      put(rowsOf[n][0], { d: noise ? each.map(([seemed, loss], k) => `M${table.X(seemed).toFixed(1)} ${y(k)}H${table.X(loss).toFixed(1)}`).join("") : "" });
      put(rowsOf[n][1], { d: each.map(([, loss], k) => `M${table.X(loss).toFixed(1)} ${y(k)}h0`).join("") });
      const middle = each.length > 1 ? table.X(mean(each.map(([, loss]) => loss))) : -99;
      put(rowsOf[n][2], { d: `M${middle} ${table.Y(3 - n - 0.38)}V${table.Y(3 - n + 0.38)}` });
    });
    setTrials(`${trials.length} of ${TRIALS}`);
    setRates(String(new Set(trials.map(([at]) => at[0].toFixed(3))).size));
    setBest(trials.length ? `${shown(best()[1])}${noise ? ` (in truth ${shown(best()[2])})` : ""}` : "–");
  });

  // Show me
  let before = null;
  board.showMe(async ({ tell, wait }) => {
    before = { number, land, noise, view, place, results, trials, method, isHandHonest };
    land = { valley: [-0.6, -4.2], matters: 0 };
    [matters.value, noisy.value, noise, draws] = [0, 0, 0, chance(3)];
    viewChoice.value = "truth";
    setView("truth");
    restart();
    tell("The grid: nine trials, and only three learning rates.");
    run(1);
    await wait(2.6);
    tell("At random: nine trials, nine learning rates.");
    run(2);
    await wait(2.6);
    tell("Guided: three at random, then where the trials so far promise most.");
    run(3);
    await wait(2.8);
    tell("Twenty of each, and the black bars are their means.");
    many();
    await wait(2.4);
  }, () => {
    if (!before) return;
    ({ number, land, noise, view, place, results, trials, method, isHandHonest } = before);
    [matters.value, noisy.value, viewChoice.value, plan, before] = [land.matters, noise, view, null, null];
    paint();
  });

  return () => { // for the picture
    land = { valley: [-0.6, -4.2], matters: 0.15 };
    draws = chance(3);
    many();
    view = "truth";
    run(2);
    running.stop();
    while (plan) advance();
  };
}
