// Lesson 03: its network 2-3-2, forward and backward, step by step; every number opens to the product it came from.
import { chance, draw, make, put, shown } from "./kit.js";

const LESSON = {
  x: [2, 3], label: [13, 2],
  w1: [[2, 1, -1], [1, -2, 3]], b1: [0, -2, -1], // a row for each input, a column for each unit
  w2: [[1, 2], [2, -1], [1, -2]], b2: [-1, 2],
};
const [IN, HID, OUT] = [[0, 1], [0, 1, 2], [0, 1]];
const total = (values) => values.reduce((sum, each) => sum + each, 0);

export const arithmetic = {
  LESSON,
  // All that is computed on the way forward and backward. The loss is the mean of the two squared errors.
  passes({ x, label, w1, b1, w2, b2 }) {
    const z = HID.map((j) => total(IN.map((i) => x[i] * w1[i][j])) + b1[j]);
    const h = z.map((each) => Math.max(0, each));
    const p = OUT.map((k) => total(HID.map((j) => h[j] * w2[j][k])) + b2[k]);
    const e = OUT.map((k) => p[k] - label[k]); // also the blame of p: the rate of e² / 2
    const H = HID.map((j) => total(OUT.map((k) => w2[j][k] * e[k])));
    const Z = HID.map((j) => (z[j] > 0 ? H[j] : 0));
    return {
      z, h, p, e, loss: total(e.map((each) => each ** 2)) / 2, H, Z,
      W2: HID.map((j) => OUT.map((k) => h[j] * e[k])), B2: e,
      W1: IN.map((i) => HID.map((j) => x[i] * Z[j])), B1: Z,
    };
  },
  // Another network of small whole numbers, in which one unit or two are silent, none at the knee of ReLU, and nothing is larger than 30.
  drawn(seed) {
    const next = chance(seed);
    const among = (values) => values[Math.floor(next() * values.length)];
    const some = () => among([-3, -2, -1, 1, 2, 3]);
    for (;;) {
      const net = {
        x: IN.map(some), w1: IN.map(() => HID.map(some)), b1: HID.map(() => among([-2, -1, 0, 1, 2])),
        w2: HID.map(() => OUT.map(some)), b2: OUT.map(() => among([-2, -1, 0, 1, 2])), label: [0, 0],
      };
      net.label = this.passes(net).p.map((each) => each - some());
      const found = this.passes(net);
      const [awake, active] = [found.h.filter(Boolean).length, found.H.filter((each, j) => each && found.h[j]).length];
      const most = Math.max(...Object.values({ ...found, label: net.label }).flat(2).map(Math.abs));
      if (awake > 0 && awake < 3 && awake === active && found.z.every(Boolean) && most <= 30) return net;
    }
  },
};

const LOW = "₁₂₃";
const STEPS = [
  "Inputs and weights are there. Press “Next step”.",
  "1. Forward: each sum z is inputs times weights, plus the bias.",
  "2. ReLU: h is z, or 0 where z is below 0.",
  "3. The predictions p: hidden values times weights, plus the bias.",
  "4. Backward: the rate of e² / 2 is e, so the error p − label is the blame of each prediction.",
  "5. Output weights: what the arrow carried, times the blame at its end.",
  "6. Hidden values: along each arrow its weight times the blame at its end; where arrows meet, blames add up.",
  "7. Through ReLU: multiplied by 1 where z is above 0, else by 0.",
  "8. First weights: again what the arrow carried, times the blame at its end.",
];
const LAST = STEPS.length - 1;
const SINCE = { z: 1, h: 2, p: 3, e: 4, loss: 4, W2: 5, B2: 5, H: 6, Z: 7, W1: 8, B1: 8 };

const minus = (value) => String(value).replace("-", "−");
const factor = (value) => (value < 0 ? `(${minus(value)})` : minus(value));

