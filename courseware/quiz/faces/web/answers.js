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

// What the browser keeps, an entry a question; where it refuses, the page holds it and says so.
const kept = (() => {
  const held = new Map();
  let refused = false;
  function attempt(action) {
    if (refused) return null;
    try {
      return action();
    } catch {
      refused = true;
      byId("not-kept").hidden = false;
      return null;
    }
  }
  attempt(() => {
    localStorage.setItem("course-quiz", "");
    localStorage.removeItem("course-quiz");
  });
  return {
    refused: () => refused,
    get(name) {
      try {
        return JSON.parse(held.get(name) ?? attempt(() => localStorage.getItem(name)));
      } catch {
        return null; // something else wrote under this name
      }
    },
    names: (beginning) => [...new Set([...held.keys(), ...(attempt(() => Object.keys(localStorage)) ?? [])])]
      .filter((name) => name.startsWith(beginning)),
    set(name, value) {
      held.set(name, JSON.stringify(value));
      attempt(() => localStorage.setItem(name, held.get(name)));
    },
    remove(name) {
      held.delete(name);
      attempt(() => localStorage.removeItem(name));
    },
  };
})();

// A quiz and the grades of the answers to it, the latest to each question

const place = (quiz, question) =>
  `course-quiz/${quiz.store}/${question.id}${question.draw ? `?${question.draw}` : ""}`;

// A student's copy comes with all draws of its questions: this browser's seed, kept for good, chooses among them. Each
// seed has a name of its own and the first one counts, so that no page can write over another's.
for (const quiz of quizzes.filter((each) => each.questions.some((question) => question.draws))) {
  const beginning = `course-quiz/${quiz.store}?seed=`;
  const [first = beginning + drawing.newSeed()] = kept.names(beginning).sort((a, b) => kept.get(a) - kept.get(b));
  if (kept.get(first) === null) kept.set(first, Date.now());
  quiz.seed = first.slice(beginning.length);
  quiz.questions = quiz.questions.map((question) => question.draws
    ? question.draws[drawing.place(question.draws.length, quiz.seed, quiz.slug, question.id)] : question);
}

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
