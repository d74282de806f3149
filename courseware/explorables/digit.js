// Lesson 00: ten neurons read what is drawn, while it is drawn. WEIGHTS, theirs, come from digit.weights.json.
import { clamp, make, shown } from "./kit.js";
import { canvas, drawingPad, FINE, inkBox, PAD, paperAndInk, resampled, SIDE } from "./pad.js";

const DIGITS = [...Array(10).keys()];

function bytes(text) {
  const raw = atob(text);
  return Uint8Array.from({ length: raw.length }, (_, n) => raw.charCodeAt(n));
}
const PIXELS = SIDE * SIDE;
const W = Float32Array.from(new Int8Array(bytes(WEIGHTS.weights).buffer), (each) => each * WEIGHTS.scale); // [pixel][digit]
const SAMPLES = WEIGHTS.labels.map((_, n) => Float32Array.from(bytes(WEIGHTS.samples).slice(n * PIXELS, (n + 1) * PIXELS), (each) => each / 255));
// What the ink of a pixel says for a digit, against the ten on average: adding the same to all ten changes no answer.
const SPEAKS = W.map((weight, at) => {
  const first = 10 * Math.floor(at / 10);
  return weight - DIGITS.reduce((sum, digit) => sum + W[first + digit], 0) / 10;
});

export const arithmetic = {
  W, SAMPLES, labels: WEIGHTS.labels,
  scores: (picture) => DIGITS.map((digit) => {
    let sum = WEIGHTS.bias[digit];
    for (let at = 0; at < PIXELS; at += 1) sum += picture[at] * W[10 * at + digit];
    return sum;
  }),
  probabilities(picture) {
    const scores = this.scores(picture);
    const powers = scores.map((each) => Math.exp(each - Math.max(...scores)));
    const sum = powers.reduce((total, each) => total + each, 0);
    return powers.map((each) => each / sum);
  },
  // The average of a square of the pad for each pixel, nothing else.
  shrink(pad) {
    const picture = new Float32Array(PIXELS);
    for (let row = 0; row < PAD; row += 1) {
      for (let column = 0; column < PAD; column += 1) {
        picture[SIDE * Math.floor(row / FINE) + Math.floor(column / FINE)] += pad[row * PAD + column] / FINE ** 2;
      }
    }
    return picture;
  },
  // As the pictures of MNIST were made: what has ink is scaled to fit into 20 by 20 pixels, and moved so that its centre of
  // mass lies at pixel 14 of the 28 in both directions, counted from 0.
  prepare(pad) {
    const box = inkBox(pad);
    if (!box) return new Float32Array(PIXELS);
    const scale = Math.max(box.height, box.width) / 20; // places of the pad to a pixel
    const [rows, columns] = [box.height, box.width].map((each) => Math.max(1, Math.round(each / scale)));
    const small = resampled(pad, box, rows, columns, Math.max(2, Math.ceil(scale)));
    let [sum, sumRow, sumColumn] = [0, 0, 0];
    small.forEach((ink, n) => { [sum, sumRow, sumColumn] = [sum + ink, sumRow + ink * Math.floor(n / columns), sumColumn + ink * (n % columns)]; });
    const [down, across] = [Math.round(14 - sumRow / sum), Math.round(14 - sumColumn / sum)];
    const picture = new Float32Array(PIXELS);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const [toRow, toColumn] = [row + down, column + across];
        if (toRow >= 0 && toRow < SIDE && toColumn >= 0 && toColumn < SIDE) picture[SIDE * toRow + toColumn] = Math.min(1, small[row * columns + column]);
      }
    }
    return picture;
  },
  // A picture of 28 by 28 on the pad, each pixel blown up smoothly.
  enlarge(picture) {
    const pad = new Float32Array(PAD * PAD);
    for (let row = 0; row < PAD; row += 1) {
      for (let column = 0; column < PAD; column += 1) {
        const [y, x] = [clamp((row + 0.5) / FINE - 0.5, 0, SIDE - 1), clamp((column + 0.5) / FINE - 0.5, 0, SIDE - 1)];
        const [y0, x0] = [Math.min(SIDE - 2, Math.floor(y)), Math.min(SIDE - 2, Math.floor(x))];
        const at = (i, j) => picture[SIDE * (y0 + i) + x0 + j];
        const [dy, dx] = [y - y0, x - x0];
        pad[row * PAD + column] = (1 - dy) * ((1 - dx) * at(0, 0) + dx * at(0, 1)) + dy * ((1 - dx) * at(1, 0) + dx * at(1, 1));
      }
    }
    return pad;
  },
};

