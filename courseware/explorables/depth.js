// Lesson 11: what is left of the signal, and of its blame, after many layers that were only drawn and never trained.
import { chance, clamp, draw, make, put, shown, tenTo } from "./kit.js";

const INPUTS = 64;
const WIDTH = 32;
const CLASSES = 10;
const EXAMPLES = 24;
const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const ACTIVATIONS = { // each with its slope, from the weighted sum
  relu: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0)],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
};

// (rows, middle) times (middle, columns), both as flat arrays
function times(a, b, rows, middle, columns) {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    for (let k = 0; k < middle; k += 1) {
      const factor = a[i * middle + k];
      if (factor === 0) continue;
      for (let j = 0; j < columns; j += 1) out[i * columns + j] += factor * b[k * columns + j];
    }
  }
  return out;
}
function turned(a, rows, columns) {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i += 1) for (let j = 0; j < columns; j += 1) out[j * rows + i] = a[i * columns + j];
  return out;
}
const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
const size = (values) => norm(values) / Math.sqrt(values.length);
const GREEN = 10; // the green band allows this factor either way,
const PER_LAYER = 1.05; // and so much more for each layer: a product that runs away leaves it, one that wanders does not

const known = new Map(); // what was drawn for a seed, since a slider asks for it again and again
function normals(seed, depth) {
  if (known.size > 20) known.clear();
  if (!known.has(seed)) {
    const [next, end] = [chance(seed), chance(seed + 7919)];
    const x = Float64Array.from({ length: EXAMPLES * INPUTS }, () => next());
    known.set(seed, { next, x, tables: [], last: Float64Array.from({ length: WIDTH * CLASSES }, () => end.normal()) });
  }
  const { next, tables } = known.get(seed);
  while (tables.length < depth) tables.push(Float64Array.from({ length: (tables.length ? WIDTH : INPUTS) * WIDTH }, () => next.normal()));
  return known.get(seed);
}

