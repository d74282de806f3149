// The page: the three views (one question, the results, the list of quizzes) and the way around.

// One question

function feedback(question, grade) {
  if (!question.keyed) return [make("h3", { class: "kept" }, sign("kept"), " Kept. You may change it.")];
  const alone = grade.messages.length === 1;
  const verdict = verdictOf(grade);
  const points = verdict === "part" ? `: ${grading.rounded(grade.points, 2)} of 1 points` : "";
  const messages = grade.messages.map((message) => make("li", { class: message.verdict },
    ...(alone ? [] : [make("strong", {}, sign(message.verdict), ` ${VERDICTS[message.verdict].words} `)]),
    question.typed
      ? make("pre", { class: "said" }, message.text)
      : make("div", { class: "said", html: message.text }),
    make("div", { html: message.feedback })));
  return [
    make("h3", { class: verdict }, sign(verdict), ` ${VERDICTS[verdict].words}${points}`),
    make("ul", { class: "messages" }, ...messages),
    ...(question.explanation ? [make("div", { html: question.explanation })] : []),
    ...(grade.correct ? [] : [make("p", { class: "reread" }, `Reread: ${question.section}`)]),
  ];
}

function questionView(quiz, question) {
  const n = quiz.questions.indexOf(question);
  const control = controls[question.kind](question);
  const told = make("div", { class: "feedback", role: "status" });
  const check = make("button", { type: "submit" });
  const next = quiz.questions[n + 1];
  const onward = next
    ? make("a", { href: addressOf(quiz, next), class: "button" }, "Next question")
    : make("a", { href: resultsOf(quiz), class: "button" }, "See the results");
  function show(grade) {
    told.replaceChildren(...(grade ? feedback(question, grade) : []));
    scrollable(told);
    if (question.keyed) check.textContent = grade ? "Check again" : "Check";
    else check.textContent = grade ? "Keep the change" : "Keep this answer";
    check.classList.toggle("main", !grade);
    onward.classList.toggle("main", Boolean(grade));
  }
  function submit(event) {
    event.preventDefault();
    let grade;
    try {
      grade = grading.grade(question, control.read());
    } catch (error) {
      if (!(error instanceof grading.ResponseError)) throw error;
      told.replaceChildren(make("p", { class: "refused" },
        `${error.message[0].toUpperCase()}${error.message.slice(1)}.`));
      told.scrollIntoView({ block: "nearest" });
      return;
    }
    quiz.grades.set(question.id, grade);
    kept.set(place(quiz, question), grade.response);
    show(grade);
    told.scrollIntoView({ block: "nearest" });
    overview(quiz, question);
  }
  const earlier = quiz.grades.get(question.id);
  if (earlier) control.restore(earlier.response);
  show(earlier);
  return make("form", { onsubmit: submit, novalidate: true },
    make("h2", { tabindex: -1 }, `Question ${n + 1} of ${quiz.questions.length}`),
    make("div", { id: `prompt-${question.id}`, class: "prompt", html: question.prompt }),
    control.element, make("p", { class: "actions" }, check, onward), told);
}

// The results of a quiz

function resultsView(quiz) {
  const given = quiz.questions.filter((question) => quiz.grades.has(question.id));
  const missed = given.filter((question) => !quiz.grades.get(question.id).correct);
  const sections = new Set(missed.map((question) => question.section));
  const shownBy = new Set(missed.flatMap((question) => quiz.grades.get(question.id).misconceptions));
  const name = make("input", { id: "learner", type: "text", autocomplete: "name" });
  name.value = kept.get("course-quiz/learner") ?? "";
  name.addEventListener("input", () => kept.set("course-quiz/learner", name.value));
  return make("div", {},
    make("h2", { tabindex: -1 }, "Results"),
    make("p", { class: "score" }, isKeyed(quiz) ? `Score: ${scoreOf(quiz)}` : `${scoreOf(quiz)}.`),
    ...(!isKeyed(quiz) || missed.length || given.length < quiz.questions.length ? [] : [make("p", {}, "Everything is right.")]),
    make("ol", { class: "questions" }, ...quiz.questions.map((question, n) => {
      const verdict = verdictOf(quiz.grades.get(question.id));
      return make("li", {}, make("a", { href: addressOf(quiz, question) }, `Question ${n + 1}`),
        make("span", { class: verdict }, sign(verdict), ` ${VERDICTS[verdict].words}`),
        make("span", { class: "quiet" }, question.section));
    })),
    ...(sections.size ? [make("h3", {}, "Worth rereading"),
      make("ul", {}, ...[...sections].map((section) => make("li", {}, section)))] : []),
    ...(shownBy.size ? [make("h3", {}, "Ideas behind your answers"), ...[...shownBy].map((key) => make("p", {},
      make("b", {}, "You may think: "), make("span", { html: misconceptions[key].title }), make("br"),
      make("b", {}, "But: "), make("span", { html: misconceptions[key].explanation })))] : []),
    make("h3", {}, "Your answers"),
    make("p", {}, kept.refused() ? "Download them to keep them, or to hand them in."
      : "Your browser keeps them. Download them to keep a copy, or to hand them in."),
    make("p", { class: "written" }, make("label", { for: "learner" }, "Your name, needed if you hand the file in"), name),
    make("p", { class: "actions" },
      make("button", { type: "button", onclick: () => download(quiz, name.value.trim()) }, "Download my answers"),
      make("button", { type: "button", onclick: () => askToStartAgain(quiz) }, "Start again")));
}

