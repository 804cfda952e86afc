// The rules as they stand on disk, by our own look: no promtool is needed, so a Docker host can do it before a start.
import { join } from 'node:path';
import { lookAtRules, ruleFilesIn } from '../../engines/rules/check-files.ts';
import { type CheckResult, critical, ok } from '../check-result.ts';

export async function rulesCheck(checkout: string): Promise<CheckResult> {
  const files = ruleFilesIn(join(checkout, 'prometheus', 'rules'));
  const faults = lookAtRules(files);
  if (faults.length === 0) return ok('rules', `${files.length} files, thresholds that make sense`);
  return critical('rules', faults.join('\n'), 'mend what is named above; npm run check:rules looks closer');
}