export const arithmetic = {
  // How many times too large or too small still lies in the green band of a network of so many layers.
  allowed: (depth) => GREEN * PER_LAYER ** depth,
  shape: { inputs: INPUTS, width: WIDTH, classes: CLASSES, examples: EXAMPLES },
  // Inputs between 0 and 1, labels, and a table of weights for each layer, drawn with `spread` times that of He. The same
  // seed has the same first layers at any depth.
  drawn(depth, spread, seed) {
    const { x, tables, last } = normals(seed, depth);
    const scaled = (table, fan) => {
      const by = spread * Math.sqrt(2 / fan);
      return table.map((each) => by * each);
    };
    const labels = [...Array(EXAMPLES).keys()].map((n) => n % CLASSES);
    const weights = [...tables.slice(0, depth).map((table, n) => scaled(table, n ? WIDTH : INPUTS)), scaled(last, WIDTH)];
    return { x, labels, weights };
  },
  // Forward and back once. The typical size of each layer's values, input first, and the norm of each hidden layer's gradient.
  passes({ x, labels, weights }, { kind, normalize, shortcut }) {
    const [act, slope] = ACTIVATIONS[kind];
    const kept = [];
    let h = x;
    weights.slice(0, -1).forEach((w, layer) => {
      const fan = layer ? WIDTH : INPUTS;
      const z = times(h, w, EXAMPLES, fan, WIDTH);
      const roots = new Float64Array(WIDTH).fill(1);
      if (normalize) {
        for (let unit = 0; unit < WIDTH; unit += 1) {
          let [sum, squares] = [0, 0];
          for (let n = 0; n < EXAMPLES; n += 1) sum += z[n * WIDTH + unit];
          for (let n = 0; n < EXAMPLES; n += 1) squares += (z[n * WIDTH + unit] - sum / EXAMPLES) ** 2;
          roots[unit] = Math.sqrt(squares / EXAMPLES + 0.001);
          for (let n = 0; n < EXAMPLES; n += 1) z[n * WIDTH + unit] = (z[n * WIDTH + unit] - sum / EXAMPLES) / roots[unit];
        }
      }
      const out = z.map(act);
      if (shortcut && layer) for (let n = 0; n < out.length; n += 1) out[n] += h[n];
      kept.push({ h, z, roots, fan });
      h = out;
    });
    const last = weights.at(-1);
    const sums = times(h, last, EXAMPLES, WIDTH, CLASSES);
    let blame = new Float64Array(EXAMPLES * CLASSES);
    for (let n = 0; n < EXAMPLES; n += 1) {
      const row = sums.slice(n * CLASSES, (n + 1) * CLASSES);
      const top = Math.max(...row);
      const powers = row.map((each) => Math.exp(each - top));
      const total = powers.reduce((sum, each) => sum + each, 0);
      powers.forEach((each, c) => { blame[n * CLASSES + c] = (each / total - (c === labels[n] ? 1 : 0)) / EXAMPLES; });
    }
    const signal = [...kept.map((each) => size(each.h)), size(h)];
    const pictures = [...kept.slice(1).map((each) => each.h.slice(0, WIDTH)), h.slice(0, WIDTH)]; // of the first example
    blame = times(blame, turned(last, WIDTH, CLASSES), EXAMPLES, CLASSES, WIDTH);
    const gradient = [];
    for (let layer = kept.length - 1; layer >= 0; layer -= 1) {
      const { h: before, z, roots, fan } = kept[layer];
      const through = blame.map((each, n) => each * slope(z[n]));
      if (normalize) { // mean and spread depend on every example
        for (let unit = 0; unit < WIDTH; unit += 1) {
          let [sum, along] = [0, 0];
          for (let n = 0; n < EXAMPLES; n += 1) {
            sum += through[n * WIDTH + unit] / EXAMPLES;
            along += (through[n * WIDTH + unit] * z[n * WIDTH + unit]) / EXAMPLES;
          }
          for (let n = 0; n < EXAMPLES; n += 1) {
            const at = n * WIDTH + unit;
            through[at] = (through[at] - sum - z[at] * along) / roots[unit];
          }
        }
      }
      gradient.unshift(norm(times(turned(before, EXAMPLES, fan), through, fan, EXAMPLES, WIDTH)));
      if (!layer) break;
      const back = times(through, turned(weights[layer], WIDTH, WIDTH), EXAMPLES, WIDTH, WIDTH);
      if (shortcut) for (let n = 0; n < back.length; n += 1) back[n] += blame[n];
      blame = back;
    }
    return { signal, gradient, pictures };
  },
};

const FLOOR = 1e-30;
const power = (value) => Math.log10(clamp(value, FLOOR, 1e30));

