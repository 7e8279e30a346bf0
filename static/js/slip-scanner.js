// <slip-scanner>: opens a memorandum by the code on its slip, held before the tablet's camera.
//
// What the camera sees is read here and goes nowhere. Of what a code says only our own code is
// taken, never its address: a foreign slip leads to no foreign page.

const LIMIT = 60_000; // milliseconds; a camera that finds nothing is switched off
const PAUSE = 120; // milliseconds between two looks
const SLIP = /\/(?:table|v)\/([0-9A-Z]{12,16})\/?$/i;
const WISH = { video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } } };

// The browser's own reader where it has one for these codes, else the one we ship.
async function newReader() {
  const formats = (await window.BarcodeDetector?.getSupportedFormats()) ?? [];
  const { BarcodeDetector } = formats.includes("qr_code")
    ? window
    : await import("../vendor/qr@0.7.0/decode.js");
  return new BarcodeDetector({ formats: ["qr_code"] });
}

class SlipScanner extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    this.begin = this.querySelector("[data-scan]");
    this.stopped = () => this.stop();
    window.addEventListener("pagehide", this.stopped);
    this.begin.hidden = !navigator.mediaDevices?.getUserMedia;
    this.begin.addEventListener("click", () => this.scan());
    this.querySelector("[data-stop]").addEventListener("click", () => {
      this.stop();
      this.begin.focus();
    });
  }

  disconnectedCallback() {
    window.removeEventListener("pagehide", this.stopped);
    this.stop();
  }

  async scan() {
    this.say("");
    this.begin.disabled = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WISH);
      this.video.srcObject = this.stream;
      this.show(true);
      await this.video.play();
      await this.look(await newReader());
    } catch {
      this.stop();
      this.say("no-camera");
      this.querySelector("input").focus();
    }
    this.begin.disabled = false;
  }

  async look(reader) {
    const end = performance.now() + LIMIT;
    while (this.stream && performance.now() < end) {
      const [found] = await reader.detect(this.video).catch(() => []);
      const code = SLIP.exec(found?.rawValue ?? "")?.[1];
      if (code && this.stream) {
        this.stop();
        window.location.assign(`/table/${code.toUpperCase()}/`);
        return;
      }
      this.say(found && !code ? "foreign" : "");
      await new Promise((done) => setTimeout(done, PAUSE));
    }
    if (!this.stream) return;
    this.stop();
    this.say("unseen");
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
    this.show(false);
  }

  show(isOn) {
    this.querySelector("[data-camera]").hidden = !isOn;
    this.begin.hidden = isOn;
  }

  say(name) {
    for (const told of this.querySelectorAll("[data-told]"))
      told.hidden = told.dataset.told !== name;
  }
}

customElements.define("slip-scanner", SlipScanner);
