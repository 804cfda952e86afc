// The verdict of the observing stage: memory stays level, nothing in the first hour was false, people find alerts right.
// Pure: what was measured comes in.
import { type CheckResult, critical, ok, warning } from '../check-result.ts';

export interface Observed {
  /** Since the canary was deployed. */
  readonly hours: number;
  readonly wantedHours: number;
  /** Standard deviation of the memory of exporter and bridge over its mean; `undefined` where Prometheus does not know. */
  readonly memoryVariation: number | undefined;
  readonly alerts: readonly JudgedAlert[];
}

export interface JudgedAlert {
  readonly name: string;
  /** Since the canary was deployed, when it began. */
  readonly afterHours: number;
  /** People who called it useful, and useless. */
  readonly useful: number;
  readonly useless: number;
}

const MEMORY_LIMIT = 0.05;
const LEAST_ACCURACY = 0.95;
const JUDGE_THEM = 'judge them with the buttons below the messages, or have the user representative sign for each';

export function judgeObserving(observed: Observed): readonly CheckResult[] {
  return [judgeTime(observed), judgeMemory(observed), judgeFirstHour(observed), judgeAccuracy(observed)];
}

function judgeTime({ hours, wantedHours }: Observed): CheckResult {
  const name = 'observed long enough';
  const seen = `${describeHours(hours)} of ${describeHours(wantedHours)}`;
  if (hours >= wantedHours) return ok(name, seen);
  return critical(name, seen, `check again in ${describeHours(wantedHours - hours)}`);
}

function judgeMemory({ memoryVariation }: Observed): CheckResult {
  const name = 'memory stays level';
  if (memoryVariation === undefined) {
    return critical(name, 'Prometheus has no memory of exporter and bridge', 'did it run all the time?');
  }
  const seen = `varied by ${percent(memoryVariation)} of its mean (limit ${percent(MEMORY_LIMIT)})`;
  return memoryVariation < MEMORY_LIMIT ? ok(name, seen) : critical(name, seen, 'look at memory on the dashboard');
}

function judgeFirstHour({ alerts }: Observed): CheckResult {
  const name = 'no false alert in the first hour';
  const first = alerts.filter(({ afterHours }) => afterHours < 1);
  const wrong = first.filter(isFalse);
  if (wrong.length > 0) {
    return critical(name, wrong.map((alert) => alert.name).join(', '), 'raise its threshold, and begin again');
  }
  const unjudged = first.filter((alert) => !isJudged(alert)).length;
  if (unjudged > 0) return warning(name, `${unjudged} of ${first.length} were judged by nobody`, JUDGE_THEM);
  return ok(name, first.length === 0 ? 'there was none at all' : `${first.length}, none of them false`);
}

function judgeAccuracy({ alerts }: Observed): CheckResult {
  const name = 'alerts are right';
  const judged = alerts.filter(isJudged);
  if (alerts.length === 0) return ok(name, 'there was none to judge');
  if (judged.length === 0) return warning(name, `none of ${alerts.length} was judged by anybody`, JUDGE_THEM);
  const accuracy = judged.filter((alert) => !isFalse(alert)).length / judged.length;
  const seen = `${percent(accuracy)} of ${judged.length} judged ones, ${alerts.length} in all (more than ${percent(LEAST_ACCURACY)})`;
  return accuracy > LEAST_ACCURACY ? ok(name, seen) : critical(name, seen, 'tune the thresholds: docs/backtest.md');
}

const isJudged = ({ useful, useless }: JudgedAlert): boolean => useful + useless > 0;
const isFalse = ({ useful, useless }: JudgedAlert): boolean => useless > useful;

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function describeHours(hours: number): string {
  if (hours < 1 / 60) return `${Math.round(hours * 3_600)} s`;
  return hours < 1 ? `${Math.round(hours * 60)} min` : `${hours.toFixed(1)} h`;
}
