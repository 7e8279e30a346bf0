// Fields of the page's forms, read and filled as the plan has them: metres become units of 10 cm.

const METRES = new Set(["x", "y", "width", "height", "aisle", "row_gap"]);
const WHOLE = new Set(["columns", "rows", "aisle_every", "first", "step", "digits"]);

/** The name of a field without its form's prefix. */
export const nameOf = (input) => input.name.slice(input.name.indexOf("-") + 1);

/** The value of one input as the plan has it; undefined if it cannot be. */
export function valueOf(input) {
  const name = nameOf(input);
  if (name === "groups") {
    const ticked = [...input.form.elements].filter((each) => each.name === input.name && each.checked);
    return ticked.map((each) => each.value).sort();
  }
  if (input.type === "checkbox") return input.checked;
  if (name === "skipped") return input.value.split(/[\s,]+/).filter((word) => /^\d+$/.test(word));
  if (METRES.has(name) || WHOLE.has(name) || name === "power_kw") {
    const number = Number(input.value.replace(",", "."));
    if (input.value.trim() === "" || !Number.isFinite(number) || !input.checkValidity()) return undefined;
    if (METRES.has(name)) return Math.round(number * 10);
    return WHOLE.has(name) ? Math.round(number) : Math.round(number * 10) / 10;
  }
  return input.value.trim();
}

/** All fields of a form; null if one of them cannot be, which is then shown by the browser. */
export function valuesOf(form) {
  if (!form.reportValidity()) return null;
  const values = {};
  for (const input of form.elements)
    if (input.name && input.type !== "hidden") values[nameOf(input)] = valueOf(input);
  return values;
}

/** Show `things` in a form: what they have in common, nothing where they differ. */
export function fill(form, things) {
  for (const input of form.elements) {
    if (!input.name || input.type === "hidden" || input === document.activeElement) continue;
    const name = nameOf(input);
    const values = things.map((thing) => thing[name]);
    const isShared = values.every((value) => String(value) === String(values[0]));
    if (name === "groups") {
      const having = values.filter((groups) => groups.includes(input.value)).length;
      input.checked = having === values.length && having > 0;
      input.indeterminate = having > 0 && having < values.length;
    } else if (input.type === "checkbox") {
      input.checked = isShared && values[0];
      input.indeterminate = !isShared;
    } else if (!isShared) input.value = "";
    else input.value = METRES.has(name) ? String(values[0] / 10) : String(values[0] ?? "");
  }
}

/** The entries of every list of zones on the page. */
export function fillZones(root, zones) {
  for (const select of root.querySelectorAll("select[name$='-zone']")) {
    const { value } = select;
    const options = zones.map((zone) => {
      const option = document.createElement("option");
      option.value = zone.code;
      option.textContent = `${zone.code} – ${zone.name_vi}`;
      return option;
    });
    select.replaceChildren(...options);
    select.value = zones.some((zone) => zone.code === value) ? value : (zones[0]?.code ?? "");
  }
}
