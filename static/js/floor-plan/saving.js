// Sending the plan, and what comes back: kept, refused with reasons, or overtaken by somebody else.

import { mergePlans } from "./merge.js";

export class Saving {
  constructor(editor) {
    this.editor = editor;
    this.store = editor.store;
    this.words = editor.facts.words;
    this.form = editor.root.querySelector("form[data-save]");
    this.base = Number(this.form.elements.base.value);
    this.from = this.store.document;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.send();
    });
    editor.part("merge").addEventListener("click", () => this.merge());
    editor.part("theirs").addEventListener("click", () => this.takeTheirs());
    window.addEventListener("beforeunload", (event) => this.store.isDirty && event.preventDefault());
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    const { plan, document: drawn } = this.store;
    this.editor.setState(this.words.saving);
    const body = new FormData(this.form);
    body.set("base", this.base);
    body.set("document", JSON.stringify(drawn));
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      await this.read(answer, plan, drawn);
    } catch {
      this.fail(this.words.offline);
    } finally {
      this.isSending = false;
    }
  }

  async read(answer, plan, drawn) {
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson) return this.fail(answer.redirected ? this.words.signed_out : this.words.failed);
    const told = await answer.json();
    if (answer.ok) {
      this.base = told.version;
      this.from = drawn;
      this.store.saved = plan;
      this.showProblems("", []);
      this.editor.part("conflict").hidden = true;
      this.editor.saved(told.version);
    } else if (answer.status === 409) this.overtaken(told);
    else this.showProblems(told.text, told.problems);
  }

  fail(text) {
    this.showProblems(text, []);
  }

  /** What is wrong, each sentence leading to its booth. */
  showProblems(text, problems) {
    const box = this.editor.part("problems");
    box.hidden = !text;
    this.editor.part("problem-text").textContent = text;
    const wrong = new Set();
    const items = problems.map((problem) => {
      const item = document.createElement("li");
      const place = problem.place.match(/^(booths|features)\[(\d+)\]/);
      const thing = place && this.store.plan[place[1]][Number(place[2])];
      if (!thing) item.textContent = problem.text;
      else {
        wrong.add(thing.id);
        const button = document.createElement("button");
        button.type = "button";
        button.className = "as-link";
        button.textContent = problem.text;
        button.addEventListener("click", () => this.editor.goTo(thing.id));
        item.append(button);
      }
      return item;
    });
    this.editor.part("problem-list").replaceChildren(...items);
    this.editor.setProblems(wrong);
    this.editor.showState();
    if (text) box.focus();
  }

  overtaken(told) {
    this.theirs = told;
    const items = told.changes.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    });
    this.editor.part("changes").replaceChildren(...items);
    this.editor.part("both").textContent = "";
    const box = this.editor.part("conflict");
    box.hidden = false;
    this.editor.showState();
    box.focus();
  }

  /** Put my changes on top of theirs; nothing is sent before the button is pressed again. */
  merge() {
    const { plan, both } = mergePlans(this.from, this.store.document, this.theirs.document);
    this.base = this.theirs.version;
    this.from = this.theirs.document;
    this.store.change(this.store.identify(plan));
    this.editor.part("conflict").hidden = true;
    const text = both.length
      ? this.words.merged_both.replace("NAMES", both.map((name) => this.shown(name)).join(", "))
      : this.words.merged;
    this.editor.say(text);
  }

  /** A booth's code as it is; a field or a thing in words. */
  shown(name) {
    if (name.startsWith("{")) return JSON.parse(name).name_vi || this.words.feature;
    return this.words.fields[name] ?? name;
  }

  takeTheirs() {
    this.base = this.theirs.version;
    this.from = this.theirs.document;
    this.store.change(this.store.identify(this.theirs.document));
    this.store.saved = this.store.plan;
    this.editor.part("conflict").hidden = true;
    this.editor.saved(this.base);
  }
}
