// The pages of the course: guesses, the quiz, the meanings of terms, and a handout on paper. One plain script, since a page
// that was opened as a file may load no modules; plain scripts share their names, and quiz.js uses those of this one.
//
// The pages' one name for scripts outside, such as tests, is `courseSite`: `started` promises that all of it works.

const pageStore = browserStore();
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// A guess: the widget of the notebooks, with the browser's store behind it. What came out stands below once it is made.

function guessModel(place, about) {
  const name = `course-guess/${place.dataset.lesson}/${place.dataset.guess}`;
  const kept = pageStore.get(name) ?? "";
  const values = {
    about: place.dataset.guess.replaceAll("_", " "), options: about.options,
    guess: kept, kept, trouble: "", then: "What came out is shown below.",
  };
  const listeners = [];
  return {
    get: (key) => values[key],
    set: (key, value) => { values[key] = value; },
    on: (event, say) => { if (event === "change:kept") listeners.push(say); },
    save_changes() {
      values.kept = values.guess;
      pageStore.set(name, values.guess || null);
      for (const say of listeners) say();
      if (values.guess) reveal(place.dataset.guess, values.guess, about);
    },
  };
}

function reveal(name, guess, about) {
  for (const behind of all(`.behind[data-guess="${name}"]`)) behind.classList.add("open");
  for (const asked of all(`.course-guess[data-guess="${name}"]`)) asked.classList.add("made");
  if (!guess) return;
  const { answer, common, idea, title, but } = about;
  const verdict = !answer ? "" : guess === answer ? " That is what came out." : ` What came out: ${answer}.`;
  const behind = () => make("p", {}, common === guess ? "Behind it may be a wrong idea that many have: "
    : `“${common}” is what a wrong idea leads to that many have: `, make("a", { href: `misconceptions/${idea}.html`, html: title }),
  ". ", make("span", { html: but }));
  for (const place of all(`.course-compared[data-guess="${name}"]`)) {
    place.replaceChildren(make("p", {}, "Your guess: ", make("b", {}, guess), ".", verdict), ...(common ? [behind()] : []));
  }
}

function showGuess(place) {
  const about = JSON.parse(place.dataset.about);
  const model = guessModel(place, about);
  guessWidget.render({ model, el: place });
  if (model.get("guess")) {
    reveal(place.dataset.guess, model.get("guess"), about);
    return;
  }
  const skip = make("button", { type: "button", class: "quiet", onclick: () => reveal(place.dataset.guess, "", about) },
    "Show it without a guess");
  place.querySelector("fieldset").append(skip);
}

// The quiz: its questions are a script of their own, fetched when the reader comes near.

const sectionAt = (name) => {
  const heading = all("article :is(h1, h2, h3)").find((each) => each.firstChild?.textContent.trim() === name
    || each.textContent.replace("¶", "").trim() === name);
  return heading ? `#${heading.closest("section").id}` : null;
};

function scriptAt(source) {
  return new Promise((done, failed) => {
    document.head.append(make("script", { src: source, onload: done, onerror: failed }));
  });
}

async function showQuiz(place) {
  if (place.dataset.shown) return;
  place.dataset.shown = "true";
  await Promise.all([scriptAt("_static/quiz.js"), scriptAt(`_static/quiz/${place.dataset.quiz}.js`)]);
  const { quiz, misconceptions } = globalThis.courseQuizData;
  place.replaceChildren();
  await mount(place, { quiz, misconceptions, store: pageStore, section: sectionAt, idea: (key) => `misconceptions/${key}.html` });
}

function whenNear(place, show) {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    show(place);
  }, { rootMargin: "1500px" }).observe(place);
}

// What can be touched takes the place of its picture; it is a script of its own, too.

async function showExplorable(place) {
  if (place.dataset.shown) return;
  place.dataset.shown = "true";
  const name = place.dataset.explore;
  if (!globalThis.courseExplorables?.[name]) await scriptAt(`_static/explore/${name}.js`);
  globalThis.courseExplorables[name].render({ el: place });
}

