// What may start a roll-back, how soon the first step must follow, and which steps lead there. The table is the policy.

export const STEPS = ['hold-back', 'stop-calling', 'roll-back'] as const;
/** From the gentlest to the last. */
export type Step = (typeof STEPS)[number];

export const TRIGGERS = [
  'memory',
  'response',
  'endpoint',
  'messages',
  'websocket',
  'delivery',
  'corruption',
  'breach',
  'manual',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export interface TriggerPlan {
  /** For people. */
  readonly words: string;
  /** From the condition seen to the first step begun. */
  readonly limitMs: number;
  readonly ladder: readonly Step[];
  /**
   * Whether the last step waits while a market-wide cascade is told: every one of these comes with a wild market too, and
   * then alerting is needed most.
   */
  readonly waitsForCascade: boolean;
}

const SECOND_MS = 1_000;
const CRITICAL_MS = 60 * SECOND_MS;
const CIRCUIT_BREAKER_MS = 120 * SECOND_MS;
const THREE_STEPS = STEPS;
/** For what has nothing to do with our calls to the existing service. */
const TWO_STEPS = ['hold-back', 'roll-back'] as const;
/** For what gets worse with every step of patience. */
const AT_ONCE = ['roll-back'] as const;

export const PLANS: Readonly<Record<Trigger, TriggerPlan>> = {
  memory: {
    words: 'existing system and this stack use too much memory',
    limitMs: CRITICAL_MS,
    ladder: THREE_STEPS,
    waitsForCascade: true,
  },
  response: {
    words: 'the existing service answers more than twice as slowly',
    limitMs: CRITICAL_MS,
    ladder: THREE_STEPS,
    waitsForCascade: true,
  },
  endpoint: {
    words: 'an endpoint of the existing system fails',
    limitMs: CRITICAL_MS,
    ladder: THREE_STEPS,
    waitsForCascade: true,
  },
  messages: {
    words: 'more than 20 messages a minute to one chat',
    limitMs: CIRCUIT_BREAKER_MS,
    ladder: TWO_STEPS,
    waitsForCascade: true,
  },
  websocket: {
    words: 'the feeds of most exchanges keep breaking',
    limitMs: CIRCUIT_BREAKER_MS,
    ladder: TWO_STEPS,
    waitsForCascade: true,
  },
  delivery: {
    words: 'more than 10 % of the attempts to deliver fail',
    limitMs: CIRCUIT_BREAKER_MS,
    ladder: TWO_STEPS,
    waitsForCascade: true,
  },
  corruption: { words: 'data are corrupted', limitMs: 30 * SECOND_MS, ladder: AT_ONCE, waitsForCascade: false },
  breach: { words: 'a security breach', limitMs: 10 * SECOND_MS, ladder: AT_ONCE, waitsForCascade: false },
  manual: { words: 'asked for by hand', limitMs: 10 * SECOND_MS, ladder: AT_ONCE, waitsForCascade: false },
};

export function isTrigger(text: string): text is Trigger {
  return TRIGGERS.some((trigger) => trigger === text);
}
