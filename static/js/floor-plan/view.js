// The plan as an SVG: 1 unit is 10 cm. Only what has changed is drawn again.

import { bottom, cornersOf, finalPairs, right } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";
const GAP = 1;
const MARGIN = 24;
const ROUND = new Set(["water", "power"]);
// Groups that have a colour of their own; booths of any other stay white.
const COLOURED = new Set(["food", "beverage", "herbal", "craft", "plants", "tourism"]);

export function make(name, attributes = {}, parent = null) {
  const node = document.createElementNS(SVG, name);
  set(node, attributes);
  parent?.append(node);
  return node;
}

export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
}

export const metres = (units) => String(units / 10);

export class View {
  constructor(svg, store, facts) {
    this.svg = svg;
    this.store = store;
    this.facts = facts;
    this.words = facts.words;
    this.nodes = new Map();
    this.problems = new Set();
    this.showsPairs = false;
    this.isTracing = true;
    this.layers = {};
    for (const name of ["picture", "hall", "zones", "features", "booths", "pairs", "ghosts", "guides", "handles"])
      this.layers[name] = make("g", { class: name }, svg);
    this.wall = make("polygon", { class: "wall" }, this.layers.hall);
    this.pairLines = make("path", { class: "join" }, this.layers.pairs);
    this.frame = { x: 0, y: 0, scale: 1 };
    new ResizeObserver(() => this.applyFrame()).observe(svg);
    store.addEventListener("change", () => this.schedule());
    store.addEventListener("preview", () => this.schedule());
    store.addEventListener("choice", () => this.schedule());
  }

  /** Draw once before the next frame, however often this is asked for. */
  schedule() {
    this.awaited ??= requestAnimationFrame(() => {
      this.awaited = null;
      this.draw();
    });
  }

  draw() {
    const { plan } = this.store;
    if (plan !== this.drawn) {
      set(this.wall, { points: cornersOf(plan).map((corner) => corner.join()).join(" ") });
      this.drawThings("features", plan.features, (thing) => this.drawFeature(thing));
      this.drawThings("booths", plan.booths, (thing) => this.drawBooth(thing));
      this.drawZones(plan);
      this.drawPicture(plan.picture);
      if (this.showsPairs) this.drawPairs();
    }
    this.drawn = plan;
    this.markChosen();
    this.dispatchDrawn?.();
  }

  /** Keep one node for each thing, in the plan's order. */
  drawThings(layer, things, drawThing) {
    const kept = new Set(things.map((thing) => thing.id));
    for (const [id, node] of this.nodes) {
      if (node.layer === layer && !kept.has(id)) {
        node.group.remove();
        this.nodes.delete(id);
      }
    }
    let before = null;
    for (const thing of things) {
      const node = this.nodes.get(thing.id);
      if (node?.thing !== thing) drawThing(thing);
      const { group } = this.nodes.get(thing.id);
      if (!group.parentNode || (before ? before.nextSibling : this.layers[layer].firstChild) !== group) {
        if (before) before.after(group);
        else this.layers[layer].prepend(group);
      }
      before = group;
    }
  }

  nodeOf(thing, layer) {
    let node = this.nodes.get(thing.id);
    if (!node) {
      const group = make("g", { tabindex: "0", role: "button", "data-id": thing.id });
      node = { layer, group, box: make("rect", { rx: 3 }, group), text: make("text", {}, group) };
      this.nodes.set(thing.id, node);
    }
    node.thing = thing;
    return node;
  }

  drawBooth(booth) {
    const node = this.nodeOf(booth, "booths");
    const { width, height } = booth;
    set(node.group, { transform: `translate(${booth.x} ${booth.y})` });
    if (node.label === this.labelOf(booth)) return;
    const zone = this.store.plan.zones.find((each) => each.code === booth.zone);
    const tone = COLOURED.has(zone?.group) ? zone.group : "any";
    set(node.group, { class: `booth ${tone}`, "aria-label": this.labelOf(booth) });
    node.label = this.labelOf(booth);
    const small = Math.min(width, height) < 20;
    set(node.box, { x: GAP, y: GAP, width: Math.max(width - 2 * GAP, 1), height: Math.max(height - 2 * GAP, 1) });
    set(node.text, { x: width / 2, y: small ? height / 2 : height / 2 - 3 });
    set(node.text, { "font-size": Math.min(11, (width * 1.5) / Math.max(booth.code.length, 2)) });
    node.text.textContent = booth.code;
    node.offers ??= make("text", { class: "offers", "font-size": 5.5 }, node.group);
    set(node.offers, { x: width / 2, y: height - 6.5 });
    node.offers.textContent = small ? "" : this.offersOf(booth);
    node.held ??= make("circle", { class: "pin", r: 3 }, node.group);
    set(node.held, { cx: width - 4, cy: 4, visibility: this.facts.held[booth.code] ? null : "hidden" });
  }

