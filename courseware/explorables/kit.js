// What all explorables share: a board with plots, controls, goals, a "Show me", and a voice for those who listen.
// docs/explorables.md tells how one is written.

const SVG = "http://www.w3.org/2000/svg";
const STOPPED = Symbol("stopped");
const HALF = 11; // pixels: half a handle

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
export const put = (element, attributes) => fill(element, attributes, []);
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// A power of ten.
export const tenTo = (exponent) => `10${[...String(exponent)].map((each) => ({ "-": "⁻" })[each] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[each]).join("")}`;

// A number as people read it: with a minus sign, and with powers of ten in words where it is huge.
export function shown(value, digits = 2) {
  if (!Number.isFinite(value)) return "beyond all bounds";
  const size = Math.abs(value);
  const text = size < 1e5 ? size.toFixed(digits) : `${(size / 10 ** Math.floor(Math.log10(size))).toFixed(0)} × ${tenTo(Math.floor(Math.log10(size)))}`;
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

// Numbers between 0 and 1 that look drawn by chance and are the same for the same seed (mulberry32); `normal` too.
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  next.normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  next.shuffled = (n) => {
    const order = [...Array(n).keys()];
    for (let at = n - 1; at > 0; at -= 1) {
      const other = Math.floor(next() * (at + 1));
      [order[at], order[other]] = [order[other], order[at]];
    }
    return order;
  };
  return next;
}

function ticks([low, high], wanted) {
  const raw = (high - low) / wanted;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = ten * [1, 2, 5, 10].find((each) => each * ten >= raw);
  const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  return [...Array(count).keys()].map((n) => Math.round((Math.ceil(low / step - 1e-9) + n) * step * 1e9) / 1e9);
}

const plain = (value) => String(value).replace("-", "−");

// In a notebook the picture stands above the live one, for those who open it without a kernel.
function hidePicture(el) {
  const cell = el.closest(".jp-OutputArea, .cell_container, #output-area");
  for (const picture of cell?.querySelectorAll("img") ?? []) {
    if (!el.contains(picture)) (picture.closest(".jp-OutputArea-child, .output_container > div, .display_data") ?? picture).style.display = "none";
  }
}

