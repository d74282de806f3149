// A quiz in an element of any page: one question at a time, an overview of all of them, and the results.

const VERDICTS = {
  right: { sign: "✓", words: "Right" },
  wrong: { sign: "✗", words: "Not so" },
  missed: { sign: "!", words: "Missed" },
  part: { sign: "◐", words: "Partly right" },
  kept: { sign: "✓", words: "Kept" },
  open: { sign: "", words: "Not answered" },
};
const EARLIER = "There are answers of yours to an earlier version of this quiz. They do not count for this one, so please "
  + "answer these questions again.";
const sign = (verdict) => make("span", { class: "sign", "aria-hidden": "true" }, VERDICTS[verdict].sign);

function verdictOf(grade) {
  if (!grade) return "open";
  if (!grade.messages.length) return "kept"; // a quiz without keys
  if (grade.correct) return "right";
  return grade.points > 0 ? "part" : "wrong";
}

// A student's copy may come with all draws of its questions, and with all questions of its pools: the store's seed chooses
// among them. What is handed in carries that seed, which also tells in what order the learner met the options.
function drawn(quiz, store) {
  const seed = quiz.seed ?? store.seed?.(quiz);
  const asked = drawing.chosen(quiz, seed);
  const questions = quiz.questions.filter(({ id }) => asked.has(id)).map((question) => question.draws
    ? question.draws[drawing.place(question.draws.length, seed, quiz.slug, question.id)] : question);
  return { ...quiz, seed, questions };
}

// The grades of the answers that are kept, by question id, and how many are kept to an earlier version of the quiz.
function earlierGrades(quiz, store) {
  const grades = new Map();
  let lost = 0;
  for (const question of quiz.questions) {
    const response = store.answer(quiz, question);
    if (response === null) continue;
    try {
      grades.set(question.id, grading.grade(question, response));
    } catch (error) {
      if (!(error instanceof grading.ResponseError)) throw error;
      lost += 1; // an answer to an earlier form of the question
    }
  }
  return { grades, earlier: lost + (store.earlier?.(quiz) ?? 0) };
}

