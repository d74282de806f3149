// Lesson 06: the three gates of one cell, written by hand over forty steps; what it holds, and what training hears of each step.
import { chance, clamp, draw, make, put, shown } from "./kit.js";

const STEPS = 40;
const ALL = [...Array(STEPS).keys()];
const MARKS = [5, 23]; // the two steps to remember, counted from 0
const ASKED = [19, 39];
const drawn = chance(6);
const CANDIDATES = ALL.map((t) => ({ 5: 0.8, 23: -0.6 }[t] ?? Math.round(100 * (1.7 * drawn() - 0.85)) / 100));
const GATES = { f: "forget gate", i: "input gate", o: "output gate" };
const UNTRAINED = { f: 0.73, i: 0.5, o: 0.5 }; // where Keras starts: the sigmoid of 1, and that of 0

export const arithmetic = {
  STEPS, MARKS, ASKED, CANDIDATES,
  // What the cell holds after each step, and what it shows.
  run({ f, i, o }, candidates = CANDIDATES) {
    let c = 0;
    const cells = candidates.map((g, t) => { c = f[t] * c + i[t] * g; return c; });
    return { cells, shows: cells.map((each, t) => o[t] * Math.tanh(each)) };
  },
  // How much of what lay in the cell after each step is there at step `at`: the product of the forget gates between.
  left({ f }, at) {
    const parts = ALL.map((t) => (t === at ? 1 : 0));
    for (let t = at - 1; t >= 0; t -= 1) parts[t] = parts[t + 1] * f[t + 1];
    return parts;
  },
  // The gradient of the cell at step `at` along each candidate.
  heard(gates, at) { return this.left(gates, at).map((part, t) => part * gates.i[t]); },
  // What is reached: [the first number held to the end, each shown when it is asked and nothing else, half of it].
  reached(gates) {
    const { cells, shows } = this.run(gates);
    const near = (a, b) => Math.abs(a - b) <= 0.05;
    const [first, second] = MARKS;
    const [early, late] = ASKED;
    const heard = this.heard(gates, late);
    const isShown = near(shows[early], Math.tanh(CANDIDATES[first])) && near(shows[late], Math.tanh(CANDIDATES[second]))
      && this.heard(gates, early)[first] > 0.9 && heard[second] > 0.9 && shows.every((each, t) => ASKED.includes(t) || Math.abs(each) <= 0.05);
    const after = gates.f.slice(first + 1);
    const isHalf = gates.i[first] === 1 && gates.i.every((each, t) => t === first || each === 0)
      && after.every((each) => each === after[0]) && Math.abs(heard[first] - 0.5) < 0.02;
    return [near(cells[late], CANDIDATES[first]) && heard[first] > 0.9, isShown, isHalf];
  },
};