// The board looks dark where the host's text is light, whatever the host; `changed` is told when that turns.
function followLook(root, changed) {
  const look = () => {
    const text = getComputedStyle(root.isConnected ? root.parentElement : document.body).color;
    const numbers = (text.match(/[\d.]+/g) ?? ["0", "0", "0"]).map(Number);
    const [red, green, blue] = numbers.map((each) => (Math.max(...numbers.slice(0, 3)) > 1 ? each / 255 : each));
    const now = 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 ? "dark" : "light";
    if (root.dataset.look === now) return;
    root.dataset.look = now;
    changed();
  };
  const soon = () => [0, 100, 600].forEach((wait) => setTimeout(look, wait)); // a theme's style may come after its name
  const watch = new MutationObserver(soon);
  for (const each of [document.documentElement, document.body]) {
    watch.observe(each, { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-jp-theme-name"] });
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", soon);
  soon();
  look();
  return { look, stop() {
    watch.disconnect();
    dark.removeEventListener("change", soon);
  } };
}

let boards = 0;

// Show the explorable that `build` makes in `el`, with the name that `about` has for it.
export function show(el, about, build) {
  boards += 1;
  const mark = `board-${Math.random().toString(36).slice(2, 8)}-${boards}`;
  const said = make("p", { role: "status", class: "said" });
  const caption = make("p", { class: "caption", hidden: true });
  const showButton = make("button", { type: "button", class: "show-me" }, "Show me");
  const panels = make("div", { class: "panels" });
  const controls = make("div", { class: "controls" });
  const root = make("section", { class: "course-board", "aria-label": about.title },
    make("div", { class: "head" }, make("p", { class: "title" }, about.title), showButton), caption, panels, controls, said);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const drawings = [];
  const sizers = [];
  const changed = [];
  const loops = [];
  let waiting = 0;
  let playing = null;
  let sayLater = 0;
  let goalUntil = 0;
  let isSeen = true;
  let numbered = 0;

  const redraw = () => {
    waiting = 0;
    for (const each of drawings) each();
  };
  const quick = (element) => { // JupyterLab's commands of one key would act on the cell
    element.dataset.lmSuppressShortcuts = "true";
    return element;
  };
  quick(showButton);

  const board = {
    root, panels, controls,
    get calm() { return calm.matches; },
    get playing() { return playing !== null; },

    // Draw with `each` now, after `dirty()`, and when a plot has another size; in a frame of its own at most once.
    draws(each) { drawings.push(each); },
    dirty() { waiting ||= requestAnimationFrame(redraw); },

    // Say it to those who listen, when nothing newer has come for a moment.
    say(text, wait = 400) {
      if (performance.now() < goalUntil) return; // a goal is not talked over
      clearTimeout(sayLater);
      sayLater = setTimeout(() => { said.textContent = text; }, wait);
    },

    row(...children) {
      const made = make("div", { class: "row" }, ...children);
      controls.append(made);
      return made;
    },

    button(name, onclick, parent = controls) {
      const made = quick(make("button", { type: "button", onclick }, name));
      parent.append(made);
      return made;
    },

    slider({ name, min, max, step, value, text = (each) => shown(each), oninput, parent = controls }) {
      const input = quick(make("input", { type: "range", min, max, step, value }));
      const out = make("span", { class: "value", "aria-hidden": "true" });
      const bar = make("span", { class: "bar", "aria-hidden": "true" });
      const label = make("label", { class: "slider" }, make("span", { class: "name" }, name), out, input, bar);
      const tell = () => {
        out.textContent = text(Number(input.value));
        input.setAttribute("aria-valuetext", out.textContent);
      };
      input.addEventListener("input", () => {
        tell();
        oninput(Number(input.value));
      });
      tell();
      parent.append(label);
      return {
        input, bar, label, tell,
        get value() { return Number(input.value); },
        set value(each) {
          input.value = each;
          tell();
        },
      };
    },

    choice({ name, options, value, onchange, parent = controls }) {
      numbered += 1;
      const radios = options.map(([key, words]) => {
        const radio = quick(make("input", { type: "radio", name: `${mark}-${numbered}`, value: key, checked: key === value }));
        radio.addEventListener("change", () => onchange(key));
        return [radio, make("label", {}, radio, make("span", {}, words))];
      });
      const set = make("fieldset", { class: "choice" }, make("legend", {}, name), ...radios.map(([, label]) => label));
      parent.append(set);
      return {
        set,
        get value() { return radios.find(([radio]) => radio.checked)[0].value; },
        set value(key) { for (const [radio] of radios) radio.checked = radio.value === key; },
      };
    },

    toggle({ name, checked = false, onchange, parent = controls }) {
      const box = quick(make("input", { type: "checkbox", checked }));
      box.addEventListener("change", () => onchange(box.checked));
      parent.append(make("label", { class: "toggle" }, box, ` ${name}`));
      return box;
    },

    // Goals to reach; what is reached while "Show me" plays does not count.
    goals(texts) {
      const rows = texts.map((text) => make("li", {}, make("span", { class: "mark", "aria-hidden": "true" }, "○"), make("span", {}, text)));
      const list = make("ul", { class: "goals", "aria-label": "Goals" }, ...rows);
      root.insertBefore(list, panels);
      return {
        list,
        has: (n) => rows[n].classList.contains("reached"),
        reach(n, words = "") {
          if (playing || this.has(n)) return;
          rows[n].classList.add("reached");
          rows[n].firstChild.textContent = "✓";
          rows[n].append(make("span", { class: "reached-words" }, ` Reached. ${words}`));
          board.say(`Goal reached. ${words}`, 0);
          goalUntil = performance.now() + 3000;
        },
      };
    },

    // Numbers that change: each is shown by `set(text)`.
    number(name, parent = controls) {
      const value = make("b", {});
      parent.append(make("span", { class: "number" }, `${name} `, value));
      return (text) => { if (value.textContent !== text) value.textContent = text; };
    },

    // A line of such numbers, in the order of their names: what sets each.
    numbers(names, parent = controls) {
      const line = make("p", { class: "numbers" });
      parent.append(line);
      return names.map((name) => board.number(name, line));
    },

    // Something that moves by itself: `advance(seconds)` before each frame.
    loop(advance, onchange = () => {}) {
      let frame = 0;
      let last = 0;
      const tick = (now) => {
        frame = requestAnimationFrame(tick);
        const passed = Math.min(0.1, (now - last) / 1000);
        last = now;
        if (!root.isConnected || !isSeen) return;
        advance(passed);
        redraw();
      };
      const made = {
        get running() { return frame !== 0; },
        start() {
          if (frame) return;
          last = performance.now();
          frame = requestAnimationFrame(tick);
          onchange(true);
        },
        stop() {
          if (!frame) return;
          cancelAnimationFrame(frame);
          frame = 0;
          onchange(false);
          redraw();
        },
      };
      loops.push(made);
      return made;
    },

    plot(how) { return plot(board, { mark: `${mark}-${numbered += 1}`, parent: panels, ...how }, { sizers, quick }); },

    // "Show me": `script` plays the point, with `tell`, `wait` and `glide` at hand; any touch of the board stops it.
    // What changes by itself is put back by `after`.
    showMe(script, after = () => {}) {
      const stop = () => {
        if (!playing) return;
        playing = null;
        caption.hidden = true;
        showButton.textContent = "Show me";
        root.classList.remove("playing");
        for (const each of loops) each.stop();
        after();
        board.dirty();
      };
      const play = async () => {
        const now = {};
        playing = now;
        showButton.textContent = "Stop";
        root.classList.add("playing");
        const alive = () => { if (playing !== now) throw STOPPED; };
        const wait = (seconds) => new Promise((done) => { setTimeout(done, 1000 * seconds); }).then(alive);
        const tools = {
          wait,
          tell(words) {
            caption.hidden = false;
            caption.textContent = words;
            board.say(words, 0);
          },
          async glide(seconds, set) { // set(0) ... set(1), or only the end where motion is unwelcome
            const begun = performance.now();
            while (!calm.matches && performance.now() - begun < 1000 * seconds) {
              const part = (performance.now() - begun) / 1000 / seconds;
              set(part * part * (3 - 2 * part));
              redraw();
              await new Promise(requestAnimationFrame);
              alive();
            }
            set(1);
            redraw();
            if (calm.matches) await wait(seconds);
          },
        };
        try {
          await script(tools);
          if (playing === now) stop();
        } catch (error) {
          if (error !== STOPPED) throw error;
        }
      };
      showButton.addEventListener("click", () => (playing ? stop() : play()));
      const touched = (event) => {
        if (playing && !showButton.contains(event.target) && !["Tab", "Shift"].includes(event.key)) stop();
      };
      root.addEventListener("pointerdown", touched, true);
      root.addEventListener("keydown", touched, true);
    },
  };

  el.replaceChildren(root);
  requestAnimationFrame(() => hidePicture(el)); // by then it has its place in the page
  const followed = followLook(root, board.dirty); // what is painted is painted anew
  if (typeof handKeysOn === "function") handKeysOn(root);
  const pose = build(board);
  const observer = new ResizeObserver(() => { // also when it comes into the page
    followed.look();
    for (const each of sizers) each();
    redraw();
  });
  for (const each of root.querySelectorAll(".plot")) observer.observe(each);
  const sight = new IntersectionObserver((entries) => { isSeen = entries.at(-1).isIntersecting; });
  sight.observe(root);
  for (const each of sizers) each();
  redraw();
  return {
    pose: pose ?? (() => {}),
    remove() {
      for (const each of loops) each.stop();
      observer.disconnect();
      sight.disconnect();
      followed.stop();
      root.remove();
    },
  };
}

// A plot of SVG: `X` and `Y` place numbers, `back` is drawn once for each size, `front` holds the marks, both cut at the edge.
function plot(board, { mark, parent, name, label, x, y, xName = "", yName = "", ratio = 0.72, most = 420, square = false,
  left = 40, bottom = 34, top = 8, right = 10, axes = true, grid = true, height = 0, tick = plain, rows = null,
  tickX = plain, columns = null, onsize = () => {} }, { sizers, quick }) {
  const back = draw("g", {});
  const front = draw("g", {});
  const cut = draw("rect", {});
  const rules = draw("g", { class: "axes" });
  const lines = draw("g", { class: "axes" });
  const inside = draw("g", { "clip-path": `url(#${mark})` }, back, rules, front);
  const image = draw("svg", { role: "img", "aria-label": label }, draw("clipPath", { id: mark }, cut), inside, lines);
  const box = make("div", { class: "plot" }, image);
  const figure = make("figure", {}, make("figcaption", {}, make("b", {}, name), yName ? make("span", {}, yName) : ""), box);
  parent.append(figure);
  const handles = [];
  const me = {
    figure, box, image, back, front, x, y, xName, width: 0, height: 0,
    X: (value) => left + ((value - me.x[0]) / (me.x[1] - me.x[0])) * (me.width - left - right),
    Y: (value) => me.height - bottom - ((value - me.y[0]) / (me.y[1] - me.y[0])) * (me.height - top - bottom),
    fromX: (pixel) => me.x[0] + ((pixel - left) / (me.width - left - right)) * (me.x[1] - me.x[0]),
    fromY: (pixel) => me.y[0] + ((me.height - bottom - pixel) / (me.height - top - bottom)) * (me.y[1] - me.y[0]),
    describe(words) { image.setAttribute("aria-label", words); },

    // Something to drag, also by arrow keys: `at()` is its place, `move(x, y)` is told where it shall be.
    handle({ name: called, at, move, end = () => {}, keys = [0.02, 0.02], kind = "" }) {
      const button = quick(make("button", { type: "button", class: `handle ${kind}`, "aria-label": called }));
      let grip = null;
      button.addEventListener("pointerdown", (event) => {
        const place = box.getBoundingClientRect();
        grip = [event.clientX - place.left - me.X(at()[0]), event.clientY - place.top - me.Y(at()[1])];
        button.setPointerCapture(event.pointerId);
      });
      button.addEventListener("pointermove", (event) => {
        if (!grip) return;
        const place = box.getBoundingClientRect();
        move(me.fromX(event.clientX - place.left - grip[0]), me.fromY(event.clientY - place.top - grip[1]));
      });
      for (const over of ["pointerup", "pointercancel"]) {
        button.addEventListener(over, () => {
          if (grip) end();
          grip = null;
        });
      }
      button.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        const far = event.shiftKey ? 5 : 1;
        const [atX, atY] = at();
        move(atX + far * way[0] * keys[0] * (me.x[1] - me.x[0]), atY + far * way[1] * keys[1] * (me.y[1] - me.y[0]));
        end();
      });
      box.append(button);
      const place = () => {
        const [atX, atY] = at();
        const [px, py] = [me.X(atX), me.Y(atY)];
        const isOut = !(px > left - 2 && px < me.width - right + 2 && py > top - 2 && py < me.height - bottom + 2);
        button.classList.toggle("out", isOut); // it waits at the edge
        button.style.transform = `translate(${clamp(px || 0, left, me.width - right) - HALF}px, ${
          clamp(py || 0, top, me.height - bottom) - HALF}px)`;
      };
      handles.push(place);
      return button;
    },

    // Pressing the mouse anywhere in the plot puts something there, and drags it on.
    press(move, end = () => {}) {
      let isDown = false;
      const go = (event) => {
        const place = box.getBoundingClientRect();
        move(me.fromX(event.clientX - place.left), me.fromY(event.clientY - place.top));
      };
      image.addEventListener("pointerdown", (event) => {
        if (event.pointerType !== "mouse" || event.button) return;
        isDown = true;
        image.setPointerCapture(event.pointerId);
        go(event);
      });
      image.addEventListener("pointermove", (event) => { if (isDown) go(event); });
      for (const over of ["pointerup", "pointercancel"]) {
        image.addEventListener(over, () => {
          if (isDown) end();
          isDown = false;
        });
      }
      image.classList.add("press");
    },

    axes() {
      lines.replaceChildren();
      rules.replaceChildren();
      if (!axes) return;
      const [low, high] = [me.height - bottom, me.width - right];
      const across = (rows ?? ticks(me.y, Math.max(2, Math.round((low - top) / 45)))).filter((value) => value >= me.y[0] && value <= me.y[1]);
      const along = columns ?? ticks(me.x, Math.max(2, Math.round((high - left) / 60)));
      rules.append(...(grid ? across : []).map((value) => draw("path", { d: `M${left} ${me.Y(value)}H${high}`, class: "grid" })));
      lines.append(
        draw("path", { d: `M${left} ${top}V${low}H${high}`, class: "frame" }),
        ...across.map((value) => draw("text", { x: left - 6, y: me.Y(value) + 4, "text-anchor": "end" }, tick(value))),
        ...along.map((value) => draw("text", { x: me.X(value), y: low + 15, "text-anchor": "middle" }, tickX(value))),
        draw("text", { x: high, y: me.height - 4, "text-anchor": "end", class: "axis-name" }, me.xName),
      );
    },
  };
  sizers.push(() => {
    const width = box.clientWidth;
    if (!width) return;
    me.width = width;
    const inner = square ? ((width - left - right) * (me.y[1] - me.y[0])) / (me.x[1] - me.x[0]) + top + bottom : height || width * ratio;
    me.height = Math.round(Math.min(most, inner));
    put(image, { width, height: me.height, viewBox: `0 0 ${width} ${me.height}` });
    put(cut, { x: left, y: top, width: Math.max(0, width - left - right), height: Math.max(0, me.height - top - bottom) });
    me.axes();
    onsize(me);
  });
  board.draws(() => {
    if (me.width) for (const place of handles) place();
  });
  return me;
}
