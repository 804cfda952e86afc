// The table of thresholds in containers: an edit counts after the one command of docs/deployment.md, and not before.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './claims.ts';
import type { ComposeProject } from './engine.ts';

/** @param query values of an expression in the stack's Prometheus */
export async function tableCounts(
  project: ComposeProject,
  checkout: string,
  query: (expression: string) => Promise<readonly number[]>,
): Promise<string | undefined> {
  const path = join(checkout, 'prometheus', 'thresholds.yml');
  const shipped = readFileSync(path, 'utf8');
  const reload = async () => {
    const { code, text } = await project.compose('run', '--rm', 'render');
    if (code === 0) await project.compose('exec', '-T', 'prometheus', 'sh', '-c', 'kill -HUP 1');
    return code === 0 ? undefined : text;
  };
  try {
    writeFileSync(path, shipped.replace('500000 ', '600000 '));
    const isStale = 'derivatives_threshold_table_info unless on (hash) threshold:table:loaded';
    await waitFor('the exporter tells of the edit', 60_000, async () =>
      (await query(isStale))[0] === 1 ? true : undefined,
    );
    const refused = await reload();
    if (refused !== undefined) return refused;
    const threshold = 'symbol:cascade_value_usd:threshold{symbol="BTC"}';
    await waitFor('the edit counts', 60_000, async () => ((await query(threshold))[0] === 600_000 ? true : undefined));
    writeFileSync(path, shipped.replace('500000 ', '-1 '));
    const told = await reload();
    return told?.includes('is negative') ? undefined : `a faulty table was taken: ${told}`;
  } finally {
    writeFileSync(path, shipped);
    await reload();
  }
}