// Lay a quiz into `element` and show the first question that is not answered. Nothing outside of `element` is touched,
// and nothing in it has a name that another quiz of the page has.
//
// quiz, misconceptions: as `quiz_data` and `misconceptions_data` of data.py make them.
// store: where answers are kept. load() is awaited first; answer(quiz, question) is the response kept, or null;
//   keep(quiz, question, response); watch(say), where say(text) tells the learner what cannot be kept and say("") that it
//   is over. If it has them: refresh(), which promises that what other pages kept is known; earlier(quiz), how many
//   answers are kept to earlier versions; seed(quiz), the learner's, without which options stand as in the file;
//   tries(quiz, question), how often it was answered before; forget(quiz, question), without which nobody can
//   start again; handIn with note(), label, button, learner(), named(name), and send(quiz, grades, name), which may
//   promise a line to say.
// section, idea: the address of a section of the lesson, by its heading, and of a page on a misconception, by its key; both
//   null where there is none.
// level: of a question's heading.
// address: the address of a question, or of the results (null), where they have one; without it links are buttons.
// at: the id of the question to begin with, or "results".
// onshow: called with each question that is shown, or null for the results.
//
// Promises { quiz, grades, score(), show(question), next() }: show(null) shows the results, and next() is the first
// question that is not answered, or null.
async function mount(element, { quiz: given, misconceptions, store, level = 3, address = null, section = () => null,
  idea = () => null, at = "", onshow = () => {} }) {
  await store.load();
  const quiz = drawn(given, store);
  const orderSeed = store.seed?.(quiz) ?? quiz.seed; // the learner's own, also where the numbers are the same for all
  const { grades, earlier } = earlierGrades(quiz, store);
  const isKeyed = quiz.questions[0].keyed;
  const ids = `quiz-${drawing.newSeed()}`;
  const views = new Map(); // a question's view stays, with what is typed and not yet checked

  const note = make("p", { class: "note", role: "status" });
  const overview = make("nav", { class: "overview", "aria-label": "Questions" });
  const place = make("div", { class: "view" });
  const skip = make("button", { type: "button", class: "skip", onclick: () => place.querySelector(".here").focus() },
    "Skip to the question");
  const older = make("p", { class: "older" });
  const unkept = make("p", { class: "unkept", role: "status" });
  const root = make("div", { class: "course-quiz" }, note, older, skip, overview, unkept, place);
  let shown = null; // the question that is shown
  const heading = (lower, attributes, ...children) => make(`h${level + lower}`, attributes, ...children);

  function link(question, attributes, ...children) {
    return address
      ? make("a", { href: address(question), ...attributes }, ...children)
      : make("button", { type: "button", ...attributes, onclick: () => show(question, true) }, ...children);
  }

  const linked = (href, attributes, text) => href ? make("a", { href, ...attributes }, text) : make("span", attributes, text);

  function score() {
    const points = [...grades.values()].reduce((sum, grade) => sum + grade.points, 0);
    const [answered, all] = [grades.size, quiz.questions.length];
    if (!isKeyed) return `${answered} of ${all} answered`;
    return `${grading.rounded(points, 3)} of ${all} points${answered === all ? "" : `, ${answered} of ${all} answered`}`;
  }

  // One question

  function feedback(question, grade) {
    if (!question.keyed) return [heading(1, { class: "kept" }, sign("kept"), " Kept. You may change it.")];
    const alone = grade.messages.length === 1;
    const verdict = verdictOf(grade);
    const isPartly = !grade.correct && grade.messages.some((message) => message.verdict === "right");
    const points = isPartly || verdict === "part" ? `: ${grading.rounded(grade.points, 2)} of 1 points` : "";
    const messages = grade.messages.map((message) => make("li", { class: message.verdict },
      ...(alone ? [] : [make("strong", {}, sign(message.verdict), ` ${VERDICTS[message.verdict].words} `)]),
      question.typed
        ? make("pre", { class: "said" }, message.text)
        : make("div", { class: "said", html: message.text }),
      make("div", { html: message.feedback })));
    return [
      heading(1, { class: verdict }, sign(verdict), ` ${VERDICTS[verdict].words}${points}`),
      make("ul", { class: "messages" }, ...messages),
      ...(question.explanation ? [make("div", { html: question.explanation })] : []),
      ...(grade.correct ? [] : [make("p", { class: "reread" }, "Reread: ", linked(section(question.section), {}, question.section))]),
    ];
  }

  function questionView(question) {
    const n = quiz.questions.indexOf(question);
    const id = `${ids}-${question.id}`;
    const tries = question.keyed ? store.tries?.(quiz, question) ?? 0 : 0; // a copy has one order, which the seed tells
    const asked = drawing.order(question, orderSeed, quiz.slug, tries);
    const control = controls[question.kind]({ ...question, asked }, id);
    const told = make("div", { id: `${id}-told`, class: "feedback", role: "status" });
    const field = control.element.querySelector("input[type=text], textarea");
    const check = make("button", { type: "submit" });
    const next = quiz.questions[n + 1];
    const onward = next ? link(next, { class: "button" }, "Next question") : link(null, { class: "button" }, "See the results");
    let settled; // what the control held when it was last kept, or shown
    let isChanged = false;
    let isAgain = false; // whether the last answer was one that may be thought over once
    const held = () => {
      try {
        return JSON.stringify(control.read());
      } catch (error) {
        if (!(error instanceof grading.ResponseError)) throw error;
        return ""; // nothing is chosen
      }
    };
    function tell(grade) {
      const isKept = grade && !isChanged;
      const open = isChanged && !question.keyed ? [heading(1, { class: "open" }, "Not kept yet.")] : [];
      told.replaceChildren(...(isKept ? feedback(question, grade) : open));
      scrollable(told);
      if (question.keyed) check.textContent = grade ? "Check again" : "Check";
      else check.textContent = grade ? "Keep the change" : "Keep this answer";
      check.classList.toggle("main", !isKept);
      onward.classList.toggle("main", Boolean(isKept));
    }
    function change() {
      setRefused(false);
      if (isChanged === (held() !== settled)) return;
      isChanged = !isChanged;
      tell(grades.get(question.id));
    }
    function setRefused(isRefused) {
      for (const [name, value] of [["aria-invalid", "true"], ["aria-errormessage", told.id]]) {
        if (isRefused) field?.setAttribute(name, value);
        else field?.removeAttribute(name);
      }
    }
    // Keep what is answered; returns what hinders it.
    function keep() {
      let grade;
      try {
        grade = grading.grade(question, control.read());
      } catch (error) {
        if (!(error instanceof grading.ResponseError)) throw error;
        return `${error.message[0].toUpperCase()}${error.message.slice(1)}.`;
      }
      isAgain = Boolean(grade.again) && !isAgain;
      if (isAgain) return grade.again;
      grades.set(question.id, grade);
      store.keep(quiz, question, grade.response);
      settle(grade);
      return "";
    }
    function settle(grade) {
      settled = held();
      isChanged = false;
      tell(grade);
    }
    function submit(event) {
      event.preventDefault();
      const refused = keep();
      setRefused(refused);
      if (refused) told.replaceChildren(make("p", { class: "refused" }, refused));
      else showOverview(question);
      told.scrollIntoView({ block: "nearest" });
    }
    // Enter in a field checks. Browsers do that too, but not in every notebook.
    function enter(event) {
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
      event.preventDefault();
      check.click();
    }
    const earlier = grades.get(question.id);
    if (earlier) control.restore(earlier.response);
    settle(earlier);
    const element = make("form", { onsubmit: submit, onkeydown: enter, oninput: change, onchange: change, onclick: change,
      novalidate: true },
      heading(0, { class: "here", tabindex: -1 }, `Question ${n + 1} of ${quiz.questions.length}`),
      make("div", { id: `${id}-prompt`, class: "prompt", html: question.prompt }),
      control.element, make("p", { class: "actions" }, check, onward), told);
    // Checking is the learner's to do; an answer without a verdict is kept when the question is left.
    return { element, isChanged: () => isChanged, leave: () => (isChanged && !question.keyed ? keep() : "") };
  }

  // Keep what is answered and not kept, and say what cannot be.
  function leave() {
    const refused = [...views].map(([question, view]) => [quiz.questions.indexOf(question) + 1, view.leave()])
      .filter(([, why]) => why).map(([n, why]) => `Question ${n} is not kept yet. ${why}`);
    unkept.textContent = refused.join(" ");
  }

  // Take over what was kept in another tab.
  async function refresh() {
    if (!store.refresh) return;
    await store.refresh();
    const now = earlierGrades(quiz, store).grades;
    const other = quiz.questions.filter(({ id }) =>
      JSON.stringify(now.get(id)?.response) !== JSON.stringify(grades.get(id)?.response));
    for (const question of other) {
      if (now.has(question.id)) grades.set(question.id, now.get(question.id));
      else grades.delete(question.id);
      if (!views.get(question)?.isChanged()) views.delete(question);
    }
    if (!other.length) return;
    if (shown === null || !views.has(shown)) show(shown, place.contains(document.activeElement));
    else showOverview(shown);
  }

  // The results

  function resultsView() {
    const given = quiz.questions.filter((question) => grades.has(question.id));
    const missed = given.filter((question) => !grades.get(question.id).correct);
    const sections = new Set(missed.map((question) => question.section));
    const shownBy = new Set(missed.flatMap((question) => grades.get(question.id).misconceptions));
    const everythingIsRight = isKeyed && !missed.length && given.length === quiz.questions.length;
    return make("div", {},
      heading(0, { class: "here", tabindex: -1 }, "Results"),
      make("p", { class: "score" }, isKeyed ? `Score: ${score()}` : `${score()}.`),
      ...(everythingIsRight ? [make("p", {}, "Everything is right.")] : []),
      make("ol", { class: "questions" }, ...quiz.questions.map((question, n) => {
        const verdict = verdictOf(grades.get(question.id));
        return make("li", {}, link(question, { class: "to" }, `Question ${n + 1}`),
          make("span", { class: verdict }, sign(verdict), ` ${VERDICTS[verdict].words}`),
          linked(section(question.section), { class: "quiet" }, question.section));
      })),
      ...(sections.size ? [heading(1, {}, "Worth rereading"),
        make("ul", {}, ...[...sections].map((name) => make("li", {}, linked(section(name), {}, name))))] : []),
      ...(shownBy.size ? [heading(1, {}, "Ideas behind your answers"), ...[...shownBy].map((key) => make("p", {},
        make("b", {}, "You may think: "), make("span", { html: misconceptions[key].title }), make("br"),
        make("b", {}, "But: "), make("span", { html: misconceptions[key].explanation }),
        ...(idea(key) ? [" ", make("a", { href: idea(key) }, "More on this idea")] : [])))] : []),
      ...(store.handIn ? yourAnswers(store.handIn) : []));
  }

  function yourAnswers(handIn) {
    const name = make("input", { id: `${ids}-learner`, type: "text", autocomplete: "name" });
    const said = make("p", { role: "status", class: "handed" });
    name.value = handIn.learner();
    name.addEventListener("input", () => handIn.named(name.value));
    const send = async () => {
      const learner = name.value.trim();
      await refresh();
      const text = await handIn.send(quiz, grades, learner) ?? "";
      (place.querySelector(".handed") ?? said).textContent = text; // the results may have been laid out anew
    };
    return [heading(1, {}, "Your answers"), make("p", {}, handIn.note()),
      make("p", { class: "written" }, make("label", { for: name.id }, handIn.label), name),
      make("p", { class: "actions" }, make("button", { type: "button", onclick: send }, handIn.button),
        ...(store.forget ? [make("button", { type: "button", onclick: askToStartAgain }, "Start again")] : [])),
      said];
  }

  function askToStartAgain() {
    const close = () => dialog.remove();
    function startAgain() {
      dialog.close();
      for (const question of quiz.questions) store.forget(quiz, question);
      views.clear();
      grades.clear();
      link(quiz.questions[0], {}).click();
    }
    const title = heading(0, { id: `${ids}-start-again` }, "Start again?");
    const dialog = make("dialog", { "aria-labelledby": title.id, onclose: close }, title,
      make("p", {}, "This deletes your answers to this quiz from this browser. Other quizzes stay as they are."),
      make("p", { class: "actions" },
        make("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "Keep my answers"),
        make("button", { type: "button", onclick: startAgain }, "Delete them")));
    root.append(dialog);
    dialog.showModal();
  }

  // The way around

  function showOverview(current) {
    const entry = (question, name, verdict, ...children) => make("li", {}, link(question, {
      "aria-label": name, class: verdict, "aria-current": question === current ? "step" : null,
    }, ...children));
    overview.replaceChildren(make("ol", {}, ...quiz.questions.map((question, n) => {
      const verdict = verdictOf(grades.get(question.id));
      const name = `Question ${n + 1}: ${VERDICTS[verdict].words.toLowerCase()}`;
      return entry(question, name, verdict, String(n + 1), sign(verdict));
    }), entry(null, "Results", "open", "Results")));
  }

  function viewOf(question) {
    if (!views.has(question)) views.set(question, questionView(question));
    return views.get(question);
  }

  // On paper stands every question of a quiz that is seen, and the results where they are.
  let onScreen = null;
  function beforePrint() {
    if (!root.isConnected) window.removeEventListener("beforeprint", beforePrint);
    if (!root.isConnected || root.closest("[hidden]")) return;
    onScreen = [...place.children];
    place.replaceChildren(...(shown === null ? onScreen : []), ...quiz.questions.map((question) => viewOf(question).element));
  }
  function afterPrint() {
    if (!root.isConnected) window.removeEventListener("afterprint", afterPrint);
    if (onScreen) place.replaceChildren(...onScreen);
    onScreen = null;
  }

  function show(question, focus = false) {
    if (question !== shown) leave();
    if (question === null && shown !== null) refresh();
    shown = question;
    showOverview(question);
    older.textContent = earlier && grades.size < quiz.questions.length ? EARLIER : "";
    place.replaceChildren(question ? viewOf(question).element : resultsView());
    scrollable(place);
    if (focus) place.querySelector(".here").focus();
    onshow(question);
  }

  const next = () => quiz.questions.find((question) => !grades.has(question.id)) ?? null;

  element.append(root);
  const look = () => {
    if (!root.isConnected) document.removeEventListener("visibilitychange", look);
    else if (document.hidden) leave();
    else refresh();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  store.watch((text) => { note.textContent = text; });
  // What depends on the room there is: the element may get a place only later, and another one.
  new ResizeObserver(() => {
    scrollable(root);
    lookAtFonts(root);
  }).observe(root);
  show(at === "results" ? null : quiz.questions.find(({ id }) => id === at) ?? next());
  return { quiz, grades, score, show, next };
}

// A block of code that is wider than the page can be scrolled by the keyboard only if it takes the focus.
function scrollable(within) {
  for (const block of within.querySelectorAll("pre")) {
    if (block.scrollWidth > block.clientWidth) focusable(block).tabIndex = 0;
  }
}

// Without a font made for formulas the browser hardly lowers an index.
function lookAtFonts(root) {
  const probe = make("span", { class: "unseen", html: "<math><msub><mi>x</mi><mi>x</mi></msub></math>" });
  root.append(probe);
  const [base, index] = [...probe.querySelectorAll("mi")].map((each) => each.getBoundingClientRect().bottom);
  root.classList.toggle("no-maths-font", index <= base);
  probe.remove();
}