export function build(board) {
  const everywhere = (values) => Object.fromEntries(Object.keys(GATES).map((gate) => [gate, ALL.map(() => values[gate])]));
  let gates = everywhere(UNTRAINED);
  let chosen = [0, STEPS - 1]; // first and last step that the sliders set
  let run = arithmetic.run(gates);
  const [early, late] = ASKED.map((t) => t + 1);
  const [first, second] = MARKS.map((t) => t + 1);

  const goals = board.goals([
    `Hold: the number of step ${first} is still in the cell at step ${late}, whatever comes between.`,
    `Two questions: the output shows the number of step ${first} at step ${early}, that of step ${second} at step ${late}, and nothing at any other step.`,
    `Half: write step ${first} alone, set all forget gates after it alike, and let just half of its number and of its gradient arrive at step ${late}.`,
  ]);

  const [leftColumn, rightColumn] = [make("div", { class: "tracks" }), make("div", { class: "tracks" })];
  board.panels.append(leftColumn, rightColumn);
  const across = [0.5, STEPS + 1.2];
  const track = (name, words, how) => board.plot({ name, yName: words, x: across, y: [0, 1], left: 34, right: 4, top: 9, bottom: 5, height: 66, rows: [0, 1], axes: true, ...how });
  const bars = (plot, style) => {
    const made = ALL.map(() => draw("rect", { style }));
    const marked = draw("rect", { class: "chosen" });
    plot.front.append(marked, ...made);
    return { made, marked };
  };

  const comes = track("What comes", "the candidates g", { parent: leftColumn, y: [-1, 1], rows: [-1, 0, 1], height: 88, label: "Forty candidates, two of them marked." });
  const comesBars = bars(comes, "fill: var(--muted)");
  const names = MARKS.map((t) => draw("text", { class: "curve-name", "text-anchor": "middle" }, String(t + 1)));
  comes.front.append(...names);
  const WORDS = { f: "how much stays", i: "how much is written", o: "how much is shown" };
  const COLOUR = { f: "red", i: "green", o: "orange" }; // as in the lesson's drawings, where the candidate is purple and c blue
  const tracks = Object.fromEntries(Object.entries(GATES).map(([gate, name]) => {
    const plot = track(`${name} ${gate}`, WORDS[gate], { parent: leftColumn, label: name, height: gate === "o" ? 95 : 66, bottom: gate === "o" ? 34 : 5, xName: gate === "o" ? "step" : "" });
    const paint = (x, y) => {
      const t = clamp(Math.round(x) - 1, 0, STEPS - 1);
      const value = y > 0.93 ? 1 : y < 0.07 ? 0 : Math.round(20 * y) / 20;
      const from = last ?? t;
      for (let n = Math.min(from, t); n <= Math.max(from, t); n += 1) gates[gate][n] = clamp(value, 0, 1);
      last = t;
      choose(t, t);
      changed();
    };
    let last = null;
    plot.press(paint, () => { last = null; });
    plot.image.addEventListener("click", (event) => { // a finger's tap; what it drags scrolls past
      if (event.pointerType !== "touch") return;
      const place = plot.box.getBoundingClientRect();
      last = null;
      paint(plot.fromX(event.clientX - place.left), plot.fromY(event.clientY - place.top));
      last = null;
    });
    return [gate, { plot, ...bars(plot, `fill: var(--${COLOUR[gate]})`) }];
  }));

  const cell = board.plot({ name: "In the cell, and shown", yName: "", parent: rightColumn, x: across, y: [-1.6, 1.6], left: 34, right: 4, bottom: 4, height: 150, rows: [-1, 0, 1], label: "What the cell holds." });
  cell.figure.querySelector("figcaption").append(make("span", {}, "c: line, h: bars, rings: to be shown"));
  const cellBars = bars(cell, "fill: var(--sky)");
  const line = draw("path", { class: "model cell-line" });
  const rings = ASKED.map(() => draw("circle", { class: "asked", r: 6 }));
  cell.front.append(line, ...rings);
  const ear = track("What training hears", `gradient of c at step ${late}`, { parent: rightColumn, y: [0, 1], rows: [0, 0.5, 1], height: 150, bottom: 34, xName: "step", label: "The gradient." });
  const earBars = bars(ear, "fill: var(--muted)");
  const belt = draw("path", { class: "belt-left" });
  ear.front.append(belt);
  const beltNote = make("p", { class: "note" }, `Bars: how far c at step ${late} would move with each candidate. Dashed: how much of what the cell held at each step is left then.`);
  rightColumn.append(beltNote);

  const firstRow = board.row();
  const number = (n) => String(n);
  const fromSlider = board.slider({ name: "set the steps from", min: 1, max: STEPS, step: 1, value: 1, text: number, oninput(to) { choose(to - 1, Math.max(to - 1, chosen[1])); }, parent: firstRow });
  const toSlider = board.slider({ name: "to", min: 1, max: STEPS, step: 1, value: STEPS, text: number, oninput(to) { choose(Math.min(to - 1, chosen[0]), to - 1); }, parent: firstRow });
  const secondRow = board.row();
  const sliders = Object.fromEntries(Object.entries(GATES).map(([gate, name]) => [gate, board.slider({
    name: `${name} ${gate}`, min: 0, max: 1, step: 0.01, value: UNTRAINED[gate], parent: secondRow,
    text: (each) => (gates[gate].slice(chosen[0], chosen[1] + 1).every((one) => one === each) ? shown(each) : "mixed"),
    oninput(to) {
      for (let t = chosen[0]; t <= chosen[1]; t += 1) gates[gate][t] = to;
      sliders[gate].tell();
      changed();
    },
  })]));
  const thirdRow = board.row();
  board.button("All steps", () => choose(0, STEPS - 1), thirdRow).classList.add("first");
  board.button("Untrained again", () => {
    gates = everywhere(UNTRAINED);
    choose(0, STEPS - 1);
    changed();
  }, thirdRow);
  const [setHeld, setPart] = board.numbers([`in the cell at step ${late}`, `gradient of step ${first}`], thirdRow);

  function choose(from, to) {
    chosen = [from, to];
    [fromSlider.value, toSlider.value] = [from + 1, to + 1];
    for (const gate of Object.keys(GATES)) sliders[gate].value = gates[gate][from];
    board.dirty();
  }
  let judged = 0;
  function changed() {
    run = arithmetic.run(gates);
    board.dirty();
    clearTimeout(judged);
    judged = setTimeout(judge, 500); // what is only passed on the way does not count
    board.say(`At step ${late} the cell holds ${shown(run.cells[late - 1])}; the gradient of step ${first} is ${shown(arithmetic.heard(gates, late - 1)[first - 1])}, that of step ${second} ${shown(arithmetic.heard(gates, late - 1)[second - 1])}.`);
  }
  function judge() {
    const words = ["Shut to write, open to keep.", "Wiped and written in one step: of the first number, training hears nothing more.", "0.98 to the power of 34. The number and its gradient shrink alike."];
    arithmetic.reached(gates).forEach((isReached, n) => { if (isReached) goals.reach(n, words[n]); });
  }

  const width = (plot) => Math.max(1, (plot.X(2) - plot.X(1)) * 0.76);
  function setBars(plot, { made, marked }, values) {
    const wide = width(plot);
    const unit = plot.X(2) - plot.X(1);
    made.forEach((bar, t) => {
      const [top, low] = [plot.Y(Math.max(values[t], 0)), plot.Y(Math.min(values[t], 0))];
      put(bar, { x: plot.X(t + 1) - wide / 2, y: top - (low - top < 1 ? 1 : 0), width: wide, height: values[t] ? Math.max(1, low - top) : 0 });
    });
    put(marked, { x: plot.X(chosen[0] + 1) - unit / 2, y: 0, width: unit * (chosen[1] - chosen[0] + 1), height: plot.height });
  }
  board.draws(() => {
    if (!comes.width || !ear.width) return;
    setBars(comes, comesBars, CANDIDATES);
    MARKS.forEach((t, n) => {
      comesBars.made[t].style.fill = "var(--purple)";
      put(names[n], { x: comes.X(t + 1), y: CANDIDATES[t] > 0 ? comes.Y(0) + 13 : comes.Y(0) - 4 });
    });
    for (const gate of Object.keys(GATES)) {
      setBars(tracks[gate].plot, tracks[gate], gates[gate]);
      tracks[gate].plot.describe(`${GATES[gate]}: ${told(gates[gate])}.`);
    }
    setBars(cell, cellBars, run.shows);
    put(line, { d: `M${run.cells.map((each, t) => `${cell.X(t + 1).toFixed(1)} ${cell.Y(clamp(each, -3, 3)).toFixed(1)}`).join("L")}` });
    ASKED.forEach((t, n) => put(rings[n], { cx: cell.X(t + 1), cy: cell.Y(Math.tanh(CANDIDATES[MARKS[n]])) }));
    cell.describe(`What the cell holds: ${ASKED.map((t) => `${shown(run.cells[t])} at step ${t + 1}, of which it shows ${shown(run.shows[t])}`).join("; ")}.`);
    const heard = arithmetic.heard(gates, late - 1);
    setBars(ear, earBars, heard);
    MARKS.forEach((t) => { earBars.made[t].style.fill = "var(--purple)"; });
    const left = arithmetic.left(gates, late - 1);
    put(belt, { d: `M${left.map((each, t) => `${ear.X(t + 1).toFixed(1)} ${ear.Y(each).toFixed(1)}`).join("L")}` });
    ear.describe(`The gradient of the cell at step ${late}: ${MARKS.map((t) => `${shown(heard[t])} along the candidate of step ${t + 1}`).join(", ")}.`);
    setHeld(shown(run.cells[late - 1]));
    setPart(shown(heard[first - 1], heard[first - 1] > 0 && heard[first - 1] < 0.005 ? 6 : 2));
  });
  // The values of a gate in words: runs of equal ones.
  function told(values) {
    const runs = [];
    values.forEach((each, t) => {
      if (runs.length && runs.at(-1)[2] === each) runs.at(-1)[1] = t + 1;
      else runs.push([t + 1, t + 1, each]);
    });
    return runs.slice(0, 6).map(([from, to, each]) => `${shown(each)} at ${from === to ? from : `${from} to ${to}`}`).join(", ") + (runs.length > 6 ? " and so on" : "");
  }

  let kept = null;
  board.showMe(async ({ tell, wait, glide }) => {
    kept = { gates, chosen };
    const set = (change) => {
      gates = Object.fromEntries(Object.entries(gates).map(([gate, values]) => [gate, values.map((each, t) => change(gate, each, t))]));
      run = arithmetic.run(gates);
      choose(...chosen);
    };
    gates = everywhere(UNTRAINED);
    set((gate, each) => each);
    tell("Untrained: all is mixed, and training hears only the last steps.");
    await wait(2.4);
    tell("Forget gates open: all that is written stays, one on top of the other.");
    await glide(1.8, (part) => set((gate, each) => (gate === "f" ? 0.73 + 0.27 * part : each)));
    await wait(1.2);
    tell("Input gate shut but for one step: its number stays, and its gradient, too.");
    await glide(1.8, (part) => set((gate, each, t) => (gate !== "i" ? each : t === MARKS[0] ? 0.5 + 0.5 * part : 0.5 - 0.5 * part)));
    await wait(3);
  }, () => {
    if (!kept) return;
    ({ gates } = kept);
    choose(...kept.chosen);
    kept = null;
    run = arithmetic.run(gates);
  });

  return () => {
    gates = { f: ALL.map(() => 0.98), i: ALL.map((t) => (t === MARKS[0] ? 1 : 0)), o: ALL.map((t) => (ASKED.includes(t) ? 1 : 0)) };
    run = arithmetic.run(gates);
    choose(...MARKS.map(() => MARKS[0]));
  };
}
