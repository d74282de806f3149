// Lesson 01: a line among houses, and its place on the landscape of the loss.
import { chance, clamp, draw, mean, put, shown } from "./kit.js";

// The houses of courseware.data.houses(24), to two decimals.
const SIZE = [1.16, 0.72, 0.45, 0.42, 1.38, 1.5, 1.13, 1.28, 1.05, 1.52, 1.38, 0.4, 1.43, 0.44, 1.28, 0.61, 1.44, 1.05, 0.76, 0.91,
  0.43, 0.55, 1.2, 1.18];
const PRICE = [4.26, 2.7, 1.62, 1.48, 4.49, 5.05, 3.58, 4.26, 3.61, 5.23, 4.7, 1.82, 4.59, 1.78, 4.56, 2.78, 4.43, 4.1, 3.18, 3.46,
  1.88, 2.05, 4.55, 4.62];
const EVERY = [...SIZE.keys()];

export const arithmetic = {
  SIZE, PRICE,
  loss: (w, b) => mean(EVERY.map((n) => (w * SIZE[n] + b - PRICE[n]) ** 2)),
  slopes: (w, b, batch = EVERY) => [
    mean(batch.map((n) => 2 * (w * SIZE[n] + b - PRICE[n]) * SIZE[n])),
    mean(batch.map((n) => 2 * (w * SIZE[n] + b - PRICE[n]))),
  ],
  step(w, b, rate, batch = EVERY) {
    const [slopeW, slopeB] = this.slopes(w, b, batch);
    return [w - rate * slopeW, b - rate * slopeB];
  },
  // The lowest place, and the bowl around it: its two curvatures, and the direction of the first, the flat one.
  bowl() {
    const [x, y, xx, xy] = [mean(SIZE), mean(PRICE), mean(SIZE.map((s) => s * s)), mean(SIZE.map((s, n) => s * PRICE[n]))];
    const w = (xy - x * y) / (xx - x * x);
    const [middle, far] = [xx + 1, Math.hypot(xx - 1, 2 * x)]; // of the matrix 2xx 2x 2x 2
    const flat = middle - far;
    return { w, b: y - w * x, smallest: this.loss(w, y - w * x), curvatures: [flat, middle + far], turn: Math.atan2(flat - 2 * xx, 2 * x) };
  },
  // The houses of each step: epochs in an order of their own, cut into batches.
  batches(size, seed) {
    const next = chance(seed);
    let waiting = [];
    return () => {
      if (size >= SIZE.length) return EVERY;
      if (waiting.length < size) waiting = next.shuffled(SIZE.length);
      return waiting.splice(0, size);
    };
  },
};

const BOWL = arithmetic.bowl();
const EDGE = 2 / BOWL.curvatures[1];
const EXPLODED = 1e6;
const HAND = 0.1; // the loss to reach by hand
const REST = 60; // steps over which a walk has to stay low
const MAP = { x: [-1.5, 6.5], y: [-2, 4] };

