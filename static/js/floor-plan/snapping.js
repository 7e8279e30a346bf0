// Where things come to lie: on the grid of the chosen step, or flush with what stands nearby.

import { around, bottom, right } from "./geometry.js";

const NEAR = 9; // pixels within which an edge draws another one to itself

export const toStep = (length, step) => Math.round(length / step) * step;

/** Edges of the things that stay where they are, for lining up with. */
export function edgesOf(things, plan) {
  const xs = new Set([0, plan.width]);
  const ys = new Set([0, plan.height]);
  for (const thing of things) {
    xs.add(thing.x).add(right(thing));
    ys.add(thing.y).add(bottom(thing));
  }
  return { xs: [...xs], ys: [...ys] };
}

/**
 * How far `things` really move if the hand moved by dx, dy, and the lines they snap to.
 */
export function snapMove(things, dx, dy, { step, edges, scale }) {
  const box = around(things);
  const x = snapAxis(box.x + dx, box.width, edges?.xs, step, NEAR / scale);
  const y = snapAxis(box.y + dy, box.height, edges?.ys, step, NEAR / scale);
  return {
    dx: Math.max(0, x.place) - box.x,
    dy: Math.max(0, y.place) - box.y,
    guides: { x: x.line, y: y.line },
  };
}

function snapAxis(place, length, lines, step, near) {
  let best = { place: toStep(place, step), line: undefined };
  let least = near;
  for (const line of lines ?? []) {
    for (const start of [line, line - length]) {
      const away = Math.abs(start - place);
      if (away < least) [least, best] = [away, { place: start, line }];
    }
  }
  return best;
}
