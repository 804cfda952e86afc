// The snapshot from before the first start, kept until the stop that is compared with it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Type from 'typebox';
import { Check } from 'typebox/value';
import type { Snapshot } from './snapshot.ts';

const Lines = Type.Array(Type.String());
const Schema = Type.Object({
  processes: Lines,
  ports: Lines,
  containers: Lines,
  networks: Lines,
  volumes: Lines,
  files: Lines,
});

/** Beside the state of the stack and not in it, so that removing that state keeps the proof. */
const pathIn = (dataDir: string) => join(dataDir, 'operations', 'host-before.json');

export function keepSnapshot(dataDir: string, snapshot: Snapshot): void {
  mkdirSync(dirname(pathIn(dataDir)), { recursive: true });
  writeFileSync(pathIn(dataDir), `${JSON.stringify(snapshot, null, 2)}\n`);
}

export function readSnapshot(dataDir: string): Snapshot | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(pathIn(dataDir), 'utf8'));
    return Check(Schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function dropSnapshot(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true });
}
