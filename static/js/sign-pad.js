// <sign-pad text="ID">: a signature as points in a box of 600 × 200, and the read-to-the-end gate.
import SignaturePad from "../vendor/signature_pad@5.1.4/signature_pad.min.js";

const WIDTH = 600;
const HEIGHT = 200;
const INK = "#10239e";

class SignPad extends HTMLElement {
  connectedCallback() {
    this.canvas = this.querySelector("canvas");
    this.form = this.closest("form");
    this.boxes = [...this.querySelectorAll("input[type=checkbox]")];
    this.pad = new SignaturePad(this.canvas, { penColor: INK, minWidth: 1, maxWidth: 3 });
    this.pad.addEventListener("endStroke", () => this.update());
    this.querySelector("[data-undo]").addEventListener("click", () => this.undo());
    this.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    for (const box of this.boxes) box.addEventListener("change", () => this.update());
    this.form.addEventListener("submit", () => this.fill());
    this.begun = performance.now();
    // Whoever comes next and presses "back" must find an empty page, not this signer's.
    this.leaving = () => this.leave();
    window.addEventListener("pagehide", this.leaving);
    this.fit();
    // Turning the tablet changes the box; the strokes are kept and drawn again in the new one.
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(this.canvas);
    this.watchReading(document.getElementById(this.getAttribute("text")));
    this.update();
  }

  disconnectedCallback() {
    this.resized.disconnect();
    this.pad.off();
    window.removeEventListener("pagehide", this.leaving);
  }

  leave() {
    this.form.reset();
    this.pad.clear();
    document.getElementById("main").replaceChildren();
    window.addEventListener("pageshow", () => window.location.reload(), { once: true });
  }

  fit() {
    const strokes = this.strokes?.() ?? [];
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    this.scale = this.canvas.clientWidth / WIDTH;
    this.canvas.width = this.canvas.clientWidth * ratio;
    this.canvas.height = this.canvas.clientHeight * ratio;
    this.canvas.getContext("2d").scale(ratio, ratio);
    this.pad.fromData(
      strokes.map((points) => ({
        penColor: INK,
        minWidth: 1,
        maxWidth: 3,
        points: points.map(([x, y, pressure, time]) => ({
          x: x * this.scale,
          y: y * this.scale,
          pressure,
          time,
        })),
      })),
    );
  }

  strokes() {
    const limit = (value, most) => Math.min(Math.max(value, 0), most);
    return this.pad.toData().map(({ points }) =>
      points.map(({ x, y, pressure, time }) => [
        limit(x / this.scale, WIDTH),
        limit(y / this.scale, HEIGHT),
        limit(pressure, 1),
        time,
      ]),
    );
  }

  undo() {
    this.pad.fromData(this.pad.toData().slice(0, -1));
    this.update();
  }

  clear() {
    this.pad.clear();
    this.update();
  }

  watchReading(text) {
    const end = document.createElement("span");
    text.append(end);
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        this.querySelector("[data-unread]").hidden = true;
        for (const box of this.boxes) box.disabled = false;
      },
      { threshold: 0 },
    );
    seen.observe(end);
  }

  update() {
    const ready = !this.pad.isEmpty() && this.boxes.every((box) => box.checked);
    for (const button of document.querySelectorAll("[data-sign]")) button.disabled = !ready;
  }

  fill() {
    this.querySelector("[name=strokes]").value = JSON.stringify(this.strokes());
    this.querySelector("[name=device_at]").value = String(Date.now());
    const seconds = Math.round((performance.now() - this.begun) / 1000);
    this.querySelector("[name=read_seconds]").value = String(seconds);
  }
}

customElements.define("sign-pad", SignPad);
