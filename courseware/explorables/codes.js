// Lesson 07: the decoder of the map of digits draws what belongs to any two numbers. WEIGHTS, its own, come from codes.weights.json.
import { clamp, draw, make, put, shown } from "./kit.js";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const FRAMES = 9; // drawings of a walk
function bytes(text) {
  const raw = atob(text);
  return Uint8Array.from({ length: raw.length }, (_, n) => raw.charCodeAt(n));
}
const LAYERS = WEIGHTS.layers.map(({ weights, scale, bias }) => ({
  w: Float32Array.from(new Int8Array(bytes(weights).buffer), (each) => each * scale), bias: Float32Array.from(bias), // w: [input][unit]
}));
const pictures = bytes(WEIGHTS.samples);
// Test pictures with the codes that the encoder gives them, and a stroke that is no digit.
const SAMPLES = WEIGHTS.sampleCodes.map((code, n) => ({ code, picture: Float32Array.from(pictures.slice(n * PIXELS, (n + 1) * PIXELS), (each) => each / 255) }));
const STROKE = Float32Array.from({ length: PIXELS }, (_, at) => {
  const [row, column] = [Math.floor(at / SIDE), at % SIDE];
  return row >= 10 && row < 18 && (column === 13 || column === 14) ? 0.9 : 0;
});

export const arithmetic = {
  LAYERS, SAMPLES, STROKE,
  codes: WEIGHTS.codes, labels: WEIGHTS.labels, average: WEIGHTS.average,
  decode(place) {
    let x = place;
    LAYERS.forEach(({ w, bias }, layer) => {
      const out = Float32Array.from(bias);
      for (let i = 0; i < x.length; i += 1) {
        if (x[i] === 0) continue; // ReLU has cut it off
        for (let j = 0, at = i * out.length; j < out.length; j += 1) out[j] += x[i] * w[at + j];
      }
      const isLast = layer === LAYERS.length - 1;
      for (let j = 0; j < out.length; j += 1) out[j] = isLast ? 1 / (1 + Math.exp(-out[j])) : Math.max(0, out[j]);
      x = out;
    });
    return x;
  },
  error: (a, b) => a.reduce((sum, value, n) => sum + (value - b[n]) ** 2, 0) / a.length,
  apart: (a, b) => Math.sqrt(a.reduce((sum, value, n) => sum + (value - b[n]) ** 2, 0)),
  // Drawings at even steps from one place to another.
  walk(from, to) {
    return [...Array(FRAMES).keys()].map((n) => this.decode(from.map((each, k) => each + ((to[k] - each) * n) / (FRAMES - 1))));
  },
  // The numeral that most of the nearest test pictures are.
  near(place) {
    const order = this.codes.map((code, n) => [this.apart(code, place), this.labels[n]]).sort(([a], [b]) => a - b).slice(0, 7);
    const votes = new Map();
    for (const [, label] of order) votes.set(label, (votes.get(label) ?? 0) + 1);
    return [...votes].sort((a, b) => b[1] - a[1])[0][0];
  },
};

const MAP = { x: [-25, 11], y: [-23, 13] };
const CELLS = 18; // drawings in a row of the whole map
const COLOURS = ["blue", "red", "green", "purple", "muted"];

