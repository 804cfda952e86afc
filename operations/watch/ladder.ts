// Which step comes next, if any. Pure: everything it judges by is an argument, and the same question has the same answer.
import { PLANS, STEPS, type Step, type Trigger } from './triggers.ts';

/** A condition that holds now. */
export interface Condition {
  readonly trigger: Trigger;
  /** What was seen, with its figures. */
  readonly what: string;
  /** When the watcher saw it first, milliseconds on its clock. */
  readonly seenAt: number;
}

export interface StepTaken {
  readonly step: Step;
  readonly begunAt: number;
  /** Absent while it is being taken, or where the watcher was ended in the middle of it. */
  readonly endedAt?: number;
  /** It began and did not get there. */
  readonly isFailed?: boolean;
  readonly outcome?: string;
  /** Further lines for the report. */
  readonly details?: readonly string[];
}

/** From the first condition seen to its end; further conditions meanwhile belong to it. */
export interface Incident {
  readonly id: string;
  readonly trigger: Trigger;
  readonly what: string;
  readonly seenAt: number;
  readonly lastSeenAt: number;
  readonly steps: readonly StepTaken[];
}

export interface Patience {
  /** How long a step is given to help, milliseconds. */
  readonly afterStepMs: Readonly<Record<Step, number>>;
  /** Without any condition for this long an incident is over. */
  readonly calmMs: number;
}

/** With the roll-back's own 30 s everything is restored within 5 minutes of the condition. */
export const PATIENCE: Patience = {
  afterStepMs: { 'hold-back': 60_000, 'stop-calling': 120_000, 'roll-back': 0 },
  calmMs: 300_000,
};

export interface Situation {
  readonly incident: Incident | undefined;
  /** Of triggers that may act. */
  readonly conditions: readonly Condition[];
  readonly isCascade: boolean;
  readonly now: number;
  readonly patience?: Patience;
}

export type Decision =
  | { readonly type: 'nothing' }
  | { readonly type: 'step'; readonly step: Step; readonly condition: Condition }
  /** The last step is due and waits for the end of a market-wide cascade. */
  | { readonly type: 'held'; readonly condition: Condition }
  | { readonly type: 'over' };

export function decide({ incident, conditions, isCascade, now, patience = PATIENCE }: Situation): Decision {
  const last = incident?.steps.at(-1);
  // Begun and not ended: the watcher was ended in the middle. Every step may be taken once more without harm.
  if (incident !== undefined && last !== undefined && last.endedAt === undefined) {
    const { trigger, what, seenAt } = incident;
    return { type: 'step', step: last.step, condition: { trigger, what, seenAt } };
  }
  if (conditions.length === 0) {
    const isOver = incident !== undefined && now - incident.lastSeenAt >= patience.calmMs;
    return isOver ? { type: 'over' } : { type: 'nothing' };
  }
  const due = conditions.flatMap((condition) => {
    const step = nextStep(condition.trigger, last, now, patience);
    return step === undefined ? [] : [{ step, condition }];
  });
  const possible = due.filter(({ step, condition }) => !isHeld(step, condition, isCascade));
  const gravest = possible.toSorted((one, other) => STEPS.indexOf(other.step) - STEPS.indexOf(one.step))[0];
  if (gravest !== undefined) return { type: 'step', ...gravest };
  const held = due[0];
  return held === undefined ? { type: 'nothing' } : { type: 'held', condition: held.condition };
}

/** A last step that failed is tried again after this: the next round would meet the same obstacle. */
const RETRY_MS = 30_000;

/** `undefined` while the step before is still given time, or where there is none left. */
function nextStep(trigger: Trigger, last: StepTaken | undefined, now: number, patience: Patience): Step | undefined {
  const reached = last === undefined ? -1 : STEPS.indexOf(last.step);
  const step = PLANS[trigger].ladder.find((candidate) => STEPS.indexOf(candidate) > reached);
  // What goes to the last step at once does not wait for gentler steps that were taken for another reason.
  const isPatient = PLANS[trigger].ladder.length > 1 && last?.endedAt !== undefined;
  const isWaiting = isPatient && now - (last.endedAt ?? now) < patience.afterStepMs[last.step];
  if (step === undefined && last?.isFailed === true && now - (last.endedAt ?? now) >= RETRY_MS) return last.step;
  return isWaiting ? undefined : step;
}

function isHeld(step: Step, { trigger }: Condition, isCascade: boolean): boolean {
  return step === 'roll-back' && isCascade && PLANS[trigger].waitsForCascade;
}
