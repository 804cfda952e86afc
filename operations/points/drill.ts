// A fire drill: restores a point into a scratch place and lets the programs themselves say whether it would work. The running
// stack, its data and people's phones are not touched.
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnection } from '../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { createSystemClock } from '../../common/clock.ts';
import { errorText } from '../../common/errors.ts';
import { findEngines } from '../../engines/find-engines.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { renderConfig } from '../../engines/render-config.ts';
import { prepareDataDirectory } from '../../supervisor/preflight.ts';
import { type CheckResult, critical, lookAt, ok } from '../check-result.ts';
import { runOrThrow } from '../external.ts';
import type { Site } from '../stack/stack.ts';
import { runDrillStack } from './drill-stack.ts';
import { mergeOutbox } from './merge-outbox.ts';
import { pointDirectory } from './point-name.ts';
import { verifyPoint } from './verify.ts';

export interface Drill {
  readonly dataDir: string;
  readonly name: string;
  /** Also starts the restored stack on free ports and sends it a test webhook. */
  readonly isFull: boolean;
}

export async function drill(
  site: Site,
  { dataDir, name, isFull }: Drill,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'derivatives-alerts-drill-'));
  try {
    const verified = verifyPoint(dataDir, name);
    const checkout = extract(site, pointDirectory(dataDir, name), scratch);
    const looks = await lookAt([() => checkConfiguration(site, checkout), () => checkDatabase(scratch)]);
    const findings = [...verified, ...looks];
    if (!isFull || findings.some(({ level }) => level === 'critical')) return findings;
    return [...findings, ...(await runDrillStack(site, checkout, join(scratch, 'data'), signal))];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A checkout of its own with the point's files, and its data beside it. */
function extract({ checkout }: Site, point: string, scratch: string): string {
  const target = join(scratch, 'checkout');
  cpSync(join(point, 'files'), target, { recursive: true });
  symlinkSync(join(checkout, '.cache'), join(target, '.cache'));
  prepareDataDirectory(join(scratch, 'data'));
  const database = join(point, 'database', 'outbox.sqlite');
  if (existsSync(database)) copyFileSync(database, databaseOf(scratch));
  return target;
}

async function checkConfiguration({ checkout, say }: Site, extracted: string): Promise<CheckResult> {
  const name = 'restored configuration';
  try {
    const engines = await findEngines({ cacheDir: join(checkout, '.cache'), log: say });
    const dataDir = join(extracted, '..', 'data');
    const token = join(dataDir, 'secrets', 'webhook-token');
    writeFileSync(token, 'drill-drill-drill', { mode: 0o600 });
    const settings = { checkout: extracted, dataDir, addresses: await freeAddresses(), environmentLabel: 'drill' };
    const config = renderConfig(settings, token);
    await runOrThrow([engines.promtool, 'check', 'config', config.prometheus], 'CONFIG_INVALID');
    await runOrThrow([engines.amtool, 'check-config', config.alertmanager], 'CONFIG_INVALID');
    return ok(name, 'promtool and amtool accept it');
  } catch (error) {
    return critical(name, errorText(error), 'use another point: --list');
  }
}

/** Prepared as a real roll-back prepares it, then opened by the bridge's own code of this version. */
async function checkDatabase(scratch: string): Promise<CheckResult> {
  const name = 'restored database';
  const path = databaseOf(scratch);
  if (!existsSync(path)) return ok(name, 'the point holds none');
  try {
    const { expired } = mergeOutbox(path, undefined, createSystemClock().now());
    const connection = openConnection(path);
    const count = async (rows: string) =>
      (await connection.read((sql) => sql.get(`SELECT COUNT(*) AS count FROM ${rows}`)))?.count;
    const waiting = await count(`deliveries WHERE state IN ('pending', 'claimed')`);
    const chats = await count('chats');
    await connection.close();
    if (waiting !== 0)
      return critical(name, `${String(waiting)} old messages would be sent`, 'report this: it must not be');
    return ok(
      name,
      `opened by the bridge; ${String(chats)} chats known, ${expired} old messages ended, none would be sent`,
    );
  } catch (error) {
    return critical(name, errorText(error), 'use another point: --list');
  }
}

function databaseOf(scratch: string): string {
  return join(scratch, 'data', 'bridge', 'outbox.sqlite');
}
