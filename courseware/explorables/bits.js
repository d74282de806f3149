// Lesson 12: the digit network with fewer weights and fewer bits. WEIGHTS, its own and the digits of its test, come from
// bits.weights.json.
import { draw, make, put, shown } from "./kit.js";
import { canvas, drawingPad, inkBox, PAD, paperAndInk, resampled } from "./pad.js";

const CODE = new Uint8Array(128);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((letter, n) => { CODE[letter.charCodeAt(0)] = n; });
const code = (text, at) => CODE[text.charCodeAt(at)];
const WIDTHS = [64, 256, 256, 10];
const LAYERS = WEIGHTS.layers.map(({ letters, millionths, bias }) => ({
  w: Float64Array.from({ length: letters.length / 2 }, (_, n) => (
    ((64 * code(letters, 2 * n) + code(letters, 2 * n + 1) - 2047) * millionths[n % millionths.length]) / 1e6)),
  b: Float64Array.from(bias),
}));
const COUNT = LAYERS.reduce((sum, { w }) => sum + w.length, 0);
const UNITS = LAYERS.reduce((sum, { b }) => sum + b.length, 0);
// A letter is a pixel with 1 to 16 of ink, or stands for a row of empty ones.
const PICTURES = new Uint8Array(64 * WEIGHTS.labels.length);
for (let n = 0, at = 0; n < WEIGHTS.digits.length; n += 1) {
  const each = code(WEIGHTS.digits, n);
  if (each <= 16) PICTURES[at] = each;
  at += Math.max(1, each - 16);
}
const LABELS = Array.from(WEIGHTS.labels, Number);
const LOUD = LAYERS[0].w.reduce((best, each, n) => (Math.abs(each) > Math.abs(LAYERS[0].w[best]) ? n : best), 0) % WIDTHS[1];
const FLOAT = 32;

const sizes = [[1, LAYERS]]; // the networks by the loudness of one unit, each with its weights' sizes in order
const ordered = new Map();
function sorted(net) {
  if (!ordered.has(net)) {
    const all = new Float64Array(COUNT);
    let at = 0;
    for (const { w } of net) {
      all.set(w, at);
      at += w.length;
    }
    ordered.set(net, all.map(Math.abs).sort());
  }
  return ordered.get(net);
}
// Adds some rows of a matrix, times a value each, four at a time: it is faster so.
function addRows(to, w, rows, values, count) {
  const width = to.length;
  for (let n = count; n < count + 3; n += 1) [rows[n], values[n]] = [0, 0];
  for (let k = 0; k < count; k += 4) {
    const [a, b, c, d] = [values[k], values[k + 1], values[k + 2], values[k + 3]];
    const [i, j, l, m] = [rows[k] * width, rows[k + 1] * width, rows[k + 2] * width, rows[k + 3] * width];
    for (let n = 0; n < width; n += 1) to[n] += a * w[i + n] + b * w[j + n] + c * w[l + n] + d * w[m + n];
  }
}
// How many bytes a list of counts takes at least, each number with a code of its own, the shorter the more often it comes.
const codeBytes = (counts) => {
  const total = counts.reduce((sum, each) => sum + each, 0);
  return counts.reduce((sum, each) => sum - (each ? each * Math.log2(each / total) : 0), 0) / 8;
};

