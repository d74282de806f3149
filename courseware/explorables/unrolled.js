// Lesson 05: one recurrent unit over 24 steps: state = tanh(weight of the input × input + weight of the state × state before).
import { clamp, draw, put, shown, tenTo } from "./kit.js";

const STEPS = 24;
const AT = [...Array(STEPS).keys()];
const SERIES = {
  one: AT.map((t) => (t === 0 ? 1 : 0)),
  two: AT.map((t) => (t === 0 ? 1 : t === 12 ? -1 : 0)),
  // The sunspots of 1832 to 1855, scaled as the lesson scales them.
  spots: [-0.46, -1, -0.87, 0.37, 2.21, 2.69, 1.69, 1.19, 0.59, -0.2, -0.56, -0.94, -0.82, -0.1, 0.51, 1.56, 2.3, 1.5, 0.65, 0.59, 0.3,
    -0.13, -0.66, -1.05],
};

export const arithmetic = {
  SERIES,
  // The state after each step; the first step starts from a state of 0.
  states(inputs, { wx, wh }) {
    let h = 0;
    return inputs.map((x) => {
      h = Math.tanh(wx * x + wh * h);
      return h;
    });
  },
  // How much of a nudge of each state reaches the next one: from step 1 to 2, from 2 to 3, ...
  passes: (states, { wh }) => states.slice(1).map((h) => wh * (1 - h * h)),
  // The change of the last state for a nudge of each input, per unit of nudge; or what it would be by the weights alone.
  influence(states, { wx, wh }, isBent = true) {
    const found = [];
    let onward = 1; // from the state of this step to the last
    for (let t = states.length - 1; t >= 0; t -= 1) {
      const slope = isBent ? 1 - states[t] ** 2 : 1;
      found[t] = wx * slope * onward;
      onward *= wh * slope;
    }
    return found;
  },
};

const COUNT = [0.3, STEPS + 0.7];
const FLOOR = 1e-12;
const SEEN = [-6, 2]; // powers of ten of the influence that are drawn
const power = (value) => clamp(Math.log10(Math.max(Math.abs(value), FLOOR)), -20, 20);

