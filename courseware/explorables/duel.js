// Lesson 08: a generator and a discriminator on the ring, each with its turns. The step of either is Keras's own: backpropagation, and Adam.
import { chance, clamp, draw, make, mean, put, shown } from "./kit.js";
import { adam, blameOfInputs, dense, forward, sigmoid, slopesOf } from "./network.js";

const CLOUDS = 8;
const SPREAD = 0.05; // of each cloud
const BATCH = 32; // real points in a turn, and as many fakes
const WIDTH = 32; // units in each of the two hidden layers
const RATES = [0.002, 0.004]; // of the generator and of the detective
const FAKES = 300; // of the picture and of all that is measured
const BETWEEN = 5; // rounds from look to look
const CENTRES = [...Array(CLOUDS).keys()].map((n) => [Math.cos((2 * Math.PI * n) / CLOUDS), Math.sin((2 * Math.PI * n) / CLOUDS)]);
const slopeOf = ({ leak }) => (h) => (h > 0 ? 1 : leak);
// -log of the sigmoid, safe from overflow.
const surprise = (z) => (z > 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z);

export const arithmetic = {
  CENTRES,
  // Points x, y of the ring, one after the other, as the lesson's `ring` draws them; and noise.
  ring(next, count) {
    const rows = new Float64Array(2 * count);
    for (let n = 0; n < count; n += 1) {
      const [x, y] = CENTRES[Math.floor(CLOUDS * next())];
      rows[2 * n] = x + SPREAD * next.normal();
      rows[2 * n + 1] = y + SPREAD * next.normal();
    }
    return rows;
  },
  noise: (next, count) => Float64Array.from({ length: 2 * count }, () => next.normal()),
  // The ring's forger with its noise, and its detective with a logit: two hidden layers each. `leak` is the slope of a silent unit.
  forger: (next) => ({ ...dense([2, WIDTH, WIDTH, 2], next), leak: 0 }),
  detective: (next) => ({ ...dense([2, WIDTH, WIDTH, 1], next), leak: 0.2 }),
  said: (net, rows) => forward(net, rows, rows.length / 2, (z) => (z < 0 ? net.leak * z : z)),
  answers: (net, rows) => arithmetic.said(net, rows).at(-1),
  // One step, with the lesson's beta_1.
  learn(net, said, blame, rate) { adam(net, slopesOf(net, said, blame, said[0].length / 2, slopeOf(net)), rate, 0.5); },
  // The detective learns once: real points have the label 1, fakes 0. Returns its loss before.
  detectiveTurn(forger, detective, real, noise, rate) {
    const [fake, count] = [this.answers(forger, noise), (real.length + noise.length) / 2];
    const rows = new Float64Array(2 * count);
    rows.set(real);
    rows.set(fake, real.length);
    const said = this.said(detective, rows);
    const isReal = (n) => 2 * n < real.length;
    const blame = said.at(-1).map((z, n) => (sigmoid(z) - (isReal(n) ? 1 : 0)) / count);
    const loss = mean([...said.at(-1)].map((z, n) => surprise(isReal(n) ? z : -z)));
    this.learn(detective, said, blame, rate);
    return loss;
  },
  // The forger learns once, through the detective as it stands: its fakes are to be taken for real. Returns its loss before.
  forgerTurn(forger, detective, noise, rate) {
    const count = noise.length / 2;
    const made = this.said(forger, noise);
    const said = this.said(detective, made.at(-1));
    const blame = blameOfInputs(detective, said, said.at(-1).map((z) => (sigmoid(z) - 1) / count), count, slopeOf(detective));
    const loss = mean([...said.at(-1)].map(surprise));
    this.learn(forger, made, blame, rate);
    return loss;
  },
  // The share of the points in each cloud, of all good points, and the clouds covered: those with at least 2 % of the points.
  score(points) {
    const shares = Array(CLOUDS).fill(0);
    const count = points.length / 2;
    for (let n = 0; n < count; n += 1) {
      const [x, y] = [points[2 * n], points[2 * n + 1]];
      CENTRES.forEach(([cx, cy], cloud) => { if (Math.hypot(x - cx, y - cy) < 0.2) shares[cloud] += 1 / count; });
    }
    return { shares, good: shares.reduce((sum, each) => sum + each, 0), covered: shares.filter((each) => each >= 0.02 - 1e-9).length };
  },
  // A duel, and what it has come to.
  start: (seed) => {
    const next = chance(seed);
    return {
      next, forger: arithmetic.forger(next), detective: arithmetic.detective(next), noise: arithmetic.noise(chance(8), FAKES), rounds: 0, history: [],
      hasSeenAll: false, // the detective: all eight covered
      crowdedFrom: null, isCrowd: false, // the generator: since when it has crowded before such a detective, and that it has for long
      visits: [], // the clouds that held a crowd, one after the other
      losses: [Math.LN2, Math.LN2],
    };
  },
  replace(game, who) {
    game[who] = this[who](game.next);
    if (who === "detective") game.hasSeenAll = false;
    this.forget(game);
    game.isCrowd = false;
  },
  forget(game) { [game.crowdedFrom, game.visits] = [null, []]; },
  // Carry all that the generator makes.
  carry(game, x, y) {
    const { b } = game.forger.layers.at(-1);
    b[0] += x;
    b[1] += y;
    this.forget(game);
  },
  round(game, [forgerTurns, detectiveTurns]) {
    const { next, forger, detective } = game;
    for (let n = 0; n < detectiveTurns; n += 1) {
      game.losses[1] = this.detectiveTurn(forger, detective, this.ring(next, BATCH), this.noise(next, BATCH), RATES[1]);
    }
    for (let n = 0; n < forgerTurns; n += 1) game.losses[0] = this.forgerTurn(forger, detective, this.noise(next, BATCH), RATES[0]);
    game.rounds += 1;
  },
  // Measure the fakes, and find which goals they have reached.
  look(game) {
    const points = this.answers(game.forger, game.noise);
    const logits = this.answers(game.detective, points);
    const { shares, good, covered } = this.score(points);
    const trust = mean([...logits].map(sigmoid));
    if (covered === CLOUDS && good > 0.5) game.hasSeenAll = true;
    const crowds = game.hasSeenAll && covered <= 4 && good > 0.8;
    if (!crowds) game.crowdedFrom = null;
    else game.crowdedFrom ??= game.rounds;
    const isCrowd = crowds && game.rounds - game.crowdedFrom >= 100;
    if (isCrowd) game.isCrowd = true;
    if (covered > 4) game.visits = [];
    const most = Math.max(...shares);
    if (most > 0.4 && shares[game.visits.at(-1)] !== most) game.visits.push(shares.indexOf(most));
    return {
      points, shares, good, covered, trust, rounds: game.rounds, losses: [...game.losses],
      goals: [isCrowd, game.isCrowd && covered >= 7 && good > 0.5, new Set(game.visits).size >= 6],
    };
  },
};

