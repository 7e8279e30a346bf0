// <floor-plan>: chooses booths in place. Without it every booth is a link that loads the page anew.

const FACTS = "booth-facts";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class FloorPlan extends HTMLElement {
  connectedCallback() {
    this.booths = [...this.querySelectorAll("a[data-booth]")];
    // One stop of the Tab key for the whole plan; the arrow keys go on from there.
    this.rest(this.booths.find((booth) => booth.classList.contains("on")) ?? this.booths[0]);
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("keydown", (event) => this.onKey(event));
  }

  rest(booth) {
    for (const other of this.booths) other.setAttribute("tabindex", other === booth ? "0" : "-1");
  }

  onClick(event) {
    const booth = event.target.closest("a[data-booth]");
    if (!booth || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.choose(booth);
  }

  onKey(event) {
    const here = event.target.closest("a[data-booth]");
    const way = ARROWS[event.key];
    if (!here || !way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = this.nearest(here, way);
    if (!next) return;
    this.rest(next);
    next.focus();
  }

  // The booth that lies nearest in that direction; what is off the straight line counts double.
  nearest(here, [dx, dy]) {
    const from = middle(here);
    let best = null;
    let least = Infinity;
    for (const booth of this.booths) {
      const to = middle(booth);
      const ahead = (to.x - from.x) * dx + (to.y - from.y) * dy;
      const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
      if (ahead > 1 && aside <= ahead && ahead + 2 * aside < least) [best, least] = [booth, ahead + 2 * aside];
    }
    return best;
  }

  async choose(booth) {
    this.rest(booth);
    const address = booth.getAttribute("href");
    let part;
    try {
      const answer = await fetch(address, { headers: { "X-Part": "booth" } });
      if (!answer.ok) throw new Error(answer.status);
      part = await answer.text();
    } catch {
      window.location.assign(address);
      return;
    }
    document.getElementById(FACTS).outerHTML = part;
    const facts = document.getElementById(FACTS);
    const chosen = new Set([booth.dataset.booth, ...(facts.dataset.booths ?? "").split(" ")]);
    for (const other of this.booths) {
      const on = chosen.has(other.dataset.booth);
      other.classList.toggle("on", on);
      other.toggleAttribute("aria-current", on);
      if (on) other.setAttribute("aria-current", "true");
    }
    window.history.replaceState(null, "", address);
    document.getElementById("announcer").textContent = facts.textContent.trim().replace(/\s+/g, " ");
    // On a narrow page the facts lie below the plan.
    if (facts.getBoundingClientRect().top > window.innerHeight) facts.scrollIntoView();
  }
}

function middle(booth) {
  const { x, y, width, height } = booth.querySelector("rect").getBBox();
  return { x: x + width / 2, y: y + height / 2 };
}

customElements.define("floor-plan", FloorPlan);
