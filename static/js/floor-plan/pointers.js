// Mouse, pen and fingers on the plan: choosing, dragging, a frame around several, panning, pinching.

import { around, overlap } from "./geometry.js";
import { edgesOf, snapMove, toStep } from "./snapping.js";

const SLACK = 4; // pixels a hand may tremble in a click

export class Pointers {
  constructor(editor) {
    this.editor = editor;
    this.view = editor.view;
    this.store = editor.store;
    this.fingers = new Map();
    this.deed = null;
    const { svg } = this.view;
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerup", (event) => this.up(event));
    svg.addEventListener("pointercancel", (event) => this.cancel(event));
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.view.zoom(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }

  down(event) {
    if (event.button > 1) return;
    this.fingers.set(event.pointerId, event);
    this.view.svg.setPointerCapture(event.pointerId);
    if (this.fingers.size === 2) return this.beginPinch();
    if (this.fingers.size > 2) return;
    const id = Number(event.target.closest("[data-id]")?.dataset.id);
    const handle = event.target.closest("[data-handle]");
    this.start = this.view.toPlan(event.clientX, event.clientY);
    this.first = event;
    this.hasMoved = false;
    if (event.button === 1 || this.editor.tool === "pan") this.deed = this.panning();
    else if (handle) this.deed = this.editor.handles.deedFor(handle, this.start);
    else if (this.editor.tool.startsWith("add:")) this.deed = this.drawing(this.editor.tool.slice(4));
    else if (this.editor.tool === "hall") this.deed = this.panning();
    else if (id) this.deed = this.gripping(id, event);
    else if (event.pointerType === "touch") this.deed = this.panning(() => this.store.choose([]));
    else this.deed = this.framing(event.shiftKey);
    event.preventDefault();
    this.view.focus(id);
  }

  move(event) {
    if (!this.fingers.has(event.pointerId)) return;
    const before = this.fingers.get(event.pointerId);
    this.fingers.set(event.pointerId, event);
    if (this.pinch) return this.movePinch();
    if (!this.deed) return;
    const away = Math.hypot(event.clientX - this.first.clientX, event.clientY - this.first.clientY);
    if (!this.hasMoved && away < SLACK) return;
    this.hasMoved = true;
    this.deed.move?.(this.view.toPlan(event.clientX, event.clientY), event, before);
  }

  up(event) {
    this.fingers.delete(event.pointerId);
    if (this.pinch) {
      if (!this.fingers.size) this.pinch = null;
      return;
    }
    const { deed } = this;
    this.deed = null;
    if (!deed) return;
    if (this.hasMoved) deed.end?.(this.view.toPlan(event.clientX, event.clientY));
    else deed.click?.(this.start);
  }

  cancel(event) {
    this.fingers.delete(event.pointerId);
    this.deed?.undo?.();
    this.deed = null;
    this.pinch = null;
  }

  beginPinch() {
    this.deed?.undo?.();
    this.deed = null;
    this.pinch = this.span();
  }

  movePinch() {
    if (this.fingers.size < 2) return;
    const now = this.span();
    this.view.pan(now.x - this.pinch.x, now.y - this.pinch.y);
    if (this.pinch.width > 1) this.view.zoom(now.width / this.pinch.width, now.x, now.y);
    this.pinch = now;
  }

  /** The middle of two fingers and how far they are apart. */
  span() {
    const [one, two] = [...this.fingers.values()];
    return {
      x: (one.clientX + two.clientX) / 2,
      y: (one.clientY + two.clientY) / 2,
      width: Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY),
    };
  }

  panning(click = null) {
    return {
      move: (_at, event, before) =>
        this.view.pan(event.clientX - before.clientX, event.clientY - before.clientY),
      click,
    };
  }

  /** A thing under the hand: a click chooses it, a drag moves all that is chosen. */
  gripping(id, event) {
    const wasChosen = this.store.chosen.has(id);
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      this.store.toggle(id);
      return null;
    }
    if (!wasChosen) this.store.choose([id]);
    const before = this.store.plan;
    const moving = this.store.chosenThings;
    const staying = this.store.things.filter((thing) => !this.store.chosen.has(thing.id));
    const edges = edgesOf(staying, before);
    return {
      move: (at) => {
        const { snap, step } = this.editor;
        const way = snapMove(moving, at.x - this.start.x, at.y - this.start.y, {
          step,
          edges: snap ? edges : null,
          scale: this.view.frame.scale,
        });
        this.view.guides(way.guides);
        this.store.preview(this.store.moved(way.dx, way.dy, before));
      },
      end: () => {
        this.view.guides({});
        this.store.settle(before);
        this.editor.sayPlace();
      },
      click: () => wasChosen && this.store.choose([id]),
      undo: () => {
        this.view.guides({});
        this.store.preview(before);
      },
    };
  }

  /** A frame drawn around things; with Shift they are added to what is chosen. */
  framing(isAdding) {
    const kept = isAdding ? [...this.store.chosen] : [];
    return {
      move: (at) => {
        const box = boxBetween(this.start, at);
        this.view.ghosts([box], "frame");
        const inside = this.store.things.filter((thing) => overlap(thing, box));
        this.store.choose([...kept, ...inside.map((thing) => thing.id)]);
      },
      end: () => {
        this.view.ghosts([]);
        this.editor.sayChosen();
      },
      click: () => this.store.choose(kept),
      undo: () => this.view.ghosts([]),
    };
  }

  /** A stage, an aisle, a water point: drawn as a rectangle, or put down by a click. */
  drawing(kind) {
    const snapped = (point) => ({
      x: Math.max(0, toStep(point.x, this.editor.step)),
      y: Math.max(0, toStep(point.y, this.editor.step)),
    });
    const from = snapped(this.start);
    return {
      move: (at) => this.view.ghosts([boxBetween(from, snapped(at))]),
      end: (at) => {
        const box = boxBetween(from, snapped(at));
        this.view.ghosts([]);
        if (box.width && box.height) this.editor.addFeature(kind, box);
      },
      click: () => this.editor.addFeatureAt(kind, from),
      undo: () => this.view.ghosts([]),
    };
  }
}

function boxBetween(one, two) {
  return around([
    { x: one.x, y: one.y, width: 0, height: 0 },
    { x: two.x, y: two.y, width: 0, height: 0 },
  ]);
}
