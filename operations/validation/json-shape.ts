// The shape of a JSON answer: which fields there are and of which kind, whatever their values. Pure.

/** `a.b[].c` → kinds seen there, joined by `|`: `number`, `string`, `boolean`, `null`, `object`, `array`. */
export type JsonShape = Readonly<Record<string, string>>;

export function shapeOf(value: unknown): JsonShape {
  const kinds = new Map<string, Set<string>>();
  walk(value, '$', kinds);
  return toShape(kinds);
}

/** One shape of several answers: a field that is a number once and null another time is both. */
export function mergeShapes(shapes: readonly JsonShape[]): JsonShape {
  const kinds = new Map<string, Set<string>>();
  for (const shape of shapes) {
    for (const [path, seen] of Object.entries(shape)) for (const kind of seen.split('|')) add(kinds, path, kind);
  }
  return toShape(kinds);
}

/** In words, what is different in the later one. A kind that was seen before need not be seen again. */
export function compareShapes(before: JsonShape, after: JsonShape): readonly string[] {
  const missing = Object.keys(before).filter((path) => !(path in after) && !isBelowEmptied(path, after));
  const added = Object.keys(after).filter((path) => !(path in before));
  const changed = Object.entries(after).filter(([path, kinds]) => {
    const known = before[path]?.split('|');
    return known !== undefined && kinds.split('|').some((kind) => !known.includes(kind));
  });
  return [
    ...missing.map((path) => `${path} is gone`),
    ...added.map((path) => `${path} is new (${after[path]})`),
    ...changed.map(([path, kinds]) => `${path} was ${before[path]} and is ${kinds}`),
  ];
}

/** Below a list that is empty now nothing can be seen; that is no change of shape. */
function isBelowEmptied(path: string, after: JsonShape): boolean {
  const list = path.lastIndexOf('[]');
  if (list < 0) return false;
  const parent = path.slice(0, list);
  return (after[parent] === 'array' && !(`${parent}[]` in after)) || isBelowEmptied(parent, after);
}

function walk(value: unknown, path: string, kinds: Map<string, Set<string>>): void {
  if (Array.isArray(value)) {
    add(kinds, path, 'array');
    for (const item of value) walk(item, `${path}[]`, kinds);
  } else if (typeof value === 'object' && value !== null) {
    add(kinds, path, 'object');
    for (const [name, field] of Object.entries(value)) walk(field, `${path}.${name}`, kinds);
  } else {
    add(kinds, path, value === null ? 'null' : typeof value);
  }
}

function add(kinds: Map<string, Set<string>>, path: string, kind: string): void {
  const seen = kinds.get(path);
  if (seen) seen.add(kind);
  else kinds.set(path, new Set([kind]));
}

function toShape(kinds: Map<string, Set<string>>): JsonShape {
  return Object.fromEntries([...kinds].map(([path, seen]) => [path, [...seen].toSorted().join('|')]));
}
