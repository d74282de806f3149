// Lesson 14: heads that learn from a few examples: on a borrowed body, on its untrained twin, and on the pixels alone.
// WEIGHTS, the pictures and what both bodies make of them, come from borrow.weights.json.
import { chance, clamp, draw, make, mean, put, shown } from "./kit.js";

const SIDE = 20;
const DIGITS = [5, 6, 7, 8, 9];
const KINDS = DIGITS.length;
const EACH = 100; // pictures of each digit to draw from; as many more are the test
const HALF_WAY = KINDS * EACH; // the test begins here
const [STEPS, RATE] = [100, 0.05]; // of Adam, as in the lesson
const SOURCES = ["borrowed", "twin", "pixels"];
const code = (text, n) => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(text[n]);

const PIXELS = new Float32Array(2 * HALF_WAY * SIDE * SIDE);
for (let n = 0, at = 0; n < WEIGHTS.pictures.length; n += 1) {
  const each = code(WEIGHTS.pictures, n);
  if (each < 16) PIXELS[at] = each / 15;
  at += each < 16 ? 1 : each - 16; // else so many zeros
}
function features({ features: text, scales }) {
  return Float32Array.from(atob(text), (each, n) => each.charCodeAt(0) * scales[n % scales.length]);
}
// What a head learns from: of each picture the numbers that are not 0, and where they stand; and the head's weights at the start.
function source(values) {
  const inputs = values.length / (2 * HALF_WAY);
  const [starts, at, value] = [[0], [], []];
  values.forEach((each, n) => {
    if (each) {
      at.push(n % inputs);
      value.push(each);
    }
    if (n % inputs === inputs - 1) starts.push(at.length);
  });
  const [next, reach] = [chance(14), Math.sqrt(6 / (inputs + KINDS))];
  const start = Float64Array.from({ length: (inputs + 1) * KINDS }, (_, n) => (n < inputs * KINDS ? reach * (2 * next() - 1) : 0));
  return { values, inputs, starts: Int32Array.from(starts), at: Int32Array.from(at), value: Float64Array.from(value), start };
}