const REACH = 1.6; // the map goes from -REACH to REACH
const SIDE = 32; // places along one side of the map
const PLACES = Float64Array.from({ length: 2 * SIDE * SIDE }, (_, n) => {
  const place = n % 2 ? SIDE - 1 - Math.floor(n / 2 / SIDE) : Math.floor(n / 2) % SIDE;
  return -REACH + (2 * REACH * (place + 0.5)) / SIDE;
});
const SHOWN = 1500; // rounds that the history shows
const PACE = 240; // rounds a second, if the time allows it
const AT_ONCE = 5000; // it stops by itself after so many rounds
const TURNS = [0, 1, 10];

export function build(board) {
  let game = arithmetic.start(1);
  let turns = [1, 1];
  let seen = arithmetic.look(game);
  let lastSaid = 0;
  let begunAt = 0;

  const goals = board.goals([
    "Collapse: first all eight clouds covered, over half of the points good. Then, before the same detective, a crowd in no more than four for 100 rounds, over 80 % good.",
    "The cure: bring this very generator from its crowd to seven clouds or more, over half of its points good.",
    "The chase: with both of them new, a crowd that visits six clouds, one after the other, and never covers more than four at a time.",
  ]);

  // Pictures
  const map = board.plot({
    name: "The ring", yName: "grey: real; orange-red: made; blue: taken for real", label: "The ring.", axes: false, x: [-REACH, REACH], y: [-REACH, REACH], square: true,
    left: 0, right: 0, top: 0, bottom: 0, most: 480, onsize: lay,
  });
  const under = make("canvas", { class: "under", width: SIDE, height: SIDE, "aria-hidden": "true" });
  map.box.prepend(under);
  map.box.classList.add("over");
  const real = arithmetic.ring(chance(3), 240);
  const [realDots, fakeDots] = ["muted", "red"].map((colour) => draw("path", { style: `fill: var(--${colour}); fill-opacity: .8` }));
  const numerals = CENTRES.map((_, n) => draw("text", { class: "curve-name", "text-anchor": "middle" }, String(n + 1)));
  map.back.append(realDots);
  map.front.append(fakeDots, ...numerals);
  const dots = (points, radius) => {
    let path = "";
    for (let n = 0; n < points.length; n += 2) {
      path += `M${(map.X(points[n]) - radius).toFixed(1)} ${map.Y(points[n + 1]).toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
    }
    return path;
  };
  function lay(me) {
    put(under, { style: `width: ${me.width}px; height: ${me.height}px` });
    put(realDots, { d: dots(real, 1.6) });
    CENTRES.forEach(([x, y], n) => put(numerals[n], { x: me.X(1.38 * x), y: me.Y(1.38 * y) + 4 }));
  }
  const middle = () => [0, 1].map((k) => mean([...seen.points].filter((_, n) => n % 2 === k)));
  const hold = map.handle({
    name: "The made points", at: () => middle().map((each) => clamp(each, -REACH, REACH)), keys: [0.02, 0.02],
    move(x, y) {
      const [atX, atY] = middle();
      arithmetic.carry(game, clamp(x, -1.4, 1.4) - atX, clamp(y, -1.4, 1.4) - atY);
      look();
      if (!training.running) tell();
    },
  });
  hold.setAttribute("style", "background: transparent; border-color: var(--paper)");

  const column = make("div", { class: "tracks" });
  board.panels.append(column);
  const film = board.plot({
    parent: column, name: "Where the made points are", yName: "the stronger, the more of them", label: "The share of each cloud, round by round.", x: [0, SHOWN], y: [0, CLOUDS], height: 236,
    left: 42, right: 18, rows: CENTRES.map((_, n) => n + 0.5), tick: (value) => String(CLOUDS - value + 0.5), grid: false, xName: "round",
  });
  const strip = make("canvas", { class: "film", width: SHOWN / BETWEEN, height: CLOUDS, "aria-hidden": "true" });
  strip.setAttribute("style", "top: 8px; width: calc(100% - 60px); height: calc(100% - 42px)");
  film.box.prepend(strip);
  film.box.classList.add("over");
  const lossPlot = board.plot({
    parent: column, name: "Losses", yName: "orange-red: generator, blue: detective, dashed: log 2", label: "Both losses, round by round.", x: [0, SHOWN], y: [0, 2], height: 148, left: 42, right: 18, xName: "round",
  });
  const lines = ["red", "blue"].map((colour) => draw("path", { class: "unit", style: `stroke: var(--${colour}); stroke-width: 1.6` }));
  const clueless = draw("path", { class: "floor" });
  lossPlot.front.append(clueless, ...lines);

  // Controls
  const first = board.row();
  board.panels.before(first);
  first.classList.add("top");
  const startButton = board.button("Start", () => {
    if (training.running) training.stop();
    else if (board.calm && !board.playing) {
      rounds(200, 1500);
      tell();
    } else training.start();
  }, first);
  startButton.classList.add("first");
  for (const [who, words] of [["forger", "New generator"], ["detective", "New detective"]]) {
    board.button(words, () => {
      arithmetic.replace(game, who);
      look();
      if (!training.running) tell();
    }, first);
  }
  const [setRound, setCovered, setGood, setTrust, setVisits] = board.numbers(
    ["round", "clouds covered", "good points", "the detective takes them for real at", "clouds visited by a crowd"], first);
  const second = board.row();
  const pick = (who, words) => board.choice({
    name: words, options: TURNS.map((each) => [String(each), each ? String(each) : "0, held still"]), value: "1", parent: second,
    onchange(to) {
      turns = turns.map((each, n) => (n === who ? Number(to) : each));
      if (!training.running) tell();
    },
  });
  const knobs = [pick(0, "turns of the generator"), pick(1, "turns of the detective")];

  function rounds(most, milliseconds) {
    const end = performance.now() + milliseconds;
    for (let n = 0; n < most && (n === 0 || performance.now() < end); n += 1) {
      arithmetic.round(game, turns);
      if (game.rounds % BETWEEN === 0) note();
    }
    look();
  }
  function note() {
    look();
    game.history.push(seen);
    if (game.history.length > SHOWN / BETWEEN) game.history.shift();
  }
  const WORDS = [
    () => `Eight kinds of real points, and ${seen.covered === 1 ? "one kind" : `${seen.covered} kinds`} of made ones: nothing in its loss asks for more.`,
    () => "A crowd is found out as soon as the detective may learn.",
    () => "A detective that has yet to learn, and is slow, is always a step behind.",
  ];
  function look() {
    seen = arithmetic.look(game);
    seen.goals.forEach((isReached, n) => { if (isReached) goals.reach(n, WORDS[n]()); });
    board.dirty();
  }
  const percent = (part) => `${shown(100 * part, 0)} %`;
  function tell() {
    if (board.playing) return;
    board.say(`Round ${game.rounds}. ${seen.covered} of 8 clouds covered, ${percent(seen.good)} of the made points good; the detective takes them for real at ${percent(seen.trust)}.`);
  }
  const training = board.loop((seconds) => {
    rounds(Math.max(1, Math.round(PACE * seconds)), Math.max(9, 500 * seconds)); // half of the time is for drawing
    if (performance.now() - lastSaid > 3000) {
      lastSaid = performance.now();
      tell();
    }
    if (game.rounds - begunAt >= AT_ONCE) training.stop();
  }, (isRunning) => {
    startButton.textContent = isRunning ? "Pause" : "Start";
    begunAt = game.rounds;
    lastSaid = performance.now();
    if (board.playing) return;
    if (isRunning) board.say("Training.", 0);
    else tell();
  });

  // Drawing
  const colours = { light: [[255, 255, 255], [86, 160, 214], [60, 66, 74]], dark: [[20, 24, 29], [40, 112, 164], [232, 235, 238]] };
  function paint(canvas, part, [from, to]) {
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    for (let at = 0; at < canvas.width * canvas.height; at += 1) {
      const much = part(at % canvas.width, Math.floor(at / canvas.width), at);
      for (let c = 0; c < 3; c += 1) image.data[4 * at + c] = from[c] + much * (to[c] - from[c]);
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
  board.draws(() => {
    if (!map.width || !film.width) return;
    const [paper, blue, ink] = colours[board.root.dataset.look] ?? colours.light;
    const answers = arithmetic.answers(game.detective, PLACES);
    paint(under, (x, y, at) => sigmoid(answers[at]), [paper, blue]);
    put(fakeDots, { d: dots(seen.points, 2.2) });
    const { history } = game;
    const last = Math.max(SHOWN, game.rounds);
    for (const plot of [film, lossPlot]) {
      if (plot.x[1] === last) continue;
      plot.x = [last - SHOWN, last];
      plot.axes();
    }
    const offset = Math.round((history.at(-1)?.rounds ?? 0) / BETWEEN) - history.length - (last - SHOWN) / BETWEEN;
    paint(strip, (x, y) => Math.min(1, 1.6 * (history[Math.floor(x - offset)]?.shares[y] ?? 0) ** 0.7), [paper, ink]);
    const line = (k) => history.map(({ rounds: at, losses }, n) => `${n ? "L" : "M"}${lossPlot.X(at).toFixed(1)} ${lossPlot.Y(Math.min(4, losses[k])).toFixed(1)}`).join("");
    lines.forEach((each, k) => put(each, { d: line(k) }));
    put(clueless, { d: `M${lossPlot.X(lossPlot.x[0])} ${lossPlot.Y(Math.LN2).toFixed(1)}H${lossPlot.X(last)}` });
    hold.setAttribute("aria-label", `The made points: arrow keys carry them. Their middle is at ${middle().map((each) => shown(each, 1)).join(" and ")}`);
    map.describe(`Eight real clouds on a circle. The made points cover ${seen.covered} of them: ${
      seen.shares.map((share, n) => (share >= 0.02 ? `${percent(share)} at cloud ${n + 1}` : "")).filter(Boolean).join(", ") || "none lies in a cloud"}.`);
    setRound(String(game.rounds));
    setCovered(`${seen.covered} of 8`);
    setGood(percent(seen.good));
    setTrust(percent(seen.trust));
    setVisits(String(new Set(game.visits).size));
  });

  // Show me
  let kept = null;
  const settle = () => knobs.forEach((knob, n) => { knob.value = String(turns[n]); });
  board.showMe(async ({ tell: say, wait }) => {
    kept = { game, turns };
    const play = async (now, words, seconds, most) => {
      turns = now;
      say(words);
      if (board.calm) {
        for (let n = 0; n < most; n += 20) {
          rounds(20, 1000);
          await wait(0.01);
        }
        await wait(1.5);
      } else {
        training.start();
        await wait(seconds);
        training.stop();
      }
    };
    game = arithmetic.start(4);
    await play([1, 1], "Turn by turn, both learn: the made points find the ring.", 4, 500);
    arithmetic.replace(game, "forger");
    await play([1, 0], "The detective is held still, and a new generator comes: one cloud is enough for it.", 3, 200);
    await play([1, 1], "The detective learns again: a crowd is found out, and must spread.", 4, 250);
  }, () => {
    if (!kept) return;
    ({ game, turns } = kept);
    kept = null;
    settle();
    seen = arithmetic.look(game);
  });

  return () => { // for the picture
    game = arithmetic.start(4);
    rounds(600, 1e5);
    arithmetic.replace(game, "forger");
    turns = [1, 0];
    rounds(300, 1e5);
    settle();
  };
}
