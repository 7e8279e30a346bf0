// Numbers and rows of booths: the same rules as booths/floor/numbering.py and rows.py.

import { bottom, right } from "./geometry.js";

/** The first `count` codes of a rule {letters, first, step, digits, skipped}. */
function codesOf(rule, count) {
  const codes = [];
  for (let number = rule.first; codes.length < count; number += rule.step) {
    const written = String(number).padStart(rule.digits, "0");
    if (!rule.skipped.some((ending) => written.endsWith(ending))) codes.push(rule.letters + written);
  }
  return codes;
}

/** The booths in the order in which the rule {corner, order} counts them. */
function inCountingOrder(booths, rule) {
  const byColumns = rule.order.startsWith("columns");
  const isSnake = rule.order.endsWith("snake");
  const fromRight = rule.corner.endsWith("right");
  const fromBottom = rule.corner.startsWith("bottom");
  const [backwards, upwards] = byColumns ? [fromBottom, fromRight] : [fromRight, fromBottom];
  const across = (booth) => (byColumns ? 2 * booth.x + booth.width : 2 * booth.y + booth.height);
  const along = (booth) => (byColumns ? booth.y : booth.x);
  const isInLine = (booth, leader) => {
    const [near, far] = byColumns ? [leader.x, right(leader)] : [leader.y, bottom(leader)];
    return 2 * near < across(booth) && across(booth) < 2 * far;
  };
  const lines = [];
  const sorted = [...booths].sort((one, two) => (across(one) - across(two)) * (upwards ? -1 : 1));
  for (const booth of sorted) {
    const line = lines.at(-1);
    if (line && isInLine(booth, line[0])) line.push(booth);
    else lines.push([booth]);
  }
  return lines.flatMap((line, place) => {
    const turned = backwards !== (isSnake && place % 2 === 1);
    return line.sort((one, two) => (along(one) - along(two)) * (turned ? -1 : 1));
  });
}

/** From each booth's id to the code that the rule gives it. */
export function newCodes(booths, rule) {
  const ordered = inCountingOrder(booths, rule);
  const codes = codesOf(rule, ordered.length);
  return new Map(ordered.map((booth, place) => [booth.id, codes[place]]));
}

/** The booths of a row, without ids: `spec` has the fields of the form “Add a row of booths”. */
export function makeRow(spec) {
  const laid = [];
  for (let row = 0; row < spec.rows; row++) {
    for (let column = 0; column < spec.columns; column++) {
      const aisles = spec.aisle_every ? Math.floor(column / spec.aisle_every) : 0;
      laid.push({
        id: `${row}/${column}`,
        code: "",
        zone: spec.zone,
        x: spec.x + column * spec.width + aisles * spec.aisle,
        y: spec.y + row * (spec.height + spec.row_gap),
        width: spec.width,
        height: spec.height,
        power_kw: spec.power_kw,
        water: spec.water,
        cold: spec.cold,
        cooking: spec.cooking,
        groups: spec.groups,
      });
    }
  }
  const codes = newCodes(laid, spec);
  return laid.map(({ id, ...booth }) => ({ ...booth, code: codes.get(id) }));
}

/** The first code that is not taken, counting on from `code`: after A09 comes A10. */
export function freeCode(code, taken) {
  const [, letters, digits] = code.match(/^(.*?)(\d*)$/);
  for (let number = Number(digits || "1") + 1; ; number++) {
    const next = letters + String(number).padStart(digits.length, "0");
    if (!taken.has(next)) return next;
  }
}
