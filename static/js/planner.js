// Fairs of the year, a month or a week are dragged to other days, and their right ends to another last
// day; with the focus the arrow keys, + and − do the same. Letting go, or Enter, leads to the page that
// shows what the new days would mean and asks to confirm; Escape puts the fair back. The table below
// leads there without this script.

import { reach, tell } from "./reach.js";

const svg = document.querySelector(".lanes svg");
const note = document.querySelector("#shift-note");
const hint = document.querySelector("#shift-hint");
const SLACK = 5; // pixels a hand may tremble in a click

const serial = (iso) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
const iso = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10);
const shown = (day) => iso(day).split("-").reverse().join("/");

/** One fair under the hand: how many days it is moved, and how many its last day besides. */
class Fair {
  days = 0;
  longer = 0;
  start = null; // where the hand took hold: { x, y, day, stretches }
  dragged = false; // since it took hold: then the click that follows is none

  constructor(link) {
    this.link = link;
    link.setAttribute("aria-describedby", hint.id);
    link.addEventListener("dragstart", (event) => event.preventDefault());
    link.addEventListener("pointerdown", (event) => this.grip(event));
    link.addEventListener("pointermove", (event) => this.drag(event));
    link.addEventListener("pointerup", () => this.letGo());
    link.addEventListener("pointercancel", () => this.back());
    link.addEventListener("click", (event) => this.dragged && event.preventDefault());
    link.addEventListener("keydown", (event) => this.press(event));
    link.addEventListener("blur", () => this.back());
  }

  get isMoved() {
    return this.days !== 0 || this.longer !== 0;
  }

  get first() {
    return serial(this.link.dataset.first) + this.days;
  }

  get last() {
    return serial(this.link.dataset.last) + this.days + this.longer;
  }

  /** Show the fair elsewhere; it never ends before it begins. */
  show(days, longer) {
    this.days = days;
    this.longer = Math.max(longer, serial(this.link.dataset.first) - serial(this.link.dataset.last));
    this.draw();
    const text = note.dataset.text.replace("FIRST", shown(this.first)).replace("LAST", shown(this.last));
    note.textContent = this.isMoved ? text : "";
  }

  back() {
    this.start = null;
    this.show(0, 0);
  }

  /** Where the server cannot be reached, the fair stays where it was put, for another try. */
  async leave() {
    const days = new URLSearchParams({ first_day: iso(this.first), last_day: iso(this.last) });
    try {
      await reach();
      window.location.assign(`${this.link.dataset.shift}?${days}`);
    } catch {
      this.link.focus();
      tell(document.querySelector(".lanes, .calendar"));
    }
  }

  grip(event) {
    // A finger scrolls.
    if (event.button || event.pointerType === "touch") return;
    const stretches = event.target.classList.contains("grip");
    this.dragged = false;
    this.start = { x: event.clientX, y: event.clientY, day: this.dayAt(event), stretches };
    this.link.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.start) return;
    const far = Math.hypot(event.clientX - this.start.x, event.clientY - this.start.y);
    if (!this.isMoved && far < SLACK) return;
    const day = this.dayAt(event);
    if (day === null) return;
    this.dragged = true;
    const moved = Math.round(day - this.start.day);
    this.show(this.start.stretches ? 0 : moved, this.start.stretches ? moved : 0);
  }

  letGo() {
    const moved = this.start && this.isMoved;
    this.start = null;
    if (moved) this.leave();
  }

  press(event) {
    const step = this.steps[event.key];
    const stretch = { "+": 1, "=": 1, "-": -1, "−": -1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) this.show(this.days + step * (event.shiftKey ? 7 : 1), this.longer);
    else if (stretch) this.show(this.days, this.longer + stretch);
    else if (event.key === "Enter" && this.isMoved) this.leave();
    else if (event.key === "Escape" && this.isMoved) this.back();
    else return;
    event.preventDefault();
  }
}

/** A bar of the year. */
class Bar extends Fair {
  steps = { ArrowLeft: -1, ArrowRight: 1 };
  bar = this.link.querySelector(".bar");
  end = this.link.querySelector(".grip");
  width = Number(this.bar.getAttribute("width"));

  dayAt(event) {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return event.clientX / scale / Number(svg.dataset.day);
  }

  draw() {
    const day = Number(svg.dataset.day);
    this.link.setAttribute("transform", `translate(${this.days * day} 0)`);
    this.bar.setAttribute("width", Math.max(this.width + this.longer * day, 1));
    this.end.setAttribute("transform", `translate(${this.longer * day} 0)`);
  }
}

/** A fair's entry on one day of a month or week. */
class Entry extends Fair {
  steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  dayAt(event) {
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]");
    return cell ? serial(cell.dataset.day) : null;
  }

  draw() {
    for (const cell of document.querySelectorAll(".calendar [data-day]")) {
      const day = serial(cell.dataset.day);
      cell.classList.toggle("target", this.isMoved && this.first <= day && day <= this.last);
    }
  }
}

const links = [...document.querySelectorAll(":is(.lanes, .calendar) a[data-shift]")];
if (links.length) {
  hint.hidden = false;
  const fairs = links.map((link) => new (svg ? Bar : Entry)(link));
  // Somebody who comes back finds every fair where it is.
  window.addEventListener("pageshow", () => fairs.forEach((fair) => fair.back()));
}