export function build(board) {
  let net = structuredClone(LESSON);
  let isLesson = true;
  let step = 0;
  let opened = null; // the key of the number that is taken apart
  let asked = null; // the key of the number that is to be guessed
  let streak = 0;
  let seed = 1;
  let now = arithmetic.passes(net);

  const goals = board.goals([
    "Turn the inputs until blame reaches the second hidden unit alone.",
    "Back to the lesson's numbers. Turn only the labels: no blame for the first hidden unit, though both predictions have some.",
    "Press “Ask me”, and get three blames right in a row, one further back each time.",
  ]);

  // The drawing: arrows and boxes of SVG, with a button on it for every number that is computed.
  const image = draw("svg", { role: "img", "aria-label": "A network with two inputs, three hidden units and two predictions." });
  const box = make("div", { class: "plot" }, image);
  const words = make("b", {});
  board.panels.append(make("figure", { class: "wide" }, make("figcaption", {}, words, make("span", {}, "blue: values, orange: blames")), box));
  const cells = new Map(); // key -> its button
  const say = {
    z: (j) => `sum z${LOW[j]}`, h: (j) => `hidden value h${LOW[j]}`, p: (k) => `prediction p${LOW[k]}`, e: (k) => `blame of p${LOW[k]}`,
    loss: () => "loss", W2: (j, k) => `blame of the weight from h${LOW[j]} to p${LOW[k]}`, B2: (k) => `blame of the bias of p${LOW[k]}`,
    H: (j) => `blame of h${LOW[j]}`, Z: (j) => `blame of z${LOW[j]}`, W1: (i, j) => `blame of the weight from x${LOW[i]} to z${LOW[j]}`,
    B1: (j) => `blame of the bias of z${LOW[j]}`,
  };
  const split = (key) => {
    const [kind, ...at] = key.split(" ");
    return [kind, at.map(Number)];
  };
  const valueOf = (key) => {
    const [kind, at] = split(key);
    return at.reduce((found, each) => found[each], now[kind]);
  };
  const nameOf = (key) => {
    const [kind, at] = split(key);
    return say[kind](...at);
  };
  const isKnown = (key) => step >= SINCE[split(key)[0]] && key !== asked;
  // What a number was made of: texts and keys of other numbers, the arrows that it came along, and why.
  const partsOf = (key) => {
    const [kind, [a, b]] = split(key);
    const sum = (rows) => rows.flatMap((row, n) => (n ? ["+", ...row] : row));
    return {
      z: () => [[...sum(IN.map((i) => [factor(net.x[i]), "·", factor(net.w1[i][a])])), "+", factor(net.b1[a])], IN.map((i) => `1 ${i} ${a}`),
        "inputs times weights, plus the bias"],
      h: () => [["max( 0,", `z ${a}`, ")"], [], "ReLU"],
      p: () => [[...sum(HID.map((j) => [`h ${j}`, "·", factor(net.w2[j][a])])), "+", factor(net.b2[a])], HID.map((j) => `2 ${j} ${a}`),
        "hidden values times weights, plus the bias"],
      e: () => [[`p ${a}`, "−", factor(net.label[a])], [], "the error: prediction minus label, which is the rate of e² / 2"],
      loss: () => [["(", "e 0", "²", "+", "e 1", "²", ")", "/", "2"], [], "the mean of the squared errors"],
      W2: () => [[`h ${a}`, "·", `e ${b}`], [`2 ${a} ${b}`], "what the arrow carried, times the blame at its end"],
      B2: () => [["1", "·", `e ${a}`], [], "a bias is multiplied by 1"],
      H: () => [sum(OUT.map((k) => [factor(net.w2[a][k]), "·", `e ${k}`])), OUT.map((k) => `2 ${a} ${k}`),
        "along each arrow its weight times the blame at its end; where arrows meet, blames add up"],
      Z: () => [[now.z[a] > 0 ? "1" : "0", "·", `H ${a}`], [], now.z[a] > 0 ? "ReLU's slope is 1 here" : "ReLU's slope is 0 here: the blame stops"],
      W1: () => [[factor(net.x[a]), "·", `Z ${b}`], [`1 ${a} ${b}`], "what the arrow carried, times the blame at its end"],
      B1: () => [["1", "·", `Z ${a}`], [], "a bias is multiplied by 1"],
    }[kind]();
  };

  function cell(key, parent = box) {
    const button = make("button", { type: "button", class: `cell ${/^[zhp]/.test(key) ? "value" : "blame"}`, tabindex: -1, onclick: () => open(key) });
    button.dataset.key = key;
    button.dataset.lmSuppressShortcuts = "true";
    parent.append(button);
    cells.set(key, button);
    return button;
  }
  const boxes = []; // [element, column, row]
  const texts = []; // [element, what it says]
  const text = (what, kind = "") => {
    const made = make("span", { class: `fixed ${kind}` });
    texts.push([made, what]);
    return made;
  };
  const row = (name, value, blame) => [make("span", { class: "fixed" }, name), value, blame ?? make("span", {})];
  for (const i of IN) boxes.push([make("div", { class: "unit-box small" }, ...row(`x${LOW[i]}`, text(() => minus(net.x[i]), "given"))), 0, i]);
  for (const j of HID) {
    const made = make("div", { class: "unit-box" });
    const hold = make("div");
    made.append(...row("b", text(() => minus(net.b1[j]), "given"), cell(`B1 ${j}`, hold)),
      ...row(`z${LOW[j]}`, cell(`z ${j}`, hold), cell(`Z ${j}`, hold)), ...row(`h${LOW[j]}`, cell(`h ${j}`, hold), cell(`H ${j}`, hold)));
    boxes.push([made, 1, j]);
  }
  for (const k of OUT) {
    const made = make("div", { class: "unit-box" });
    const hold = make("div");
    made.append(...row("b", text(() => minus(net.b2[k]), "given"), cell(`B2 ${k}`, hold)),
      ...row(`p${LOW[k]}`, cell(`p ${k}`, hold), cell(`e ${k}`, hold)), make("span", { class: "fixed two" }, "label"), text(() => minus(net.label[k]), "given"));
    boxes.push([made, 2, k]);
  }
  const lossBox = make("div", { class: "unit-box small loss" });
  lossBox.append(...row("loss", cell("loss", make("div"))));
  box.append(...boxes.map(([element]) => element), lossBox);
  const arrows = [];
  for (const [gap, from, to, given, kind] of [[1, IN, HID, "w1", "W1"], [2, HID, OUT, "w2", "W2"]]) {
    for (const a of from) {
      for (const b of to) {
        const path = draw("path", { class: "arrow" });
        image.append(path);
        const chip = make("div", { class: "chip" }, text(() => minus(net[given][a][b]), "given"));
        cell(`${kind} ${a} ${b}`, chip);
        box.append(chip);
        arrows.push({ key: `${gap} ${a} ${b}`, gap, a, b, path, chip });
      }
    }
  }
  // One stop for the Tab key; arrow keys go on to the nearest number that way.
  box.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || !event.target.dataset.key || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const middle = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [left + width / 2, top + height / 2];
    };
    const [x, y] = middle(event.target);
    const far = ([toX, toY]) => {
      const along = (toX - x) * way[0] + (toY - y) * way[1];
      return along > 4 ? along + 2 * Math.abs((toX - x) * way[1] + (toY - y) * way[0]) : Infinity;
    };
    const next = [...cells.values()].filter((each) => !each.disabled).map((each) => [far(middle(each)), each]).sort((a, b) => a[0] - b[0])[0];
    if (next && next[0] < Infinity) {
      stopAt(next[1]);
      next[1].focus();
    }
  });
  function stopAt(button) { for (const each of cells.values()) each.tabIndex = each === button ? 0 : -1; }

  // A number taken apart
  const product = make("p", { class: "opened" });
  const nudgeRow = board.row();
  nudgeRow.before(product);
  const nudge = board.button("Nudge it by 0.01", () => tryNudge(), nudgeRow);
  const setNudge = board.number("", nudgeRow);
  // The weight or bias whose blame is opened, in a network of its own: [where it stands, at which place].
  const nudged = (of) => {
    const [kind, at] = split(opened ?? "");
    return { W1: () => [of.w1[at[0]], at[1]], W2: () => [of.w2[at[0]], at[1]], B1: () => [of.b1, at[0]], B2: () => [of.b2, at[0]] }[kind]?.();
  };
  function tryNudge() {
    const other = structuredClone(net);
    const [list, at] = nudged(other);
    list[at] += 0.01;
    const { loss } = arithmetic.passes(other);
    const said = `From ${shown(list[at] - 0.01, 0)} to ${shown(list[at])}: the loss goes from ${shown(now.loss, 3)} to ${
      shown(loss, 3)}, ${shown(Math.abs(loss - now.loss) / 0.01, 1)} times the nudge ${loss < now.loss ? "down" : "up"}.`;
    setNudge(said);
    board.say(said, 0);
  }
  function open(key) {
    opened = key;
    stopAt(cells.get(key));
    setNudge("");
    board.dirty();
    if (key === asked) board.say("This one is for you to find.", 0);
    else if (isKnown(key)) board.say(spoken(key), 0);
  }
  const spoken = (key) => {
    const [parts, , why] = partsOf(key);
    return `${nameOf(key)}: ${parts.map((part) => (cells.has(part) ? factor(valueOf(part)) : part)).join(" ")} = ${minus(valueOf(key))}; ${why}.`;
  };

  const first = board.row();
  board.button("Next step", () => go(step === LAST ? 0 : step + 1), first).classList.add("first");
  board.button("Step back", () => go(Math.max(0, step - 1)), first);
  board.button("The lesson's numbers", () => take(structuredClone(LESSON), true, LAST), first);
  board.button("Other numbers", () => take(arithmetic.drawn(seed += 1), false, 0), first);
  const second = board.row();
  second.classList.add("dials");
  const dial = (name, low, high, list, at) => board.slider({
    name, min: low, max: high, step: 1, value: net[list][at], text: minus, parent: second,
    oninput(to) {
      net[list][at] = to;
      [asked, step] = [null, LAST];
      changed();
    },
  });
  const dials = [...IN.map((i) => dial(`input x${LOW[i]}`, -3, 3, "x", i)), ...OUT.map((k) => dial(`label of p${LOW[k]}`, -30, 30, "label", k))];
  const third = board.row();
  const askButton = board.button("Ask me", ask, third);
  const guess = board.slider({ name: "your guess", min: -30, max: 30, step: 1, value: 0, text: minus, oninput() {}, parent: third });
  const check = board.button("Check", () => judge(), third);
  const setStreak = board.number("", third);

  function go(to) {
    [step, asked, opened] = [to, null, null];
    changed();
    board.say(`${STEPS[step]} ${heard()}`, 0);
  }
  // The numbers that came with this step, for those who listen.
  const heard = () => [...cells.keys()].filter((key) => SINCE[split(key)[0]] === step).map((key) => `${nameOf(key)} ${minus(valueOf(key))}`).join(", ");
  function take(to, isIt, at) {
    [net, isLesson, step, opened, asked] = [to, isIt, at, null, null];
    changed();
  }
  function ask() {
    if (asked) streak = 0;
    net = arithmetic.drawn(seed += 1);
    isLesson = false;
    now = arithmetic.passes(net);
    const next = chance(seed);
    const among = (keys) => {
      const fit = keys.filter((key) => valueOf(key) !== 0);
      return fit[Math.floor(next() * fit.length)];
    };
    asked = among([
      HID.flatMap((j) => OUT.map((k) => `W2 ${j} ${k}`)), HID.filter((j) => now.h[j]).map((j) => `H ${j}`),
      IN.flatMap((i) => HID.map((j) => `W1 ${i} ${j}`)),
    ][streak]) ?? null;
    if (!asked) return ask();
    [step, opened, guess.value] = [4, asked, 0];
    setNudge("");
    changed();
    return board.say(`What is the ${nameOf(asked)}? ${streak} right so far.`, 0);
  }
  function judge() {
    if (!asked) return;
    const key = asked;
    const isRight = guess.value === valueOf(key);
    streak = isRight ? streak + 1 : 0;
    [asked, step] = [null, LAST];
    open(key);
    changed();
    board.say(`${isRight ? "Right." : "No."} ${spoken(key)}`, 0);
    setStreak(isRight ? `Right: ${streak} in a row.` : "No; see above what it came from. Then three new ones.");
    if (streak === 3) {
      goals.reach(2, "You have done by hand what a computer does for every weight.");
      streak = 0;
    }
  }
  function settle() {
    now = arithmetic.passes(net);
    [...net.x, ...net.label].forEach((value, n) => { dials[n].value = value; });
  }
  function changed() {
    settle();
    const isAt = (list) => LESSON[list].every((each, n) => each === net[list][n]);
    if (isLesson && step === LAST && now.Z[1] && !now.Z[0] && !now.Z[2]) {
      goals.reach(0, "It is awake, and the others sleep: ReLU's slope is 0 there.");
    }
    if (isLesson && step === LAST && isAt("x") && now.h[0] && !now.H[0] && now.e.every(Boolean)) {
      goals.reach(1, `What comes back along its two arrows cancels: 1 · ${factor(now.e[0])} + 2 · ${factor(now.e[1])} = 0.`);
    }
    if (step === LAST && !asked) board.say(`Loss ${shown(now.loss)}. ${OUT.map((k) => `blame of p${LOW[k]} ${minus(now.e[k])}`).join(", ")}; ${HID.map((j) => `blame of z${LOW[j]} ${minus(now.Z[j])}`).join(", ")}.`);
    if (asked === null) setStreak("");
    board.dirty();
  }

  // Where everything lies: from left to right where there is room, else from top to bottom.
  let width = 0;
  const ends = new Map();
  function layOut() {
    width = box.clientWidth;
    const isWide = width >= 560;
    const [across, share, deep, tall] = isWide ? [372, 0.68, width, 84] : [width, 0.72, 500, 84];
    const pitch = across / 3;
    const spread = (share * pitch) / 2 / (1 - share); // then the chips of all arrows lie at equal distances
    const place = [
      (n) => [across / 2 + (n - 0.5) * spread, isWide ? 44 : 18],
      (n) => [(n + 0.5) * pitch, isWide ? 0.47 * deep : 202],
      (n) => [across / 2 + (n - 0.5) * spread, isWide ? deep - 70 : 410],
    ];
    const at = (column, n) => (isWide ? place[column](n).reverse() : place[column](n));
    const boxWide = isWide ? 124 : Math.min(124, Math.floor(pitch) - 4);
    box.classList.toggle("narrow", !isWide);
    box.style.setProperty("--box", `${boxWide}px`);
    const height = isWide ? across : 502;
    put(image, { width, height, viewBox: `0 0 ${width} ${height}` });
    const move = (element, [x, y]) => { element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`; };
    for (const [element, column, n] of boxes) move(element, at(column, n));
    move(lossBox, isWide ? [deep - 70, across - 22] : [width / 2, 482]);
    const half = [isWide ? 34 : 17, isWide ? boxWide / 2 : tall / 2, isWide ? boxWide / 2 : tall / 2];
    for (const { key, gap, a, b, chip } of arrows) {
      const shift = (point, by) => (isWide ? [point[0] + by, point[1]] : [point[0], point[1] + by]);
      const [start, end] = [shift(at(gap - 1, a), half[gap - 1] + 2), shift(at(gap, b), -half[gap] - 2)];
      const t = gap === 1 ? share : 1 - share;
      move(chip, [start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])]);
      ends.set(key, [start, end]);
    }
  }
  const arrowHead = ([[fromX, fromY], [toX, toY]]) => {
    const long = Math.hypot(toX - fromX, toY - fromY);
    const [x, y] = [((toX - fromX) / long) * 7, ((toY - fromY) / long) * 7];
    return `M${fromX} ${fromY}L${toX} ${toY}M${toX - x - 0.6 * y} ${toY - y + 0.6 * x}L${toX} ${toY}L${toX - x + 0.6 * y} ${toY - y - 0.6 * x}`;
  };
  board.draws(() => {
    if (!box.clientWidth) return;
    if (box.clientWidth !== width) layOut();
    words.textContent = asked ? `What is the ${nameOf(asked)}? Take what you need from the numbers that are there.` : STEPS[step];
    for (const [element, what] of texts) element.textContent = what();
    const [parts, along, why] = opened && isKnown(opened) ? partsOf(opened) : [[], [], ""];
    for (const [key, button] of cells) {
      const isThere = isKnown(key) || key === asked;
      button.disabled = !isThere;
      const size = key === "loss" ? shown(valueOf(key), 1) : minus(valueOf(key));
      button.textContent = key === asked ? "?" : isThere ? size : "";
      button.setAttribute("aria-label", key === asked ? `${nameOf(key)}: to be found` : isThere ? `${nameOf(key)}: ${size}` : `${nameOf(key)}: not yet known`);
      button.setAttribute("aria-pressed", String(key === opened));
      button.classList.toggle("asked", key === asked);
      button.classList.toggle("part", parts.includes(key));
      button.classList.toggle("new", isThere && !opened && step > 0 && SINCE[split(key)[0]] === step);
    }
    if (![...cells.values()].some((each) => each.tabIndex === 0 && !each.disabled)) {
      const any = [...cells.values()].find((each) => !each.disabled);
      if (any) stopAt(any);
    }
    const isBack = step >= 4;
    for (const { key, gap, path } of arrows) {
      const [start, end] = ends.get(key);
      const isLit = opened ? along.includes(key) : { 1: gap === 1, 3: gap === 2, 5: gap === 2, 6: gap === 2, 8: gap === 1 }[step] ?? false;
      put(path, { d: arrowHead(isBack ? [end, start] : [start, end]), class: `arrow ${isLit ? (isBack && !/^[zp]/.test(opened ?? "W") ? "back" : "forth") : ""}` });
    }
    image.setAttribute("aria-label", `A network with two inputs, three hidden units and two predictions. ${words.textContent}`);
    const isOpen = opened && isKnown(opened);
    product.replaceChildren(...(isOpen ? [
      make("b", {}, `${nameOf(opened)} = `),
      ...parts.map((part) => {
        if (!cells.has(part)) return ` ${part} `;
        const button = make("button", { type: "button", class: `cell ${/^[zhp]/.test(part) ? "value" : "blame"}`, onclick: () => {
          open(part);
          cells.get(part).focus({ preventScroll: true });
        } }, factor(valueOf(part)));
        button.setAttribute("aria-label", `${nameOf(part)}: ${minus(valueOf(part))}`);
        button.dataset.lmSuppressShortcuts = "true";
        return button;
      }),
      ` = `, make("b", {}, opened === "loss" ? shown(now.loss, 1) : minus(valueOf(opened))), make("span", {}, ` (${why})`),
    ] : [make("span", {}, step > 0 || asked ? "Press any number that was computed, to see what it came from." : "")]));
    nudgeRow.style.visibility = isOpen && nudged(net) ? "visible" : "hidden"; // and nothing moves when it comes
      for (const each of [guess.label, check]) each.hidden = asked === null;
    askButton.textContent = asked ? "Ask me another" : streak ? `Ask me number ${streak + 1}` : "Ask me";
  });

  // Show me
  let before = null;
  board.showMe(async ({ tell, wait }) => {
    before = { net, isLesson, step, opened, asked, streak };
    take(structuredClone(LESSON), true, 0);
    const story = ["Forward: sums of inputs times weights ...", "... ReLU silences the second unit ...", "... and the predictions: 12 and 4.",
      "The errors are the first blames.", "An output weight: what it carried, times the blame at its end.",
      "A hidden unit gets blame along both its arrows.", "At the silent unit it stops.", "The first weights: carried, times blame."];
    for (const [n, line] of story.entries()) {
      step = n + 1;
      changed();
      tell(line);
      await wait(1.2);
    }
    opened = "W1 1 2";
    tell("Any number opens: 3 · (−5) = −15, and −5 opens in turn.");
    board.dirty();
    await wait(2);
  }, () => {
    if (!before) return;
    ({ net, isLesson, step, opened, asked, streak } = before);
    before = null;
    settle();
  });

  settle();
  return () => { // for the picture
    [step, opened] = [LAST, "H 0"];
    changed();
  };
}
