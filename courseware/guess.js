// A guess before a cell is run: one option of a few, or a few words of one's own. It is kept as soon as it is made; Python
// says what is kept.
const LATE = 3000; // milliseconds

export default {
  render({ model, el }) {
    const box = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = "Your guess";
    // The question stands in the text above; who only hears the page is told here which one this is.
    const spoken = ["Your guess", model.get("about")].filter(Boolean).join(": ");
    box.setAttribute("aria-label", spoken);
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    const options = model.get("options");
    let timer = 0;

    function say() {
      clearTimeout(timer);
      const [guess, kept] = [model.get("guess"), model.get("kept")];
      if (guess === kept) {
        said.textContent = model.get("trouble") || (guess ? `Kept. ${model.get("then") ?? "Now run the next cell."}` : "");
        return;
      }
      said.textContent = model.get("trouble");
      timer = setTimeout(() => {
        said.textContent = "Not kept yet: the kernel is busy, or was restarted. Run this cell again, and choose once more.";
      }, LATE);
    }
    function keep(guess) {
      model.set("guess", guess);
      model.save_changes();
      say();
    }
    function input(type, id) {
      const made = document.createElement("input");
      made.type = type;
      made.id = id;
      // JupyterLab's commands of one key would act on the cell, as in all that is no field of text to it.
      made.dataset.lmSuppressShortcuts = "true";
      return made;
    }

    const name = `guess-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    const choices = options.map((option, n) => {
      const radio = input("radio", `${name}-${n}`);
      radio.name = name;
      radio.checked = option === model.get("guess");
      radio.addEventListener("change", () => keep(option));
      const label = document.createElement("label");
      label.append(radio, ` ${option}`);
      return label;
    });
    if (!options.length) {
      const field = input("text", name);
      field.value = model.get("guess");
      field.setAttribute("aria-label", spoken);
      field.addEventListener("change", () => keep(field.value.trim()));
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") keep(field.value.trim());
      });
      choices.push(field);
    }
    box.append(legend, ...choices, said);
    el.append(box);
    handKeysOn(box);
    model.on("change:trouble", say);
    model.on("change:kept", say);
    say();
  },
};
