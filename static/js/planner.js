// Bars of the year are dragged, or moved by the arrow keys while they have the focus: a day for each
// key, a week with Shift. Letting go, or Enter, leads to the page that shows what the new days would
// mean and asks to confirm; Escape puts the bar back. The table below leads there without this script.

const svg = document.querySelector(".lanes svg");
const note = document.querySelector("#shift-note");
const SLACK = 5; // pixels a hand may tremble in a click
const hint = document.querySelector("#shift-hint");

/** The day `days` after the ISO day `first`. */
function dayAfter(first, days) {
  const day = new Date(`${first}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** One fair's bar and how many days it is away from where it was. */
class Bar {
  days = 0;
  from = null;

  constructor(link) {
    this.link = link;
    link.setAttribute("aria-describedby", hint.id);
    link.addEventListener("dragstart", (event) => event.preventDefault());
    link.addEventListener("pointerdown", (event) => this.grip(event));
    link.addEventListener("pointermove", (event) => this.drag(event));
    link.addEventListener("pointerup", () => this.letGo());
    link.addEventListener("pointercancel", () => this.back());
    link.addEventListener("click", (event) => this.days && event.preventDefault());
    link.addEventListener("keydown", (event) => this.press(event));
    link.addEventListener("blur", () => this.back());
  }

  get first() {
    return dayAfter(this.link.dataset.first, this.days);
  }

  show(days) {
    this.days = days;
    const x = days * Number(svg.dataset.day);
    this.link.setAttribute("transform", `translate(${x} 0)`);
    const [year, month, day] = this.first.split("-");
    note.textContent = days ? note.dataset.text.replace("DAY", `${day}/${month}/${year}`) : "";
  }

  back() {
    this.from = null;
    this.show(0);
  }

  leave() {
    window.location.assign(`${this.link.dataset.shift}?first_day=${this.first}`);
  }

  grip(event) {
    // A finger scrolls the year.
    if (event.button || event.pointerType === "touch") return;
    this.from = event.clientX;
    this.link.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (this.from === null) return;
    const moved = event.clientX - this.from;
    if (!this.days && Math.abs(moved) < SLACK) return;
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    this.show(Math.round(moved / scale / Number(svg.dataset.day)));
  }

  letGo() {
    const dragged = this.from !== null && this.days;
    this.from = null;
    if (dragged) this.leave();
  }

  press(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) this.show(this.days + step * (event.shiftKey ? 7 : 1));
    else if (event.key === "Enter" && this.days) this.leave();
    else if (event.key === "Escape" && this.days) this.back();
    else return;
    event.preventDefault();
  }
}

const links = svg ? [...svg.querySelectorAll("a[data-shift]")] : [];
if (links.length) {
  hint.hidden = false;
  const bars = links.map((link) => new Bar(link));
  // Somebody who comes back finds every bar where its fair is.
  window.addEventListener("pageshow", () => bars.forEach((bar) => bar.back()));
}