function download(quiz, learner) {
  const answers = Object.fromEntries([...quiz.grades].map(([id, grade]) => [id, grade.response]));
  const counted = `course-quiz/${quiz.store}?attempt`; // no question is kept under such a name
  const attempt = (Number(kept.get(counted)) || 0) + 1;
  kept.set(counted, attempt);
  // No seed where nothing is drawn.
  const { slug, fingerprint, seed } = quiz;
  const data = { learner, quiz: slug, fingerprint, seed, attempt, handed_in: timeWithOffset(new Date()), answers };
  const file = new Blob([`${JSON.stringify(data, null, 2)}\n`], { type: "application/json" });
  const name = ["answers", quiz.slug, learner.replace(/[^\p{L}\p{N}]+/gu, "-")].filter(Boolean).join("_");
  const link = make("a", { href: URL.createObjectURL(file), download: `${name}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
}

// A time of this computer's clock and zone, to the second: 2026-03-01T14:05:09+01:00.
function timeWithOffset(time) {
  const east = -time.getTimezoneOffset();
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  const clock = new Date(time.getTime() + east * 60000).toISOString().slice(0, 19);
  return `${clock}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
}

function askToStartAgain(quiz) {
  byId("keep").onclick = () => byId("start-again").close();
  byId("delete").onclick = () => {
    byId("start-again").close();
    for (const question of quiz.questions) {
      kept.remove(place(quiz, question));
      views.delete(question);
    }
    quiz.grades.clear();
    location.hash = addressOf(quiz, quiz.questions[0]);
  };
  byId("start-again").showModal();
}

// The list of quizzes

function homeView() {
  return make("ol", { class: "quizzes" }, ...quizzes.map((quiz) => make("li", {},
    make("a", { href: `#${quiz.slug}` }, `${lessonOf(quiz)}: ${quiz.title}`),
    make("span", { class: "quiet" }, quiz.grades.size ? scoreOf(quiz) : `${quiz.questions.length} questions`))));
}

// The way around

const views = new Map(); // a question's view stays while the page is open, with what is typed and not yet checked

function overview(quiz, current) {
  const link = (address, name, verdict, isHere, ...content) => make("li", {}, make("a", {
    href: address, "aria-label": name, class: verdict, "aria-current": isHere ? "step" : null,
  }, ...content));
  byId("overview").replaceChildren(make("ol", {}, ...quiz.questions.map((question, n) => {
    const verdict = verdictOf(quiz.grades.get(question.id));
    const name = `Question ${n + 1}: ${VERDICTS[verdict].words.toLowerCase()}`;
    return link(addressOf(quiz, question), name, verdict, question === current, String(n + 1), sign(verdict));
  }), link(resultsOf(quiz), "Results", "open", !current, "Results")));
}

// A block of code that is wider than the page can be scrolled by the keyboard only if it takes the focus.
function scrollable(within) {
  for (const block of within.querySelectorAll("pre")) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
  }
}

function show({ title, above = [], view, quiz, question }) {
  byId("title").textContent = title;
  byId("above").replaceChildren(...above);
  byId("overview").hidden = !quiz;
  if (quiz) overview(quiz, question);
  byId("view").replaceChildren(view);
  const heading = view.querySelector("h2")?.textContent;
  document.title = heading ? `${heading} · ${title}` : title;
  scrollable(view);
}

function route() {
  const [first, second] = decodeURIComponent(location.hash.slice(1)).split("/");
  const quiz = quizzes.find((each) => each.slug === (first === "results" ? second : first)) ?? (isSingle && quizzes[0]);
  if (!quiz) {
    show({ title: "Quizzes", view: homeView() });
    return;
  }
  const above = [lessonOf(quiz), ...(isSingle ? [] : [" · ", make("a", { href: "#" }, "All quizzes")])];
  const question = quiz.questions.find((each) => each.id === second && first === quiz.slug)
    ?? (first !== "results" && quiz.questions.find((each) => !quiz.grades.has(each.id)));
  if (!question) {
    show({ title: quiz.title, above, quiz, view: resultsView(quiz) });
    return;
  }
  if (!views.has(question)) views.set(question, questionView(quiz, question));
  show({ title: quiz.title, above, quiz, question, view: views.get(question) });
}

// Without a font made for formulas the browser hardly lowers an index.
function lookAtFonts() {
  const probe = make("span", { class: "unseen", html: "<math><msub><mi>x</mi><mi>x</mi></msub></math>" });
  document.body.append(probe);
  const [base, index] = [...probe.querySelectorAll("mi")].map((each) => each.getBoundingClientRect().bottom);
  document.body.classList.toggle("no-maths-font", index <= base);
  probe.remove();
}

async function start() {
  await kept.load();
  drawForThisBrowser();
  gradeWhatIsKept();
  lookAtFonts();
  window.addEventListener("hashchange", () => {
    route();
    window.scrollTo(0, 0);
    (byId("view").querySelector("h2") ?? byId("title")).focus();
  });
  route();
}

const started = start();