  /** The utilities in signs: kW, then a letter each for water, cold storage, cooking. */
  offersOf(booth) {
    const signs = ["water", "cold", "cooking"].filter((name) => booth[name]);
    const power = booth.power_kw ? [`${booth.power_kw} kW`] : [];
    return [...power, ...signs.map((name) => this.words.signs[name])].join(" ");
  }

  labelOf(booth) {
    const signs = ["water", "cold", "cooking"].filter((name) => booth[name]);
    const parts = [
      booth.code,
      `${this.words.zone} ${booth.zone}`,
      `${metres(booth.width)} × ${metres(booth.height)} m`,
      `${booth.power_kw} kW`,
      ...signs.map((name) => this.words[name]),
    ];
    if (this.facts.held[booth.code]) parts.push(this.facts.held[booth.code]);
    const zone = this.store.plan.zones.find((each) => each.code === booth.zone);
    return `${parts.join(", ")}${zone?.group ? `, ${this.groupName(zone.group)}` : ""}`;
  }

  groupName(code) {
    return this.facts.groups.find((group) => group.code === code)?.name ?? code;
  }

  drawFeature(feature) {
    const node = this.nodeOf(feature, "features");
    const { width, height, kind } = feature;
    const name = feature.name_vi && this.words.language === "en" ? feature.name_en || feature.name_vi : feature.name_vi;
    const label = `${this.facts.kinds[kind]}${name ? `: ${name}` : ""}`;
    set(node.group, { class: `feature ${kind}`, "aria-label": label });
    set(node.group, { transform: `translate(${feature.x} ${feature.y})` });
    const radius = ROUND.has(kind) ? Math.min(width, height) / 2 : 4;
    set(node.box, { width, height, rx: radius });
    // At a door the name stands outside the hall.
    const outside = feature.y + height / 2 > this.store.plan.height / 2 ? height + 9 : -7;
    set(node.text, { x: width / 2, y: kind === "entrance" ? outside : height / 2 });
    set(node.text, { "font-size": kind === "entrance" ? 10 : Math.min(11, Math.max(6, height / 2)) });
    node.text.textContent = ROUND.has(kind) ? "" : name;
  }

  drawZones(plan) {
    const names = plan.zones.map((zone) => {
      const booths = plan.booths.filter((booth) => booth.zone === zone.code);
      const x = booths.length ? Math.min(...booths.map((booth) => booth.x)) : zone.x;
      const y = booths.length ? Math.min(...booths.map((booth) => booth.y)) : zone.y;
      return { x, y: y - 6, text: this.words.language === "en" ? zone.name_en : zone.name_vi };
    });
    const wanted = JSON.stringify(names);
    if (wanted === this.zoneNames) return;
    this.zoneNames = wanted;
    this.layers.zones.replaceChildren(
      ...names.map(({ x, y, text }) => {
        const node = make("text", { class: "zone-name", x, y });
        node.textContent = text;
        return node;
      }),
    );
  }

  drawPicture(picture) {
    const layer = this.layers.picture;
    layer.replaceChildren();
    const kept = picture && this.facts.pictures.find((each) => each.number === picture.number);
    if (!kept || !this.isTracing) return;
    const { x, y, width, height } = picture;
    make("image", { href: kept.url, x, y, width, height, opacity: 0.45, preserveAspectRatio: "none" }, layer);
  }

