// The short hash by which a table of thresholds is recognised. The rules carry the hash of the table they were rendered from,
// the exporter publishes that of the table as it is now: where they differ, an edit is not in force yet.
import { createHash } from 'node:crypto';

/** @param text the table as it stands in its file; comments, empty lines and trailing blanks change nothing */
export function hashThresholdTable(text: string): string {
  const said = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd())
    .filter((line) => line !== '');
  return createHash('sha256').update(said.join('\n')).digest('hex').slice(0, 12);
}
