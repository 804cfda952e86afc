// rollout status: where the roll-out of this commit stands, whose word is missing, and the next command. Pure but for text.
import { type CheckResult, describeCheckResults } from '../check-result.ts';
import { judgeSignoffs } from './judge-signoffs.ts';
import { describeSteps, nextStep, requirementsOf, type Situation } from './progress.ts';
import { nameOf } from './steps.ts';

export interface Status {
  readonly commit: string;
  readonly steps: readonly CheckResult[];
  readonly signoffs: readonly CheckResult[];
  /** In words; `undefined` when everything is done. */
  readonly next: string | undefined;
  readonly missing: readonly CheckResult[];
}

export function statusOf(situation: Situation): Status {
  const { ledger, plan } = situation;
  const signoffs = judgeSignoffs({ ...situation, ...ledger });
  const next = nextStep(situation);
  const missing = next === undefined ? [] : requirementsOf(next, situation);
  return {
    commit: ledger.commit,
    steps: describeSteps(situation).map(({ finding }) => finding),
    signoffs: signoffs.map(({ role, finding }) => {
      return { ...finding, name: `${finding.name} (before ${plan.roles[role].before})` };
    }),
    next: next === undefined ? undefined : nameOf(next),
    missing: missing.filter(({ level }) => level === 'critical'),
  };
}

export function describeStatus(
  { commit, steps, signoffs, next, missing }: Status,
  unreadable: readonly string[],
): string {
  // How to make a step stands once, at the end, and not below each.
  const short = steps.map(({ name, level, detail }) => ({ name, level, detail }));
  const lines = [
    `roll-out of commit ${commit.slice(0, 12)}`,
    '',
    describeCheckResults(short),
    '',
    describeCheckResults(signoffs),
    ...unreadable.map((path) => `! ${path} is no record and counts for nothing`),
    '',
  ];
  if (next === undefined) return [...lines, 'all done'].join('\n');
  const command = `npm run rollout -- ${next.startsWith('check') ? 'check' : 'deploy'}`;
  if (missing.length === 0) return [...lines, `next: ${next} (${command})`].join('\n');
  return [...lines, `next: ${next}, for which is missing: ${missing.map(({ name }) => name).join(', ')}`].join('\n');
}