export function build(board) {
  let [here, there] = [[-12, -15], [6, -5]];
  let wanted = 0; // a sample, or 3 for the stroke
  let isMoved = false; // by the reader: a goal that is met from the start would tell nothing

  const goals = board.goals([
    "Be the encoder: find a place that draws the 3 with an error of 0.036 or less.",
    "A cliff: the two ends of the walk at most 1 apart on the map, and their drawings more than 2 apart.",
    "The stroke is no digit. Let it pass: find a place with an error of 0.028 or less, far below that of digits on average.",
  ]);

  const map = board.plot({
    name: "The map", yName: "orange-red: here; orange: the other end", ...MAP, square: true, grid: false, most: 900, left: 30, xName: "first number",
    label: "A map of numerals, the places that the encoder gives to test pictures.", onsize: (me) => lay(me),
  });
  const numerals = arithmetic.labels.map((label) => draw("text", {
    "text-anchor": "middle", style: `fill: var(--${COLOURS[label % 5]}); font-size: 12px; font-weight: 600`,
  }, String(label)));
  const numeralGroup = draw("g", {}, ...numerals);
  map.back.append(numeralGroup);
  const whole = make("canvas", { width: CELLS * SIDE, height: CELLS * SIDE, class: "pixels", "aria-hidden": "true" });
  map.box.prepend(whole);
  map.image.setAttribute("style", "position: relative"); // above it
  const way = draw("path", { style: "stroke: var(--ink); stroke-width: 2; stroke-dasharray: 3 4" });
  map.front.append(way);
  function lay(me) {
    arithmetic.codes.forEach(([x, y], n) => put(numerals[n], { x: me.X(x).toFixed(1), y: (me.Y(y) + 4).toFixed(1) }));
    const [left, top] = [me.X(MAP.x[0]), me.Y(MAP.y[1])];
    whole.setAttribute("style", `display: ${mosaic.checked ? "block" : "none"}; left: ${left}px; top: ${top}px; width: ${me.X(MAP.x[1]) - left}px; height: ${me.Y(MAP.y[0]) - top}px; border: 0; border-radius: 0`);
  }
  const handle = (name, colour, get, set) => {
    const made = map.handle({ name, at: get, keys: [0.01, 0.01], move: (x, y) => move(() => set([clamp(x, ...MAP.x), clamp(y, ...MAP.y)])) });
    if (colour) made.setAttribute("style", `--red: var(--${colour})`);
    return made;
  };
  const thereHandle = handle("Other end", "orange", () => there, (to) => { there = to; });
  const hereHandle = handle("Here", "", () => here, (to) => { here = to; });
  map.press((x, y) => move(() => { here = [clamp(x, ...MAP.x), clamp(y, ...MAP.y)]; }));

  const column = make("div", {});
  board.panels.append(column);
  const bare = { parent: column, axes: false, left: 0, right: 0, top: 0, bottom: 0 };
  const pair = board.plot({ ...bare, name: "The picture, and what is drawn here", x: [0, 2], y: [0, 1], ratio: 0.5, label: "A picture beside the drawing." });
  const surface = (plot, style, width = SIDE, height = SIDE) => {
    const made = make("canvas", { width, height, class: "pixels", "aria-hidden": "true", style });
    plot.box.prepend(made);
    return made;
  };
  const target = surface(pair, "left: 0; width: calc(50% - 4px); height: auto");
  const drawing = surface(pair, "left: calc(50% + 4px); width: calc(50% - 4px); height: auto");
  const film = board.plot({
    ...bare, name: "A walk from here to the other end", yName: "below it: the two ends, faded", x: [0, FRAMES], y: [0, 1], ratio: 2 / FRAMES + 0.12,
    label: "Nine drawings from here to the other end.",
  });
  const strip = surface(film, `left: 0; width: 100%; height: auto; aspect-ratio: ${FRAMES} / 2; border: 0; border-radius: 0`, FRAMES * SIDE, 2 * SIDE);
  const bars = draw("path", { style: "stroke: var(--blue); stroke-width: 10" });
  const even = draw("path", { class: "floor" });
  film.front.append(bars, even);
  column.append(make("p", { class: "name" }, "Bars: how much each step changes the drawing. Dashed: each step of the fade."));

  const first = board.row();
  const choice = board.choice({
    name: "picture", options: [["0", "a 3"], ["1", "an 8"], ["2", "a 0"], ["3", "a stroke"]], value: "0", parent: first,
    onchange(to) {
      wanted = Number(to);
      changed();
    },
  });
  const mosaic = board.toggle({ name: "draw the whole map", parent: first, onchange: () => board.dirty() });
  const second = board.row();
  const [setError, setEncoder, setApart] = board.numbers(["error here", "", ""], second);

  const picture = () => (wanted < 3 ? SAMPLES[wanted].picture : STROKE);
  let drawn = null; // all that is drawn for the places as they are
  function compute() {
    const frames = arithmetic.walk(here, there);
    return {
      frames, error: arithmetic.error(frames[0], picture()),
      steps: frames.slice(1).map((frame, n) => arithmetic.apart(frame, frames[n])),
      direct: arithmetic.apart(frames[0], frames.at(-1)), onMap: arithmetic.apart(here, there),
    };
  }
  const encoders = SAMPLES.map((sample) => arithmetic.error(arithmetic.decode(sample.code), sample.picture));
  const four = (value) => shown(value, 4);
  function move(doIt) {
    doIt();
    isMoved = true;
    changed();
  }
  function changed() {
    drawn = compute();
    if (isMoved) {
      if (wanted === 0 && drawn.error <= 0.036) {
        goals.reach(0, "The encoder does it in one go. But it is one network for all pictures: can you beat it?");
      }
      if (drawn.onMap <= 1.0001 && drawn.direct > 2) goals.reach(1, "Where kinds crowd, the drawing changes fast.");
      if (wanted === 3 && drawn.error <= 0.028) {
        goals.reach(2, "Little ink, little error: what is badly rebuilt stands out, not what is new.");
      }
    }
    board.dirty();
    tell();
  }
  function tell() {
    if (board.playing) return; // the captions are to be heard
    board.say(`Here, among pictures of ${arithmetic.near(here)}, the error is ${four(drawn.error)}. The other end is among pictures of ${arithmetic.near(there)}. ${apartWords()}`);
  }
  const apartWords = () => `${shown(drawn.onMap)} apart on the map, the drawings ${shown(drawn.direct)} apart.`;

  function paint(canvas, ink, width, height) {
    const isDark = board.root.dataset.look === "dark";
    const [back, front] = isDark ? [[32, 38, 45], [240, 243, 246]] : [[255, 255, 255], [20, 24, 28]];
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    for (let row = 0, at = 0; row < height; row += 1) {
      for (let across = 0; across < width; across += 1, at += 4) {
        const part = ink(row, across);
        for (let c = 0; c < 3; c += 1) image.data[at + c] = back[c] + part * (front[c] - back[c]);
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }
  let painted = ""; // the look of the whole map, which is drawn once
  function paintWhole() {
    if (painted === board.root.dataset.look) return;
    painted = board.root.dataset.look;
    const at = (range, n) => range[0] + ((n + 0.5) * (range[1] - range[0])) / CELLS;
    const all = [...Array(CELLS * CELLS).keys()].map((n) => arithmetic.decode([at(MAP.x, n % CELLS), at(MAP.y, CELLS - 1 - Math.floor(n / CELLS))]));
    paint(whole, (row, across) => all[CELLS * Math.floor(row / SIDE) + Math.floor(across / SIDE)][SIDE * (row % SIDE) + (across % SIDE)], CELLS * SIDE, CELLS * SIDE);
  }
  board.draws(() => {
    if (!map.width || !film.width) return;
    const { frames, steps, direct, error } = drawn;
    whole.style.display = mosaic.checked ? "block" : "none";
    if (mosaic.checked) paintWhole();
    put(numeralGroup, { visibility: mosaic.checked ? "hidden" : "visible" });
    put(way, { d: `M${map.X(here[0]).toFixed(1)} ${map.Y(here[1]).toFixed(1)}L${map.X(there[0]).toFixed(1)} ${map.Y(there[1]).toFixed(1)}` });
    const one = (values) => (row, across) => values[SIDE * row + across];
    paint(target, one(picture()), SIDE, SIDE);
    paint(drawing, one(frames[0]), SIDE, SIDE);
    paint(strip, (row, across) => {
      const [frame, pixel] = [Math.floor(across / SIDE), SIDE * (row % SIDE) + (across % SIDE)];
      if (row < SIDE) return frames[frame][pixel];
      const part = frame / (FRAMES - 1);
      return (1 - part) * frames[0][pixel] + part * frames.at(-1)[pixel];
    }, FRAMES * SIDE, 2 * SIDE);
    const [low, high] = [film.height, (2 * film.width) / FRAMES + 6];
    const unit = (low - high) / 3 / Math.max(1e-6, direct / (FRAMES - 1));
    put(bars, { d: steps.map((step, n) => `M${((n + 1) * film.width) / FRAMES} ${low}V${Math.max(high, low - unit * step).toFixed(1)}`).join("") });
    put(even, { d: `M0 ${low - (low - high) / 3}H${film.width}` });
    const place = (words, [x, y]) => `${words}, at ${shown(x, 1)} and ${shown(y, 1)}, among pictures of ${arithmetic.near([x, y])}: arrow keys`;
    hereHandle.setAttribute("aria-label", place("Here", here));
    thereHandle.setAttribute("aria-label", place("Other end", there));
    setError(four(error));
    setEncoder(wanted < 3 ? `at the encoder's place ${four(encoders[wanted])}` : `of digits on average ${four(arithmetic.average)}`);
    setApart(apartWords());
  });

  let kept = null;
  board.showMe(async ({ tell: say, wait, glide }) => {
    kept = { here, there, whole: mosaic.checked };
    const go = async (seconds, to, set) => {
      const from = here;
      await glide(seconds, (part) => {
        here = from.map((each, k) => each + part * (to[k] - each));
        set?.();
        changed();
      });
    };
    [here, there, mosaic.checked] = [[-12, -15], [6, -5], false]; // the picture stays as it is
    changed();
    say("Two numbers are a place, and every place is a drawing.");
    await go(3, [-2, 1]);
    await wait(0.6);
    say("On the walk the stroke changes shape. Faded, one shines through the other.");
    await wait(2);
    say("And this is all that it can draw.");
    mosaic.checked = true;
    changed();
    await go(2.4, [-21, 2]);
    await wait(1.6);
  }, () => {
    if (!kept) return;
    ({ here, there } = kept);
    [mosaic.checked, kept] = [kept.whole, null];
    changed();
  });

  changed();
  return () => {
    [here, there, wanted] = [[6, -4.6], [-13, -16], 2];
    changed();
  };
}
