// A pad to draw on with mouse, finger, pen or keys, for the explorables that read digits, and what they need to read from it.
import { clamp, make } from "./kit.js";

export const SIDE = 28; // units of a pad, as pixels of a digit of MNIST
export const FINE = 8; // places of the pad to a unit
export const PAD = SIDE * FINE;

// The box of all ink, and null without any. With a `lean`, columns are counted along lines that lean by so much for each row,
// from the row `about` on.
export function inkBox(ink, lean = 0, about = 0) {
  let [top, bottom, left, right] = [PAD, -1, Infinity, -Infinity];
  for (let row = 0; row < PAD; row += 1) {
    const shift = Math.round(lean * (row - about));
    for (let column = 0; column < PAD; column += 1) {
      if (ink[row * PAD + column] < 0.05) continue;
      [top, bottom, left, right] = [Math.min(top, row), Math.max(bottom, row), Math.min(left, column - shift), Math.max(right, column - shift)];
    }
  }
  return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1, lean, about };
}

// What is in a box as so many rows and columns, each the average of `samples` by `samples` places.
export function resampled(ink, { top, left, height, width, lean, about }, rows, columns, samples) {
  const small = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let i = 0; i < samples; i += 1) {
        const padRow = Math.min(PAD - 1, Math.floor(top + ((row + (i + 0.5) / samples) * height) / rows));
        const start = left + Math.round(lean * (padRow - about));
        for (let j = 0; j < samples; j += 1) {
          sum += ink[padRow * PAD + clamp(Math.floor(start + ((column + (j + 0.5) / samples) * width) / columns), 0, PAD - 1)];
        }
      }
      small[row * columns + column] = sum / samples ** 2;
    }
  }
  return small;
}

// A canvas that fills a plot, beneath its handles.
export function canvas(plot, side, kind) {
  const made = make("canvas", { width: side, height: side, class: kind, "aria-hidden": "true" });
  plot.box.prepend(made);
  return made;
}

// Paper and ink, in red, green and blue.
export const paperAndInk = (board) => (board.root.dataset.look === "dark" ? [[32, 38, 45], [240, 243, 246]] : [[255, 255, 255], [20, 24, 28]]);

// The pad: `ink` is what is drawn, `onink` is told after each piece of a stroke, `onrest` when the pen is lifted.
export function drawingPad(board, { thick = 2.3, onink, onrest, ...how }) {
  const plot = board.plot({
    name: "Draw here", yName: "with mouse, finger or pen", label: "The pad, empty.", x: [0, SIDE], y: [0, SIDE], square: true,
    left: 0, right: 0, top: 0, bottom: 0, axes: false, most: 340, ...how,
  });
  const surface = canvas(plot, PAD, "pad");
  let pen = [SIDE / 2, SIDE / 2];
  let isDown = false;
  let last = null;
  const me = {
    plot,
    ink: new Float32Array(PAD * PAD),
    words: plot.figure.querySelector("figcaption span"),
    total: () => me.ink.reduce((sum, each) => sum + each, 0),
    lift() { last = null; },
    // A line of ink, with a soft edge.
    stroke([fromX, fromY], [toX, toY]) {
      const radius = (thick / 2) * FINE;
      const steps = Math.max(1, Math.ceil((Math.hypot(toX - fromX, toY - fromY) * FINE) / 3));
      for (let n = 0; n <= steps; n += 1) {
        const [x, y] = [(fromX + ((toX - fromX) * n) / steps) * FINE, (fromY + ((toY - fromY) * n) / steps) * FINE];
        for (let row = Math.max(0, Math.floor(y - radius - 2)); row <= Math.min(PAD - 1, y + radius + 2); row += 1) {
          for (let column = Math.max(0, Math.floor(x - radius - 2)); column <= Math.min(PAD - 1, x + radius + 2); column += 1) {
            const ink = clamp((radius + 1 - Math.hypot(column + 0.5 - x, row + 0.5 - y)) / 2, 0, 1);
            if (ink > me.ink[row * PAD + column]) me.ink[row * PAD + column] = ink;
          }
        }
      }
    },
    // Draw a shape, a place for each part of its way, from one part to another.
    trace(shape, from, until) {
      const pieces = Math.ceil(60 * (until - from));
      for (let n = 0; n < pieces; n += 1) {
        me.stroke(shape(from + ((until - from) * n) / pieces), shape(from + ((until - from) * (n + 1)) / pieces));
      }
    },
  };

  // The pen, for hands and for keys
  const penButton = plot.handle({ name: "Pen: arrow keys move it, space puts it down and lifts it", at: () => [pen[0], SIDE - pen[1]],
    move(x, y) { to(x, SIDE - y, isDown); }, keys: [1 / SIDE, 1 / SIDE], kind: "pen" });
  penButton.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    isDown = !isDown;
    penButton.classList.toggle("down", isDown);
    if (isDown) to(...pen, true);
    last = isDown ? pen : null;
    if (isDown) board.say("Pen down.", 0);
    else onrest();
  });
  penButton.addEventListener("keyup", (event) => { if (event.key === " ") event.preventDefault(); });
  surface.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    surface.setPointerCapture(event.pointerId);
    [isDown, last] = [true, null];
    at(event);
  });
  surface.addEventListener("pointermove", (event) => { if (isDown && surface.hasPointerCapture(event.pointerId)) (event.getCoalescedEvents?.() ?? [event]).forEach(at); });
  for (const over of ["pointerup", "pointercancel"]) {
    surface.addEventListener(over, () => {
      [isDown, last] = [false, null];
      onrest();
    });
  }
  function at(event) {
    const place = surface.getBoundingClientRect();
    to(((event.clientX - place.left) / place.width) * SIDE, ((event.clientY - place.top) / place.height) * SIDE, true);
  }
  function to(x, y, draws) {
    const there = [clamp(x, 0, SIDE), clamp(y, 0, SIDE)];
    if (draws) me.stroke(last ?? there, there);
    [pen, last] = [there, draws ? there : null];
    onink();
  }

  const image = surface.getContext("2d").createImageData(PAD, PAD);
  board.draws(() => {
    const [back, front] = paperAndInk(board);
    for (let n = 0; n < PAD * PAD; n += 1) {
      for (let c = 0; c < 3; c += 1) image.data[4 * n + c] = back[c] + me.ink[n] * (front[c] - back[c]);
      image.data[4 * n + 3] = 255;
    }
    surface.getContext("2d").putImageData(image, 0, 0);
  });
  return me;
}