export function build(board) {
  let series = "one";
  let inputs = [...SERIES.one];
  let net = { wx: 1, wh: 0.5 };
  let step = 0;
  let upTo = STEPS; // while it reads, later states are not there yet
  let way = ""; // what a drag does: "pick" another step or "set" its input
  let grip = null;

  const goals = board.goals([
    "1, later −1: hold the state above 0.5 until the −1 comes, and below −0.5 at the end.",
    "A single 1: let it count between half and twice as much for the last state as the last input does.",
    "Sunspots: let the first year count more for the last state than the last year does.",
  ]);

  const wide = (how) => {
    const me = board.plot({ x: COUNT, left: 44, ...how });
    me.figure.classList.add("wide");
    const guide = draw("path", { class: "guide", style: "stroke: var(--orange); stroke-width: 1.5" });
    me.front.append(guide);
    me.press((x) => pick(Math.round(x) - 1));
    me.guide = () => put(guide, { d: `M${me.X(step + 1).toFixed(1)} 0V${me.height}` });
    return me;
  };
  const below = wide({ name: "What goes in", yName: "the orange one is yours to change", y: [-3, 3], height: 118, bottom: 20, rows: [-2, 0, 2], label: "The inputs." });
  const stems = draw("path", { style: "stroke: var(--muted); stroke-width: 3; fill: none" });
  const was = draw("path", { style: "stroke: var(--muted); stroke-width: 2; stroke-opacity: .6; fill: none; stroke-dasharray: 2 3" });
  const heads = draw("path", { style: "stroke: var(--muted); stroke-linecap: round" });
  below.front.append(was, stems, heads);
  const chain = wide({
    name: "The state that is carried along", yName: "thick link: a nudge passes; purple: its sign turns", y: [-1.12, 1.12], height: 190, bottom: 20,
    rows: [-1, -0.5, 0, 0.5, 1], tick: (value) => shown(value, 1), label: "The states.",
  });
  const ghost = draw("path", { class: "ghost", style: "stroke-opacity: .8; stroke-dasharray: 3 3; stroke-width: 1.5" });
  const links = AT.slice(1).map(() => draw("path", { "stroke-linecap": "round" }));
  const dots = AT.map(() => draw("circle", { style: "stroke: var(--paper); stroke-width: 1" }));
  chain.front.append(ghost, ...links, ...dots);
  const far = wide({
    name: "How much the last state depends on each input", yName: "dashed: without tanh, by the weights alone", xName: "step", y: SEEN, height: 170,
    rows: [-6, -4, -2, 0, 2], tick: (each) => tenTo(each), label: "The influence of each input on the last state.",
  });
  const alone = draw("path", { class: "floor", style: "fill: none; stroke-width: 2" });
  const drop = draw("path", { style: "stroke: var(--blue); stroke-width: 2; stroke-opacity: .35; fill: none" });
  const real = draw("path", { style: "stroke: var(--blue); stroke-linecap: round" });
  far.front.append(drop, alone, real);

  const handle = below.handle({
    name: "Input", keys: [1 / (COUNT[1] - COUNT[0]), 1 / 60],
    at: () => [step + 1, inputs[step]],
    move(x, y) {
      grip ??= [x, y];
      const [across, up] = [Math.abs(below.X(x) - below.X(grip[0])), Math.abs(below.Y(y) - below.Y(grip[1]))];
      if (!way && x === step + 1) way = "set"; // by the arrow keys
      else if (!way && y === inputs[step]) way = "pick";
      else if (!way && Math.max(across, up) > 3) way = across > up ? "pick" : "set";
      if (way === "pick") pick(Math.round(x) - 1);
      else if (way === "set") write(step, y);
    },
    end() {
      way = "";
      grip = null;
    },
  });
  handle.setAttribute("style", "--red: var(--orange)");

  const first = board.row();
  const choice = board.choice({
    name: "series", options: [["one", "a single 1"], ["two", "1, later −1"], ["spots", "sunspots"]], value: series, parent: first,
    onchange(to) {
      series = to;
      again();
    },
  });
  const second = board.row();
  const slider = (words, key, min, max) => board.slider({
    name: words, min, max, step: 0.05, value: net[key], parent: second,
    oninput(to) {
      net = { ...net, [key]: to };
      changed();
    },
  });
  const loopWeight = slider("weight of the state before", "wh", -1.5, 1.5);
  const inputWeight = slider("weight of the input", "wx", 0.05, 2);
  const third = board.row();
  const readButton = board.button("Read step by step", () => {
    if (reading.running) reading.stop();
    else if (board.calm && !board.playing) pick((step + 1) % STEPS);
    else reading.start();
  }, third);
  readButton.classList.add("first");
  board.button("Undo my changes", again, third);
  const [setStep, setLast, setRatio, setFelt] = board.numbers(["", "last state", "first input against the last", ""], third);

  let time = 0;
  const reading = board.loop((passed) => {
    time += 3.5 * passed;
    if (time >= STEPS) return reading.stop();
    step = Math.floor(time);
    upTo = step + 1;
  }, (isOn) => {
    [time, upTo] = [0, isOn ? 1 : STEPS];
    if (isOn) step = 0;
    readButton.textContent = isOn ? "Stop reading" : "Read step by step";
    if (!isOn) tell();
  });

  function pick(to) {
    reading.stop();
    step = clamp(to, 0, STEPS - 1);
    board.dirty();
    tell();
  }
  function write(at, to) {
    inputs[at] = clamp(Math.round(to * 20) / 20, -2.9, 2.9);
    changed();
  }
  function again() {
    inputs = [...SERIES[series]];
    changed();
  }

  const isAsGiven = () => inputs.every((x, t) => x === SERIES[series][t]);
  const now = () => {
    const states = arithmetic.states(inputs, net);
    const influence = arithmetic.influence(states, net);
    return { states, influence, ratio: Math.abs(influence[0] / influence.at(-1)) };
  };
  // How many steps after the first change a hundredth of it is still felt.
  function felt(states) {
    const before = arithmetic.states(SERIES[series], net);
    const begins = inputs.findIndex((x, t) => x !== SERIES[series][t]);
    const least = 0.01 * Math.abs(states[begins] - before[begins]);
    const lasts = AT.filter((t) => t >= begins && Math.abs(states[t] - before[t]) >= least).at(-1) - begins;
    return lasts === STEPS - 1 - begins ? "your change is felt to the end" : `your change is felt for ${lasts} ${lasts === 1 ? "step" : "steps"}`;
  }
  const small = (value) => {
    const size = Math.abs(value);
    return size >= 0.01 || size === 0 ? shown(value, size < 10 ? 2 : 0) : size < FLOOR ? "0.00" : `${shown(value / 10 ** Math.floor(Math.log10(size)), 0)} × ${tenTo(Math.floor(Math.log10(size)))}`;
  };
  const sum = (states) => {
    const before = step ? states[step - 1] : 0;
    return `step ${step + 1}: tanh(${shown(net.wx)} · ${shown(inputs[step])} + ${shown(net.wh)} · ${shown(before)}) = ${shown(states[step])}`;
  };
  function tell() {
    if (board.playing) return; // the captions are to be heard
    const { states, influence, ratio } = now();
    board.say(`Step ${step + 1}, input ${shown(inputs[step])}, state ${shown(states[step])}, influence on the last state ${small(influence[step])}. Last state ${
      shown(states.at(-1))}. The first input counts ${small(ratio)} times as much as the last.${isAsGiven() ? "" : ` ${felt(states)}.`}`);
  }
  function changed() {
    if (reading.running) reading.stop();
    const { states, ratio } = now();
    if (isAsGiven()) {
      if (series === "two" && Math.min(...states.slice(0, 12)) > 0.5 && states.at(-1) < -0.5) {
        goals.reach(0, "Above 1 the state holds itself up; it must not hold so fast that an input cannot turn it over. Now look at the influence.");
      }
      if (series === "one" && ratio >= 0.5 && ratio <= 2) {
        goals.reach(1, "A weight near 1, and states so small that tanh hardly bends.");
      }
      if (series === "spots" && ratio > 1) {
        goals.reach(2, net.wh < 0 ? "Where the sign turns at each step, neighbouring years cancel: the state stays small, where tanh is steep, and nothing stops the growth." : "");
      }
    }
    board.dirty();
    tell();
  }

  const colour = (value) => `var(--${value < 0 ? "purple" : "blue"})`;
  board.draws(() => {
    if (!below.width || !chain.width || !far.width) return;
    const { states, influence, ratio } = now();
    for (const each of [below, chain, far]) each.guide();
    const X = below.X;
    const room = 0.36 * (X(2) - X(1));
    const stem = (values) => values.map((x, t) => `M${X(t + 1).toFixed(1)} ${below.Y(0).toFixed(1)}V${below.Y(x).toFixed(1)}`).join("");
    put(stems, { d: stem(inputs) });
    put(heads, { d: inputs.map((x, t) => `M${X(t + 1).toFixed(1)} ${below.Y(x).toFixed(1)}h0`).join(""), "stroke-width": clamp(1.4 * room, 4, 7) });
    put(was, { d: stem(SERIES[series].map((x, t) => (x === inputs[t] ? 0 : x))) });
    handle.setAttribute("aria-label", `Input of step ${step + 1}, ${shown(inputs[step])}: up and down arrows change it, left and right go to another step`);
    const place = (t, h) => `${X(t + 1).toFixed(1)} ${chain.Y(h).toFixed(1)}`;
    const before = arithmetic.states(SERIES[series], net);
    put(ghost, { d: isAsGiven() ? "" : `M${before.map((h, t) => place(t, h)).join("L")}` });
    arithmetic.passes(states, net).forEach((each, t) => put(links[t], {
      d: t + 1 < upTo ? `M${place(t, states[t])}L${place(t + 1, states[t + 1])}` : "",
      style: `stroke: ${colour(each)}; stroke-opacity: .75; stroke-width: ${clamp(6 * Math.abs(each), 0.3, 10).toFixed(2)}`,
    }));
    states.forEach((h, t) => put(dots[t], {
      cx: X(t + 1), cy: chain.Y(h), r: t < upTo ? clamp(room, 3, 6) : 0,
      style: `fill: ${t === step ? "var(--orange)" : "var(--ink)"}; stroke: var(--paper)`,
    }));
    const high = far.Y(SEEN[0]);
    const level = (value) => far.Y(clamp(power(value), SEEN[0] - 1, SEEN[1] + 1)).toFixed(1);
    put(drop, { d: influence.map((each, t) => `M${X(t + 1).toFixed(1)} ${high}V${level(each)}`).join("") });
    put(real, { d: influence.map((each, t) => `M${X(t + 1).toFixed(1)} ${level(each)}h0`).join(""), "stroke-width": clamp(1.4 * room, 5, 9) });
    const bare = arithmetic.influence(states, net, false);
    put(alone, { d: net.wh === 0 ? "" : `M${bare.map((each, t) => `${X(t + 1).toFixed(1)} ${far.Y(power(each)).toFixed(1)}`).join("L")}` });
    setStep(sum(states));
    setLast(shown(states.at(-1)));
    setRatio(small(ratio));
    setFelt(isAsGiven() ? "" : felt(states));
  });

  let kept = null;
  function set(to) {
    net = { wx: Math.round(20 * to.wx) / 20, wh: Math.round(20 * to.wh) / 20 };
    [loopWeight.value, inputWeight.value] = [net.wh, net.wx];
    changed();
  }
  board.showMe(async ({ tell: say, wait, glide }) => {
    kept = { series, inputs, net, step };
    [series, step, choice.value] = ["one", 0, "one"];
    again();
    set({ wx: 1, wh: 0.5 });
    say("One input of 1. About half of it is carried on at each step.");
    if (!board.calm) reading.start();
    await wait(2.4);
    reading.stop();
    step = 0;
    say("Above 1 the state holds itself up, to the end.");
    await glide(1.6, (part) => set({ wx: 1, wh: 0.5 + 0.7 * part }));
    await wait(1.2);
    say("Yet its links are thin: a nudge of the 1 is lost on the way.");
    await wait(2.2);
    say("Small states and a weight of 1: all links are thick, and the nudge arrives.");
    await glide(1.4, (part) => set({ wx: 1 - 0.9 * part, wh: 1.2 - 0.2 * part }));
    await wait(2);
  }, () => {
    if (!kept) return;
    ({ series, inputs, step } = kept);
    choice.value = series;
    const { net: to } = kept;
    kept = null;
    set(to);
  });

  tell();
  return () => {
    set({ wx: 1, wh: 1.2 });
    board.dirty();
  };
}
