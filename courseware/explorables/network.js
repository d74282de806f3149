// A dense network that is trained in the page, step for step as Keras would, for the explorables in which something learns.
// Arrays hold a row for each example, one after the other; the weights of a layer hold a row for each unit that sends.

export const sigmoid = (z) => 1 / (1 + Math.exp(-z));

// A network of these widths: weights by Glorot's rule, biases 0. Adam's averages are made at its first step.
export function dense(widths, next) {
  const layers = widths.slice(1).map((outs, n) => {
    const [ins, most] = [widths[n], Math.sqrt(6 / (widths[n] + outs))];
    return { ins, outs, w: Float64Array.from({ length: ins * outs }, () => most * (2 * next() - 1)), b: new Float64Array(outs) };
  });
  return { layers, memory: null, time: 0 };
}

// What every layer says to `count` rows: `bend` is the activation of the hidden layers, `end` that of the last.
export function forward({ layers }, rows, count, bend, end = (z) => z) {
  const said = [rows];
  layers.forEach(({ ins, outs, w, b }, n) => {
    const act = n === layers.length - 1 ? end : bend;
    const [from, to] = [said[n], new Float64Array(count * outs)];
    for (let row = 0; row < count; row += 1) {
      const at = row * outs;
      for (let j = 0; j < outs; j += 1) to[at + j] = b[j];
      for (let i = 0; i < ins; i += 1) {
        const value = from[row * ins + i];
        if (value) for (let j = 0, place = i * outs; j < outs; j += 1, place += 1) to[at + j] += value * w[place];
      }
      for (let j = at; j < at + outs; j += 1) to[j] = act(to[j]);
    }
    said.push(to);
  });
  return said;
}

// The blame of the last layer's sums, carried back: `slope` is that of the activation, from what comes out of it. Returns the
// slopes of weights and biases, layer by layer.
export function slopesOf({ layers }, said, blame, count, slope) {
  const slopes = [];
  for (let n = layers.length - 1; n >= 0; n -= 1) {
    const { ins, outs, w } = layers[n];
    const [from, dw, db] = [said[n], new Float64Array(w.length), new Float64Array(outs)];
    for (let row = 0; row < count; row += 1) {
      const at = row * outs;
      for (let j = 0; j < outs; j += 1) db[j] += blame[at + j];
      for (let i = 0; i < ins; i += 1) {
        const value = from[row * ins + i];
        if (value) for (let j = 0, place = i * outs; j < outs; j += 1, place += 1) dw[place] += value * blame[at + j];
      }
    }
    slopes[n] = [dw, db];
    if (n) blame = before(layers[n], from, blame, count, slope);
  }
  return slopes;
}

// The same blame, carried through a network that stays as it is, to what came in.
export function blameOfInputs({ layers }, said, blame, count, slope) {
  for (let n = layers.length - 1; n >= 0; n -= 1) blame = before(layers[n], said[n], blame, count, n ? slope : () => 1);
  return blame;
}

// The blame one layer further back.
function before({ ins, outs, w }, from, blame, count, slope) {
  const back = new Float64Array(count * ins);
  for (let row = 0; row < count; row += 1) {
    const at = row * outs;
    for (let i = 0; i < ins; i += 1) {
      const passes = slope(from[row * ins + i]);
      if (!passes) continue;
      let sum = 0;
      for (let j = 0, place = i * outs; j < outs; j += 1, place += 1) sum += w[place] * blame[at + j];
      back[row * ins + i] = passes * sum;
    }
  }
  return back;
}

// One step of Adam, with Keras's numbers; `beta` is its beta_1.
export function adam(net, slopes, rate, beta = 0.9) {
  net.memory ??= slopes.map((pair) => pair.map((each) => [new Float64Array(each.length), new Float64Array(each.length)]));
  net.time += 1;
  const pace = (rate * Math.sqrt(1 - 0.999 ** net.time)) / (1 - beta ** net.time);
  net.layers.forEach(({ w, b }, n) => [w, b].forEach((values, part) => {
    const slope = slopes[n][part];
    const [first, second] = net.memory[n][part];
    for (let at = 0; at < values.length; at += 1) {
      first[at] += (1 - beta) * (slope[at] - first[at]);
      second[at] += 0.001 * (slope[at] * slope[at] - second[at]);
      values[at] -= (pace * first[at]) / (Math.sqrt(second[at]) + 1e-7);
    }
  }));
}
