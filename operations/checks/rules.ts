// The rules as they stand on disk, by our own look: no promtool is needed, so a Docker host can do it before a start.
import { join } from 'node:path';
import { lookAtRules, ruleFilesIn } from '../../engines/rules/check-files.ts';
import { bringTableIntoForce } from '../../engines/rules/table-in-force.ts';
import { type CheckResult, critical, ok } from '../check-result.ts';

/** Renders the table of thresholds where that is wanted: what starts next reads the rules. */
export async function rulesCheck(checkout: string): Promise<CheckResult> {
  const folder = join(checkout, 'prometheus');
  const { faults, said } = bringTableIntoForce(folder);
  const files = ruleFilesIn(join(folder, 'rules'));
  const found = faults.length > 0 ? faults : lookAtRules(files);
  if (found.length > 0) {
    return critical('rules', found.join('\n'), 'mend what is named above; npm run check:rules looks closer');
  }
  return ok('rules', [`${files.length} files, thresholds that make sense`, ...said].join('; '));
}
