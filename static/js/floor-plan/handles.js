// Points to take hold of: the corners of the hall, and the corner that resizes one thing.

import { cornersOf } from "./geometry.js";
import { toStep } from "./snapping.js";
import { make } from "./view.js";

const SIZE = 6; // pixels

export class Handles {
  constructor(editor) {
    this.editor = editor;
    this.view = editor.view;
    this.store = editor.store;
    this.view.layers.handles.addEventListener("keydown", (event) => this.key(event));
  }

  draw() {
    const layer = this.view.layers.handles;
    const focused = layer.contains(document.activeElement) ? document.activeElement.dataset.handle : null;
    const radius = SIZE / this.view.frame.scale;
    layer.replaceChildren(...(this.editor.tool === "hall" ? this.corners(radius) : this.sizes(radius)));
    if (focused) layer.querySelector(`[data-handle="${focused}"]`)?.focus();
  }

  corners(radius) {
    const corners = cornersOf(this.store.plan);
    const { words } = this.view;
    const middles = corners.map(([x, y], place) => {
      const [nextX, nextY] = corners[(place + 1) % corners.length];
      return this.handle(`middle ${place}`, (x + nextX) / 2, (y + nextY) / 2, radius * 0.7, words.new_corner);
    });
    const points = corners.map(([x, y], place) =>
      this.handle(`corner ${place}`, x, y, radius, `${words.corner} ${place + 1}: ${x / 10}; ${y / 10} m`),
    );
    return [...middles, ...points];
  }

  sizes(radius) {
    const things = this.store.chosenThings;
    if (things.length !== 1) return [];
    const [thing] = things;
    return [this.handle("size", thing.x + thing.width, thing.y + thing.height, radius, this.view.words.resize)];
  }

  handle(name, cx, cy, r, label) {
    const node = make("circle", { class: `handle ${name.split(" ")[0]}`, cx, cy, r, "data-handle": name });
    if (name !== "size") {
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", label);
    }
    return node;
  }

  /** What dragging a handle does. */
  deedFor(node, start) {
    const [name, place] = node.dataset.handle.split(" ");
    const before = this.store.plan;
    const change = name === "size" ? this.resizing(before) : this.cornering(before, name, Number(place));
    return {
      move: (at) => this.store.preview(change(this.snapped(at))),
      end: () => this.store.settle(before),
      click: () => name === "middle" && this.store.change(change(this.snapped(start))),
      undo: () => this.store.preview(before),
    };
  }

  snapped({ x, y }) {
    const { step } = this.editor;
    return { x: Math.max(0, toStep(x, step)), y: Math.max(0, toStep(y, step)) };
  }

  resizing(before) {
    return ({ x, y }) =>
      this.store.with(
        (thing) => ({ ...thing, width: Math.max(1, x - thing.x), height: Math.max(1, y - thing.y) }),
        before,
      );
  }

  cornering(before, name, place) {
    const corners = cornersOf(before);
    return ({ x, y }) => {
      const outline = name === "middle"
        ? [...corners.slice(0, place + 1), [x, y], ...corners.slice(place + 1)]
        : corners.map((corner, index) => (index === place ? [x, y] : corner));
      return withOutline(before, outline);
    };
  }

  key(event) {
    const [name, place] = event.target.dataset.handle.split(" ");
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const corners = cornersOf(this.store.plan);
    const index = Number(place);
    if (name === "middle" && (event.key === "Enter" || event.key === " ")) {
      const x = Number(event.target.getAttribute("cx"));
      const y = Number(event.target.getAttribute("cy"));
      this.store.change(this.cornering(this.store.plan, name, index)(this.snapped({ x, y })));
    } else if (name === "corner" && ways[event.key]) {
      const step = this.editor.step * (event.shiftKey ? 10 : 1);
      const [x, y] = corners[index];
      const [dx, dy] = ways[event.key];
      const to = { x: Math.max(0, x + dx * step), y: Math.max(0, y + dy * step) };
      this.store.change(this.cornering(this.store.plan, name, index)(to));
    } else if (name === "corner" && ["Delete", "Backspace"].includes(event.key) && corners.length > 3) {
      this.store.change(withOutline(this.store.plan, corners.filter((_corner, at) => at !== index)));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** The plan with another outline; the drawing grows along. */
export function withOutline(plan, outline) {
  return {
    ...plan,
    outline,
    width: Math.max(plan.width, ...outline.map(([x]) => x)),
    height: Math.max(plan.height, ...outline.map(([, y]) => y)),
  };
}