export const arithmetic = {
  LAYERS, PICTURES, LABELS, LOUD,
  // The same network with one unit's way in so many times as large, its way out as many times smaller: not an answer changes.
  louder(times) {
    const known = sizes.find(([each]) => each === times);
    if (known) return known[1];
    const [first, second] = LAYERS;
    const net = [
      { w: first.w.map((each, n) => (n % 256 === LOUD ? each * times : each)), b: first.b.map((each, n) => (n === LOUD ? each * times : each)) },
      { w: second.w.map((each, n) => (Math.floor(n / 256) === LOUD ? each / times : each)), b: second.b },
      LAYERS[2],
    ];
    sizes.push([times, net]);
    return net;
  },
  // First the part `gone` of all weights, those closest to zero, becomes zero; then all are rounded to whole numbers of so many
  // bits, times a scale: one for all, or one for each unit. Returns the network that is read back, and what it takes to store.
  shrunk({ gone, bits, scales, loud }) {
    const net = this.louder(loud);
    const order = sorted(net);
    const limit = gone ? order[Math.floor(gone * COUNT) - 1] : 0;
    const top = 2 ** (bits - 1) - 1;
    const all = order[COUNT - 1] / top;
    const counts = new Array(bits === FLOAT ? 2 : 2 * top + 1).fill(0);
    const steps = [];
    const layers = net.map(({ w, b }) => {
      const units = b.length;
      const step = new Float64Array(units).fill(scales === "one" ? all : 0);
      if (scales !== "one") {
        w.forEach((each, n) => {
          const size = Math.abs(each);
          if (size > limit && size > step[n % units] * top) step[n % units] = size / top;
        });
      }
      steps.push(step);
      const kept = new Float64Array(w.length);
      for (let n = 0, unit = 0; n < w.length; n += 1, unit = unit + 1 === units ? 0 : unit + 1) {
        const each = w[n];
        const isGone = (each < 0 ? -each : each) <= limit;
        if (bits === FLOAT) {
          kept[n] = isGone ? 0 : each;
          counts[isGone ? 0 : 1] += 1;
        } else {
          const whole = isGone || !step[unit] ? 0 : Math.round(each / step[unit]);
          kept[n] = whole * step[unit];
          counts[whole + top] += 1;
        }
      }
      return { w: kept, b };
    });
    const rest = 4 * UNITS + (bits === FLOAT ? 0 : 4 * (scales === "one" ? 1 : UNITS)); // biases and scales
    return {
      layers, steps,
      zeros: (bits === FLOAT ? counts[0] : counts[top]) / COUNT,
      plain: (COUNT * bits) / 8 + rest,
      packed: codeBytes(counts) + (bits === FLOAT ? 4 * counts[1] : 0) + rest,
    };
  },
  // A function from the 64 pixels at a place to the ten scores.
  reader(layers) {
    const [first, second, third] = layers;
    const start = Float64Array.from(first.b); // an empty pixel is -1 for the network
    first.w.forEach((each, n) => { start[n % 256] -= each; });
    const [one, two, three] = [256, 256, 10].map((each) => new Float64Array(each));
    const [rows, values] = [new Int32Array(260), new Float64Array(260)];
    return (pictures, at = 0) => {
      let count = 0;
      for (let n = 0; n < 64; n += 1) if (pictures[at + n]) [rows[count], values[count], count] = [n, pictures[at + n] / 8, count + 1];
      one.set(start);
      addRows(one, first.w, rows, values, count);
      count = 0;
      for (let n = 0; n < 256; n += 1) if (one[n] > 0) [rows[count], values[count], count] = [n, one[n], count + 1];
      two.set(second.b);
      addRows(two, second.w, rows, values, count);
      count = 0;
      for (let n = 0; n < 256; n += 1) if (two[n] > 0) [rows[count], values[count], count] = [n, two[n], count + 1];
      three.set(third.b);
      addRows(three, third.w, rows, values, count);
      return three;
    };
  },
  answers(layers) {
    const scores = this.reader(layers);
    return LABELS.map((_, n) => best(scores(PICTURES, 64 * n)));
  },
  right: (answers) => answers.filter((each, n) => each === LABELS[n]).length,
  probabilities(layers, picture) {
    const scores = Array.from(this.reader(layers)(picture));
    const powers = scores.map((each) => Math.exp(each - Math.max(...scores)));
    const sum = powers.reduce((total, each) => total + each, 0);
    return powers.map((each) => each / sum);
  },
  // About as the scanned digits were made: upright, 32 rows high and at most 23 columns wide, then the ink of 4 by 4 places
  // counted for each of the 64 pixels.
  prepare(ink) {
    const picture = new Uint8Array(64);
    let [sum, sumRow, sumColumn] = [0, 0, 0];
    ink.forEach((each, n) => {
      if (each) [sum, sumRow, sumColumn] = [sum + each, sumRow + each * Math.floor(n / PAD), sumColumn + each * (n % PAD)];
    });
    if (sum < 60) return picture;
    const [middle, about] = [sumColumn / sum, sumRow / sum];
    let [spread, along] = [0, 0];
    ink.forEach((each, n) => {
      if (!each) return;
      const down = Math.floor(n / PAD) - about;
      [spread, along] = [spread + each * down * down, along + each * down * ((n % PAD) - middle)];
    });
    const box = inkBox(ink, Math.max(-0.8, Math.min(0.8, along / spread)) || 0, about);
    const columns = Math.max(2, Math.min(23, Math.round((48 * box.width) / box.height)));
    const small = resampled(ink, box, 32, columns, 2);
    const left = Math.floor((32 - columns) / 2);
    small.forEach((each, n) => {
      if (each > 0.4) picture[8 * Math.floor(n / columns / 4) + Math.floor((left + (n % columns)) / 4)] += 1;
    });
    return picture;
  },
};
const best = (all) => all.indexOf(Math.max(...all));
const BEFORE = arithmetic.answers(LAYERS);

