// A stand of a proposal is dragged to another place. While it is under the hand, every booth shows
// whether it could go there, and a line says what that would change; letting go leads to the page that
// shows it once more and asks why. Escape, or letting go elsewhere, leaves everything as it is. Without
// this script, and with the keyboard, the same is a booth's "Move this stand" and a list.

const plan = document.querySelector("floor-plan[data-moves]");
const note = document.querySelector("#move-note");
const hint = document.querySelector("#move-hint");
const SLACK = 5; // pixels a hand may tremble in a click

const stands = (code) => plan.querySelectorAll(`a[data-stand="${CSS.escape(code)}"]`);

/** Ask what each booth would mean for this application. */
async function weigh(code) {
  const address = `${plan.dataset.moves}?${new URLSearchParams({ application: code })}`;
  const answer = await fetch(address, { headers: { "X-Part": "effects" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

/** One stand under the hand. */
class Drag {
  effects = null;
  ghost = null;
  over = null;

  constructor(link, event) {
    this.code = link.dataset.stand;
    this.pointer = event.pointerId;
    this.from = { x: event.clientX, y: event.clientY };
    this.before = new Map([...plan.querySelectorAll("a[data-booth]")].map((each) => [each, each.getAttribute("class")]));
  }

  get isMoving() {
    return this.ghost !== null;
  }

  move(event) {
    const [dx, dy] = [event.clientX - this.from.x, event.clientY - this.from.y];
    if (!this.isMoving && Math.hypot(dx, dy) < SLACK) return;
    if (!this.isMoving) this.lift();
    const svg = plan.querySelector("svg");
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    this.ghost.setAttribute("transform", `translate(${dx / scale} ${dy / scale})`);
    this.hover(document.elementFromPoint(event.clientX, event.clientY)?.closest("a[data-booth]") ?? null);
  }

  lift() {
    this.ghost = document.createElementNS("http://www.w3.org/2000/svg", "g");
    this.ghost.classList.add("ghost");
    for (const stand of stands(this.code)) this.ghost.append(stand.querySelector("rect").cloneNode());
    plan.querySelector("svg").append(this.ghost);
    plan.classList.add("dragging");
    plan.setPointerCapture(this.pointer); // not before, for a click must reach its booth
    note.textContent = note.dataset.wait;
    this.weighed = weigh(this.code).then(
      (effects) => {
        this.effects = effects;
        if (dragged === this) this.mark();
      },
      () => {
        if (dragged === this) this.end(note.dataset.failed);
      },
    );
  }

  mark() {
    for (const booth of this.before.keys()) {
      const found = this.effects.booths[booth.dataset.booth];
      booth.classList.toggle("can", found.ok);
      booth.classList.toggle("cannot", !found.ok && booth.dataset.stand !== this.code);
    }
    this.say();
  }

  hover(booth) {
    if (booth === this.over) return;
    this.over?.classList.remove("over");
    this.over = booth;
    this.over?.classList.add("over");
    if (this.effects) this.say();
  }

  say() {
    const found = this.over && this.effects.booths[this.over.dataset.booth];
    note.textContent = found ? found.note : note.dataset.outside;
  }

  async drop() {
    await this.weighed;
    if (dragged !== this) return;
    const booth = this.over?.dataset.booth;
    if (booth === undefined) return this.end("");
    const found = this.effects.booths[booth];
    this.end(found.note);
    if (!found.ok) return;
    const choice = new URLSearchParams({ application: this.code, booth });
    window.location.assign(`${plan.dataset.moves}?${choice}#booth-facts`);
  }

  end(text) {
    this.ghost?.remove();
    for (const [booth, classes] of this.before) booth.setAttribute("class", classes);
    plan.classList.remove("dragging");
    note.textContent = text;
    dragged = null;
  }
}

let dragged = null;
let swallow = false; // the click that ends a drag chooses no booth

function grip(event) {
  swallow = false;
  const link = event.target.closest("a[data-stand]");
  // A finger scrolls; the lists are there for it.
  if (!link || event.button || event.pointerType === "touch") return;
  dragged?.end("");
  dragged = new Drag(link, event);
}

function letGo() {
  if (!dragged) return;
  if (!dragged.isMoving) dragged = null;
  else {
    swallow = true;
    dragged.drop();
  }
}

if (plan) {
  hint.hidden = false;
  document.addEventListener("pointerdown", () => dragged || (note.textContent = ""));
  plan.addEventListener("dragstart", (event) => event.preventDefault());
  plan.addEventListener("pointerdown", grip);
  plan.addEventListener("pointermove", (event) => dragged?.move(event));
  plan.addEventListener("pointerup", letGo);
  plan.addEventListener("pointercancel", () => dragged?.end(""));
  document.addEventListener("keydown", (event) => event.key === "Escape" && dragged?.isMoving && dragged.end(""));
  plan.addEventListener(
    "click",
    (event) => {
      if (!swallow) return;
      swallow = false;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  // Somebody who comes back finds every stand where it is.
  window.addEventListener("pageshow", () => dragged?.end(""));
}