// Terms: what each means, beside it. The link to the glossary works without all this, too.

function explainTerms() {
  const box = make("div", { role: "tooltip", id: "course-term", hidden: true });
  document.body.append(box);
  let shown = null;
  let timer = 0;
  let isTouch = false;
  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  }
  function show(term) {
    clearTimeout(timer);
    if (shown === term) return;
    hide();
    shown = term;
    box.textContent = term.dataset.meaning;
    box.hidden = false;
    term.setAttribute("aria-describedby", box.id);
    const [at] = term.getClientRects();
    const below = at.bottom + box.offsetHeight + 12 < innerHeight;
    box.style.top = `${scrollY + (below ? at.bottom + 6 : at.top - box.offsetHeight - 6)}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 8))}px`;
  }
  const later = () => { timer = setTimeout(hide, 250); };
  for (const term of all("a.term")) {
    term.addEventListener("mouseenter", () => { if (!isTouch) show(term); });
    term.addEventListener("mouseleave", later);
    term.addEventListener("focus", () => { if (!isTouch) show(term); });
    term.addEventListener("blur", later);
    term.addEventListener("pointerdown", ({ pointerType }) => { isTouch = pointerType === "touch"; });
    term.addEventListener("click", (event) => {
      if (!isTouch || shown === term) return;
      event.preventDefault();
      show(term);
    });
  }
  box.addEventListener("mouseenter", () => clearTimeout(timer));
  box.addEventListener("mouseleave", later);
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });
  document.addEventListener("pointerdown", ({ target }) => { if (shown && target !== shown && target !== box) hide(); });
}

// What is wider than the page is scrolled by the keyboard only if it takes the focus.
function letScroll() {
  const found = all("pre, .table-wrapper, div.math, .sidebar-scroll, .toc-scroll");
  const wide = new Set(found.filter((each) => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight));
  for (const each of found) {
    if (wide.has(each)) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
  }
}

// The theme's menus on small screens are opened by labels of boxes that no key reaches: buttons take their places.
function openMenusByKey() {
  const names = { __navigation: "Pages of the course", __toc: "Contents of this page" };
  for (const label of all("label.nav-overlay-icon, label.toc-overlay-icon:not(.no-toc)")) {
    const box = document.getElementById(label.htmlFor);
    const button = make("button", { type: "button", class: `${label.className} by-key`, "aria-label": names[label.htmlFor],
      "aria-expanded": String(box.checked), onclick: () => box.click() }, ...label.childNodes);
    box.addEventListener("change", () => button.setAttribute("aria-expanded", box.checked));
    label.replaceWith(button);
  }
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") all(".sidebar-toggle:checked").forEach((box) => box.click());
  });
}

// On paper: with answers everything is unfolded; without them exercises and guesses are left to the reader.

async function printPage(kind) {
  const pictures = all("article img[loading]");
  for (const picture of pictures) picture.loading = "eager";
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  const folded = kind === "answers" ? all("article details:not([open])") : [];
  for (const each of folded) each.open = true;
  document.documentElement.dataset.print = kind;
  window.print();
  for (const each of folded) each.open = false;
  delete document.documentElement.dataset.print;
}

async function startSite() {
  explainTerms();
  openMenusByKey();
  for (const button of all("button[data-print]")) button.addEventListener("click", () => printPage(button.dataset.print));
  (globalThis.requestIdleCallback ?? setTimeout)(letScroll);
  addEventListener("resize", letScroll);
  document.addEventListener("toggle", letScroll, true);
  all(".course-explore").forEach((place) => whenNear(place, showExplorable));
  if (!document.querySelector(".course-guess, .course-quiz-here")) return;
  await pageStore.load();
  all(".course-guess").forEach(showGuess);
  all(".course-quiz-here").forEach((place) => whenNear(place, showQuiz));
}

globalThis.courseSite = {
  store: pageStore, sectionAt, showQuiz: () => Promise.all(all(".course-quiz-here").map(showQuiz)),
  showExplorables: () => Promise.all(all(".course-explore").map(showExplorable)), started: startSite(),
};
