// What follows from where booths stand: the same rules as booths/floor/geometry.py, shown while drawing.

export const right = (box) => box.x + box.width;
export const bottom = (box) => box.y + box.height;

/** The smallest box around all boxes. */
export function around(boxes) {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map(right)) - x,
    height: Math.max(...boxes.map(bottom)) - y,
  };
}

/** Whether two boxes share floor; touching is not sharing. */
export function overlap(one, two) {
  return right(one) > two.x && right(two) > one.x && bottom(one) > two.y && bottom(two) > one.y;
}

// Across so many units of 10 cm people see both sides of an aisle; these hide nothing.
const AISLE = 40;
const OPEN = ["aisle", "entrance"];

/** Pairs that overlap or touch, or are at most `reach` apart; by a sweep from left to right. */
function meeting(booths, reach = 0) {
  const row = [...booths].sort((one, two) => one.x - two.x);
  const pairs = [];
  row.forEach((one, place) => {
    for (let next = place + 1; next < row.length && row[next].x <= right(one) + reach; next++) {
      const two = row[next];
      if (one.y <= bottom(two) + reach && two.y <= bottom(one) + reach) pairs.push([one, two]);
    }
  });
  return pairs;
}

export function findOverlaps(booths) {
  return meeting(booths).filter(([one, two]) => overlap(one, two));
}

/** The hall's corners, one after the other. */
export function cornersOf(plan) {
  if (plan.outline.length) return plan.outline;
  return [[0, 0], [plan.width, 0], [plan.width, plan.height], [0, plan.height]];
}

/** Whether the box stands within the outline; it may lean against a wall. */
export function isInside(box, corners) {
  const walls = corners.map((corner, place) => [corner, corners[(place + 1) % corners.length]]);
  return !walls.some((wall) => runsThrough(wall, box)) && isWithin(box, walls);
}

function runsThrough([[x1, y1], [x2, y2]], box) {
  if (Math.max(x1, x2) <= box.x || Math.min(x1, x2) >= right(box)) return false;
  if (Math.max(y1, y2) <= box.y || Math.min(y1, y2) >= bottom(box)) return false;
  const sides = [box.x, right(box)].flatMap((x) =>
    [box.y, bottom(box)].map((y) => (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)),
  );
  return Math.min(...sides) < 0 && Math.max(...sides) > 0;
}

function isWithin(box, walls) {
  const x = 2 * box.x + box.width;
  const y = 2 * box.y + box.height;
  let crossings = 0;
  for (const [[x1, y1], [x2, y2]] of walls) {
    if (2 * y1 > y === 2 * y2 > y) continue;
    const ahead = (2 * x1 - x) * (y2 - y1) + (y - 2 * y1) * (x2 - x1);
    if (ahead > 0 === y2 > y1) crossings += 1;
  }
  return crossings % 2 === 1;
}

/** The two codes as a key, the smaller first. */
export function pairKey(one, two) {
  return one < two ? `${one} ${two}` : `${two} ${one}`;
}

/**
 * Pairs of booths that see each other: true where they may be merged into one stand. They may if
 * they share a whole side along their row, in one zone; all others that touch are neighbours, and
 * so are those that face each other across an aisle.
 */
export function derivePairs(booths, features = []) {
  const touching = meeting(booths).map(([one, two]) => [one, two, commonSide(one, two)]);
  const rows = { x: rowLengths(booths, touching, "x"), y: rowLengths(booths, touching, "y") };
  const runs = (booth) => (rows.x.get(booth.code) >= rows.y.get(booth.code) ? "x" : "y");
  const pairs = new Map();
  for (const [one, two, side] of touching) {
    const isJoin = side !== "" && runs(one) === side && runs(two) === side;
    pairs.set(pairKey(one.code, two.code), { one, two, isJoin });
  }
  for (const [one, two] of facing(booths, features, rows))
    pairs.set(pairKey(one.code, two.code), { one, two, isJoin: false });
  return pairs;
}

/** Pairs across an aisle, their fronts opposite and nothing drawn between. */
function facing(booths, features, rows) {
  const walls = features.filter((each) => !OPEN.includes(each.kind));
  const near = meeting(booths, AISLE);
  const around = new Map(booths.map((booth) => [booth, [...walls]]));
  for (const [one, two] of near) {
    around.get(one).push(two);
    around.get(two).push(one);
  }
  const looks = (booth, axis) => {
    const [across, along] = [rows.x.get(booth.code), rows.y.get(booth.code)];
    return (across === 1 && along === 1) || axis === (across >= along ? "y" : "x");
  };
  return near.filter(([one, two]) =>
    ["x", "y"].some((axis) => {
      const between = gap(one, two, axis);
      return (
        between && looks(one, axis) && looks(two, axis) &&
        !around.get(one).some((other) => overlap(between, other))
      );
    }),
  );
}

function gap(one, two, axis) {
  const [left, far] = [Math.max(one.x, two.x), Math.min(right(one), right(two))];
  const [top, low] = [Math.max(one.y, two.y), Math.min(bottom(one), bottom(two))];
  if (axis === "y" && left < far && low < top)
    return { x: left, y: low, width: far - left, height: top - low };
  if (axis === "x" && top < low && far < left)
    return { x: far, y: top, width: left - far, height: low - top };
  return null;
}

function commonSide(one, two) {
  if (one.zone !== two.zone) return "";
  if (one.y === two.y && one.height === two.height && (right(one) === two.x || right(two) === one.x))
    return "x";
  if (one.x === two.x && one.width === two.width && (bottom(one) === two.y || bottom(two) === one.y))
    return "y";
  return "";
}

function rowLengths(booths, touching, axis) {
  const leader = new Map(booths.map((booth) => [booth.code, booth.code]));
  const lead = (code) => {
    while (leader.get(code) !== code) code = leader.get(code);
    return code;
  };
  for (const [one, two, side] of touching)
    if (side === axis) leader.set(lead(one.code), lead(two.code));
  const members = new Map();
  for (const booth of booths) members.set(lead(booth.code), (members.get(lead(booth.code)) ?? 0) + 1);
  return new Map(booths.map((booth) => [booth.code, members.get(lead(booth.code))]));
}

/** The pairs that follow from the places, as corrected by hand. */
export function finalPairs(plan) {
  const pairs = derivePairs(plan.booths, plan.features);
  const booths = new Map(plan.booths.map((booth) => [booth.code, booth]));
  for (const { first, second, kind } of plan.corrections) {
    const [one, two] = [booths.get(first), booths.get(second)];
    if (kind === "none") pairs.delete(pairKey(first, second));
    else if (one && two) pairs.set(pairKey(first, second), { one, two, isJoin: kind === "join" });
  }
  return pairs;
}
