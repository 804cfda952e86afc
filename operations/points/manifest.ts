// The list of what a roll-back point holds. Written last: a folder without it is no point.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { AppError } from '../../common/errors.ts';
import { hashText } from './checksum.ts';
import { pointDirectory, pointsDirectory } from './point-name.ts';

const Schema = Type.Object({
  format: Type.Literal(1),
  name: Type.String(),
  reason: Type.String(),
  mode: Type.Union([Type.Literal('native'), Type.Literal('docker')]),
  /** ISO 8601, UTC. */
  createdAt: Type.String(),
  version: Type.String(),
  /** Absent where the checkout is no git clone. */
  git: Type.Optional(Type.Object({ commit: Type.String(), isDirty: Type.Boolean() })),
  images: Type.Array(Type.Object({ part: Type.String(), image: Type.String(), id: Type.String() })),
  /** Names of secrets that were there; never their values. */
  secrets: Type.Array(Type.String()),
  /** Absent where the bridge had none yet. */
  database: Type.Optional(Type.Object({ integrity: Type.String(), schema: Type.Integer() })),
  silences: Type.Integer(),
  files: Type.Array(Type.Object({ path: Type.String(), bytes: Type.Integer(), sha256: Type.String() })),
});

export type Manifest = Static<typeof Schema>;

const FILE = 'manifest.json';
const SEAL = 'manifest.sha256';

export function writeManifest(directory: string, manifest: Manifest): void {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(join(directory, SEAL), hashText(text));
  writeFileSync(join(directory, FILE), text);
}

/** @throws AppError POINT_UNKNOWN, or POINT_DAMAGED where the manifest itself was changed */
export function readManifest(dataDir: string, name: string): Manifest {
  const directory = pointDirectory(dataDir, name);
  let text: string;
  let seal: string;
  try {
    text = readFileSync(join(directory, FILE), 'utf8');
    seal = readFileSync(join(directory, SEAL), 'utf8');
  } catch (cause) {
    const known = listPoints(dataDir).map((point) => point.name);
    throw new AppError('POINT_UNKNOWN', `there is no roll-back point ${name}; known: ${known.join(', ') || 'none'}`, {
      cause,
    });
  }
  const manifest = parse(text);
  if (hashText(text) !== seal.trim() || manifest === undefined) {
    throw new AppError('POINT_DAMAGED', `${directory}: the manifest was changed since the point was taken`);
  }
  return manifest;
}

/** Oldest first; what is no point is passed over. */
export function listPoints(dataDir: string): readonly Manifest[] {
  return readNames(dataDir)
    .flatMap((name) => {
      const manifest = parse(readOrEmpty(join(pointsDirectory(dataDir), name, FILE)));
      return manifest === undefined ? [] : [manifest];
    })
    .toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
}

export const MANIFEST_FILES: readonly string[] = [FILE, SEAL];

function parse(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Check(Schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readNames(dataDir: string): readonly string[] {
  try {
    return readdirSync(pointsDirectory(dataDir)).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
