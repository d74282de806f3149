// Lesson 13: one word looks. Its query and the keys are arrows in a plane; who lies furthest along the query gets most of the weight.
import { clamp, draw, make, put, shown } from "./kit.js";

const WORDS = ["dog", "bites", "man"];
const SENTENCES = [["dog", "bites", "man"], ["man", "bites", "dog"]];
const LOOKS = 1; // the place of the word that looks
const KEYS = { dog: [2.6, 0.5], bites: [0.8, -1.7], man: [1, 0.9] };
const PLACES = [[-0.3, 0.8], [-0.45, 0], [0.25, -0.7]]; // what each place adds to a key
const VALUES = { dog: [0, 0], bites: [0.5, 0.866], man: [1, 0] };
const REACH = 3; // the longest query
const EDGE = 3.2; // of the plane
const ENOUGH = 0.9;
const START = [0.7, -0.4];

export const arithmetic = {
  KEYS, PLACES, SENTENCES, VALUES, LOOKS,
  // The keys of a sentence, word by word: that of the word, and that of its place added if it has one.
  keysOf(words, { keys, places }) {
    return words.map((word, n) => [0, 1].map((axis) => keys[word][axis] + (places ? PLACES[n][axis] : 0)));
  },
  // How the word in the middle looks at all words of a sentence: scores, weights, and the mean of the values.
  look(words, { query, keys, places, hide }) {
    const scores = this.keysOf(words, { keys, places }).map((key) => (query[0] * key[0] + query[1] * key[1]) / Math.sqrt(2));
    const isSeen = words.map((_, n) => !hide || n <= LOOKS);
    const largest = Math.max(...scores.filter((_, n) => isSeen[n]));
    const powers = scores.map((score, n) => (isSeen[n] ? Math.exp(score - largest) : 0));
    const all = WORDS.reduce((sum, word) => sum + powers[words.indexOf(word)], 0); // in one order for both sentences
    const weights = powers.map((power) => power / all);
    const mean = [0, 1].map((axis) => WORDS.reduce((sum, word) => sum + weights[words.indexOf(word)] * VALUES[word][axis], 0));
    return { scores, isSeen, weights, mean };
  },
  // What is reached: [man leads before a longer key, whoever bites is found, whoever is bitten is found].
  reached(now) {
    const given = (words, word) => this.look(words, now).weights[words.indexOf(word)] >= ENOUGH;
    const asTheyLie = WORDS.every((word) => now.keys[word].every((each, axis) => each === KEYS[word][axis]));
    return [
      asTheyLie && !now.places && !now.hide && given(SENTENCES[0], "man"),
      !now.hide && SENTENCES.every((words) => given(words, words[0])),
      !now.hide && SENTENCES.every((words) => given(words, words[2])),
    ];
  },
};

