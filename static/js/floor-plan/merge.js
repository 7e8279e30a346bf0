// Two people have drawn on the same version: what only one of them changed is kept from both.

const same = (one, two) => JSON.stringify(one) === JSON.stringify(two);

/**
 * Three documents in, one out: `mine` and `theirs`, both begun from `base`. Where both changed the
 * same thing, mine stands, and its name is in `both`.
 */
export function mergePlans(base, mine, theirs) {
  const both = [];
  const merged = { ...theirs };
  for (const field of ["width", "height", "outline", "picture"]) {
    if (!same(mine[field], base[field])) {
      if (!same(theirs[field], base[field]) && !same(theirs[field], mine[field])) both.push(field);
      merged[field] = mine[field];
    }
  }
  const keys = {
    zones: (zone) => zone.code,
    booths: (booth) => booth.code,
    corrections: (pair) => `${pair.first} + ${pair.second}`,
    // A thing in the hall has no code: it is what it says, so one that was moved is another one.
    features: (feature) => JSON.stringify(feature),
  };
  for (const [list, key] of Object.entries(keys))
    merged[list] = mergeLists(base[list], mine[list], theirs[list], key, both);
  return { plan: merged, both };
}

function mergeLists(base, mine, theirs, key, both) {
  const [before, wanted, stored] = [base, mine, theirs].map(
    (list) => new Map(list.map((thing) => [key(thing), thing])),
  );
  const merged = [];
  for (const [name, thing] of stored) {
    const [old, own] = [before.get(name), wanted.get(name)];
    if (same(own, old)) merged.push(thing);
    else {
      if (!same(thing, old) && !same(thing, own)) both.push(name);
      if (own) merged.push(own);
    }
  }
  for (const [name, own] of wanted) {
    if (stored.has(name)) continue;
    // They took it away: it stays away unless I have changed it.
    if (before.has(name) && same(own, before.get(name))) continue;
    if (before.has(name)) both.push(name);
    merged.push(own);
  }
  return merged;
}
