// What the watcher tells people: short lines for a phone, plain text. Pure.
import { PLANS, type Step, type Trigger } from './triggers.ts';

const STEP_WORDS: Readonly<Record<Step, string>> = {
  'hold-back': 'hold back alerts of low and medium priority',
  'stop-calling': 'stop calling the existing service',
  'roll-back': 'roll back',
};
const MAX_WHAT = 200;

export interface Event {
  readonly trigger: Trigger;
  readonly what: string;
}

/** First line of each message; names the environment where it is not production. */
const headed = (environment: string, line: string): string =>
  environment === 'production' ? line : `[${environment}] ${line}`;

export const clockTime = (at: number): string => `${new Date(at).toISOString().slice(11, 16)} UTC`;

export function tellStep(
  environment: string,
  event: Event,
  step: Step,
  outcome: string,
  next: Step | undefined,
): string {
  const { ladder } = PLANS[event.trigger];
  const icon =
    step === 'roll-back' ? '⏪ ROLLED BACK' : `⚠️ ROLL-BACK WATCH, step ${ladder.indexOf(step) + 1} of ${ladder.length}`;
  return [
    headed(environment, `${icon}: ${event.trigger}`),
    short(event.what),
    outcome,
    ...(next === undefined ? [] : [`If it lasts: ${STEP_WORDS[next]}.`]),
  ].join('\n');
}

export function tellOff(since: number): string {
  return `🔕 ALERTING IS OFF since ${clockTime(since)}. Start again: start_monitoring.sh`;
}

export function tellStillOff(environment: string, since: number, why: string, now: number): string {
  const hours = Math.max(1, Math.round((now - since) / 3_600_000));
  return [
    headed(environment, `🔕 ALERTING IS OFF since ${clockTime(since)} (${hours} h)`),
    `Automatic roll-back: ${short(why)}`,
    'Start again: start_monitoring.sh',
  ].join('\n');
}

export function tellOnAgain(environment: string): string {
  return headed(environment, '🔔 ALERTING IS ON again: the stack was started.');
}

export function tellHeld(environment: string, { trigger, what }: Event): string {
  return [
    headed(environment, `⏳ ROLL-BACK WAITS: ${trigger}`),
    short(what),
    'The market is in a cascade: alerting stays on until it is over.',
  ].join('\n');
}

export function tellNotAllowed(environment: string, { trigger, what }: Event): string {
  return [
    headed(environment, `👀 ROLL-BACK WATCH: ${trigger}`),
    short(what),
    `Nothing is done: AUTO_ROLLBACK does not name ${trigger}. By hand: rollback.sh --to original`,
  ].join('\n');
}

export function tellOver(environment: string, { trigger }: Event, hasStoppedCalling: boolean): string {
  return [
    headed(environment, `✅ ROLL-BACK WATCH: ${trigger} is over`),
    'Alerts of every priority are sent again.',
    ...(hasStoppedCalling ? ['The existing service is not called until the next start.'] : []),
  ].join('\n');
}

export function tellFailed(environment: string, event: Event, step: Step, why: string): string {
  return [
    headed(environment, `🆘 ROLL-BACK WATCH: could not ${STEP_WORDS[step]}`),
    `${event.trigger}: ${short(event.what)}`,
    short(why),
    ...(step === 'roll-back' ? ['Act by hand: stop_monitoring.sh'] : []),
  ].join('\n');
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_WHAT ? line : `${line.slice(0, MAX_WHAT - 1)}…`;
}
