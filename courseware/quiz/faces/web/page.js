// A page of its own: the quizzes that it holds, each with the addresses of its questions, and their list.
//
// The page's one name for scripts outside, such as tests, is `courseQuiz`: `started` promises that everything is shown,
// `quizzes` are then what `mount` promises, one a quiz.

const store = browserStore();
const byId = (id) => document.getElementById(id);
const isSingle = (quizzes) => quizzes.length === 1;
const lessonOf = (quiz) => /^[0-9]+_/.test(quiz.slug) ? `Lesson ${quiz.slug.split("_")[0]}` : "Quiz"; // or an exam
const addressOf = (quiz, question) => question ? `#${quiz.slug}/${question.id}` : `#results/${quiz.slug}`;

globalThis.courseQuiz = { store, grading, drawing, quizzes: [], addressOf, route, started: start() };

function title(text, above, heading) {
  byId("title").textContent = text;
  byId("above").replaceChildren(...above);
  document.title = heading ? `${heading} · ${text}` : text;
}

function list(quizzes) {
  return make("ol", { class: "quizzes" }, ...quizzes.map(({ quiz, grades, score }) => make("li", {},
    make("a", { href: `#${quiz.slug}` }, `${lessonOf(quiz)}: ${quiz.title}`),
    make("span", { class: "quiet" }, grades.size ? score() : `${quiz.questions.length} questions`))));
}

// Show what the address names: a question, results, a quiz (its first open question), or the list.
function route() {
  const { quizzes } = courseQuiz;
  const [first, second] = decodeURIComponent(location.hash.slice(1)).split("/");
  const slug = first === "results" ? second : first;
  const shown = quizzes.find(({ quiz }) => quiz.slug === slug) ?? (isSingle(quizzes) && quizzes[0]);
  for (const each of quizzes) each.element.hidden = each !== shown;
  if (!shown) {
    byId("list").replaceChildren(list(quizzes));
    title("Quizzes", []);
    return;
  }
  byId("list").replaceChildren();
  const { quiz } = shown;
  const named = first === quiz.slug && quiz.questions.find(({ id }) => id === second);
  shown.show(named || (first === "results" ? null : shown.next()));
  const above = [lessonOf(quiz), ...(isSingle(quizzes) ? [] : [" · ", make("a", { href: "#" }, "All quizzes")])];
  title(quiz.title, above, shown.element.querySelector(".here").textContent);
}

async function start() {
  const { quizzes, misconceptions } = JSON.parse(byId("data").textContent);
  const mounted = await Promise.all(quizzes.map(async (quiz) => {
    const element = make("div", { hidden: true });
    byId("quizzes").append(element);
    const address = (question) => addressOf(quiz, question);
    return { element, ...await mount(element, { quiz, misconceptions, store, level: 2, address }) };
  }));
  courseQuiz.quizzes.push(...mounted);
  window.addEventListener("hashchange", () => {
    route();
    window.scrollTo(0, 0);
    (document.querySelector("#quizzes > :not([hidden]) .here") ?? byId("title")).focus();
  });
  route();
}
