// The quizzes of the page, what the browser keeps of the answers to them, and how they stand.

const { quizzes, misconceptions } = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

const VERDICTS = {
  right: { sign: "✓", words: "Right" },
  wrong: { sign: "✗", words: "Not so" },
  missed: { sign: "!", words: "Missed" },
  part: { sign: "◐", words: "Partly right" },
  kept: { sign: "✓", words: "Kept" },
  open: { sign: "", words: "Not answered" },
};

// What the browser keeps, an entry a question; where it refuses, the page holds it and says so. In IndexedDB, since now and
// then Chromium shows a page that was opened from a file an empty localStorage for as long as the page is open.
const kept = (() => {
  const STORE = "answers";
  const held = new Map();
  let database = null;

  const result = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  function refuse() {
    database = null;
    byId("not-kept").hidden = false;
  }
  function set(name, value) {
    held.set(name, value);
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
  async function load() {
    try {
      const opening = indexedDB.open("course-quiz", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      database = await result(opening);
      const store = database.transaction(STORE).objectStore(STORE);
      const [names, values] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
      names.forEach((name, n) => held.set(name, values[n]));
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
  return {
    load,
    set,
    get: (name) => held.get(name) ?? null,
    names: (beginning) => [...held.keys()].filter((name) => name.startsWith(beginning)),
    remove: (name) => set(name, null), // and not nothing, which an earlier page's answer would fill
    refused: () => database === null,
  };
})();

// A quiz and the grades of the answers to it, the latest to each question

const place = (quiz, question) =>
  `course-quiz/${quiz.store}/${question.id}${question.draw ? `?${question.draw}` : ""}`;

// A student's copy comes with all draws of its questions: this browser's seed, kept for good, chooses among them. Each
// seed has a name of its own and the first one counts, so that no page can write over another's.
function drawForThisBrowser() {
  for (const quiz of quizzes.filter((each) => each.questions.some((question) => question.draws))) {
    const beginning = `course-quiz/${quiz.store}?seed=`;
    const [first = beginning + drawing.newSeed()] = kept.names(beginning).sort((a, b) => kept.get(a) - kept.get(b));
    if (kept.get(first) === null) kept.set(first, Date.now());
    quiz.seed = first.slice(beginning.length);
    quiz.questions = quiz.questions.map((question) => question.draws
      ? question.draws[drawing.place(question.draws.length, quiz.seed, quiz.slug, question.id)] : question);
  }
}

function gradeWhatIsKept() {
  for (const quiz of quizzes) {
    quiz.grades = new Map();
    for (const question of quiz.questions) {
      const response = kept.get(place(quiz, question));
      if (response !== null) {
        try {
          quiz.grades.set(question.id, grading.grade(question, response));
        } catch (error) {
          if (!(error instanceof grading.ResponseError)) throw error; // an answer to an earlier form of the question
        }
      }
    }
  }
}

const isSingle = quizzes.length === 1;
const isKeyed = (quiz) => quiz.questions[0].keyed;
const lessonOf = (quiz) => /^[0-9]+_/.test(quiz.slug) ? `Lesson ${quiz.slug.split("_")[0]}` : "Quiz"; // or an exam
const addressOf = (quiz, question) => `#${quiz.slug}/${question.id}`;
const resultsOf = (quiz) => `#results/${quiz.slug}`;

function verdictOf(grade) {
  if (!grade) return "open";
  if (!grade.messages.length) return "kept"; // a quiz without keys
  if (grade.correct) return "right";
  return grade.points > 0 ? "part" : "wrong";
}

function scoreOf(quiz) {
  const points = [...quiz.grades.values()].reduce((sum, grade) => sum + grade.points, 0);
  const [answered, all] = [quiz.grades.size, quiz.questions.length];
  const missing = answered === all ? "" : `, ${answered} of ${all} answered`;
  if (!isKeyed(quiz)) return `${answered} of ${all} answered`;
  return `${grading.rounded(points, 3)} of ${all} points${missing}`;
}

const sign = (verdict) => make("span", { class: "sign", "aria-hidden": "true" }, VERDICTS[verdict].sign);
