// What a running stack leaves in `run/state.json` for `npm run reload` and for the next start.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { type NativeSettings, SERVICE_NAMES } from './stack-settings.ts';

const perService = <Field extends Type.TSchema>(field: Field) =>
  Type.Object({ exporter: field, 'alert-bridge': field, prometheus: field, alertmanager: field });

const Schema = Type.Object({
  pids: Type.Partial(perService(Type.Integer({ minimum: 1 }))),
  addresses: perService(Type.Object({ host: Type.String(), port: Type.Integer() })),
  environmentLabel: Type.String(),
  webhookTokenFile: Type.String(),
});

export type RunState = Static<typeof Schema>;

export function writeRunState({ dataDir }: Pick<NativeSettings, 'dataDir'>, state: RunState): void {
  const path = statePath(dataDir);
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** `undefined` where no stack has run, or the file is not ours to understand. */
export function readRunState(dataDir: string): RunState | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(statePath(dataDir), 'utf8'));
    return Check(Schema, state) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** The programs of a supervisor that was killed end within 5 s: a start right after it waits for them instead of failing. */
export async function waitForLeftovers(dataDir: string, log: (line: string) => void, limitMs = 6_000): Promise<void> {
  const state = readRunState(dataDir);
  const left = () => SERVICE_NAMES.filter((name) => isAlive(state?.pids[name]));
  if (left().length > 0) log(`waiting for ${left().join(', ')} of the last run to end …`);
  for (let waitedMs = 0; waitedMs < limitMs && left().length > 0; waitedMs += 100) await delay(100);
}

export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function statePath(dataDir: string): string {
  return join(dataDir, 'run', 'state.json');
}
