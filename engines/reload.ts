// A reload that cannot break what runs: the new files are checked first, and the engines are asked whether they took them.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { request } from 'undici';
import { createSystemClock } from '../common/clock.ts';
import { AppError, errorText } from '../common/errors.ts';
import type { Engines } from './find-engines.ts';
import { renderConfig } from './render-config.ts';
import { countRules, prepareRules } from './rules/check-files.ts';
import { isAlive, readRunState } from './run-state.ts';
import { reachableAt } from './stack-settings.ts';

const run = promisify(execFile);

const TAKEN_WITHIN_MS = 10_000;

export interface ReloadInput {
  readonly checkout: string;
  readonly dataDir: string;
  readonly engines: Pick<Engines, 'promtool' | 'amtool'>;
  readonly say: (line: string) => void;
  readonly takenWithinMs?: number;
}

/** Returns why the reload was refused, in words for people; `undefined` when both engines run on the new files. */
export async function reloadEngines(input: ReloadInput): Promise<string | undefined> {
  const { checkout, dataDir, engines, say, takenWithinMs = TAKEN_WITHIN_MS } = input;
  const state = readRunState(dataDir);
  const prometheusPid = state?.pids.prometheus;
  const alertmanagerPid = state?.pids.alertmanager;
  if (!state || prometheusPid === undefined || alertmanagerPid === undefined || !isAlive(prometheusPid)) {
    return `nothing runs on ${dataDir}: the rules will be read at the next npm start`;
  }
  const { files, faults, said } = await prepareRules(engines.promtool, join(checkout, 'prometheus'));
  for (const line of said) say(`✓ ${line}`);
  if (faults.length > 0) return `not reloaded, what ran before goes on:\n${faults.join('\n')}`;
  try {
    const config = renderConfig({ checkout, dataDir, ...state }, state.webhookTokenFile);
    await check(engines.promtool, ['check', 'config', config.prometheus]);
    await check(engines.amtool, ['check-config', config.alertmanager]);
  } catch (error) {
    return `not reloaded, what ran before goes on:\n${errorText(error)}`;
  }
  say(`✓ ${files.length} rule files, ${countRules(files)} rules: no fault found`);
  const askedAt = createSystemClock().wallNow() / 1_000;
  process.kill(prometheusPid, 'SIGHUP');
  process.kill(alertmanagerPid, 'SIGHUP');
  for (const name of ['prometheus', 'alertmanager'] as const) {
    if (!(await hasTaken(`http://${reachableAt(state.addresses[name])}/metrics`, name, askedAt, takenWithinMs))) {
      return `${name} did not take the new configuration: see ${join(dataDir, 'logs', `${name}.log`)}`;
    }
    say(`✓ ${name}: reloaded`);
  }
  return undefined;
}

async function check(program: string, args: readonly string[]): Promise<void> {
  try {
    await run(program, [...args], { timeout: 60_000 });
  } catch (error) {
    throw new AppError('CONFIG_INVALID', printedBy(error) || errorText(error), { cause: error });
  }
}

/** What a failed program printed: promtool complains on standard error and says on standard output where. */
function printedBy(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const stdout = 'stdout' in error ? String(error.stdout) : '';
  const stderr = 'stderr' in error ? String(error.stderr) : '';
  return `${stderr}${stdout}`.trim();
}

/** Both engines export when they last read their configuration with success; a second's slack, because it is a whole number there. */
async function hasTaken(
  metricsUrl: string,
  engine: string,
  askedAtSeconds: number,
  withinMs: number,
): Promise<boolean> {
  const series = new RegExp(`^${engine}_config_last_reload_success_timestamp_seconds (\\S+)$`, 'm');
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 200) {
    await delay(200);
    try {
      const text = await (await request(metricsUrl)).body.text();
      if (Number(series.exec(text)?.[1]) >= Math.floor(askedAtSeconds)) return true;
    } catch {
      // It may be reading its configuration right now; the next look tells.
    }
  }
  return false;
}
