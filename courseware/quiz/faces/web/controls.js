// What a learner answers with: for each kind of question an element, `read` (the response, for grading.grade), and
// `restore` (puts a kept response back). What has to have a name in the page has one that begins with `id`.

// An element; `html` is text of the quiz that was rendered when the page was made, everything else is plain text.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") {
      element.innerHTML = value;
      element.querySelectorAll("a").forEach((link) => Object.assign(focusable(link), { target: "_blank", rel: "noopener" }));
    } else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element.matches(FOCUSABLE) ? focusable(element) : element;
}

// In JupyterLab a key pressed here is none of its commands of one key, which would cut or insert cells.
const FOCUSABLE = "a, button, input, select, textarea, [tabindex]";
function focusable(element) {
  element.dataset.lmSuppressShortcuts = "true";
  return element;
}

const controls = (() => {
  // Browsers leave formulas out of a control's name, so that screen readers would read nothing for a label like $w$.
  const named = (entry) => (entry.text.includes("<math") ? { "aria-label": entry.plain } : {});

  function group(id, hint, ...children) {
    return make("fieldset", { "aria-describedby": `${id}-prompt` }, make("legend", {}, hint), ...children);
  }

  // What is offered, in the order in which this learner meets it.
  const asked = (question, entries) => question.asked.map((name) => entries.find((each) => each.id === name));

  function choice(question, id, type, hint) {
    const options = asked(question, question.options);
    const inputs = options.map((option) => make("input", { type, name: id, value: option.id, ...named(option) }));
    const labels = options.map((option, n) =>
      make("label", { class: "option" }, inputs[n], make("span", { html: option.text })));
    return {
      element: group(id, hint, ...labels),
      ticked: () => inputs.filter((input) => input.checked).map((input) => input.value),
      tick: (ids) => inputs.forEach((input) => { input.checked = ids.includes(input.value); }),
    };
  }

  function single(question, id) {
    const { element, ticked, tick } = choice(question, id, "radio", "One option is right.");
    const read = () => {
      if (!ticked().length) throw new grading.ResponseError("nothing is chosen; choose one option");
      return ticked()[0];
    };
    return { element, read, restore: (response) => tick([response]) };
  }

  function multiple(question, id) {
    const { element, ticked, tick } = choice(question, id, "checkbox", "Tick every option that is right.");
    return { element, read: ticked, restore: tick };
  }

  function written(question, id, label, tag, attributes) {
    const about = { id: `${id}-answer`, "aria-describedby": `${id}-prompt`, autocomplete: "off", autocapitalize: "off",
      autocorrect: "off", spellcheck: "false" };
    const input = make(tag, { ...about, ...attributes });
    const code = question.code ? [make("pre", {}, make("code", {}, question.code))] : [];
    return {
      element: make("div", { class: "written" }, ...code, make("label", { for: about.id }, label), input),
      read: () => input.value,
      restore: (response) => { input.value = String(response); },
    };
  }

  const number = (question, id) => written(
    question, id, question.unit ? `Your answer, in ${question.unit}` : "Your answer, a number", "input",
    { type: "text", class: "short", inputmode: question.unsigned ? "decimal" : null }); // some keypads have no minus
  const text = (question, id) => written(question, id, "Your answer, a word or a few", "input", { type: "text" });
  const output = (question, id) => written(
    question, id, `What it prints (${question.lines > 1 ? `${question.lines} lines` : "one line"})`, "textarea",
    { rows: question.lines + 1, class: "code" });

  function ordering(question, id) {
    const told = make("p", { role: "status", class: "unseen" });
    const rows = new Map(question.items.map((item) => {
      const button = (name, by) => make("button", {
        type: "button", "aria-label": `Move ${name.toLowerCase()}: ${item.plain}`, onclick: () => move(item, by),
      }, name);
      const [up, down] = [button("Up", -1), button("Down", 1)];
      const row = make("li", {}, make("span", { html: item.text }), make("span", { class: "moves" }, up, down));
      return [item.id, { row, up, down }];
    }));
    const list = make("ol", { class: "ordering" });
    let order;
    function show(ids) {
      order = [...ids];
      // Only rows out of place are moved, so that the focus stays where it is when it can.
      order.forEach((id, n) => {
        const { row, up, down } = rows.get(id);
        if (list.children[n] !== row) list.insertBefore(row, list.children[n] ?? null);
        up.setAttribute("aria-disabled", n === 0);
        down.setAttribute("aria-disabled", n === order.length - 1);
      });
    }
    function move(item, by) {
      const [from, to] = [order.indexOf(item.id), order.indexOf(item.id) + by];
      if (to >= 0 && to < order.length) {
        const moved = [...order];
        [moved[from], moved[to]] = [moved[to], moved[from]];
        show(moved);
        rows.get(item.id)[by < 0 ? "up" : "down"].focus();
      }
      told.textContent = `${item.plain}: place ${order.indexOf(item.id) + 1} of ${order.length}`;
    }
    show(question.asked);
    return {
      element: group(id, "Put them in order, first to last.", list, told),
      read: () => order, restore: show,
    };
  }

  function matching(question, id) {
    const choices = asked(question, question.choices).map((each, n) => ({ letter: grading.LETTERS[n], ...each }));
    const key = make("ul", { class: "letters" }, ...choices.map(({ letter, text: html }) =>
      make("li", {}, make("b", {}, `${letter}) `), make("span", { html }))));
    const selects = new Map(question.pairs.map((pair) => [pair.id, make(
      "select", { id: `${id}-${pair.id}`, ...named(pair) }, make("option", { value: "" }, "Choose"),
      ...choices.map(({ letter, id, plain }) => make("option", { value: id }, `${letter}) ${plain}`)))]));
    const rows = question.pairs.map((pair) => make("div", { class: "pair" },
      make("label", { for: selects.get(pair.id).id, html: pair.text }), selects.get(pair.id)));
    return {
      element: group(id, "Choose for each what belongs to it.", key, ...rows),
      read: () => Object.fromEntries([...selects].map(([id, select]) => [id, select.value]).filter(([, id]) => id)),
      restore: (response) => selects.forEach((select, id) => { select.value = response[id]; }),
    };
  }

  return { single, multiple, number, text, output, ordering, matching };
})();
