// The keyboard on the plan. Tab goes from thing to thing, the arrows move what is chosen.

import { around } from "./geometry.js";

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Keys {
  constructor(editor) {
    this.editor = editor;
    this.store = editor.store;
    editor.view.svg.addEventListener("keydown", (event) => this.onPlan(event));
    editor.root.addEventListener("keydown", (event) => this.anywhere(event));
  }

  /** Undo and save work wherever one is on the page, but never take a key from a field. */
  anywhere(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select");
    const key = event.key.toLowerCase();
    if (key === "s") this.editor.save();
    else if (isTyping) return;
    else if (key === "z") event.shiftKey ? this.store.redo() : this.store.undo();
    else if (key === "y") this.store.redo();
    else return;
    event.preventDefault();
  }

  onPlan(event) {
    const id = Number(event.target.closest("[data-id]")?.dataset.id) || null;
    const isWith = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (isWith && key === "a") this.store.choose(this.store.things.map((thing) => thing.id));
    else if (isWith && key === "d") this.editor.duplicate();
    else if (isWith) return;
    else if (WAYS[event.key]) this.move(event, id);
    else if ((event.key === "Enter" || event.key === " ") && id) {
      if (event.shiftKey || event.key === " ") this.store.toggle(id);
      else this.store.choose([id]);
      this.editor.sayChosen();
    } else if (event.key === "Delete" || event.key === "Backspace") this.editor.remove();
    else if (event.key === "Escape") this.escape();
    else if (event.key === "r") this.store.rotate();
    else if (event.key === "+" || event.key === "=") this.editor.view.zoom(1.25);
    else if (event.key === "-") this.editor.view.zoom(0.8);
    else if (event.key === "0") this.editor.view.fit();
    else return;
    event.preventDefault();
  }

  move(event, id) {
    if (id && !this.store.chosen.has(id)) this.store.choose([id]);
    if (!this.store.chosen.size) return;
    const step = this.editor.step * (event.shiftKey ? 10 : 1);
    const [dx, dy] = WAYS[event.key];
    this.store.move(dx * step, dy * step);
    this.editor.view.reveal(around(this.store.chosenThings));
    this.editor.sayPlace();
  }

  /** First let go of what is chosen, then leave the plan for the tools. */
  escape() {
    if (this.editor.tool !== "select") this.editor.setTool("select");
    else if (this.store.chosen.size) this.store.choose([]);
    else this.editor.root.querySelector("[data-tool]")?.focus();
  }
}