export function build(board) {
  let how = { kind: "relu", normalize: false, shortcut: false, depth: 30, spread: 0.5 };
  let seed = 1;
  let found = null;
  let ghosts = [];
  let ghostLater = 0;

  const goals = board.goals([
    "Thirty layers of ReLU, no cure: a signal that stays in the green band, in every layer.",
    "Thirty layers of sigmoid: the gradient of the first layer within a factor of 100 of the last one's.",
    "A hundred layers of ReLU at twice He's spread: signal and gradient in the green band, in every layer.",
  ]);

  const tick = (exponent) => (Number.isInteger(exponent) ? tenTo(exponent) : "");
  const panel = (name, yName, label) => {
    const me = board.plot({ name, yName, label, xName: "layer", x: [0, 30], y: [-3, 3], tick, left: 42, onsize: (each) => each.band?.() });
    const [shade, ghost, line] = ["healthy", "ghost", "curve"].map((kind) => draw("path", { class: kind }));
    me.back.append(shade);
    me.front.append(ghost, line);
    me.band = () => {
      const edge = power(arithmetic.allowed(how.depth));
      put(shade, { d: `M${me.X(me.x[0])} ${me.Y(edge)}H${me.width}V${me.Y(-edge)}H${me.X(me.x[0])}Z` });
    };
    return { me, ghost, line };
  };
  const forward = panel("The signal goes forward", "typical size of the values", "The size of the signal in each layer.");
  const back = panel("The blame comes back", "norm of the gradient", "The norm of the gradient in each layer.");
  const film = board.plot({
    name: "One example on its way", yName: "each row a unit, each column a layer", label: "The values of one example in all layers.",
    x: [0, 30], y: [0, WIDTH], height: 84, left: 42, bottom: 0, top: 0, axes: false,
  });
  film.figure.classList.add("wide");
  const canvas = make("canvas", { class: "film", "aria-hidden": "true", width: 30, height: WIDTH });
  film.box.prepend(canvas);

  const first = board.row();
  const kind = board.choice({
    name: "activation", options: [["relu", "ReLU"], ["tanh", "tanh"], ["sigmoid", "sigmoid"]], value: how.kind, parent: first,
    onchange: (to) => change({ kind: to }),
  });
  const normalize = board.toggle({ name: "batch normalization", parent: first, onchange: (to) => change({ normalize: to }) });
  const shortcut = board.toggle({ name: "shortcuts", parent: first, onchange: (to) => change({ shortcut: to }) });
  const second = board.row();
  const spread = board.slider({
    name: "spread of the first weights", min: 0.3, max: 2.5, step: 0.05, value: how.spread, text: (each) => `${shown(each)} × He`,
    oninput: (to) => change({ spread: to }), parent: second,
  });
  const depth = board.slider({ name: "layers", min: 2, max: 100, step: 1, value: how.depth, text: String, oninput: (to) => change({ depth: to }), parent: second });
  const third = board.row();
  board.button("Draw new weights", () => {
    seed += 1;
    change({});
  }, third).classList.add("first");
  const [setSignal, setGradient, setBand] = board.numbers(["signal, last layer / input", "gradient, first layer", "green: times or divided by, at most"], third);

  const compute = (from) => arithmetic.passes(arithmetic.drawn(how.depth, how.spread, from), how);
  function change(to) {
    how = { ...how, ...to };
    found = compute(seed);
    ghosts = [];
    clearTimeout(ghostLater);
    const more = () => { // other draws, one by one, once nothing is dragged
      if (ghosts.length >= 6) return;
      ghosts.push(compute(1000 * seed + ghosts.length));
      board.dirty();
      ghostLater = setTimeout(more, 30);
    };
    ghostLater = setTimeout(more, 250);
    const { signal, gradient } = found;
    const parts = signal.slice(1).map((each) => each / signal[0]);
    const isPlain = !how.normalize && !how.shortcut;
    const edge = arithmetic.allowed(how.depth);
    const inBand = (values) => values.every((each) => each > 1 / edge && each < edge);
    if (how.kind === "relu" && isPlain && how.depth === 30 && inBand(parts)) {
      goals.reach(0, "√(2/n) makes up for what ReLU cuts off.");
    }
    const ratio = gradient[0] / gradient.at(-1);
    if (how.kind === "sigmoid" && how.depth === 30 && ratio > 0.01 && ratio < 100) {
      goals.reach(1, how.shortcut ? "The shortcut is a path with thirty factors of 1." : "");
    }
    if (how.kind === "relu" && how.depth === 100 && how.spread === 2 && inBand(parts) && inBand(gradient)) {
      goals.reach(2, how.normalize && how.shortcut ? "The two together hold where each alone does not." : "");
    }
    board.dirty();
    board.say(`Signal in the last layer ${shownPower(parts.at(-1))} of the input, gradient of the first layer ${shownPower(gradient[0])}; the green band ends at ${shown(edge, 0)}.`);
  }
  const shownPower = (value) => {
    if (!Number.isFinite(value)) return "beyond all bounds";
    if (value <= FLOOR) return "0";
    const exponent = Math.floor(Math.log10(value));
    return exponent > -3 && exponent < 4 ? shown(value, exponent < 0 ? 3 : exponent < 2 ? 2 : 0) : `${(value / 10 ** exponent).toFixed(0)} × ${tick(exponent)}`;
  };

  function show({ me, ghost, line }, values, others, begins) {
    const all = [values, ...others].flat().map(power);
    const low = Math.min(-3, Math.floor(Math.min(...all)) - 0.3);
    const high = Math.max(3, Math.ceil(Math.max(...all)) + 0.3);
    if (me.y[0] !== low || me.y[1] !== high || me.x[1] !== how.depth) {
      [me.x, me.y] = [[0, how.depth], [low, high]];
      me.axes();
    }
    me.band();
    const path = (each) => `M${each.map((value, n) => `${me.X(n + begins).toFixed(1)} ${me.Y(power(value)).toFixed(1)}`).join("L")}`;
    put(line, { d: path(values) });
    put(ghost, { d: others.map(path).join("") });
  }
  board.draws(() => {
    if (!forward.me.width || !found) return;
    const relative = ({ signal }) => signal.map((each) => each / signal[0]);
    show(forward, relative(found), ghosts.map(relative), 0);
    show(back, found.gradient, ghosts.map(({ gradient }) => gradient), 1);
    setSignal(shownPower(relative(found).at(-1)));
    setGradient(shownPower(found.gradient[0]));
    setBand(shown(arithmetic.allowed(how.depth), 0));
    const isDark = board.root.dataset.look === "dark";
    const paper = isDark ? [28, 34, 41] : [243, 246, 249];
    canvas.width = how.depth;
    const context = canvas.getContext("2d");
    const image = context.createImageData(how.depth, WIDTH);
    found.pictures.forEach((values, layer) => {
      for (let unit = 0; unit < WIDTH; unit += 1) {
        const value = values[unit] / found.signal[0];
        const part = Number.isFinite(value) ? clamp(Math.abs(value) / 2.2, 0, 1) : 1;
        const ink = Math.abs(value) > 30 || !Number.isFinite(value) ? [213, 94, 0] : value < 0 ? [204, 121, 167] : isDark ? [86, 180, 233] : [0, 114, 178];
        const at = 4 * (unit * how.depth + layer);
        for (let c = 0; c < 3; c += 1) image.data[at + c] = paper[c] + part * (ink[c] - paper[c]);
        image.data[at + 3] = 255;
      }
    });
    context.putImageData(image, 0, 0);
  });

  let before = null;
  function set(to) {
    kind.value = to.kind;
    [normalize.checked, shortcut.checked] = [to.normalize, to.shortcut];
    [spread.value, depth.value] = [to.spread, to.depth];
    change(to);
  }
  board.showMe(async ({ tell: say, wait, glide }) => {
    before = { ...how };
    const bare = { kind: "relu", normalize: false, shortcut: false, depth: 30, spread: 0.5 };
    set(bare);
    say("Half of He's spread: each layer halves the signal.");
    await wait(1.8);
    say("Twice of it: each layer doubles it. In between lies a spread that holds.");
    await glide(1.6, (part) => set({ ...bare, spread: Math.round(20 * (0.5 + 1.5 * part)) / 20 }));
    await glide(1, (part) => set({ ...bare, spread: Math.round(20 * (2 - part)) / 20 }));
    await wait(0.8);
    say("A hundred layers, no cure, 1.2 times He's spread: a fifth more at each layer is too much.");
    set({ ...bare, spread: 1.2, depth: 100 });
    await wait(2);
    say("With shortcuts alone everything grows faster still.");
    set({ ...bare, spread: 1.2, depth: 100, shortcut: true });
    await wait(2);
    say("With batch normalization as well, it holds.");
    set({ ...bare, spread: 1.2, depth: 100, shortcut: true, normalize: true });
    await wait(2.4);
  }, () => {
    if (!before) return;
    const to = before;
    before = null;
    set(to);
  });

  change({});
  return () => set({ kind: "relu", normalize: false, shortcut: false, depth: 30, spread: 0.85 });
}
