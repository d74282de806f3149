// What keeps JupyterLab's commands of one key from a control keeps all others from it as well: they are handed on here.
// Escape gives the keyboard back to the cell; Shift+Enter and its kin run it, but not out of a text of several lines.
function handKeysOn(el) {
  el.addEventListener("keydown", (event) => {
    const cell = el.closest(".jp-Cell");
    const command = event.ctrlKey || event.metaKey;
    const runs = event.key === "Enter" && (event.shiftKey || command || event.altKey) && !event.target.matches("textarea");
    const saves = command && event.key === "s";
    if (event.target === el || !(saves || (cell && (runs || event.key === "Escape")))) return;
    event.preventDefault();
    event.stopPropagation();
    if (saves) {
      el.dispatchEvent(new KeyboardEvent("keydown", event));
      return;
    }
    event.target.blur(); // so that what is typed counts
    cell.focus();
    if (runs) cell.dispatchEvent(new KeyboardEvent("keydown", event));
  });
}
