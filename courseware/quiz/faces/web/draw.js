// Which draw of a question, and which order of what it offers, belongs to a seed: that of `place` in quiz/parameters.py, so that what is handed in with the
// seed is graded by the numbers that were seen. Pages of student copies draw here, each browser for itself.
const drawing = (() => {
  const bits = (number, power) => Math.floor((number ** power % 1) * 2 ** 32) >>> 0;
  const PRIMES = [...Array(312).keys()].filter((n) => n > 1 && ![...Array(n).keys()].some((d) => d > 1 && n % d === 0));

  // SHA-256 (FIPS 180-4) as 32-bit words; the browser's own works only where the page comes by https.
  function sha256(bytes) {
    const length = (bytes.length + 72) & ~63;
    const view = new DataView(new ArrayBuffer(length));
    bytes.forEach((byte, n) => view.setUint8(n, byte));
    view.setUint8(bytes.length, 0x80);
    view.setUint32(length - 4, bytes.length * 8);
    const hash = PRIMES.slice(0, 8).map((prime) => bits(prime, 1 / 2));
    const constants = PRIMES.slice(0, 64).map((prime) => bits(prime, 1 / 3));
    const turned = (word, by) => (word >>> by) | (word << (32 - by));
    for (let at = 0; at < length; at += 64) {
      const words = [...Array(16).keys()].map((n) => view.getUint32(at + 4 * n));
      for (let n = 16; n < 64; n += 1) {
        const [early, late] = [words[n - 15], words[n - 2]];
        words.push((words[n - 16] + (turned(early, 7) ^ turned(early, 18) ^ (early >>> 3))
          + words[n - 7] + (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10))) | 0);
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let n = 0; n < 64; n += 1) {
        const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g))
          + constants[n] + words[n]) | 0;
        const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
      }
      [a, b, c, d, e, f, g, h].forEach((word, n) => { hash[n] = (hash[n] + word) >>> 0; });
    }
    return hash;
  }

  function rank(...seed) {
    const [high, low] = sha256(new TextEncoder().encode(seed.join("\0")));
    return (BigInt(high) << 32n) | BigInt(low);
  }
  const place = (count, ...seed) => Number(rank(...seed) % BigInt(count));

  // The ids of what a question offers, in the order in which this learner meets them at this try: that of
  // `Question.asked` in Python. Without a seed it is the order of the file.
  function order({ id, shown, names, shuffle }, seed, slug, tries) {
    if (!shuffle || !seed) return shown;
    const ranks = new Map(shown.map((entry, n) => [entry, rank(seed, slug, tries, id, names[n])]));
    return [...shown].sort((a, b) => (ranks.get(a) < ranks.get(b) ? -1 : 1));
  }

  // The ids of the questions that this learner is asked: all, and of each pool as many as are drawn, as `Quiz.drawn_ids` in
  // Python has it.
  function chosen({ slug, pools = {}, questions }, seed) {
    const asked = new Set(questions.filter(({ pool }) => !pool || !Object.hasOwn(pools, pool)).map(({ id }) => id));
    for (const [name, number] of Object.entries(pools)) {
      const ids = questions.filter(({ pool }) => pool === name).map(({ id }) => id);
      const ranks = new Map(ids.map((id) => [id, rank(seed, slug, "pool", id)]));
      ids.sort((a, b) => (ranks.get(a) < ranks.get(b) ? -1 : 1)).slice(0, number).forEach((id) => asked.add(id));
    }
    return asked;
  }

  const newSeed = () => [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

  return { place, order, chosen, newSeed };
})();