export function build(board) {
  const fresh = () => structuredClone(KEYS);
  let now = { query: [...START], keys: fresh(), places: false, hide: false };

  const goals = board.goals([
    "Both switches off, the keys as they lie: drag the orange-red query alone, until “man” gets 90 % of the weight.",
    "Who bites? Let “bites” find the dog in the first sentence and the man in the second, 90 % each, with nothing hidden.",
    "Who is bitten? Now the man in the first and the dog in the second, 90 % each. You may drag the keys as well.",
  ]);

  const [leftColumn, column] = [make("div", { class: "tracks" }), make("div", { class: "tracks" })];
  board.panels.append(leftColumn, column);
  const plane = board.plot({ parent: leftColumn, name: "Query (orange-red) and keys", yName: "from line to line, the score grows by 1", x: [-EDGE, EDGE], y: [-EDGE, EDGE], left: 0, right: 0, top: 0, bottom: 0,
    square: true, most: 470, axes: false, label: "Three keys and a query in a plane." });
  const levels = draw("path", { class: "levels" });
  const zero = draw("path", { class: "levels none" });
  const levelNames = draw("g", { class: "axes" });
  const reach = draw("circle", { class: "ghost", "stroke-dasharray": "2 5" });
  const added = draw("path", { class: "arrow" });
  const shaft = draw("path", { class: "model" });
  const COLOURS = ["blue", "orange"];
  const marks = SENTENCES.map((words, s) => words.map(() => draw("circle", { style: s ? "fill: none; stroke: var(--orange); stroke-width: 3" : "fill: var(--blue); fill-opacity: .75" })));
  const rims = SENTENCES.map((words, s) => words.map(() => draw("circle", { class: "look-rim", style: `stroke: var(--${COLOURS[s]})` })));
  const placeNames = SENTENCES.map((words) => words.map(() => draw("text", { class: "curve-name", "text-anchor": "middle" })));
  const names = Object.fromEntries(WORDS.map((word) => [word, draw("text", { class: "curve-name" }, word)]));
  plane.back.append(reach, levels, zero, levelNames);
  plane.front.append(added, ...rims.flat(), ...marks.flat(), shaft, ...placeNames.flat(), ...Object.values(names));
  plane.handle({
    name: "Query of bites: arrow keys", keys: [1 / 64, 1 / 64], at: () => now.query,
    move(x, y) {
      const part = Math.min(1, REACH / Math.hypot(x, y));
      now.query = part < 1 ? [x * part, y * part] : [x, y].map(tenths);
      changed();
    },
  }).setAttribute("style", "z-index: 1");
  for (const word of WORDS) {
    plane.handle({
      name: `Key of ${word}: arrow keys`, kind: "knee", keys: [1 / 64, 1 / 64], at: () => now.keys[word],
      move(x, y) {
        now.keys[word] = [x, y].map((each) => clamp(tenths(each), -2.9, 2.9));
        changed();
      },
    }).setAttribute("style", "--red: var(--ink)");
  }

  const bare = { parent: column, axes: false, left: 0, right: 0, top: 0, bottom: 0 };
  const rows = SENTENCES.map((words, s) => {
    const plot = board.plot({ ...bare, name: `${["First", "Second"][s]} sentence`, yName: `${s ? "orange rings" : "blue discs"}: weight (score)`, x: [0, 3], y: [0, 1], height: 112, label: "How “bites” looks." });
    const lines = words.map(() => draw("path", { class: "look-line", style: `stroke: var(--${COLOURS[s]})` }));
    const looker = draw("text", { class: "curve-name", "text-anchor": "middle" }, "“bites” looks");
    const texts = words.map((word) => draw("text", { class: "curve-name", "text-anchor": "middle" }, word));
    const shares = words.map(() => draw("text", { class: "look-share", "text-anchor": "middle" }));
    plot.front.append(...lines, looker, ...texts, ...shares);
    return { plot, lines, looker, texts, shares };
  });
  const corners = board.plot({ ...bare, name: "What “bites” gets", yName: "the mean of the values", x: [-0.9, 1.9], y: [-0.12, 1.2], square: true, label: "A triangle of values." });
  const triangle = draw("path", { class: "arrow" });
  const tips = draw("path", { class: "healthy", style: "fill-opacity: .4" });
  const ends = WORDS.map((word) => draw("text", { class: "curve-name", "text-anchor": { dog: "end", man: "start", bites: "middle" }[word] }, word));
  const means = [draw("circle", { r: 7, style: "fill: var(--blue)" }), draw("circle", { r: 10.5, style: "fill: none; stroke: var(--orange); stroke-width: 3.5" })];
  corners.front.append(triangle, tips, ...ends, ...means);
  const note = make("p", { class: "note" });
  column.append(note);

  const row = make("div", { class: "row" });
  leftColumn.append(row);
  const placesBox = board.toggle({ name: "add its place to each key", onchange(isOn) { now.places = isOn; changed(); }, parent: row });
  const hideBox = board.toggle({ name: "hide from each word what comes after it", onchange(isOn) { now.hide = isOn; changed(); }, parent: row });
  board.button("Keys as they were", () => {
    now.keys = fresh();
    changed();
  }, row);

  const tenths = (each) => Math.round(20 * each) / 20;
  const percent = (part) => `${Math.round(100 * part)} %`;
  const told = (look, s) => SENTENCES[s].map((word, n) => `${word} ${look.isSeen[n] ? percent(look.weights[n]) : "hidden"}`).join(", ");
  const apart = ([one, other]) => Math.hypot(one.mean[0] - other.mean[0], one.mean[1] - other.mean[1]);
  let looks = [];
  let judged = 0;
  function verdict() {
    if (apart(looks) < 1e-9) return "Both sentences have the same words, so the same weights and the same mean. No query parts them.";
    const how = apart(looks) < 0.1 ? "Hardly apart" : "Apart";
    if (now.places && now.hide) return `${how}: a word has another key at another place, and “bites” sees another word in each.`;
    return now.places ? `${how}: a word has another key at another place.` : `${how}, and without places: “bites” sees another word in each.`;
  }
  function work() { looks = SENTENCES.map((words) => arithmetic.look(words, now)); }
  function changed() {
    work();
    board.dirty();
    clearTimeout(judged);
    judged = setTimeout(judge, 500); // what is only passed on the way does not count
    board.say(apart(looks) < 1e-9 ? `In both sentences: ${told(looks[0], 0)}.` : `First sentence: ${told(looks[0], 0)}. Second: ${told(looks[1], 1)}.`);
  }
  function judge() {
    const words = ["“man” leads by more than two lines. Who lies furthest along the query gets most of the weight, not who lies nearest to its direction.",
      "Along this query both words that come first lead. It asks for a place, not for a word.",
      "The query turned round, and no key in its way."];
    arithmetic.reached(now).forEach((isReached, n) => { if (isReached) goals.reach(n, words[n]); });
  }

  board.draws(() => {
    if (!plane.width || !corners.width) return;
    drawPlane();
    rows.forEach(drawRow);
    const at = (spot) => [corners.X(spot[0]), corners.Y(spot[1])];
    const [dog, bites, man] = WORDS.map((word) => VALUES[word]);
    const path = (...spots) => `M${spots.map((spot) => at(spot).map((each) => each.toFixed(1)).join(" ")).join("L")}Z`;
    const part = (from, to) => from.map((each, axis) => each + (1 - ENOUGH) * (to[axis] - each));
    put(triangle, { d: path(dog, bites, man) });
    put(tips, { d: path(dog, part(dog, bites), part(dog, man)) + path(man, part(man, bites), part(man, dog)) });
    ends.forEach((text, n) => put(text, { x: at(VALUES[WORDS[n]])[0] + [-14, 0, 14][n], y: at(VALUES[WORDS[n]])[1] + [4, -17, 4][n] }));
    means.forEach((mark, s) => put(mark, { cx: at(looks[s].mean)[0], cy: at(looks[s].mean)[1] }));
    note.textContent = verdict();
    corners.describe(`A triangle with the corners dog, bites and man. ${verdict()}`);
  });
  function drawPlane() {
    const [qx, qy] = now.query;
    const length = Math.hypot(qx, qy);
    // Where the score is n: a line at right angles to the query.
    const foot = (n) => [qx, qy].map((each) => (each * n * Math.sqrt(2)) / length ** 2);
    const line = (n) => {
      const [x, y] = foot(n);
      const [dx, dy] = [(-qy / length) * 10, (qx / length) * 10];
      return `M${plane.X(x - dx).toFixed(1)} ${plane.Y(y - dy).toFixed(1)}L${plane.X(x + dx).toFixed(1)} ${plane.Y(y + dy).toFixed(1)}`;
    };
    const most = Math.floor((length * EDGE * 1.42) / Math.sqrt(2));
    const all = length > 0.05 ? [...Array(2 * most + 1).keys()].map((n) => n - most) : [];
    put(levels, { d: all.map(line).join("") });
    put(zero, { d: all.length ? line(0) : "" });
    levelNames.replaceChildren(...all.filter((n) => n && Math.max(...foot(n).map(Math.abs)) < EDGE - 0.15).map((n) => {
      const [x, y] = foot(n);
      return draw("text", { x: plane.X(x) - (13 * qy) / length, y: plane.Y(y) - (13 * qx) / length + 4, "text-anchor": "middle" }, shown(n, 0));
    }));
    const [tx, ty, ox, oy] = [plane.X(qx), plane.Y(qy), plane.X(0), plane.Y(0)];
    put(shaft, { d: `M${ox} ${oy}L${tx} ${ty}` });
    put(reach, { cx: ox, cy: oy, r: plane.X(REACH) - ox });
    const big = Math.min(26, plane.width / 14);
    let stems = "";
    SENTENCES.forEach((words, s) => arithmetic.keysOf(words, now).forEach(([x, y], n) => {
      const { weights, isSeen } = looks[s];
      const place = { cx: plane.X(x), cy: plane.Y(y) };
      const [radius, rim] = [isSeen[n] ? big * Math.sqrt(weights[n]) + 3 * s : 0, 9 + 2 * s];
      put(marks[s][n], { ...place, r: radius });
      put(rims[s][n], { ...place, r: now.places && radius < rim ? rim : 0 });
      put(placeNames[s][n], { x: plane.X(x), y: plane.Y(y) + 4 });
      placeNames[s][n].textContent = now.places && !(s && n === LOOKS) ? String(n + 1) : "";
      if (now.places) stems += `M${plane.X(now.keys[words[n]][0])} ${plane.Y(now.keys[words[n]][1])}L${plane.X(x)} ${plane.Y(y)}`;
    }));
    put(added, { d: stems });
    for (const word of WORDS) put(names[word], { x: plane.X(now.keys[word][0]) + (now.keys[word][0] > 1.8 ? -13 : 13), y: plane.Y(now.keys[word][1]) + 4,
      "text-anchor": now.keys[word][0] > 1.8 ? "end" : "start" });
    plane.describe(`Keys: ${WORDS.map((word) => `${word} at ${now.keys[word].map((each) => shown(each, 1)).join(", ")}`).join("; ")}. The query of “bites” is ${
      now.query.map((each) => shown(each, 1)).join(", ")}, ${shown(length, 1)} long.`);
  }
  function drawRow({ plot, lines, texts, shares, looker }, s) {
    const { weights, scores, isSeen } = looks[s];
    put(looker, { x: plot.X(1.5), y: 13 });
    SENTENCES[s].forEach((word, n) => {
      const to = plot.X(n + 0.5);
      put(lines[n], { d: `M${plot.X(1.5)} 27L${to} 59`, "stroke-width": isSeen[n] ? Math.max(0.8, 18 * weights[n]) : 0 });
      put(texts[n], { x: to, y: 84 });
      texts[n].style.opacity = isSeen[n] ? 1 : 0.55;
      put(shares[n], { x: to, y: 102 });
      shares[n].textContent = isSeen[n] ? `${percent(weights[n])} (${shown(scores[n], 1)})` : "hidden";
    });
    plot.describe(`${SENTENCES[s].join(" ")}. How “bites” looks: ${told(looks[s], s)}.`);
  }

  // Show me
  let kept = null;
  const settle = () => {
    [placesBox.checked, hideBox.checked] = [now.places, now.hide];
    work();
  };
  const turned = (degrees, length) => [Math.cos((degrees * Math.PI) / 180) * length, Math.sin((degrees * Math.PI) / 180) * length];
  board.showMe(async ({ tell, wait, glide }) => {
    kept = now;
    now = { query: turned(42, 0.3), keys: fresh(), places: false, hide: false };
    const go = (from, to, long = REACH) => (part) => {
      now.query = turned(from + part * (to - from), long === REACH ? REACH : 0.3 + part * long);
      settle();
    };
    settle();
    tell("The query grows and points exactly at “man”. The dog gets the look: its key lies further along.");
    await glide(2, go(42, 42, REACH - 0.3));
    await wait(1.2);
    tell("Turned away from “dog”: now “man” is further along.");
    await glide(1.6, go(42, 133));
    await wait(1.2);
    now.places = true;
    tell("With a place added to each key, this query finds who comes first, dog or man.");
    await glide(1.4, go(133, 77));
    await wait(2);
  }, () => {
    if (!kept) return;
    now = kept;
    kept = null;
    settle();
  });

  work();
  return () => { // for the picture
    now = { query: turned(77, REACH), keys: fresh(), places: true, hide: false };
    settle();
    board.dirty();
  };
}
