// <programme-timetable>: a session is dragged, or moved with Shift and an arrow key. Each move is one
// POST with the version that was seen; without this script the list's buttons do the same.

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const QUARTER = 15;
const SLACK = 5; // pixels a hand may tremble in a click

class ProgrammeTimetable extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.picture = this.querySelector("svg");
    if (!this.form) return;
    this.stages = this.picture.dataset.stages.split(" ");
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.addEventListener("pointerdown", (event) => this.take(event));
    this.addEventListener("pointermove", (event) => this.drag(event));
    this.addEventListener("pointerup", (event) => this.drop(event));
    this.addEventListener("pointercancel", () => this.letGo());
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("click", (event) => this.onClick(event), true);
    // After a move by keyboard the reader goes on from the same session.
    const moved = window.location.hash.startsWith("#block-") && this.querySelector(window.location.hash);
    if (moved) moved.focus();
  }

  take(event) {
    const block = event.target.closest("[data-move]");
    this.wasDragged = false;
    // A finger scrolls; the list's buttons are for fingers.
    if (!block || event.button || event.pointerType === "touch") return;
    this.hold = { block, x: event.clientX, y: event.clientY, steps: 0, columns: 0 };
  }

  drag(event) {
    if (!this.hold) return;
    const { block, x, y } = this.hold;
    const [right, down] = [event.clientX - x, event.clientY - y];
    if (!this.wasDragged && Math.hypot(right, down) < SLACK) return;
    if (!this.wasDragged) this.setPointerCapture(event.pointerId);
    this.wasDragged = true;
    block.classList.add("dragged");
    const { step, column } = this.picture.dataset;
    this.hold.steps = Math.round(down / step);
    this.hold.columns = this.within(block, Math.round(right / column));
    block.setAttribute("transform", `translate(${this.hold.columns * column} ${this.hold.steps * step})`);
  }

  drop() {
    const hold = this.hold;
    if (!hold) return;
    this.hold = null;
    if (this.wasDragged && (hold.steps || hold.columns)) this.move(hold.block, hold.columns, hold.steps);
    else this.reset(hold.block);
  }

  letGo() {
    if (this.hold) this.reset(this.hold.block);
    this.hold = null;
  }

  reset(block) {
    block.classList.remove("dragged");
    block.removeAttribute("transform");
  }

  onKey(event) {
    if (event.key === "Escape") {
      this.letGo();
      return;
    }
    const block = event.target.closest("[data-move]");
    const way = ARROWS[event.key];
    if (!block || !way || !event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const columns = this.within(block, way[0]);
    if (columns || way[1]) this.move(block, columns, way[1]);
  }

  // The click that ends a drag must not open the session.
  onClick(event) {
    if (!this.wasDragged) return;
    event.preventDefault();
    event.stopPropagation();
    this.wasDragged = false;
  }

  within(block, columns) {
    const here = this.stages.indexOf(block.dataset.stage);
    return Math.min(Math.max(here + columns, 0), this.stages.length - 1) - here;
  }

  move(block, columns, steps) {
    const fields = this.form.elements;
    fields.version.value = block.dataset.version;
    fields.stage.value = this.stages[this.stages.indexOf(block.dataset.stage) + columns];
    fields.starts_at.value = later(block.dataset.starts, steps * QUARTER);
    this.form.action = block.dataset.move;
    this.form.requestSubmit();
  }
}

// The fair's clock, not the reader's: plain arithmetic, as if both were at Greenwich.
function later(moment, minutes) {
  const time = new Date(`${moment}Z`).getTime() + minutes * 60_000;
  return new Date(time).toISOString().slice(0, 16);
}

customElements.define("programme-timetable", ProgrammeTimetable);