  /** A line across the common side of booths that may be merged. */
  drawPairs() {
    const lines = [];
    if (this.showsPairs) {
      for (const { one, two, isJoin } of finalPairs(this.store.plan).values()) {
        if (!isJoin) continue;
        const [x1, y1] = [one.x + one.width / 2, one.y + one.height / 2];
        const [x2, y2] = [two.x + two.width / 2, two.y + two.height / 2];
        const [dx, dy] = [(x2 - x1) * 0.2, (y2 - y1) * 0.2];
        const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
        lines.push(`M${x - dx} ${y - dy}L${x + dx} ${y + dy}`);
      }
    }
    set(this.pairLines, { d: lines.join("") });
  }

  markChosen() {
    const { chosen } = this.store;
    for (const [id, node] of this.nodes) {
      const state = `${chosen.has(id)} ${this.problems.has(id)}`;
      if (node.state === state && node.group.classList.contains("on") === chosen.has(id)) continue;
      node.state = state;
      node.group.classList.toggle("on", chosen.has(id));
      node.group.classList.toggle("wrong", this.problems.has(id));
      node.group.setAttribute("aria-pressed", chosen.has(id));
    }
  }

  /** Rectangles of what is not decided on yet. */
  ghosts(boxes, name = "ghost") {
    this.layers.ghosts.replaceChildren(
      ...boxes.map(({ x, y, width, height }) => make("rect", { class: name, x, y, width, height, rx: 2 })),
    );
  }

  /** Lines that show on what one snaps. */
  guides({ x, y }) {
    const { plan } = this.store;
    const lines = [];
    if (x !== undefined) lines.push(make("line", { x1: x, x2: x, y1: 0, y2: plan.height }));
    if (y !== undefined) lines.push(make("line", { y1: y, y2: y, x1: 0, x2: plan.width }));
    this.layers.guides.replaceChildren(...lines);
  }

  focus(id) {
    this.nodes.get(id)?.group.focus({ preventScroll: true });
  }

  // ---- what part of the plan is seen ----

  get size() {
    return { width: this.svg.clientWidth || 1, height: this.svg.clientHeight || 1 };
  }

  fit() {
    const { plan } = this.store;
    const { width, height } = this.size;
    const scale = Math.min(width / (plan.width + 2 * MARGIN), height / (plan.height + 2 * MARGIN));
    this.frame = { scale, x: (plan.width - width / scale) / 2, y: (plan.height - height / scale) / 2 };
    this.applyFrame();
  }

  applyFrame() {
    const { x, y, scale } = this.frame;
    const { width, height } = this.size;
    set(this.svg, { viewBox: `${x} ${y} ${width / scale} ${height / scale}` });
    this.dispatchFrame?.();
  }

  /** Where on the plan a point of the screen lies. */
  toPlan(clientX, clientY) {
    const box = this.svg.getBoundingClientRect();
    const { x, y, scale } = this.frame;
    return { x: x + (clientX - box.left) / scale, y: y + (clientY - box.top) / scale };
  }

  /** Zoom, keeping the point of the screen where it is. */
  zoom(factor, clientX, clientY) {
    const box = this.svg.getBoundingClientRect();
    const at = this.toPlan(clientX ?? box.left + box.width / 2, clientY ?? box.top + box.height / 2);
    const scale = Math.min(20, Math.max(0.05, this.frame.scale * factor));
    const grown = this.frame.scale / scale;
    this.frame = {
      scale,
      x: at.x - (at.x - this.frame.x) * grown,
      y: at.y - (at.y - this.frame.y) * grown,
    };
    this.applyFrame();
  }

  /** Move the view by pixels. */
  pan(dx, dy) {
    this.frame.x -= dx / this.frame.scale;
    this.frame.y -= dy / this.frame.scale;
    this.applyFrame();
  }

  /** Bring a box into sight if it is not. */
  reveal(box) {
    const { width, height } = this.size;
    const { scale } = this.frame;
    const [seenRight, seenBottom] = [this.frame.x + width / scale, this.frame.y + height / scale];
    if (box.x >= this.frame.x && box.y >= this.frame.y && right(box) <= seenRight && bottom(box) <= seenBottom) return;
    this.frame.x = box.x + box.width / 2 - width / scale / 2;
    this.frame.y = box.y + box.height / 2 - height / scale / 2;
    this.applyFrame();
  }

  get middle() {
    const { width, height } = this.size;
    const { x, y, scale } = this.frame;
    return { x: x + width / scale / 2, y: y + height / scale / 2 };
  }
}
