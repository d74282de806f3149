// What the playground's controls lack: names for screen readers, words for its picture, and keys of their own. What is
// said to those who listen is said here, and not with every picture.
export default {
  render({ model, el }) {
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    const say = () => { said.textContent = model.get("said"); };
    model.on("change:said", say);
    say();
    el.append(said);

    let board = null;
    function name() {
      board.querySelector("img")?.setAttribute("alt", model.get("alt"));
      for (const control of board.querySelectorAll("button, input, select, [tabindex], [contenteditable]")) {
        control.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes their keys for its commands
        const label = control.closest(".widget-slider")?.querySelector("label");
        if (label) control.setAttribute("aria-label", label.textContent);
      }
    }
    // The controls come one by one, after this one has its place among them.
    new ResizeObserver((_, observer) => {
      board = el.closest(".course-playground");
      if (!board) return;
      observer.disconnect();
      name();
      handKeysOn(board);
      new MutationObserver(name).observe(board, { childList: true, subtree: true });
    }).observe(el);
  },
};