// A 0 and a 3, as the pen goes: by the part of the way.
const ZERO = (part) => [14 - 6.5 * Math.sin(2 * Math.PI * part), 14.2 - 9.7 * Math.cos(2 * Math.PI * part)];
const arc = (x, y, across, up, turn) => [x + across * Math.sin(turn), y - up * Math.cos(turn)];
const THREE = (part) => (part < 0.45 ? arc(13.2, 9.3, 5.2, 4.6, -1.1 + (4.4 * part) / 0.45) : arc(13, 18.7, 6.2, 5.2, (4.3 * (part - 0.45)) / 0.55));

export function build(board) {
  let picture = new Float32Array(PIXELS);
  let found = DIGITS.map(() => 0.1);
  let chosen = -1; // the digit whose weights shine through; -1 for the answer
  let isCentred = true;
  let isOwn = false; // drawn by the reader
  let reading = null; // [digit, ink] of the drawing when it was last read with confidence
  const read = new Set();

  const goals = board.goals([
    "Draw three different digits that it reads with over 90 %.",
    "Dirt: take a digit that it reads with over 90 %, and turn the answer with at most a quarter more ink. Where does it hurt most?",
    "Switch the centring off, and push a digit until the answer is another.",
  ]);

  const paper = drawingPad(board, { onink: update, onrest: tell });
  // What the network gets
  const gets = board.plot({
    name: "What the network gets", label: "The picture of 28 by 28 pixels over the weights of a digit.", x: [0, SIDE], y: [0, SIDE],
    square: true, left: 0, right: 0, top: 0, bottom: 0, axes: false, most: 340,
  });
  const seen = canvas(gets, SIDE, "pixels");
  const legend = gets.figure.querySelector("figcaption");
  const legendText = make("span", {});
  legend.append(legendText);

  // Ten bars, each a button that shows its digit's weights
  const bars = make("div", { class: "digit-bars", role: "group", "aria-label": "Answers. Press one to see its weights." });
  const rows = DIGITS.map((digit) => {
    const bar = make("span", { class: "bar-fill" });
    const words = make("span", { class: "bar-words" });
    const button = make("button", { type: "button", class: "digit-bar", "aria-pressed": "false", onclick: () => {
      chosen = chosen === digit ? -1 : digit;
      board.dirty();
      board.say(chosen < 0 ? "The weights of the answer are shown." : `The weights of ${digit} are shown.`);
    } }, make("b", {}, String(digit)), make("span", { class: "bar-track", "aria-hidden": "true" }, bar), words);
    button.dataset.lmSuppressShortcuts = "true";
    bars.append(button);
    return { button, bar, words };
  });
  board.panels.append(make("figure", {}, make("figcaption", {}, make("b", {}, "Its answer"), make("span", {}, "press one to see its weights")), bars));
  board.panels.classList.add("three");

  const buttons = board.row();
  board.button("Clear", clear, buttons).classList.add("first");
  board.button("A digit that it was tested on", sample, buttons);
  const centring = board.toggle({ name: "centre and scale it, as its training pictures were", checked: true, parent: buttons, onchange(to) {
    isCentred = to;
    reading = null;
    update();
  } });
  const pushing = board.row(make("span", { class: "name" }, "push it"));
  for (const [name, sign, x, y] of [["left", "←", -1, 0], ["right", "→", 1, 0], ["up", "↑", 0, -1], ["down", "↓", 0, 1]]) {
    const button = board.button(sign, () => push(x, y), pushing);
    button.setAttribute("aria-label", `Push it ${name}`);
  }
  const setWords = board.number("", pushing);

  function clear() {
    paper.ink = new Float32Array(PAD * PAD);
    [reading, chosen, isOwn] = [null, -1, true];
    update();
    tell();
  }
  let nextSample = 6;
  function sample() {
    paper.ink = arithmetic.enlarge(SAMPLES[nextSample]);
    nextSample = (nextSample + 7) % SAMPLES.length;
    [reading, isOwn] = [null, false];
    update();
    tell();
  }
  function push(x, y) {
    const moved = new Float32Array(PAD * PAD);
    for (let row = 0; row < PAD; row += 1) {
      for (let column = 0; column < PAD; column += 1) {
        const [fromRow, fromColumn] = [row - y * FINE, column - x * FINE];
        if (fromRow >= 0 && fromRow < PAD && fromColumn >= 0 && fromColumn < PAD) moved[row * PAD + column] = paper.ink[fromRow * PAD + fromColumn];
      }
    }
    const before = answer();
    const isSame = moved.reduce((sum, ink) => sum + ink, 0) > 0.98 * paper.total();
    paper.ink = moved;
    if (!isSame) reading = null; // it leaves the pad
    update();
    if (!isCentred && isSame && before >= 0 && answer() !== before) {
      goals.reach(2, "Each weight belongs to one pixel: moved ink meets other weights.");
    }
    tell();
  }
  const answer = () => (paper.total() > 60 ? found.indexOf(Math.max(...found)) : -1);

  function update() {
    picture = isCentred ? arithmetic.prepare(paper.ink) : arithmetic.shrink(paper.ink);
    found = arithmetic.probabilities(picture);
    const it = answer();
    if (reading && it !== reading[0] && paper.total() <= 1.25 * reading[1] && paper.total() > reading[1]) {
      goals.reach(1, "The weights tell where: ink on orange speaks against the answer.");
    }
    board.dirty();
  }
  // The pen is up: what is read with confidence now may be turned by dirt, and counts.
  function settle() {
    update();
    const it = answer();
    if (it < 0 || found[it] <= 0.9) return;
    if (!reading || reading[0] !== it || paper.total() > 1.25 * reading[1]) reading = [it, paper.total()];
    if (!isCentred || !isOwn || board.playing) return;
    read.add(it);
    if (read.size >= 3) goals.reach(0, `It has read ${[...read].slice(0, 3).join(", ")}.`);
  }
  function tell() {
    settle();
    const it = answer();
    const order = [...DIGITS].sort((a, b) => found[b] - found[a]);
    board.say(it < 0 ? "The pad is empty." : `It reads ${it}, ${percent(found[it])}; then ${order[1]}, ${percent(found[order[1]])}.`);
  }
  const percent = (part) => `${shown(100 * part, 0)} %`;

  const small = seen.getContext("2d").createImageData(SIDE, SIDE);
  board.draws(() => {
    const [back, front] = paperAndInk(board);
    const it = answer();
    const shines = chosen >= 0 ? chosen : it;
    for (let n = 0; n < PIXELS; n += 1) {
      const says = shines >= 0 ? clamp(SPEAKS[10 * n + shines] / 1.1, -1, 1) : 0;
      const colour = says > 0 ? [137, 74, 160] : [214, 118, 0];
      const strength = Math.abs(says) ** 0.8 * (0.55 + 0.45 * picture[n]);
      for (let c = 0; c < 3; c += 1) {
        const sheet = back[c] + picture[n] * 0.75 * (front[c] - back[c]);
        small.data[4 * n + c] = sheet + strength * (colour[c] - sheet);
      }
      small.data[4 * n + 3] = 255;
    }
    seen.getContext("2d").putImageData(small, 0, 0);
    const shownBars = it >= 0 ? found : DIGITS.map(() => 0);
    rows.forEach(({ button, bar, words }, digit) => {
      bar.style.transform = `scaleX(${shownBars[digit]})`;
      words.textContent = it >= 0 ? percent(shownBars[digit]) : "";
      button.classList.toggle("best", digit === it);
      button.setAttribute("aria-pressed", String(digit === chosen));
    });
    legendText.textContent = shines >= 0 ? `purple: ink for ${shines}, orange: against it` : "";
    paper.plot.describe(it >= 0 ? `The pad with a drawing, read as ${it}.` : "The pad, empty.");
    gets.describe(it >= 0 ? `What the network gets, over the weights of ${shines}.` : "What the network gets: an empty picture.");
    const before = reading && it >= 0 && it !== reading[0] ? ` It was a ${reading[0]}.` : "";
    paper.words.textContent = it < 0 ? "with mouse, finger or pen" : `it reads ${it}, ${percent(found[it])}`;
    setWords(before.trim());
  });

  let kept = null;
  board.showMe(async ({ tell: say, wait, glide }) => {
    kept = { ink: paper.ink, chosen, isCentred, reading };
    [paper.ink, chosen, isCentred, reading] = [new Float32Array(PAD * PAD), -1, true, null];
    say("While you draw, ten weighted sums answer.");
    let done = 0;
    await glide(2.6, (part) => {
      paper.trace(ZERO, done, part);
      done = part;
      update();
    });
    await wait(1.2);
    say("The weights of 0 shine through: orange, in the middle, speaks against it.");
    chosen = 0;
    board.dirty();
    await wait(2);
    say("So a spot in the middle is enough dirt to hide the 0.");
    await glide(1.2, (part) => {
      for (const row of [12.4, 14.2, 16]) paper.stroke([11.8, row], [11.8 + 4.2 * part, row]);
      update();
    });
    await wait(2.6);
  }, () => {
    if (!kept) return;
    ({ chosen, isCentred, reading } = kept);
    paper.ink = kept.ink;
    kept = null;
    paper.lift();
    update();
  });

  paper.trace(THREE, 0, 1);
  settle();
  return () => {};
}
