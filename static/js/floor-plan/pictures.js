// The picture under the plan: uploaded, laid over the hall, and shown or hidden while tracing.

export class Pictures {
  constructor(editor) {
    this.editor = editor;
    this.store = editor.store;
    this.form = editor.querySelector("form[data-picture]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.send();
    });
    for (const input of this.form.querySelectorAll("[data-box]"))
      input.addEventListener("change", () => this.lay(input));
    this.form.querySelector("[data-shown]").addEventListener("change", (event) => {
      editor.view.isTracing = event.target.checked;
      editor.view.drawPicture(this.store.plan.picture);
    });
    this.form.querySelector("[data-drop]").addEventListener("click", () => {
      this.store.change({ ...this.store.plan, picture: null });
    });
    this.store.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    const { picture } = this.store.plan;
    this.form.querySelector("[data-laid]").hidden = !picture;
    if (!picture) return;
    for (const input of this.form.querySelectorAll("[data-box]"))
      if (input !== document.activeElement) input.value = picture[input.dataset.box] / 10;
  }

  async send() {
    const { words } = this.editor.facts;
    let told;
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form) });
      told = await answer.json();
      if (!answer.ok) throw new Error(told.text);
    } catch (error) {
      return this.editor.say(told ? error.message : words.failed);
    }
    this.editor.facts.pictures.push(told);
    const { plan } = this.store;
    const scale = Math.min(plan.width / told.width, plan.height / told.height);
    const [width, height] = [told.width * scale, told.height * scale].map((side) => Math.max(1, Math.round(side)));
    this.store.change({ ...plan, picture: { number: told.number, x: 0, y: 0, width, height } });
  }

  /** Width and height go together, so that the picture is not squeezed. */
  lay(input) {
    const length = Math.round(Number(input.value) * 10);
    const { plan } = this.store;
    if (!plan.picture || !(length >= (input.dataset.box === "width" ? 1 : 0))) return;
    const picture = { ...plan.picture, [input.dataset.box]: length };
    if (input.dataset.box === "width")
      picture.height = Math.max(1, Math.round((plan.picture.height * length) / plan.picture.width));
    this.store.change({ ...plan, picture });
  }
}
