// Watches the table of thresholds beside a running stack: a good edit is taken over at once, a faulty one is explained and what
// runs goes on.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../common/errors.ts';
import { hashThresholdTable } from '../common/threshold-table-hash.ts';

const INTERVAL_MS = 1_000;

export interface TableWatchOptions {
  /** The table, `prometheus/thresholds.yml`. */
  readonly path: string;
  /** Renders and reloads; returns why it did not, in words for people. */
  readonly reload: () => Promise<string | undefined>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly intervalMs?: number;
}

/** Runs until the signal aborts. What is there at the call counts as being in force. */
export async function watchTable({ path, reload, say, signal, intervalMs = INTERVAL_MS }: TableWatchOptions) {
  let taken = hashOf(path);
  let before = taken;
  while (!signal.aborted) {
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
    const present = hashOf(path);
    // Twice the same, because an editor may be in the middle of writing.
    const isSettled = present === before;
    before = present;
    if (signal.aborted || !isSettled || present === taken) continue;
    taken = present;
    say(`${path} was edited:`);
    const failure = await reload().catch(errorText);
    if (failure !== undefined) say(`✗ thresholds: ${failure}`);
  }
}

function hashOf(path: string): string | undefined {
  try {
    return hashThresholdTable(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
