// What the browser keeps of the answers to quizzes: the store of a page that comes as a file or from a web site.

// An entry a question; where the browser refuses, the page holds it and says so. In IndexedDB, since now and then
// Chromium shows a page that was opened from a file an empty localStorage for as long as the page is open.
function browserStore() {
  const STORE = "answers";
  const NOT_KEPT = "Your browser does not let this page keep anything. Your answers are not kept when you close or "
    + "reload it; download them first.";
  const LEARNER = "course-quiz/learner";
  const held = new Map();
  const fresh = new Set(); // what was set since it was read last
  const listeners = [];
  let database = null;
  let trouble = "";
  let loaded = null;

  const result = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  function refuse() {
    database = null;
    trouble = NOT_KEPT;
    listeners.forEach((say) => say(trouble));
  }
  function set(name, value) {
    held.set(name, value);
    fresh.add(name);
    if (!database) return;
    try {
      const change = database.transaction(STORE, "readwrite");
      change.onabort = refuse; // no room, for one
      change.objectStore(STORE).put(value, name);
      change.commit(); // at once, since the page may be closed the next moment
    } catch {
      refuse();
    }
  }
  const get = (name) => held.get(name) ?? null;
  const names = (beginning) => [...held.keys()].filter((name) => name.startsWith(beginning));

  // Earlier pages kept their answers in localStorage; what is there stays, and no longer counts once it is here.
  function takeOver() {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith("course-quiz/") || held.has(name)) continue;
      try {
        set(name, JSON.parse(localStorage.getItem(name)));
      } catch {
        // something else wrote under this name
      }
    }
  }
  async function read() {
    fresh.clear();
    const store = database.transaction(STORE).objectStore(STORE);
    const [found, values] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
    found.forEach((name, n) => { if (!fresh.has(name)) held.set(name, values[n]); });
  }
  async function load() {
    try {
      const opening = indexedDB.open("course-quiz", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      database = await result(opening);
      await read();
      set("course-quiz", Date.now()); // so that a browser that keeps nothing is found out before the first answer
    } catch {
      refuse();
    }
    try {
      takeOver();
    } catch {
      // no localStorage, and so nothing in it
    }
  }

  const place = (quiz, question) =>
    `course-quiz/${quiz.store}/${question.id}${question.draw ? `?${question.draw}` : ""}`;

  // Each seed has a name of its own and the first one counts, so that no page can write over another's.
  function seed(quiz) {
    const beginning = `course-quiz/${quiz.store}?seed=`;
    const [first = beginning + drawing.newSeed()] = names(beginning).sort((a, b) => get(a) - get(b));
    if (get(first) === null) set(first, Date.now());
    return first.slice(beginning.length);
  }

  const counted = (quiz, question) => `course-quiz/${quiz.store}?tries=${question.id}`;
  const tries = (quiz, question) => Number(get(counted(quiz, question))) || 0;

  // How many answers are kept to earlier versions of the quiz: to questions or numbers that it has no more, and, of a
  // student's copy, under the name of another folder.
  function earlier(quiz) {
    const now = new Set(quiz.questions.map((question) => place(quiz, question)));
    const beginning = `course-quiz/${quiz.store}/`;
    const isOther = (name) => name.startsWith(beginning) ? !now.has(name)
      : !quiz.questions[0].keyed && name.slice(`course-quiz/${quiz.slug}`.length).match(/^-[0-9a-f]{8}\//) !== null;
    return names(`course-quiz/${quiz.slug}`).filter((name) => isOther(name) && get(name) !== null).length;
  }

  // The answers as a file for `course grade`; without a name it is a copy to keep, and no attempt. Returns what to say.
  function download(quiz, grades, learner) {
    if (!grades.size) return "Nothing is answered yet. Answer first, then download.";
    const answers = Object.fromEntries([...grades].map(([id, grade]) => [id, grade.response]));
    const counted = `course-quiz/${quiz.store}?attempt`; // no question is kept under such a name
    const attempt = learner ? (Number(get(counted)) || 0) + 1 : undefined;
    if (learner) set(counted, attempt);
    const { slug, fingerprint, seed: drawnBy } = quiz;
    const data = { learner, quiz: slug, fingerprint, seed: drawnBy, attempt, handed_in: timeWithOffset(new Date()), answers };
    const file = new Blob([`${JSON.stringify(data, null, 2)}\n`], { type: "application/json" });
    const name = ["answers", slug, learner.replace(/[^\p{L}\p{N}]+/gu, "-")].filter(Boolean).join("_");
    const link = make("a", { href: URL.createObjectURL(file), download: `${name}.json` });
    link.click();
    URL.revokeObjectURL(link.href);
    return learner ? `Downloaded with your name, as attempt ${attempt}.`
      : "Downloaded as a copy to keep. It has no name, so it cannot be handed in.";
  }

  return {
    load: () => (loaded ??= load()),
    // What other tabs have kept since.
    refresh: async () => { if (database) await read().catch(refuse); },
    earlier,
    answer: (quiz, question) => get(place(quiz, question)),
    keep(quiz, question, response) {
      set(place(quiz, question), response);
      set(counted(quiz, question), tries(quiz, question) + 1);
    },
    tries,
    forget: (quiz, question) => set(place(quiz, question), null), // and not nothing, which an earlier page's answer would fill
    seed,
    watch(say) {
      listeners.push(say);
      say(trouble);
    },
    handIn: {
      note: () => trouble ? "Download them to keep them, or to hand them in."
        : "Your browser keeps them. Download them to keep a copy, or to hand them in.",
      label: "Your name, needed if you hand the file in",
      button: "Download my answers",
      learner: () => get(LEARNER) ?? "",
      named: (learner) => set(LEARNER, learner),
      send: download,
    },
    get,
    set,
    names,
  };
}

// A time of this computer's clock and zone, to the second: 2026-03-01T14:05:09+01:00.
function timeWithOffset(time) {
  const east = -time.getTimezoneOffset();
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  const clock = new Date(time.getTime() + east * 60000).toISOString().slice(0, 19);
  return `${clock}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
}
