// VictoriaMetrics as the compose file runs it, on loopback.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findVictoriaMetrics } from '../../engines/victoria-metrics.ts';
import { waitUntil } from '../support/waiting.ts';
import { CHECKOUT } from './alertmanagers.ts';
import { freePorts } from './free-ports.ts';
import { answers, type Member, startMember } from './member.ts';

/** `undefined` where the program is not there and cannot be fetched. */
export async function startHistory(t: Test): Promise<Member | undefined> {
  const search = { cacheDir: join(CHECKOUT, '.cache'), log: (line: string) => t.comment(line), mayFetch: true };
  const command = await findVictoriaMetrics(search);
  if (command === undefined) return undefined;
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const history = startMember(t, 'victoria-metrics', `http://127.0.0.1:${port}`, {
    command,
    args: [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${folder}`,
      '-retentionPeriod=12',
      '-dedup.minScrapeInterval=1s',
      '-memory.allowedBytes=96MB',
      // What arrived is to be read at once.
      '-search.latencyOffset=0s',
      '-loggerLevel=WARN',
    ],
    env: { PATH: process.env.PATH },
    cwd: CHECKOUT,
  });
  await waitUntil('VictoriaMetrics answers', () => answers(`${history.url}/health`), 60_000);
  return history;
}
