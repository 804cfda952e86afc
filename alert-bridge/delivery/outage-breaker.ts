// While Telegram as a whole is out of reach, the loop claims only a probe now and then: messages must not use up their
// attempts while the destination is down.
import { backoffDelayMs } from '../../common/backoff.ts';
import type { Clock } from '../../common/clock.ts';
import type { Outcome } from '../outbox/outcome.ts';

export interface OutageBreaker {
  record(outcome: Outcome): void;
  /** Milliseconds until the next probe; 0 when the way is open. */
  waitMs(): number;
}

const OPENS_AFTER = 3;

export function createOutageBreaker(clock: Clock): OutageBreaker {
  let failures = 0;
  let closedUntil = 0;
  return {
    record(outcome) {
      const isOutage =
        outcome.type === 'healable' || (outcome.type === 'ambiguous' && outcome.reason !== 'unreadable_answer');
      failures = isOutage ? failures + 1 : 0;
      closedUntil =
        failures < OPENS_AFTER
          ? 0
          : clock.monotonicMs() +
            backoffDelayMs(failures - OPENS_AFTER, { baseMs: 1_000, capMs: 15_000, jitterRatio: 0 });
    },
    waitMs: () => Math.max(0, closedUntil - clock.monotonicMs()),
  };
}
