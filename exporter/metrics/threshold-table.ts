// Which table of thresholds lies on disk: the rules carry the hash of the one they were rendered from, and compare.
import { readFileSync, statSync } from 'node:fs';
import type { Registry } from 'prom-client';
import { hashThresholdTable } from '../../common/threshold-table-hash.ts';
import { registerGauge } from './snapshot-metric.ts';

/** @param hash of the table as it is now; `undefined` where nobody said which file it is */
export function registerThresholdTable(registry: Registry, hash: (() => string) | undefined): void {
  registerGauge(registry, {
    name: 'derivatives_threshold_table_info',
    help: '1, with the hash of the table of thresholds as it is on disk now (THRESHOLDS_FILE), comments left out; unreadable where it cannot be read.',
    labelNames: ['hash'],
    *read() {
      if (hash) yield { labels: { hash: hash() }, value: 1 };
    },
  });
}

/** Reads the file again only when it has changed. */
export function watchThresholdTable(path: string): () => string {
  let known = { mark: '', hash: '' };
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const mark = `${mtimeMs} ${size} ${ino}`;
      if (mark !== known.mark) known = { mark, hash: hashThresholdTable(readFileSync(path, 'utf8')) };
      return known.hash;
    } catch {
      return 'unreadable';
    }
  };
}
