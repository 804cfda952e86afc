// Checksums of the configuration as it was deployed: the seal that the roll-back watcher compares with. Written by a start, a
// roll-back and a person who accepts an edit of theirs. The table of thresholds is left out, because it is there to be edited at
// any time; of its rendering no checksum is kept: it must be the rendering of a table, and nothing that was written by hand.
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { makeDirectory } from '../../common/make-directory.ts';
import { judgeRendering } from '../../engines/rules/table-in-force.ts';
import { hashText } from './checksum.ts';
import { withoutSecrets } from './env-file.ts';

const Schema = Type.Object({
  format: Type.Literal(1),
  /** ISO 8601, UTC. */
  sealedAt: Type.String(),
  /** Until then changes are expected, milliseconds since 1970. */
  openUntil: Type.Optional(Type.Number()),
  /** By path relative to the checkout. */
  files: Type.Record(Type.String(), Type.String()),
});
export type Seal = Static<typeof Schema>;

const SEALED = ['prometheus/**', 'alertmanager/**', 'grafana/**', 'docker/**', 'docker-compose*.yml', '.env'];
const RENDERED = 'prometheus/rules/thresholds.yml';
/** What `check:rules`, `reload` and a start write (`.before`, `.new`) is no more than what they made of the table. */
const LEFT_OUT = /^(docker\/secrets\/|prometheus\/(rules\/)?thresholds\.yml(\.before|\.new)?$)/;

const pathIn = (dataDir: string) => join(dataDir, 'operations', 'configuration-seal.json');

export function sealConfiguration(checkout: string, dataDir: string, now: number): Seal {
  const seal: Seal = { format: 1, sealedAt: new Date(now).toISOString(), files: hashConfiguration(checkout) };
  writeSeal(dataDir, seal);
  return seal;
}

/** Announces an edit: until then a change is nobody's breach. `undefined` where nothing is sealed yet. */
export function openSeal(dataDir: string, until: number): Seal | undefined {
  const seal = readSeal(dataDir);
  if (seal === undefined) return undefined;
  const open = { ...seal, openUntil: until };
  writeSeal(dataDir, open);
  return open;
}

/** `undefined` where nothing was sealed, or the file is not ours to understand. */
export function readSeal(dataDir: string): Seal | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(pathIn(dataDir), 'utf8'));
    return Check(Schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Paths that were changed, added or removed since. */
export function changedSince({ files }: Seal, checkout: string): readonly string[] {
  const present = hashConfiguration(checkout);
  const changed = [...new Set([...Object.keys(files), ...Object.keys(present)])].filter(
    (path) => files[path] !== present[path],
  );
  if (judgeRendering(join(checkout, 'prometheus')) === 'edited') changed.push(RENDERED);
  return changed.toSorted();
}

function hashConfiguration(checkout: string): Record<string, string> {
  const paths = globSync(SEALED, { cwd: checkout }).filter((path) => !LEFT_OUT.test(path));
  const hashes = paths.toSorted().flatMap((path) => {
    const file = join(checkout, path);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return [];
    const text = readFileSync(file, 'latin1');
    return [[path, hashText(path === '.env' ? withoutSecrets(text) : text)] as const];
  });
  return Object.fromEntries(hashes);
}

function writeSeal(dataDir: string, seal: Seal): void {
  const path = pathIn(dataDir);
  makeDirectory(dirname(path));
  writeFileSync(path, `${JSON.stringify(seal, null, 1)}\n`, { mode: 0o600 });
}
