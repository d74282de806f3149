// What a response is worth. Points, verdicts, feedback and what is kept are those of the classes in quiz/questions;
// tests/quiz/test_quiz_web.py runs both over the same responses. Change them together.
const grading = (() => {
  class ResponseError extends Error {}

  function refuse(text) {
    throw new ResponseError(text);
  }

  const MAX_NUMBER = 100;
  const MAX_TEXT = 4000;
  // What Python's str.strip takes off: not U+FEFF, which trim does, but U+001C to U+001F and U+0085.
  const SPACES = "(?:[^\\S\\ufeff]|[\\x1c-\\x1f\\x85])";

  const strip = (text, signs = SPACES) => text.replace(new RegExp(`^${signs}+|${signs}+$`, "gu"), "");

  // Texts as they are compared, by the rules of quiz/questions/spelling.py

  const BLANKS = /[ \t\r\n\f\v]+/g;
  const OTHER_BLANKS = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
  const AROUND_SIGNS = / ?([\][(){},]) ?/g;

  const DASHES = /[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]/g;
  const UNSEEN = new RegExp("[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e"
    + "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}]", "gu");
  const ENDS = "[ .,;:!]";
  const CODE = /[\][(){}=_<>*\/\\]/;
  const TOKEN = /(?:[-+](?=[0-9.]))?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[-+]?[0-9]+)?|[A-Z_]+|[^ \n[\](){},;:|'"`]/gu;

  const visible = (text) => text.replace(UNSEEN, "");
  const oneBlank = (text) => text.replace(BLANKS, " ").replace(OTHER_BLANKS, " ").replace(/ +/g, " ");
  const halfWidth = (text) => text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));

  function normalText(text) {
    const plain = visible(text).normalize("NFKC").replace(BLANKS, " ").replace(DASHES, "-").toUpperCase().toLowerCase();
    const quoted = plain.replace(/(?<=[a-z]) ?- ?(?=[a-z])/g, " ").replace(/[“”„‟«»"]/g, '"').replace(/[‘’‚‛‹›′]/g, "'");
    const bare = strip(quoted.replaceAll("`", ""), ENDS);
    if (!CODE.test(bare)) return strip(bare.replace(/(?<![\p{L}\p{N}_'])([a-z]'+)(?![\p{L}\p{N}_'])|["']/gu, "$1"), ENDS);
    const code = bare.replaceAll('"', "'");
    const inner = code.match(/^'(.+)'$/s);
    return inner ? strip(inner[1], ENDS) : code;
  }

  function singular(word) {
    if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
    if (/(?:ss|ias|x|zz|sh|tch|nch|rch)es$/.test(word)) return word.slice(0, -2);
    return /[^s]s$/.test(word) && !word.endsWith("ias") ? word.slice(0, -1) : word;
  }

  function wordKey(text) {
    const normal = normalText(text);
    if (CODE.test(normal)) return normal;
    const bare = normal.normalize("NFD").replace(/[a-z][a-z\u0300-\u036f]+/g, (word) =>
      /^[a-z][\u0300-\u036f]+$/.test(word) ? word : word.replace(/[\u0300-\u036f]/g, ""));
    return bare.replace(/(?<![^ ])(?:an?|the) (?=[^ ])/g, "").replace(/[a-z]{4,}/g, singular).normalize("NFC");
  }

  function normalOutput(text) {
    const lines = visible(text).replace(DASHES, "-").replace(OTHER_BLANKS, " ").split("\n")
      .map((line) => strip(line.replace(BLANKS, " ").replace(AROUND_SIGNS, "$1"), " "));
    return lines.filter(Boolean).join("\n");
  }

  // The numbers and words of what a program prints, in a text that is equal where they are.
  function printedValues(text) {
    const tokens = normalOutput(halfWidth(text)).toUpperCase().match(TOKEN) ?? [];
    return tokens.map((token) => /^[-+]?\.?[0-9]/.test(token) ? String(Number(token)) : `'${token}`).join(" ");
  }

  // Numbers

  // A number as a whole number of 1e-350, of the decimals that its shortest spelling has: nothing is rounded.
  const ONE = 10n ** 350n;

  function exact(value) {
    const [digits, exponent] = value.toExponential().split("e");
    const [whole, after = ""] = digits.split(".");
    return BigInt(whole + after) * 10n ** BigInt(350 + Number(exponent) - after.length);
  }

  function distance(a, b) {
    const between = exact(a) - exact(b);
    return between < 0n ? -between : between;
  }

  function withinTolerance({ tolerance, answer }, value, target) {
    if (tolerance.absolute !== null) return distance(value, target) <= exact(tolerance.absolute);
    return distance(value, target) * ONE <= exact(tolerance.relative) * distance(answer, 0);
  }

  const rounded = (value, digits = 6) => String(Number(value.toPrecision(digits)));

  // A response as an error message quotes it.
  function quoted(value) {
    const text = String(JSON.stringify(value));
    return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
  }

  // Reading: a response in the form that is kept

  const LETTERS = "abcdefghijklmno";
  const idsOf = (entries) => entries.map((entry) => entry.id);

  // An id of `ids`, given as such or as its place: a letter from a, or a number from 0.
  function readId(ids, response, what) {
    if (Number.isInteger(response) && response >= 0 && response < ids.length) return ids[response];
    if (typeof response === "string") {
      if (ids.includes(response)) return response;
      const place = response.length === 1 ? LETTERS.indexOf(response) : -1;
      if (place >= 0 && place < ids.length) return ids[place];
    }
    refuse(`no such ${what}: ${quoted(response)}; choose one of ${ids.join(", ")}`);
  }

  // Entries as a message names them: by their texts, shortened.
  const spoken = (entries) => entries.map(({ plain, text }) => (plain ?? text).replace(/\s+/g, " ").trim())
    .map((text) => `\`${text.length <= 40 ? text : `${text.slice(0, 37)}...`}\``).join(", ");

  function readMultiple(question, response) {
    if (!Array.isArray(response)) refuse(`not a list of options: ${quoted(response)}; name each one to tick`);
    const ids = response.map((entry) => readId(idsOf(question.options), entry, "option"));
    if (!ids.length) refuse("nothing is ticked; tick every option that is right, at least one is");
    if (new Set(ids).size < ids.length) refuse("an option is named twice; name each one once");
    return ids.sort();
  }

  function readOrdering(question, response) {
    if (!Array.isArray(response)) refuse(`not a list of items: ${quoted(response)}; name all of them, first to last`);
    const ids = response.map((entry) => readId(question.shown, entry, "item"));
    const missing = question.items.filter(({ id }) => !ids.includes(id));
    if (missing.length || ids.length !== question.items.length) {
      const what = missing.length ? `${spoken(missing)} missing` : "an item is named twice";
      refuse(`${what}; name each item once, first to last`);
    }
    return ids;
  }

  function readMatching(question, response) {
    if (typeof response !== "object" || response === null || Array.isArray(response)) {
      refuse(`not a match for each: ${quoted(response)}; give every pair its choice`);
    }
    // A choice that several pairs share may be named by any of them.
    const choiceOf = (name) => {
      const pair = question.keyed && question.pairs.find(({ id }) => id === name);
      return pair ? question.choices.find(({ text }) => text === pair.match).id : readId(question.shown, name, "choice");
    };
    const given = new Map(Object.entries(response).map(([left, right]) =>
      [readId(idsOf(question.pairs), left, "pair"), choiceOf(right)]));
    const missing = question.pairs.filter(({ id }) => !given.has(id));
    if (missing.length) refuse(`no match for ${spoken(missing)}; give every pair its choice`);
    return Object.fromEntries(question.pairs.map((pair) => [pair.id, given.get(pair.id)]));
  }

  function readWords(question, response) {
    if (typeof response !== "string") refuse(`not text: ${quoted(response)}; write a word or a few`);
    const length = [...response].length; // in code points, as Python counts
    if (length > MAX_TEXT) refuse(`${length} characters; a short answer is enough`);
    const text = strip(response.replaceAll("\r\n", "\n").replaceAll("\r", "\n"), "\n");
    if (!(question.kind === "output" ? normalOutput : normalText)(text)) refuse("nothing is written; type your answer");
    return question.kind === "output" ? text : strip(text);
  }

  // 1.234 where 1234 is right; without the key, a number that would be kept without its last zero.
  function refuseThousands(question, response, text, value) {
    const found = [text, String(value)].find((each) => /^[-+]?[1-9][0-9]{0,2}\.[0-9]{3}$/.test(each));
    if (!found) return;
    const whole = found.replace(".", "");
    if (question.keyed) {
      const known = [question.answer, ...question.known_wrong.map((each) => each.value)];
      if (known.some((each) => withinTolerance(question, value, each))) return;
      if (!withinTolerance(question, Number(whole), question.answer)) return;
    } else if (!found.endsWith("0")) return;
    const instead = whole.endsWith("0") ? `${whole} or ${value}` : "it without a point";
    refuse(`${quoted(response)} can mean a thousand or a decimal; write ${instead}`);
  }

  // Numbers as people write them, by the rules of quiz/questions/numerals.py

  const PLAIN = "(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)";
  const GROUPS = "[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?";
  const WRITTEN = new RegExp("^(?<before>[^-+0-9.,]*?) ?(?<sign>(?:[-+] ?)?)(?:"
    + `(?<over>${PLAIN}) ?[/\u2044\u2215] ?(?<under>${PLAIN})`
    + `|(?:(?<times>${GROUPS}|${PLAIN}) ?[*x\u00d7\u00b7\u22c5] ?)?10 ?(?:\\^|\\*\\*) ?\\(?(?<power>[-+]?[0-9]+)\\)?`
    + `|(?<figures>${GROUPS}|${PLAIN})(?<exponent>(?:[eE][-+]?[0-9]+)?)`
    + ")(?![0-9]) ?(?<after>.*)$", "is");
  const THREE_DIGITS = /^(?:0*[1-9][0-9]*,[0-9]{3}|00+,[0-9]{3}|,[0-9]{3})$/;
  const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
  const VULGAR = new Map([["½", "1/2"], ["¼", "1/4"], ["¾", "3/4"]]);
  const PER_CENT = ["percent", "per cent", "pct", "percents"];
  const SIZES = new Map([["thousand", 1e3], ["million", 1e6], ["billion", 1e9], ["trillion", 1e12], ["%", 0.01],
    ["kb", 1e3], ["kilobyte", 1e3], ["mb", 1e6], ["megabyte", 1e6], ["gb", 1e9], ["gigabyte", 1e9]]);

  function unitKey(unit) {
    const key = strip(unit.normalize("NFKC").toUpperCase().toLowerCase(), "[ .]").replace(/(?<=[a-z]{3})s(?![^ ])/g, "");
    return PER_CENT.includes(key) ? "%" : key;
  }

  function sizeOf(unit) {
    const [word] = unit ? unitKey(unit).split(" ") : [""];
    return SIZES.has(word) ? [word, SIZES.get(word)] : null;
  }

  const lowered = (raised) => `^${[...raised].map((sign) =>
    ({ "\u207a": "+", "\u207b": "-" })[sign] ?? RAISED.indexOf(sign)).join("")}`;

  function lookBeside(response, text, beside, unit) {
    if (!beside.length) return;
    const words = unitKey(beside[0]);
    if (beside.length === 1 && unit && (words === unitKey(unit) || words === (sizeOf(unit) ?? [""])[0])) return;
    if (/^[-+]?[0-9]+(?:[.,'’_ ][0-9]+)+$/.test(text)) {
      refuse(`${quoted(response)} has signs between its digits; write it without them, e.g. 16000 or 0.25`);
    }
    if (beside.length === 1 && words === "%") {
      refuse(`${quoted(response)} has a sign of per cent; write the number alone, e.g. 0.25`);
    }
    if (beside.some((each) => /[0-9]/.test(each))) refuse(`not a number: ${quoted(response)}; write e.g. 0.25`);
    refuse(`${quoted(response)} holds more than a number; write the number alone, ${unit ? `the unit is ${unit}` : "e.g. 0.25"}`);
  }

  // The figures of a number as JavaScript writes them, empty for a fraction; and its value, which may be infinite.
  function readWritten(response, unit) {
    const bare = oneBlank(halfWidth(visible(response)).replace(DASHES, "-"))
      .replace(/(?<=10)[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+/g, lowered);
    const text = VULGAR.get(strip(bare)) ?? strip(bare);
    if (!text || (unit && unitKey(text) === unitKey(unit))) refuse("nothing is written; type a number, e.g. 0.25");
    if (/(?![0-9])\p{Nd}/u.test(text)) refuse(`${quoted(response)} has other digits than 0 to 9; write it with those`);
    const found = [...text].length <= MAX_NUMBER && text.match(WRITTEN)?.groups;
    if (!found) refuse(`not a number: ${quoted(response)}; write e.g. 0.25`);
    lookBeside(response, text, [found.before, found.after].filter(Boolean), unit);
    const point = (figures) => {
      if (THREE_DIGITS.test(figures)) {
        refuse(`${quoted(response)} can mean a thousand or a decimal; write it without a comma`);
      }
      return figures.replaceAll(" ", "").replaceAll(",", ".");
    };
    const sign = strip(found.sign, " ");
    if (found.over) {
      const [over, under] = [Number(point(found.over)), Number(point(found.under))];
      if (!under) refuse(`${quoted(response)} divides by 0; write e.g. 0.25`);
      return ["", Number(`${sign}1`) * (over / under)];
    }
    const figures = found.power ? `${sign}${point(found.times ?? "1")}e${found.power}`
      : found.exponent ? sign + found.figures.replaceAll(" ", "").replaceAll(",", ".") + found.exponent
        : sign + point(found.figures);
    return [figures, Number(figures)];
  }

  function readNumber(question, response) {
    let value = response;
    if (typeof response === "string") {
      const [text, read] = readWritten(response, question.unit);
      value = read;
      if (text) refuseThousands(question, response, text, value);
    } else if (typeof response === "number") refuseThousands(question, response, "", value);
    else refuse(`not a number: ${quoted(response)}; write e.g. 0.25`);
    if (!Number.isFinite(value)) refuse(`not a finite number: ${quoted(response)}; write e.g. 0.25`);
    return value;
  }

  const READERS = {
    single: (question, response) => readId(idsOf(question.options), response, "option"),
    multiple: readMultiple, number: readNumber, text: readWords, output: readWords,
    ordering: readOrdering, matching: readMatching,
  };

  // Marks: the points, and a message for each part of the response

  const message = (verdict, text, feedback, misconception = null) => ({ verdict, text, feedback, misconception });

  function ticked(option) {
    return message(option.correct ? "right" : "wrong", option.text, option.feedback, option.misconception);
  }

  function open(question, right, shown, known) {
    if (right) return [1, [message("right", shown, question.feedback)]];
    if (known) return [0, [{ ...message("wrong", shown, known.feedback, known.misconception), known: true }]];
    return [0, [message("wrong", shown, question.wrong)]];
  }

  const pairwise = (ids) => ids.slice(1).map((id, n) => `${ids[n]} ${id}`);

  const MARKS = {
    single(question, chosen) {
      const option = question.options.find((each) => each.id === chosen);
      return [Number(option.correct), [ticked(option)]];
    },
    multiple(question, ids) {
      const count = (correct, among) =>
        question.options.filter((option) => option.correct === correct && (!among || among.includes(option.id))).length;
      const [right, wrong] = [count(true), count(false)];
      const points = (count(true, ids) * wrong - count(false, ids) * right) / (right * wrong);
      const messages = question.options
        .filter((option) => ids.includes(option.id) || option.correct)
        .map((option) => ids.includes(option.id) ? ticked(option) : message("missed", option.text, option.feedback));
      return [Math.max(0, points), messages];
    },
    number(question, value) {
      const shown = rounded(value) + (question.unit ? ` ${question.unit}` : "");
      let known = null;
      for (const each of question.known_wrong.filter(({ value: wrong }) => withinTolerance(question, value, wrong))) {
        if (!known || distance(value, each.value) < distance(value, known.value)) known = each;
      }
      const right = withinTolerance(question, value, question.answer);
      const size = sizeOf(question.unit);
      const counted = size ? value / size[1] : Infinity; // which it also is where the largest number is counted in per cent
      if (Number.isFinite(counted) && !known && !right && withinTolerance(question, counted, question.answer)) {
        refuse(`${rounded(value)} is not counted in ${question.unit}; write how many ${question.unit} it is`);
      }
      return open(question, right, shown, known);
    },
    text(question, text) {
      const typed = wordKey(text);
      const known = question.known_wrong.find(({ value }) => wordKey(value) === typed);
      return open(question, question.answers.some((answer) => wordKey(answer) === typed), text, known);
    },
    output(question, text) {
      const [typed, values] = [normalOutput(text), printedValues(text)];
      const right = normalOutput(question.answer) === typed;
      let known = question.known_wrong.find(({ value }) => normalOutput(value) === typed);
      if (!right && !known && values) {
        if (values === printedValues(question.answer)) {
          refuse("the values are right, but Python prints them in another way; look at brackets, commas, quotes, points, "
            + "capitals and lines, and write what it prints");
        }
        known = question.known_wrong.find(({ value }) => printedValues(value) === values);
      }
      return open(question, right, text, known);
    },
    ordering(question, ids) {
      const right = pairwise(idsOf(question.items));
      const points = pairwise(ids).filter((neighbours) => right.includes(neighbours)).length / right.length;
      const known = question.known_wrong.find(({ order }) => order.join(" ") === ids.join(" "));
      const texts = new Map(question.items.map((item) => [item.id, item.text]));
      const [, messages] = open(question, points === 1, ids.map((id) => texts.get(id)).join("; "), known);
      return [points, messages];
    },
    matching(question, chosen) {
      const texts = new Map(question.choices.map((choice) => [choice.id, choice.text]));
      const messages = question.pairs.map((pair) => {
        const match = texts.get(chosen[pair.id]);
        const right = match === pair.match;
        const shown = `${pair.text}: ${match}`;
        return message(right ? "right" : "wrong", shown, pair.feedback, right ? null : pair.misconception);
      });
      return [messages.filter(({ verdict }) => verdict === "right").length / messages.length, messages];
    },
  };

  function grade(question, response) {
    const value = READERS[question.kind](question, response);
    if (!question.keyed) return { points: 0, correct: true, messages: [], misconceptions: [], response: value };
    const [points, messages] = MARKS[question.kind](question, value);
    const misconceptions = [...new Set(messages.map((each) => each.misconception).filter(Boolean))];
    // What to say to a response that a learner may think over once before it counts.
    const isUnknown = question.kind === "text" && points === 0 && !messages[0].known;
    const again = isUnknown
      ? `I do not know ${quoted(value)} here. Look at the spelling, or say it in another word; your next answer counts.` : "";
    return { points, correct: points === 1, messages, misconceptions, response: value, again };
  }

  return { grade, rounded, LETTERS, ResponseError };
})();
