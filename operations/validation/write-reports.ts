// Both reports of a validation beside each other: `NAME.xml` for machines, `NAME.html` for people.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Validation } from './checkpoint.ts';
import { toHtml } from './html-report.ts';
import { toJunit } from './junit-report.ts';

/** @param directory `DATA_DIR/reports` unless told otherwise @returns the path of the page for people */
export function writeReports(
  dataDir: string,
  validation: Validation,
  directory: string = join(dataDir, 'reports'),
  name = 'validation',
): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${name}.xml`), toJunit(validation));
  const page = join(directory, `${name}.html`);
  writeFileSync(page, toHtml(validation));
  return page;
}
