// The plan being drawn: never changed in place, so that undoing is going back to an older one.

import { around, bottom, right } from "./geometry.js";
import { freeCode } from "./numbering.js";

const MOST_STEPS = 200;

/** Holds the plan, what is chosen, and the way back. Tells by a "change" event. */
export class Store extends EventTarget {
  #past = [];
  #future = [];
  #next = 1;

  constructor(document) {
    super();
    this.load(document);
  }

  /** Begin with what the server keeps. */
  load(document) {
    this.plan = this.identify(document);
    this.saved = this.plan;
    this.chosen = new Set();
    this.#past = [];
    this.#future = [];
    this.tell();
  }

  /** Give every booth and thing an id of its own; codes may change, ids do not. */
  identify(document) {
    const named = (list) => list.map((thing) => ({ ...thing, id: thing.id ?? this.#next++ }));
    return { ...document, booths: named(document.booths), features: named(document.features) };
  }

  /** The plan as the server reads it. */
  get document() {
    const bare = (list) => list.map(({ id, ...thing }) => thing);
    return { ...this.plan, booths: bare(this.plan.booths), features: bare(this.plan.features) };
  }

  get isDirty() {
    return this.plan !== this.saved;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** Go on to another plan, so that it can be undone. */
  change(plan) {
    if (plan === this.plan) return;
    this.#past.push(this.plan);
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#future = [];
    this.plan = plan;
    this.keepChosen();
    this.tell();
  }

  /** Show a plan that is not decided on yet, such as while dragging. */
  preview(plan) {
    this.plan = plan;
    this.dispatchEvent(new Event("preview"));
  }

  /** Decide on what was previewed since `before`. */
  settle(before) {
    const plan = this.plan;
    this.plan = before;
    this.change(plan);
    this.tell();
  }

  undo() {
    if (!this.#past.length) return;
    this.#future.push(this.plan);
    this.plan = this.#past.pop();
    this.keepChosen();
    this.tell();
  }

  redo() {
    if (!this.#future.length) return;
    this.#past.push(this.plan);
    this.plan = this.#future.pop();
    this.keepChosen();
    this.tell();
  }

  keepChosen() {
    const there = new Set([...this.plan.booths, ...this.plan.features].map((thing) => thing.id));
    this.chosen = new Set([...this.chosen].filter((id) => there.has(id)));
  }

  choose(ids) {
    this.chosen = new Set(ids);
    this.dispatchEvent(new Event("choice"));
  }

  toggle(id) {
    const ids = new Set(this.chosen);
    if (!ids.delete(id)) ids.add(id);
    this.choose(ids);
  }

  get things() {
    return [...this.plan.features, ...this.plan.booths];
  }

  get chosenThings() {
    return this.things.filter((thing) => this.chosen.has(thing.id));
  }

  get chosenBooths() {
    return this.plan.booths.filter((booth) => this.chosen.has(booth.id));
  }

  get chosenFeatures() {
    return this.plan.features.filter((feature) => this.chosen.has(feature.id));
  }

  /** `plan` with each chosen thing replaced by what `change` makes of it. */
  with(change, plan = this.plan) {
    const each = (thing) => (this.chosen.has(thing.id) ? change(thing) : thing);
    return { ...plan, booths: plan.booths.map(each), features: plan.features.map(each) };
  }

  moved(dx, dy, plan = this.plan) {
    return this.with((thing) => ({ ...thing, x: thing.x + dx, y: thing.y + dy }), plan);
  }

  /** Move by whole steps, but not out of the drawing. */
  move(dx, dy) {
    if (!this.chosen.size) return;
    const [x, y] = this.within(dx, dy, around(this.chosenThings));
    this.change(this.moved(x, y));
  }

  /** A way that keeps the box where coordinates are not negative. */
  within(dx, dy, box) {
    return [Math.max(dx, -box.x), Math.max(dy, -box.y)];
  }

  remove() {
    const gone = new Set(this.chosenBooths.map((booth) => booth.code));
    const left = (list) => list.filter((thing) => !this.chosen.has(thing.id));
    this.change({
      ...this.plan,
      booths: left(this.plan.booths),
      features: left(this.plan.features),
      corrections: this.plan.corrections.filter(
        (pair) => !gone.has(pair.first) && !gone.has(pair.second),
      ),
    });
  }

  /** Copies right below, with the next free codes; the copies are chosen then. */
  duplicate() {
    if (!this.chosen.size) return;
    const taken = new Set(this.plan.booths.map((booth) => booth.code));
    const down = around(this.chosenThings).height;
    const lower = (thing) => ({ ...thing, id: this.#next++, y: thing.y + down });
    const booths = this.chosenBooths.map((booth) => {
      const code = freeCode(booth.code, taken);
      taken.add(code);
      return { ...lower(booth), code };
    });
    this.add({ booths, features: this.chosenFeatures.map(lower) });
  }

  /** Add booths and features, and choose them. */
  add({ booths = [], features = [] }) {
    const named = (list) => list.map((thing) => ({ ...thing, id: thing.id ?? this.#next++ }));
    const [newBooths, newFeatures] = [named(booths), named(features)];
    this.change({
      ...this.plan,
      booths: [...this.plan.booths, ...newBooths],
      features: [...this.plan.features, ...newFeatures],
    });
    this.choose([...newBooths, ...newFeatures].map((thing) => thing.id));
  }

  /** Turn what is chosen together by a quarter, clockwise. */
  rotate() {
    if (!this.chosen.size) return;
    const box = around(this.chosenThings);
    this.change(
      this.with((thing) => ({
        ...thing,
        x: box.x + bottom(box) - bottom(thing),
        y: box.y + thing.x - box.x,
        width: thing.height,
        height: thing.width,
      })),
    );
  }

  /** Put what is chosen on one line. */
  align(edge) {
    if (!this.chosen.size) return;
    const box = around(this.chosenThings);
    const places = {
      left: () => ({ x: box.x }),
      right: (thing) => ({ x: right(box) - thing.width }),
      top: () => ({ y: box.y }),
      bottom: (thing) => ({ y: bottom(box) - thing.height }),
      middle_x: (thing) => ({ x: Math.floor((box.x + right(box) - thing.width) / 2) }),
      middle_y: (thing) => ({ y: Math.floor((box.y + bottom(box) - thing.height) / 2) }),
    };
    this.change(this.with((thing) => ({ ...thing, ...places[edge](thing) })));
  }

  /** Give booths other codes by their ids; what was corrected follows. */
  recode(codes) {
    const old = new Map(this.plan.booths.map((booth) => [booth.code, codes.get(booth.id)]));
    const booths = this.plan.booths.map((booth) =>
      codes.has(booth.id) ? { ...booth, code: codes.get(booth.id) } : booth,
    );
    const corrections = this.plan.corrections.map((pair) => {
      const [first, second] = [pair.first, pair.second].map((code) => old.get(code) ?? code).sort();
      return { ...pair, first, second };
    });
    this.change({ ...this.plan, booths, corrections });
  }

  /** What two booths are to each other; "derived" is what the drawing says. */
  correct(one, two, kind) {
    const [first, second] = [one, two].sort();
    const kept = this.plan.corrections.filter(
      (pair) => pair.first !== first || pair.second !== second,
    );
    const added = kind === "derived" ? [] : [{ first, second, kind }];
    this.change({ ...this.plan, corrections: [...kept, ...added] });
  }
}
