// The forms beside the plan: what is chosen, a row to be added, numbers, zones, the hall.

import { derivePairs, finalPairs, pairKey } from "./geometry.js";
import { fill, fillZones, nameOf, valueOf, valuesOf } from "./fields.js";
import { withOutline } from "./handles.js";
import { makeRow, newCodes } from "./numbering.js";

export class Panel {
  constructor(editor) {
    this.editor = editor;
    this.store = editor.store;
    this.view = editor.view;
    this.words = editor.facts.words;
    this.root = editor.root;
    this.forms = {};
    for (const form of this.root.querySelectorAll("form[data-form]")) {
      this.forms[form.dataset.form] = form;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopPropagation();
        this.send(form.dataset.form, form, event.submitter);
      });
      form.addEventListener("change", (event) => this.edit(form.dataset.form, event.target));
      form.addEventListener("input", () => this.look(form.dataset.form, form));
      form.addEventListener("focusout", () => this.draw());
    }
    for (const details of this.root.querySelectorAll("details[data-panel]"))
      details.addEventListener("toggle", () => this.toggled(details));
    for (const event of ["change", "choice"]) this.store.addEventListener(event, () => this.draw());
    this.draw();
  }

  /** Show what is chosen, and all that depends on the plan. */
  draw() {
    const { plan, chosenBooths: booths, chosenFeatures: features } = this.store;
    if (plan.zones !== this.zones) {
      this.zones = plan.zones;
      fillZones(this.root, plan.zones);
      this.listZones(plan.zones);
    }
    this.part("nothing").hidden = booths.length + features.length > 0;
    this.part("booth").hidden = booths.length === 0;
    this.part("feature").hidden = booths.length > 0 || features.length === 0;
    for (const one of this.root.querySelectorAll("[data-single]"))
      one.hidden = booths.length + features.length !== 1;
    this.part("chosen").textContent = this.title(booths, features);
    if (booths.length) fill(this.forms.booth, booths);
    else if (features.length) fill(this.forms.feature, features);
    this.drawPair(booths);
    if (!this.forms.hall.contains(document.activeElement)) {
      fill(this.forms.hall, [{ ...plan, outline: "" }]);
      this.forms.hall.elements["hall-outline"].value = plan.outline
        .map((corner) => corner.map((length) => length / 10).join(" "))
        .join("\n");
    }
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  title(booths, features) {
    const things = [...booths, ...features];
    if (things.length !== 1) return this.words.chosen.replace("COUNT", things.length);
    if (features.length) return this.editor.facts.kinds[features[0].kind];
    const holder = this.editor.facts.held[booths[0].code];
    return `${this.words.booth} ${booths[0].code}${holder ? ` · ${holder}` : ""}`;
  }

  drawPair(booths) {
    const part = this.part("pair");
    part.hidden = booths.length !== 2;
    if (part.hidden) return;
    const key = pairKey(booths[0].code, booths[1].code);
    const { plan } = this.store;
    const corrected = plan.corrections.find((pair) => pairKey(pair.first, pair.second) === key);
    part.querySelector("select").value = corrected?.kind ?? "derived";
    const said = (pair) => (!pair ? this.words.none : pair.isJoin ? this.words.join : this.words.neighbour);
    part.querySelector("[data-derived]").textContent = said(derivePairs(plan.booths, plan.features).get(key));
    part.querySelector("[data-final]").textContent = said(finalPairs(plan).get(key));
  }

  listZones(zones) {
    const items = zones.map((zone) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "as-link";
      button.textContent = `${zone.code} – ${zone.name_vi}`;
      button.addEventListener("click", () => {
        this.zoneCode = zone.code;
        fill(this.forms.zone, [{ ...zone, group: zone.group ?? "" }]);
        this.forms.zone.elements["zone-code"].focus();
      });
      item.append(button);
      return item;
    });
    this.part("zones").replaceChildren(...items);
  }

  toggled(details) {
    const { panel } = details.dataset;
    if (panel === "hall") this.editor.setTool(details.open ? "hall" : "select");
    if (details.open) this.look(panel, this.forms[panel]);
    else this.view.ghosts([]);
  }

  /** A field of what is chosen was changed: all of them get the value. */
  edit(kind, input) {
    if (kind === "pair") {
      const [one, two] = this.store.chosenBooths;
      if (one && two) this.store.correct(one.code, two.code, input.value);
      return;
    }
    if (kind !== "booth" && kind !== "feature") return;
    const name = nameOf(input);
    const value = valueOf(input);
    if (value === undefined || !input.reportValidity()) return;
    const wanted = kind === "booth" ? this.store.chosenBooths : this.store.chosenFeatures;
    const ids = new Set(wanted.map((thing) => thing.id));
    if (name === "code") return this.store.recode(new Map([...ids].map((id) => [id, value])));
    const list = kind === "booth" ? "booths" : "features";
    const { plan } = this.store;
    this.store.change({
      ...plan,
      [list]: plan[list].map((thing) => (ids.has(thing.id) ? { ...thing, [name]: value } : thing)),
    });
  }

  /** Show what a form would do, before it does it. */
  look(kind, form) {
    if (kind === "row") {
      const values = form.checkValidity() ? valuesOf(form) : null;
      const row = values && values.columns * values.rows <= 2000 ? makeRow(values) : [];
      this.view.ghosts(row);
    }
    if (kind === "renumber") this.lookAtNumbers(form);
  }

  lookAtNumbers(form) {
    const values = form.checkValidity() ? valuesOf(form) : null;
    const booths = this.store.chosenBooths;
    const codes = values ? newCodes(booths, values) : new Map();
    const items = booths.slice(0, 200).map((booth) => {
      const item = document.createElement("li");
      item.textContent = `${booth.code} → ${codes.get(booth.id) ?? "?"}`;
      return item;
    });
    this.part("numbers").replaceChildren(...items);
    this.part("no-numbers").hidden = booths.length > 0;
  }

  send(kind, form, submitter) {
    if (kind === "booth" || kind === "feature" || kind === "pair") return;
    if (kind === "zone") return this.sendZone(form, submitter);
    if (kind === "hall") return this.sendHall(form);
    const values = valuesOf(form);
    if (!values) return;
    if (kind === "row") {
      if (!this.store.plan.zones.length) return this.editor.say(this.words.zone_first);
      if (values.columns * values.rows > 2000) return this.editor.say(this.words.too_many);
      const row = makeRow(values);
      this.view.ghosts([]);
      this.store.add({ booths: row });
      form.elements["row-first"].value = values.first + row.length * values.step;
      form.elements["row-y"].value = (values.y + values.rows * (values.height + values.row_gap) + 30) / 10;
      form.closest("details").open = false;
      this.editor.say(this.words.added.replace("COUNT", row.length));
    } else if (kind === "renumber") {
      this.store.recode(newCodes(this.store.chosenBooths, values));
      this.lookAtNumbers(form);
    }
  }

  sendZone(form, submitter) {
    const { plan } = this.store;
    if (submitter?.value === "remove") {
      if (plan.booths.some((booth) => booth.zone === this.zoneCode)) return this.editor.say(this.words.zone_used);
      this.store.change({ ...plan, zones: plan.zones.filter((zone) => zone.code !== this.zoneCode) });
      form.reset();
      return;
    }
    const values = valuesOf(form);
    if (!values) return;
    const zone = { ...values, name_en: values.name_en || values.name_vi, group: values.group || null };
    const isNew = submitter?.value === "add";
    if (plan.zones.some((each) => each.code === zone.code && (isNew || each.code !== this.zoneCode)))
      return this.editor.say(this.words.zone_twice.replace("CODE", zone.code));
    const old = this.zoneCode;
    const zones = isNew || !old ? [...plan.zones, zone] : plan.zones.map((each) => (each.code === old ? zone : each));
    // A zone's colour is its booths' colour: they are drawn anew.
    const booths = plan.booths.map((booth) =>
      booth.zone === (isNew ? zone.code : old) ? { ...booth, zone: zone.code } : booth,
    );
    this.store.change({ ...plan, zones, booths });
    this.zoneCode = zone.code;
  }

  sendHall(form) {
    const [width, height] = ["hall-width", "hall-height"].map((name) => valueOf(form.elements[name]));
    if (!form.reportValidity() || !width || !height) return;
    const lines = form.elements["hall-outline"].value.split("\n").filter((line) => line.trim());
    const outline = lines.map((line) => line.trim().split(/\s+/).map((word) => Math.round(Number(word.replace(",", ".")) * 10)));
    if (outline.some((corner) => corner.length !== 2 || corner.some((length) => !(length >= 0))))
      return this.editor.say(this.words.corners);
    const plan = { ...this.store.plan, width, height, outline: [] };
    this.store.change(outline.length ? withOutline(plan, outline) : plan);
    this.view.fit();
  }
}