export function build(board) {
  let [w, b] = [0, 0];
  let rate = 0.1;
  let isRattling = false;
  let path = [[0, 0]];
  let losses = [arithmetic.loss(0, 0)];
  let steps = 0;
  let since = 0; // steps at this rate
  let part = 0; // of the way from the last place to this one, as it is drawn
  let [arrives, explodes] = [0, Infinity]; // rates that were tried
  let nextBatch = arithmetic.batches(24, 1);
  let batch = EVERY;

  const goals = board.goals([
    "By hand: turn the line until the loss is under 0.10.",
    "Find the edge: a rate that arrives and one that explodes, less than 5 % apart.",
    `With 6 houses a step, come to rest: on average within 1 % of the smallest loss over ${REST} steps.`,
  ]);

  // The houses
  const houses = board.plot({
    name: "The line", yName: "price in 100,000 euros", xName: "size in 100 m²", x: [0, 1.75], y: [-0.5, 6.5], left: 30,
    label: "Houses as points, a line, and a square on each error.",
  });
  const squares = EVERY.map(() => draw("rect", { class: "residual" }));
  const points = EVERY.map(() => draw("circle", { r: 3.5, class: "house" }));
  const line = draw("path", { class: "model" });
  houses.front.append(...squares, line, ...points);
  const ENDS = [0.1, 1.65];
  const names = ["Left end of the line", "Right end of the line"];
  ENDS.forEach((end, n) => houses.handle({
    name: `${names[n]}: up and down arrows`,
    at() {
      const [atW, atB] = drawnPlace();
      return [end, atW * end + atB];
    },
    keys: [0, 0.01],
    move(_, height) {
      const other = ENDS[1 - n];
      const still = w * other + b;
      const slope = (still - height) / (other - end);
      byHand(slope, still - slope * other);
    },
  }));

  // The landscape: lines of equal loss are ellipses around the lowest place.
  const heights = [...Array(17).keys()].map((n) => BOWL.smallest * 1.04 * 1.5 ** n).reverse();
  const map = board.plot({
    name: "Its place on the landscape", yName: "intercept b", xName: "slope w", ...MAP, left: 30, grid: false,
    label: "A map of the loss: a long narrow valley, and the place of the line.",
    onsize(me) {
      const [across, up] = [me.X(1) - me.X(0), me.Y(1) - me.Y(0)];
      const place = `translate(${me.X(BOWL.w)} ${me.Y(BOWL.b)}) scale(${across} ${up}) rotate(${(BOWL.turn * 180) / Math.PI})`;
      me.back.replaceChildren(
        draw("rect", { x: 0, y: 0, width: me.width, height: me.height, class: "far" }),
        draw("g", { transform: place }, ...heights.map((height) => draw("ellipse", {
          rx: Math.sqrt((2 * (height - BOWL.smallest)) / BOWL.curvatures[0]),
          ry: Math.sqrt((2 * (height - BOWL.smallest)) / BOWL.curvatures[1]),
          class: "height",
        }))),
        draw("path", { d: `M${me.X(BOWL.w) - 5} ${me.Y(BOWL.b) - 5}l10 10m0 -10l-10 10`, class: "lowest" }),
      );
    },
  });
  const trail = draw("path", { class: "trail" });
  const places = draw("path", { class: "places" });
  const arrow = draw("path", { class: "downhill" });
  map.front.append(trail, places, arrow);
  map.handle({
    name: "Place on the map: arrow keys", at: drawnPlace, move: (toW, toB) => byHand(clamp(toW, ...MAP.x), clamp(toB, ...MAP.y)),
    kind: "place", keys: [0.005, 0.005],
  });
  map.press((toW, toB) => byHand(clamp(toW, ...MAP.x), clamp(toB, ...MAP.y)));

  // The loss by steps
  const LOW = Math.log10(0.05);
  const history = board.plot({
    name: "The loss, step by step", yName: "each line ten times the one below", xName: "steps", x: [0, 40], y: [LOW, 2.2], height: 120,
    label: "The loss after each step, on a scale where each line is ten times the one below.", left: 42, bottom: 32,
    rows: [-1, 0, 1, 2, 3, 4, 5, 6], tick: (power) => ({ 0: "1", 2: "100", 4: "10⁴", 6: "10⁶" })[power] ?? "",
    onsize: (me) => me.floor?.(),
  });
  history.floor = () => {
    const low = history.Y(Math.log10(BOWL.smallest));
    history.back.replaceChildren(draw("path", { d: `M${history.X(history.x[0])} ${low}H${history.width}`, class: "floor" }));
  };
  history.figure.classList.add("wide");
  const curve = draw("path", { class: "curve" });
  history.front.append(curve);

  // Controls
  const turned = (each) => shown(each, 2);
  const hands = board.row();
  const sliderW = board.slider({ name: "slope w", min: MAP.x[0], max: MAP.x[1], step: 0.01, value: 0, text: turned, oninput: (each) => byHand(each, b), parent: hands });
  const sliderB = board.slider({ name: "intercept b", min: MAP.y[0], max: MAP.y[1], step: 0.01, value: 0, text: turned, oninput: (each) => byHand(w, each), parent: hands });
  const walking = board.row();
  const sliderRate = board.slider({
    name: "learning rate", min: 0.005, max: 0.8, step: 0.005, value: rate, text: (each) => shown(each, 3),
    oninput: setRate, parent: walking,
  });
  const batchSize = board.choice({
    name: "houses a step", options: [["24", "all 24"], ["6", "6"], ["1", "1"]], value: "24", onchange: setBatch, parent: walking,
  });
  const pressing = board.row();
  const walkButton = board.button("Walk downhill", () => (walk.running ? walk.stop() : start()), pressing);
  walkButton.classList.add("first");
  board.button("One step", () => {
    walk.stop();
    step();
    part = 1;
    board.dirty();
    tell();
  }, pressing);
  board.button("Back to 0, 0", () => {
    walk.stop();
    begin(0, 0);
    tell();
  }, pressing);
  const [setLoss, setSteps, setTried] = board.numbers(["loss", "steps", ""], pressing);

  const walk = board.loop((seconds) => {
    part += seconds * Math.min(60, 5 + steps * 0.5);
    while (part >= 1 && walk.running) {
      step();
      part -= 1;
    }
  }, (isRunning) => {
    walkButton.textContent = isRunning ? "Pause" : "Walk downhill";
    part = 1;
    if (!isRunning) tell();
  });

  function begin(toW, toB) {
    [w, b, steps, since, part] = [toW, toB, 0, 0, 1];
    [path, losses, batch] = [[[w, b]], [arithmetic.loss(w, b)], EVERY];
    setSliders();
    board.dirty();
  }
  function byHand(toW, toB) {
    walk.stop();
    begin(toW, toB);
    if (losses[0] < HAND) goals.reach(0, `The smallest that a line can reach is ${shown(BOWL.smallest, 3)}.`);
    tell();
  }
  function setSliders() {
    sliderW.value = w;
    sliderB.value = b;
  }
  function setRate(to) {
    [rate, since] = [to, 0];
    board.dirty();
  }
  function setBatch(to) {
    nextBatch = arithmetic.batches(Number(to), 1);
    [isRattling, since, batch] = [to !== "24", 0, EVERY];
    board.dirty();
  }
  function start() {
    if (losses.at(-1) > EXPLODED) begin(0, 0);
    if (!board.calm || board.playing) {
      walk.start();
      return;
    }
    for (let n = 0; n < 100 && losses.at(-1) <= EXPLODED; n += 1) step(); // without motion: a hundred at once
    part = 1;
    board.dirty();
    tell();
  }
  function step() {
    batch = nextBatch();
    [w, b] = arithmetic.step(w, b, rate, batch);
    const loss = arithmetic.loss(w, b);
    path.push([w, b]);
    losses.push(loss);
    [steps, since] = [steps + 1, since + 1];
    if (path.length > 600) [path, losses] = [path.slice(-500), losses.slice(-500)];
    if (loss > EXPLODED) {
      if (!isRattling && since > 5 && !board.playing) explodes = Math.min(explodes, rate);
      walk.stop();
    } else if (!isRattling && since >= 10 && loss < 1.1 * BOWL.smallest && !board.playing) arrives = Math.max(arrives, rate);
    if (arrives && explodes <= 1.05 * arrives + 1e-9) {
      goals.reach(1, `It lies between ${shown(arrives, 3)} and ${shown(explodes, 3)}.`);
    }
    if (batchSize.value === "6" && losses.length > REST && since >= 1 && mean(losses.slice(-REST)) < 1.01 * BOWL.smallest && steps > REST) {
      goals.reach(2, "A large rate to get there, a small one to rest: that is what a schedule does.");
    }
    setSliders();
  }

  function drawnPlace() {
    const [from, to] = [path.at(-2) ?? path.at(-1), path.at(-1)];
    const way = clamp(part, 0, 1);
    return [from[0] + way * (to[0] - from[0]), from[1] + way * (to[1] - from[1])];
  }

  const verdict = () => {
    const loss = losses.at(-1);
    if (loss > EXPLODED) return "It has exploded: the loss is over a million.";
    if (since > 3 && losses.length > 4 && loss > 2 * losses.at(-4) && !isRattling) return "Each jump is longer than the last.";
    if (loss < 1.02 * BOWL.smallest) return "It is at the bottom.";
    return "";
  };
  const tell = () => board.say(`Slope ${shown(w)}, intercept ${shown(b)}, loss ${shown(losses.at(-1), 3)}, ${steps} steps. ${verdict()}`);

  board.draws(() => {
    if (!map.width || !houses.width) return;
    const [atW, atB] = drawnPlace();
    const isBound = Number.isFinite(atW) && Math.abs(atW) < 1e5 && Math.abs(atB) < 1e5;
    const inBatch = new Set(batch);
    const unit = houses.Y(0) - houses.Y(1);
    EVERY.forEach((n) => {
      const error = isBound ? atW * SIZE[n] + atB - PRICE[n] : 0;
      const side = Math.min(2000, Math.abs(error) * unit);
      const bottom = houses.Y(PRICE[n] + Math.max(0, error));
      put(squares[n], { x: error > 0 ? houses.X(SIZE[n]) : houses.X(SIZE[n]) - side, y: bottom, width: side, height: side,
        opacity: inBatch.has(n) ? 1 : 0.15 });
      put(points[n], { cx: houses.X(SIZE[n]), cy: houses.Y(PRICE[n]), "fill-opacity": inBatch.has(n) ? 1 : 0.3 });
    });
    put(line, { d: isBound ? `M${houses.X(0)} ${houses.Y(atB)}L${houses.X(1.75)} ${houses.Y(atW * 1.75 + atB)}` : "M0 0" });

    const near = path.filter(([pathW, pathB]) => Math.abs(pathW) < 1e4 && Math.abs(pathB) < 1e4).map(([x, y]) => `${map.X(x).toFixed(1)} ${map.Y(y).toFixed(1)}`);
    const here = isBound ? `${map.X(atW).toFixed(1)} ${map.Y(atB).toFixed(1)}` : near.at(-1);
    put(trail, { d: `M${[...near.slice(0, -1), here].join("L")}` });
    put(places, { d: near.slice(-60).map((place) => `M${place}h0`).join("") });
    const [downW, downB] = arithmetic.step(atW, atB, rate, batch);
    const isShort = walk.running || !isBound || Math.hypot(downW - atW, downB - atB) < 1e-3 || Math.abs(downW) > 1e4;
    put(arrow, { d: isShort ? "" : arrowTo(map.X(atW), map.Y(atB), map.X(downW), map.Y(downB)) });

    const from = steps + 1 - losses.length;
    const last = Math.max(40, steps);
    const high = Math.max(...losses.slice(-300)) > 150 ? 6.3 : 2.2;
    if (history.x[1] !== last || history.y[1] !== high) {
      history.x = [Math.max(0, last - 300), last];
      history.y = [LOW, high];
      history.floor();
      history.axes();
    }
    put(curve, { d: `M${losses.map((loss, n) => `${history.X(from + n).toFixed(1)} ${history.Y(Math.log10(Math.min(loss, 1e9))).toFixed(1)}`).join("L")}` });
    setLoss(shown(losses.at(-1), 3));
    setSteps(String(steps));
    setTried([verdict(), arrives || explodes < Infinity
      ? `Tried so far: ${arrives ? `arrives at ${shown(arrives, 3)}` : ""}${arrives && explodes < Infinity ? ", " : ""}${explodes < Infinity ? `explodes at ${shown(explodes, 3)}` : ""}.` : ""].filter(Boolean).join(" "));
    const along = (value) => `${clamp((100 * (value - 0.005)) / 0.795, 0, 100)}%`;
    sliderRate.bar.style.background = `linear-gradient(to right, var(--green) ${along(arrives)}, transparent ${along(arrives)} ${
      along(explodes)}, var(--red) ${along(explodes)})`;
  });
  // Show me
  let before = null;
  board.showMe(async ({ tell: say, wait }) => {
    before = { w, b, rate, batch: batchSize.value };
    const scene = async (words, to, houseCount, seconds, from = [0, 0]) => {
      walk.stop();
      batchSize.value = houseCount;
      setBatch(houseCount);
      sliderRate.value = to;
      setRate(to);
      if (from) begin(...from);
      say(words);
      if (board.calm) {
        for (let n = 0; n < 40 && losses.at(-1) <= EXPLODED; n += 1) step();
        board.dirty();
      } else walk.start();
      await wait(seconds);
    };
    await scene("A small rate: down to the valley floor, then slowly along it.", 0.1, "24", 2.5);
    await scene("Just below the edge: it leaps across the valley, each time a little less far.", 0.475, "24", 2.5);
    await scene("Just above the edge: each leap is longer than the last.", 0.52, "24", 2.5);
    await scene("One house a step: each pulls its own way, and the walk rattles.", 0.2, "1", 2.5, [2.6, 1]);
    await scene("A smaller rate, and it comes to rest.", 0.02, "1", 2.5, null);
  }, () => {
    if (!before) return;
    batchSize.value = before.batch;
    setBatch(before.batch);
    sliderRate.value = before.rate;
    setRate(before.rate);
    begin(before.w, before.b);
    before = null;
  });

  return () => { // for the picture
    begin(-0.2, 0.3);
    sliderRate.value = 0.45;
    setRate(0.45);
    for (let n = 0; n < 7; n += 1) step();
    part = 1;
    board.dirty();
  };
}

function arrowTo(x, y, toX, toY) {
  const turn = Math.atan2(toY - y, toX - x);
  const wing = (side) => `${toX - 9 * Math.cos(turn + side)} ${toY - 9 * Math.sin(turn + side)}`;
  return `M${x} ${y}L${toX} ${toY}M${wing(0.45)}L${toX} ${toY}L${wing(-0.45)}`;
}
