// <floor-plan> where a plan is drawn. It sends the whole plan by one form; the page holds the words.

import { around, cornersOf, findOverlaps, isInside } from "./geometry.js";
import { Handles } from "./handles.js";
import { Keys } from "./keys.js";
import { Panel } from "./panel.js";
import { Pointers } from "./pointers.js";
import { Saving } from "./saving.js";
import { Store } from "./store.js";
import { metres, View } from "./view.js";
import { Pictures } from "./pictures.js";

const SIZES = { stage: [80, 40], entrance: [40, 10], aisle: [100, 20], water: [10, 10], power: [10, 10] };

class FloorPlan extends HTMLElement {
  connectedCallback() {
    this.root = this;
    this.tool = "select";
    this.facts = JSON.parse(this.dataset.facts);
    this.store = new Store(JSON.parse(this.dataset.document));
    this.view = new View(this.querySelector("svg.canvas"), this.store, this.facts);
    this.handles = new Handles(this);
    this.view.dispatchDrawn = () => this.handles.draw();
    this.view.dispatchFrame = () => this.handles.draw();
    this.pointers = new Pointers(this);
    this.keys = new Keys(this);
    this.panel = new Panel(this);
    this.saving = new Saving(this);
    this.pictures = new Pictures(this);
    this.addEventListener("click", (event) => this.press(event));
    this.store.addEventListener("change", () => this.changed());
    this.querySelector("[data-pairs]").addEventListener("change", (event) => this.showPairs(event.target.checked));
    this.view.draw();
    this.view.fit();
    this.changed();
    this.dataset.ready = "yes";
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("plan-drawn")));
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  get step() {
    return Number(this.querySelector("[data-step]").value);
  }

  get snap() {
    return this.querySelector("[data-snap]").checked;
  }

  press(event) {
    const button = event.target.closest("button[data-do], button[data-tool]");
    if (!button) return;
    const { tool } = button.dataset;
    // Without a pointer there is nothing to draw with: the thing is put into the middle.
    if (tool?.startsWith("add:") && event.detail === 0) this.addFeatureAt(tool.slice(4), this.view.middle);
    else if (tool) this.setTool(this.tool === tool ? "select" : tool);
    else this.do(button.dataset.do, button.dataset.edge);
  }

  do(deed, edge) {
    const deeds = {
      undo: () => this.store.undo(),
      redo: () => this.store.redo(),
      duplicate: () => this.duplicate(),
      rotate: () => this.store.rotate(),
      remove: () => this.remove(),
      align: () => this.store.align(edge),
      all: () => this.store.choose(this.store.plan.booths.map((booth) => booth.id)),
      zoom_in: () => this.view.zoom(1.25),
      zoom_out: () => this.view.zoom(0.8),
      fit: () => this.view.fit(),
    };
    deeds[deed]?.();
  }

  setTool(tool) {
    this.tool = tool;
    this.dataset.mode = tool.split(":")[0];
    for (const button of this.querySelectorAll("[data-tool]"))
      button.setAttribute("aria-pressed", button.dataset.tool === tool);
    this.handles.draw();
  }

  save() {
    this.saving.form.requestSubmit();
  }

  duplicate() {
    this.store.duplicate();
    if (this.store.chosen.size) this.view.reveal(around(this.store.chosenThings));
  }

  remove() {
    if (!this.store.chosen.size) return;
    const held = this.store.chosenBooths.find((booth) => this.facts.held[booth.code]);
    if (held) {
      const said = this.facts.words.held.replace("CODE", held.code);
      return this.say(said.replace("HOLDER", this.facts.held[held.code]));
    }
    const count = this.store.chosen.size;
    this.store.remove();
    this.view.svg.focus();
    this.say(this.facts.words.removed.replace("COUNT", count));
  }

  addFeature(kind, box) {
    this.store.add({ features: [{ kind, name_vi: "", name_en: "", ...box }] });
    this.setTool("select");
    this.view.draw();
    this.view.focus(this.store.chosenThings[0].id);
  }

  addFeatureAt(kind, { x, y }) {
    const [width, height] = SIZES[kind] ?? [40, 30];
    const { step } = this;
    const put = (length) => Math.max(0, Math.round(length / step) * step);
    this.addFeature(kind, { x: put(x), y: put(y), width, height });
  }

  showPairs(isOn) {
    this.view.showsPairs = isOn;
    this.view.drawPairs();
  }

  goTo(id) {
    this.store.choose([id]);
    this.view.reveal(around(this.store.chosenThings));
    this.view.draw();
    this.view.focus(id);
  }

  setProblems(ids) {
    this.view.problems = ids;
    this.view.schedule();
  }

  /** After each change: what can be undone, and what is wrong already. */
  changed() {
    this.querySelector('[data-do="undo"]').disabled = !this.store.canUndo;
    this.querySelector('[data-do="redo"]').disabled = !this.store.canRedo;
    this.setProblems(this.findProblems());
    this.showState();
  }

  findProblems() {
    const { plan } = this.store;
    const corners = cornersOf(plan);
    const overlapping = findOverlaps(plan.booths).flat();
    const outside = plan.booths.filter((booth) => !isInside(booth, corners));
    const codes = new Map();
    for (const booth of plan.booths) codes.set(booth.code, [...(codes.get(booth.code) ?? []), booth]);
    const repeated = [...codes.values()].filter((booths) => booths.length > 1).flat();
    const { words } = this.facts;
    const said = [];
    if (overlapping.length) said.push(words.overlap.replace("CODES", `${overlapping[0].code}, ${overlapping[1].code}`));
    if (outside.length) said.push(words.outside.replace("CODES", outside.slice(0, 5).map((booth) => booth.code).join(", ")));
    if (repeated.length) said.push(words.repeated.replace("CODES", repeated[0].code));
    this.part("warnings").textContent = said.join(" ");
    return new Set([...overlapping, ...outside, ...repeated].map((booth) => booth.id));
  }

  showState() {
    const { words } = this.facts;
    this.part("count").textContent = words.booths.replace("COUNT", this.store.plan.booths.length);
    this.setState(this.store.isDirty ? words.unsaved : words.saved.replace("VERSION", this.saving?.base ?? this.dataset.version));
    this.dataset.dirty = this.store.isDirty ? "yes" : "no";
  }

  setState(text) {
    this.part("state").textContent = text;
  }

  saved(version) {
    this.showState();
    this.say(this.facts.words.saved.replace("VERSION", version));
  }

  say(text) {
    this.part("said").textContent = text;
  }

  sayPlace() {
    const things = this.store.chosenThings;
    if (!things.length) return;
    const { x, y } = around(things);
    this.say(this.facts.words.place.replace("X", metres(x)).replace("Y", metres(y)));
  }

  sayChosen() {
    this.say(this.facts.words.chosen.replace("COUNT", this.store.chosen.size));
  }
}

customElements.define("floor-plan", FloorPlan);