export const arithmetic = {
  EACH,
  SOURCES: { borrowed: source(features(WEIGHTS.borrowed)), twin: source(features(WEIGHTS.twin)), pixels: source(PIXELS) },
  kind: (picture) => Math.floor(picture / EACH) % KINDS,
  // A draw: a list of pictures for each digit.
  few: (next, count) => DIGITS.map((_, kind) => next.shuffled(EACH).slice(0, count).map((n) => kind * EACH + n)),
  // The weights, five for each input and then five biases, after the lesson's steps with all examples at once.
  train(from, examples, steps = STEPS) {
    const { inputs, starts, at, value } = from;
    const [w, bias] = [Float64Array.from(from.start), inputs * KINDS];
    const [slopes, first, second] = [0, 0, 0].map(() => new Float64Array(w.length));
    const sums = new Float64Array(KINDS);
    const lit = [...new Set(examples.flatMap((picture) => [...at.subarray(starts[picture], starts[picture + 1])])), inputs];
    for (let step = 1; step <= steps; step += 1) {
      slopes.fill(0);
      for (const picture of examples) {
        this.sums(from, picture, w, sums);
        const most = Math.max(sums[0], sums[1], sums[2], sums[3], sums[4]);
        let all = 0;
        for (let kind = 0; kind < KINDS; kind += 1) all += sums[kind] = Math.exp(sums[kind] - most);
        for (let kind = 0; kind < KINDS; kind += 1) { // softmax less 1 at the label, a part of the mean
          sums[kind] = (sums[kind] / all - (kind === this.kind(picture))) / examples.length;
          slopes[bias + kind] += sums[kind];
        }
        const [a, b, c, d, e] = sums;
        for (let k = starts[picture]; k < starts[picture + 1]; k += 1) {
          const x = value[k];
          const n = KINDS * at[k];
          slopes[n] += x * a;
          slopes[n + 1] += x * b;
          slopes[n + 2] += x * c;
          slopes[n + 3] += x * d;
          slopes[n + 4] += x * e;
        }
      }
      const size = (RATE * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step); // of a step of Adam
      for (const input of lit) {
        for (let n = KINDS * input; n < KINDS * input + KINDS; n += 1) {
          first[n] += 0.1 * (slopes[n] - first[n]);
          second[n] += 0.001 * (slopes[n] * slopes[n] - second[n]);
          w[n] -= (size * first[n]) / (Math.sqrt(second[n]) + 1e-7);
        }
      }
    }
    return w;
  },
  // The five sums of a picture, before softmax, into `sums`.
  sums({ inputs, starts, at, value }, picture, w, sums) {
    const bias = inputs * KINDS;
    let a = w[bias];
    let b = w[bias + 1];
    let c = w[bias + 2];
    let d = w[bias + 3];
    let e = w[bias + 4];
    for (let k = starts[picture]; k < starts[picture + 1]; k += 1) {
      const x = value[k];
      const n = KINDS * at[k];
      a += x * w[n];
      b += x * w[n + 1];
      c += x * w[n + 2];
      d += x * w[n + 3];
      e += x * w[n + 4];
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
    sums[4] = e;
    return sums;
  },
  // How many of the hundred test pictures of each digit a head reads.
  right(from, w) {
    const [counts, sums] = [DIGITS.map(() => 0), new Float64Array(KINDS)];
    for (let picture = HALF_WAY; picture < 2 * HALF_WAY; picture += 1) {
      this.sums(from, picture, w, sums);
      if (sums.indexOf(Math.max(...sums)) === this.kind(picture)) counts[this.kind(picture)] += 1;
    }
    return counts;
  },
  // What the three heads read that learn from a draw.
  learn(examples) {
    const all = examples.flat();
    return SOURCES.map((name) => {
      const counts = this.right(this.SOURCES[name], this.train(this.SOURCES[name], all));
      return { counts, part: counts.reduce((sum, each) => sum + each, 0) / HALF_WAY };
    });
  },
  spread(values) {
    const middle = mean(values);
    return Math.sqrt(mean(values.map((each) => (each - middle) ** 2)));
  },
};

const COUNTS = [1, 2, 5, 10, 20, 40]; // examples of each digit
const SIZES = { 1: 68, 2: 68, 5: 50, 10: 38, 20: 28, 40: 24 }; // pixels: a picture on the board
const COLOURS = ["blue", "orange", "green"];
const MANY = 10; // draws
const [MOVES, STEADY] = [6, 2]; // points, of the first and the last goal
const PARTS = [10, 80]; // percent

// The outline of a source's mark: a disc, a triangle, a square.
function outline(which, x, y, r) {
  const at = `M${x.toFixed(1)} ${y.toFixed(1)}`;
  if (which === 0) return `${at}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  return which === 1 ? `${at}m0 ${-1.2 * r}l${1.15 * r} ${2 * r}h${-2.3 * r}z` : `${at}m${-0.9 * r} ${-0.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`;
}
const percent = (value) => `${shown(value, 0)} %`;
const points = (value) => `${shown(value, 1)} points`;

export function build(board) {
  const fresh = () => Object.fromEntries(COUNTS.map((each) => [each, { examples: null, now: null, draws: [], change: null }]));
  let count = 1;
  let tried = fresh(); // for each number of examples: the present ones, what the heads on them read, and all draws so far
  let next = chance(2025);
  let waiting = 0; // draws that are still to be made

  const goals = board.goals([
    `With one example of each digit: exchange a single picture, and move the borrowed body by over ${MOVES} points.`,
    `How many of each does the twin need, to read what the borrowed body reads with one of each? Find the smallest number, each time with ${MANY} draws or more.`,
    `Make it matter little which pictures you get: in ${MANY} draws or more, a spread of the borrowed body under ${STEADY} points.`,
  ]);

  const top = board.row();
  board.panels.before(top);
  top.classList.add("top");
  const countChoice = board.choice({
    name: "examples of each digit", options: COUNTS.map((each) => [String(each), String(each)]), value: String(count), parent: top,
    onchange(to) {
      halt();
      go(Number(to));
    },
  });
  board.button("Draw again", () => {
    halt();
    drawOnce();
    settle();
  }, top).classList.add("first");
  board.button("Ten draws", () => {
    waiting = MANY;
    if (board.calm) while (waiting) advance();
    else running.start();
  }, top);
  board.button("Start afresh", () => {
    halt();
    tried = fresh();
    go(count);
  }, top);

  board.panels.classList.add("few");
  const spots = DIGITS.map((digit) => {
    const [pictures, fill, words] = [make("div", { class: "examples" }), make("span", { class: "bar-fill" }), make("span")];
    const row = make("div", { class: "example-row", role: "group" }, make("b", { "aria-hidden": "true" }, String(digit)), pictures,
      make("div", {}, words, make("span", { class: "bar-track", "aria-hidden": "true" }, fill)));
    return { digit, row, pictures, fill, words, buttons: [] };
  });
  top.after(make("p", { class: "note lead" }, "Three heads learn from the same pictures: on the borrowed body, on its untrained twin, and on the pixels alone."));
  const note = make("p", { class: "note" });
  const album = make("figure", {}, make("figcaption", {}, make("b", {}, "All there is to learn from"), make("span", {}, "press one to exchange it")),
    ...spots.map(({ row }) => row), note);
  album.addEventListener("keydown", walk);
  board.panels.append(album);

  const plot = board.plot({
    name: "On new pictures", yName: "a mark for each draw", xName: "% of 500 new pictures", x: PARTS, y: [-0.5, 2.62], left: 62, height: 214, most: 214, columns: [20, 40, 60, 80],
    rows: [0, 1, 2], tick: (row) => SOURCES[2 - row], label: "A mark for each draw.",
  });
  const blind = draw("path", { class: "guide", style: "stroke: var(--ink)" });
  const rows = SOURCES.map((name, which) => {
    const made = {
      past: draw("path", { style: `fill: var(--${COLOURS[which]}); fill-opacity: .5; stroke: var(--${COLOURS[which]})` }), bar: draw("path", { class: "mean-bar" }),
      present: draw("path", { style: "stroke: var(--ink); stroke-width: 2" }), words: draw("text", { class: "curve-name" }),
    };
    plot.front.append(...Object.values(made));
    return made;
  });
  plot.back.append(blind);

  const log = (each) => Math.log2(each);
  const curve = board.plot({
    name: "Means", yName: "% of new pictures", xName: "examples of each digit", x: [-0.4, log(40) + 0.25], y: PARTS, right: 72, left: 34, height: 236, most: 236,
    rows: [20, 40, 60, 80], columns: COUNTS.map(log), tickX: (each) => String(Math.round(2 ** each)), label: "Means for each number of examples.",
  });
  const level = draw("path", { class: "guide", style: "stroke: var(--ink)" });
  const across = draw("path", { class: "guide", style: "stroke: var(--orange); stroke-width: 2" });
  const lines = SOURCES.map((name, which) => {
    const made = [draw("path", { class: "unit", style: `stroke: var(--${COLOURS[which]})` }), draw("path", { style: `fill: var(--${COLOURS[which]})` }),
      draw("text", { class: "curve-name" }, name)];
    curve.front.append(...made.slice(0, 2));
    curve.image.append(made[2]); // it stands beside the plot
    return made;
  });
  curve.back.append(level, across);
  const reading = make("p", { class: "note" });
  curve.figure.append(reading);

  const running = board.loop(advance);
  function halt() {
    waiting = 0;
    running.stop();
  }
  function advance() {
    drawOnce();
    waiting -= 1;
    if (waiting <= 0) halt();
    settle();
  }
  function go(to) {
    count = to;
    countChoice.value = String(to);
    if (!tried[count].now) drawOnce();
    settle();
  }
  function learn(examples) {
    tried[count].examples = examples;
    tried[count].now = arithmetic.learn(examples).map(({ counts, part }) => ({ counts, part: 100 * part }));
    tried[count].change = null;
  }
  function drawOnce() {
    learn(arithmetic.few(next, count));
    tried[count].draws.push(tried[count].now.map(({ part }) => part));
  }
  // Another picture of the same digit, which is not among the examples.
  function exchange(kind, n) {
    if (n >= count) return; // it has just been taken away
    halt();
    const { examples, now } = tried[count];
    const others = [...Array(EACH).keys()].map((each) => kind * EACH + each).filter((each) => !examples[kind].includes(each));
    const before = now[0].part;
    learn(examples.map((each, which) => (which === kind ? each.map((old, at) => (at === n ? others[Math.floor(next() * others.length)] : old)) : each)));
    tried[count].change = { kind, n, by: tried[count].now[0].part - before };
    settle();
  }

  const means = (each) => (tried[each].draws.length ? SOURCES.map((name, which) => mean(tried[each].draws.map((parts) => parts[which]))) : null);
  const spreads = () => SOURCES.map((name, which) => arithmetic.spread(tried[count].draws.map((parts) => parts[which])));
  const drawn = () => `${tried[count].draws.length} ${tried[count].draws.length === 1 ? "draw" : "draws"}`;
  function settle() {
    judge();
    tell();
    board.dirty();
  }
  function judge() {
    const { draws, change } = tried[count];
    if (count === 1 && change && Math.abs(change.by) > MOVES + 1e-9) goals.reach(0, "One picture was another, and all else was the same.");
    if (draws.length < MANY || waiting) return;
    const isEnough = COUNTS.map((each) => (tried[each].draws.length < MANY || tried[1].draws.length < MANY ? null : means(each)[1] >= means(1)[0]));
    const fewest = COUNTS.findIndex((each, n) => isEnough[n] === true && isEnough[n - 1] === false);
    if (fewest > 0) goals.reach(1, `In these draws ${COUNTS[fewest - 1]} are too few, and ${COUNTS[fewest]} are enough.`);
    if (spreads()[0] < STEADY) goals.reach(2, `With ${count} of each one draw is nearly as good as another.`);
  }
  function tell() {
    if (board.playing) return; // the captions are to be heard
    const { now, change } = tried[count];
    const all = SOURCES.map((name, which) => `${name} ${percent(now[which].part)}`).join(", ");
    if (change) board.say(`Another ${DIGITS[change.kind]}. ${moved(change.by)} Now: ${all}.`);
    else board.say(`${drawn()} with ${count} of each. This one: ${all}. ${means(count).map((each, which) => `Mean of ${SOURCES[which]} ${percent(each)}, spread ${points(spreads()[which])}.`).join(" ")}`);
  }
  const moved = (by) => (Math.abs(by) < 0.05 ? "The borrowed body reads as many as before." : `The borrowed body reads ${points(Math.abs(by))} ${by > 0 ? "more" : "fewer"} than before.`);

  // The pictures
  let inHand = [0, 0]; // where the keyboard stops: digit and place
  function walk(event) {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".example") || spots[0].buttons.length !== count) return;
    event.preventDefault();
    const at = clamp(inHand[0] * count + inHand[1] + way[0] * count + way[1], 0, KINDS * count - 1);
    stopAt(Math.floor(at / count), at % count);
    spots[inHand[0]].buttons[inHand[1]].focus();
  }
  function stopAt(kind, n) {
    inHand = [kind, n];
    spots.forEach(({ buttons }, row) => buttons.forEach((button, place) => { button.tabIndex = row === kind && place === n ? 0 : -1; }));
  }
  function lay() { // as many buttons as there are examples
    const isHeld = album.matches(":focus-within");
    spots.forEach((spot, kind) => {
      spot.pictures.style.setProperty("--size", `${SIZES[count]}px`);
      spot.pictures.replaceChildren();
      spot.buttons = [...Array(count).keys()].map((n) => {
        const button = board.button("", () => exchange(kind, n), spot.pictures);
        button.className = "example";
        button.replaceChildren(make("canvas", { width: SIDE, height: SIDE, class: "pixels", "aria-hidden": "true" }));
        button.addEventListener("focus", () => stopAt(kind, n));
        return button;
      });
    });
    stopAt(0, 0);
    if (isHeld) spots[0].buttons[0].focus();
  }
  function paint(button, picture) {
    const look = `${picture} ${board.root.dataset.look}`;
    if (button.dataset.look === look) return;
    button.dataset.look = look;
    const [paper, ink] = board.root.dataset.look === "dark" ? [[32, 38, 45], [240, 243, 246]] : [[255, 255, 255], [20, 24, 28]];
    const context = button.firstChild.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    for (let at = 0; at < SIDE * SIDE; at += 1) {
      for (let c = 0; c < 3; c += 1) image.data[4 * at + c] = paper[c] + PIXELS[picture * SIDE * SIDE + at] * (ink[c] - paper[c]);
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  board.draws(() => {
    const { examples, now, change } = tried[count];
    if (spots[0].buttons.length !== count) lay();
    spots.forEach(({ digit, row, buttons, fill, words }, kind) => {
      buttons.forEach((button, n) => {
        paint(button, examples[kind][n]);
        button.classList.toggle("new", change?.kind === kind && change.n === n);
        button.setAttribute("aria-label", `A ${digit}, ${count === 1 ? "the only one" : `${n + 1} of ${count}`}: exchange it`);
      });
      fill.style.transform = `scaleX(${now[0].counts[kind] / EACH})`;
      words.textContent = `${now[0].counts[kind]} %`;
      row.setAttribute("aria-label", `Examples of ${digit}; of new ones, the head on the borrowed body reads ${now[0].counts[kind]} %`);
    });
    note.textContent = change ? `${moved(change.by)} (Exchanged by hand, it counts for no mean.)` : "Bars: how many new ones of each digit the head on the borrowed body reads.";
    if (plot.width && curve.width) {
      drawDraws();
      drawMeans();
    }
  });
  function drawDraws() {
    const { now, draws, change } = tried[count];
    const [middles, wide] = [means(count), spreads()];
    put(blind, { d: `M${plot.X(20)} 0V${plot.height}` });
    rows.forEach(({ past, bar, present, words }, which) => {
      const y = (n) => plot.Y(2 - which - 0.12 + 0.2 * Math.sin(n * 2.4));
      const r = 4.5;
      put(past, { d: draws.slice(0, change ? undefined : -1).map((parts, n) => outline(which, plot.X(parts[which]), y(n), r)).join("") });
      put(bar, { d: draws.length > 1 ? `M${plot.X(middles[which]).toFixed(1)} ${plot.Y(1.58 - which)}V${plot.Y(2.2 - which)}` : "" });
      put(present, { d: outline(which, plot.X(now[which].part), y(draws.length - 1), 6.5) });
      present.style.fill = `var(--${change ? "paper" : COLOURS[which]})`;
      const [before, after] = plot.width > 330 ? ["mean ", " points"] : ["", ""];
      words.textContent = draws.length > 1 ? `${before}${percent(middles[which])}, spread ${shown(wide[which], 1)}${after}` : percent(now[which].part);
      put(words, { x: plot.width - 12, y: plot.Y(2.3 - which), "text-anchor": "end" });
    });
    plot.figure.querySelector("figcaption span").textContent = `${drawn()} with ${count} of each`;
    plot.describe(`${drawn()} with ${count} of each. ${SOURCES.map((name, which) => `${name}: this draw ${percent(now[which].part)}, mean ${percent(middles[which])}, spread ${points(wide[which])}`).join("; ")}. Blind guessing reads 20 %.`);
  }
  function drawMeans() {
    const known = COUNTS.filter((each) => tried[each].draws.length);
    const middles = Object.fromEntries(known.map((each) => [each, means(each)]));
    const spot = (each, which) => [curve.X(log(each)), curve.Y(middles[each][which])];
    const last = known.at(-1);
    put(level, { d: `M0 ${curve.Y(20)}H${curve.width}` });
    put(across, { d: last && count > 1 ? `M0 ${spot(count, 1)[1]}H${spot(count, 1)[0]}` : "" });
    const heights = SOURCES.map((name, which) => spot(last, which)[1] + 4);
    const downward = [0, 1, 2].sort((a, b) => heights[a] - heights[b]);
    downward.forEach((which, n) => { if (n) heights[which] = Math.max(heights[which], heights[downward[n - 1]] + 13); }); // names are not to overlap
    lines.forEach(([line, marks, name], which) => {
      put(line, { d: `M${known.map((each) => spot(each, which).map((at) => at.toFixed(1)).join(" ")).join("L")}` });
      put(marks, { d: known.map((each) => outline(which, ...spot(each, which), each === count ? 6.5 : 4)).join("") });
      put(name, { x: spot(last, which)[0] + 11, y: heights[which] });
    });
    const less = known.find((each) => each < count && middles[each][0] >= middles[count][1]);
    reading.textContent = `To the right, equal steps are equal factors: as far from 5 to 10 as from 10 to 20. Dotted at 20 %: blind guessing. ${
      less ? `Along the orange dots: what the twin reads with ${count} of each, ${percent(middles[count][1])}, the borrowed body reads already with ${less} of each.` : ""}`;
    curve.describe(`Means. ${known.map((each) => `With ${each} of each: ${SOURCES.map((name, which) => `${name} ${percent(middles[each][which])}`).join(", ")}`).join("; ")}.`);
  }

  // Show me
  let kept = null;
  board.showMe(async ({ tell: words, wait }) => {
    halt();
    kept = { count, tried, next, inHand };
    [tried, next] = [fresh(), chance(5)];
    const several = async (to) => {
      go(to);
      for (let n = 1; n < 7; n += 1) {
        if (!board.calm) await wait(0.32);
        drawOnce();
        settle();
      }
      await wait(board.calm ? 2.2 : 0.5);
    };
    words("One example of each digit. With every draw the accuracy on the borrowed body jumps.");
    await several(1);
    words("Five of each: it is higher, and jumps less.");
    await several(5);
    words("Twenty of each: it jumps less again. The untrained twin follows far below.");
    await several(20);
    words("Along the orange dots: what the twin reads with twenty, the borrowed body reads already with far fewer.");
    await wait(2);
  }, () => {
    if (!kept) return;
    ({ tried, next } = kept);
    const { count: to, inHand: at } = kept;
    kept = null;
    go(to);
    if (spots[0].buttons.length === count) stopAt(...at);
  });

  go(count);
  return () => { // for the picture
    tried = fresh();
    for (const each of [1, 2, 5]) { // no more: the lesson asks
      go(each);
      while (tried[each].draws.length < MANY) drawOnce();
    }
    settle();
  };
}