const SHOWN = [LOUD, 3, 40, 102, 150, 218]; // units of the first hidden layer
const SIX = [...SHOWN.keys()];
const REACH = 0.3;
const MOST = 9; // the place on the slider that stands for 32 bits
const [COLUMNS, ROWS, TILE] = [22, 23, 9];
// A 5, as the pen goes.
const FIVE = [[20, 4], [9.5, 4], [9, 12.5], [12, 11], [15.5, 11], [18.5, 12.6], [19.8, 16], [18.8, 20.5], [15.5, 23.5], [11.5, 23.6], [8, 21.5]];

export function build(board) {
  let how = { gone: 0, bits: FLOAT, scales: "one", loud: 1 };
  let isOwn = false; // drawn by the reader
  let few = 0; // bits that were enough for a loud unit with one scale for all
  let stale = true;
  let net = null;
  let now = null; // what is known of it: answers, how many are right, how many have changed; it may come some frames later
  let reading = null; // the digits that are being read, a part in each frame
  let picture = new Uint8Array(64);
  let [whole, little] = [null, null]; // probabilities for the drawing, of the network as trained and as stored
  const key = () => Object.values(how).join();
  const known = new Map();

  const goals = board.goals([
    "A packed file of at most 15 kB that still reads 475 of the 500, no unit louder.",
    "Nothing set to zero, one unit 16 times as loud, one scale for all: find the fewest bits that still read 480. Then do with three bits fewer, the unit as loud as before.",
    "Clear the pad, and draw a digit that the trained network reads with over 60 %. Shrink until the answer to yours is another, though it still reads 475 of the 500.",
  ]);

  board.root.insertBefore(board.controls, board.panels);
  const sliders = board.row();
  const gone = board.slider({ name: "smallest weights set to zero", min: 0, max: 99, step: 1, value: 0, text: (each) => `${each} %`, oninput(to) { set({ gone: to / 100 }); }, parent: sliders });
  const bits = board.slider({ name: "bits for each weight", min: 2, max: MOST, step: 1, value: MOST, text: (each) => (each === MOST ? "32, not rounded" : `${each}`),
    oninput(to) { set({ bits: to === MOST ? FLOAT : to }); }, parent: sliders });
  const loud = board.slider({ name: "one unit louder", min: 0, max: 5, step: 1, value: 0, text: (each) => (each ? `in × ${2 ** each}, out ÷ ${2 ** each}` : "as it is"), oninput(to) { set({ loud: 2 ** to }); }, parent: sliders });
  const last = board.row();
  const scales = board.choice({ name: "scale", options: [["one", "one for all"], ["unit", "one for each unit"]], value: "one", onchange(to) { set({ scales: to }); }, parent: last });
  const [setRight, setZeros, setChanged, setWords] = board.numbers(["reads", "zeros", "answers that have changed", ""], last);

  // The file
  const rowOf = (name) => {
    const [bar, words] = [make("span", { class: "bar-fill" }), make("span", { class: "bar-words" })];
    return { bar, words, row: make("li", { class: "best" }, make("span", { class: "name" }, name), make("span", { class: "bar-track", "aria-hidden": "true" }, bar), words) };
  };
  const [plain, packed] = ["written plainly", "packed"].map(rowOf);
  board.panels.append(make("figure", { class: "wide" }, make("figcaption", {}, make("b", {}, "The file"), make("span", {}, "the whole bar: its parameters in four bytes each, 340 kB")),
    make("ul", { class: "sizes" }, plain.row, packed.row)));

  // The digits of the test
  const wall = board.plot({ name: "500 test digits", yName: "orange: misread", label: "The test digits.", x: [0, COLUMNS], y: [0, ROWS], ratio: ROWS / COLUMNS, most: 400, left: 0, right: 0, top: 0, bottom: 0, axes: false });
  const tiles = canvas(wall, TILE * COLUMNS, "under wall");
  tiles.height = TILE * ROWS;

  // The weights of six units, from their places to those of the grid
  const rounding = board.plot({ name: "Six units", yName: "each line: a weight, rounded", label: "The weights of six units.", x: [-REACH, REACH], y: [0, 6], height: 312, left: 6, right: 6, top: 2, rows: [], grid: false, xName: "weight" });
  const threads = SIX.map(() => draw("path", { class: "thread" }));
  const lost = SIX.map(() => draw("path", { class: "thread lost" }));
  const grids = SIX.map(() => draw("path", { class: "grid-points" }));
  const names = SIX.map(() => draw("text", { class: "curve-name" }));
  rounding.front.append(...lost, ...threads, ...grids, ...names);

  // The drawing
  const padFigure = make("figure", {});
  const both = make("div", { class: "pad-and-seen" });
  padFigure.append(both);
  board.panels.append(padFigure);
  const paper = drawingPad(board, { parent: both, thick: 3, most: 240, name: "Your digit", yName: "like one of the 500", onink: redrawn, onrest: tell });
  const gets = board.plot({ parent: both, name: "It gets", label: "The drawing in 8 by 8 pixels.", x: [0, 8], y: [0, 8], square: true, left: 0, right: 0, top: 0, bottom: 0, axes: false, most: 240 });
  const seen = canvas(gets, 8, "pixels");
  const [asTrained, asStored] = ["as trained", "as stored"].map(rowOf);
  padFigure.append(make("ul", { class: "sizes" }, asTrained.row, asStored.row));
  board.button("Clear the pad", () => {
    paper.ink = new Float32Array(PAD * PAD);
    isOwn = true;
    redrawn();
    tell();
  }, padFigure);
  board.panels.classList.add("three", "file-first");

  function set(change) {
    how = { ...how, ...change };
    stale = true;
    board.dirty();
  }
  function nameAll() {
    [gone.value, bits.value, loud.value, scales.value] = [100 * how.gone, how.bits === FLOAT ? MOST : how.bits, Math.log2(how.loud), how.scales];
  }
  function redrawn() {
    picture = arithmetic.prepare(paper.ink);
    readDrawing();
    board.dirty();
  }
  function readDrawing() {
    const isEmpty = picture.every((each) => !each);
    whole = isEmpty ? null : arithmetic.probabilities(LAYERS, picture);
    little = isEmpty ? null : arithmetic.probabilities(net.layers, picture);
  }
  function finish(answers) {
    const changed = answers.filter((each, n) => each !== BEFORE[n]).length;
    return { answers, changed, right: arithmetic.right(answers) };
  }
  function compute() {
    stale = false;
    net = arithmetic.shrunk(how);
    readDrawing();
    if (!known.size) known.set(key(), finish(BEFORE));
    look();
  }
  // Reads on, for some milliseconds; a setting that has come meanwhile has its turn afterwards.
  function look() {
    if (known.has(key())) {
      now = known.get(key());
      reading = null;
      settle();
      return;
    }
    reading ??= { key: key(), answers: [], scores: arithmetic.reader(net.layers) };
    const begun = performance.now();
    while (reading.answers.length < LABELS.length && performance.now() - begun < 12) {
      for (let n = 0; n < 20; n += 1) reading.answers.push(best(reading.scores(PICTURES, 64 * reading.answers.length)));
    }
    if (reading.answers.length === LABELS.length) {
      now = finish(reading.answers);
      known.set(reading.key, now);
      if (reading.key === key()) settle();
      else board.dirty();
      reading = null;
    } else board.dirty();
  }
  function settle() {
    const { right } = now;
    if (net.packed <= 15000 && right >= 475 && how.loud === 1) goals.reach(0, "Zeros pack well, and few bits are few different numbers.");
    if (how.loud === 16 && !how.gone && right >= 480 && !board.playing) {
      if (how.scales === "one" && how.bits <= 6) few = how.bits;
      if (how.scales === "unit" && few && how.bits <= few - 3) goals.reach(1, "With a grid of its own, a loud unit costs the others nothing.");
    }
    tell();
  }
  function tell() {
    if (stale || !known.has(key())) return;
    if (isOwn && whole && Math.max(...whole) > 0.6 && best(whole) !== best(little) && now.right >= 475) {
      goals.reach(2, "The count is an average. It does not ask about yours.");
    }
    board.say(`It reads ${now.right} of 500. Packed ${kB(net.packed)}, written plainly ${kB(net.plain)}; ${percent(net.zeros)} zeros. ${
      little ? `Your digit: ${best(little)}, ${percent(Math.max(...little))}; as trained ${best(whole)}.` : "The pad is empty."}`);
  }
  const percent = (part) => `${shown(100 * part, 0)} %`;
  const kB = (count) => `${shown(count / 1000, 1)} kB`;

  const mix = (a, b, part) => a.map((each, n) => each + part * (b[n] - each));
  function paint(of, width, height, colour) {
    const context = of.getContext("2d");
    const image = context.createImageData(width, height);
    for (let n = 0; n < width * height; n += 1) image.data.set([...colour(n % width, Math.floor(n / width)), 255], 4 * n);
    context.putImageData(image, 0, 0);
  }
  let painted = "";
  function paintWall() {
    const look = board.root.dataset.look;
    const all = `${look} ${now.answers.join("")}`;
    if (all === painted) return;
    painted = all;
    const [back, front] = paperAndInk(board);
    const shades = [back, look === "dark" ? [150, 84, 0] : [250, 178, 60]].map((sheet) => [...Array(17).keys()].map((ink) => [...mix(sheet, front, ink / 16), 255]));
    const context = tiles.getContext("2d");
    const image = context.createImageData(TILE * COLUMNS, TILE * ROWS);
    LABELS.forEach((label, each) => {
      const shade = shades[now.answers[each] === label ? 0 : 1];
      const corner = TILE * (Math.floor(each / COLUMNS) * TILE * COLUMNS + (each % COLUMNS));
      for (let n = 0; n < TILE * TILE; n += 1) {
        const [row, column] = [Math.floor(n / TILE), n % TILE];
        image.data.set(shade[row < 8 && column < 8 ? PICTURES[64 * each + 8 * row + column] : 0], 4 * (corner + row * TILE * COLUMNS + column));
      }
    });
    context.putImageData(image, 0, 0);
  }
  // A row of the plot: the weights on their upper line, the grid on the lower one. The loud unit is drawn as if it were not.
  function drawUnit(n) {
    const unit = SHOWN[n];
    const zoom = n === 0 ? how.loud : 1;
    const [up, down] = [rounding.Y(6 - n - 0.34), rounding.Y(6 - n - 0.86)];
    const [kept, toZero] = [[], []];
    const from = LAYERS[0].w;
    for (let row = 0; row < 64; row += 1) {
      const to = net.layers[0].w[256 * row + unit] / zoom;
      (to === 0 ? toZero : kept).push(`M${rounding.X(from[256 * row + unit]).toFixed(1)} ${up.toFixed(1)}L${rounding.X(to).toFixed(1)} ${down.toFixed(1)}`);
    }
    put(threads[n], { d: kept.join("") });
    put(lost[n], { d: toZero.join("") });
    const step = net.steps[0][unit] / zoom;
    const top = 2 ** (how.bits - 1) - 1;
    const points = [];
    if (how.bits !== FLOAT && step) {
      const most = Math.min(top, Math.floor(REACH / step));
      const isDense = rounding.X(step) - rounding.X(0) < 2.4;
      if (isDense) points.push(`M${rounding.X(-most * step)} ${down + 4}H${rounding.X(most * step)}`);
      else for (let at = -most; at <= most; at += 1) points.push(`M${rounding.X(at * step).toFixed(1)} ${down}v8`);
      grids[n].classList.toggle("dense", isDense);
    }
    put(grids[n], { d: points.join("") });
    put(names[n], { x: rounding.X(-REACH) + 2, y: up - 3 });
    names[n].textContent = n === 0 ? `unit ${unit}${how.loud > 1 ? `, × ${how.loud}, drawn at 1/${how.loud}` : ", the loud one"}` : `unit ${unit}`;
  }
  function showAnswer({ row, bar, words }, found, isOther) {
    bar.style.transform = `scaleX(${found ? Math.max(...found) : 0})`;
    words.textContent = found ? `${best(found)}, ${percent(Math.max(...found))}` : "";
    row.classList.toggle("best", !isOther);
    row.classList.toggle("wrong", isOther);
  }

  board.draws(() => {
    if (stale) compute();
    else if (!known.has(key())) look();
    for (const [{ bar, words }, count] of [[plain, net.plain], [packed, net.packed]]) {
      bar.style.transform = `scaleX(${count / (4 * (COUNT + UNITS))})`;
      words.textContent = kB(count);
    }
    setRight(`${now.right} of 500`);
    setZeros(percent(net.zeros));
    setChanged(String(now.changed));
    setWords(few && how.loud === 16 ? `With one scale for all it took ${few} bits.` : "");
    paintWall();
    wall.describe(`500 test digits, ${500 - now.right} of them misread.`);
    const [back, front] = paperAndInk(board);
    paint(seen, 8, 8, (column, row) => mix(back, front, picture[8 * row + column] / 16));
    if (rounding.width) SIX.forEach(drawUnit);
    rounding.describe(`The weights of six units, and the grid that each is rounded to${how.bits === FLOAT ? ": none" : ` in ${how.bits} bits`}. ${percent(net.zeros)} of all weights are zero.`);
    paper.plot.describe(little ? `The pad with a drawing, read as ${best(little)}.` : "The pad, empty.");
    showAnswer(asTrained, whole, false);
    showAnswer(asStored, little, Boolean(little) && best(whole) !== best(little));
  });

  let before = null;
  board.showMe(async ({ tell: say, wait }) => {
    before = how;
    const go = (change) => {
      set(change);
      nameAll();
    };
    go({ gone: 0, bits: FLOAT, scales: "one", loud: 1 });
    say("Fewer bits: each weight goes to the nearest point of a grid.");
    for (const each of [8, 6, 5, 4]) {
      go({ bits: each });
      await wait(0.7);
    }
    say("The largest weight sets one grid for all. A louder unit makes it coarse, and the others end at zero.");
    for (const each of [2, 4, 8, 16]) {
      go({ loud: each });
      await wait(0.9);
    }
    say("With a scale for each unit, each has the grid that fits it.");
    go({ scales: "unit" });
    await wait(2.6);
  }, () => {
    if (!before) return;
    set(before);
    before = null;
    nameAll();
  });

  for (let n = 1; n < FIVE.length; n += 1) paper.stroke(FIVE[n - 1], FIVE[n]);
  picture = arithmetic.prepare(paper.ink);
  return () => {
    set({ gone: 0, bits: 4, scales: "one", loud: 8 });
    nameAll();
  };
}
