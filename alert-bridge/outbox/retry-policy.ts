// Whether and when a failed attempt is repeated: one pure function over every outcome.
import { backoffDelayMs } from '../../common/backoff.ts';
import type { FailureReason, Outcome } from './outcome.ts';

/** Repeats after the first try, waiting 1, 2 and 4 s. */
export const MAX_RETRIES = 3;

export type NextStep =
  | { readonly type: 'delivered'; readonly messageId: number }
  /** `isAttempt` false: a wait that Telegram asked for uses up no attempt. */
  | { readonly type: 'retry'; readonly delayMs: number; readonly isAttempt: boolean; readonly reason: FailureReason }
  | { readonly type: 'migrate'; readonly chatId: string }
  | { readonly type: 'dead'; readonly reason: FailureReason; readonly isChatPaused: boolean }
  | { readonly type: 'unknown'; readonly reason: FailureReason }
  | { readonly type: 'send_anew' }
  | { readonly type: 'edit_refused' };

/**
 * @param attempts failed attempts before this one that count
 * @param isPersistent digests and notices, which no later message replaces: they are repeated until they succeed
 */
export function nextStep(outcome: Outcome, attempts: number, isPersistent = false): NextStep {
  switch (outcome.type) {
    case 'delivered':
      return { type: 'delivered', messageId: outcome.messageId };
    case 'rate_limited':
      return { type: 'retry', delayMs: outcome.retryAfterSeconds * 1_000, isAttempt: false, reason: 'rate_limited' };
    case 'healable':
      if (attempts >= MAX_RETRIES && !isPersistent)
        return { type: 'dead', reason: outcome.reason, isChatPaused: false };
      return { type: 'retry', delayMs: retryDelayMs(attempts), isAttempt: true, reason: outcome.reason };
    case 'ambiguous':
      return { type: 'unknown', reason: outcome.reason };
    case 'permanent':
      return { type: 'dead', reason: outcome.reason, isChatPaused: false };
    case 'forbidden':
      return { type: 'dead', reason: 'forbidden', isChatPaused: true };
    case 'migrated':
      return { type: 'migrate', chatId: outcome.chatId };
    case 'message_gone':
      return { type: 'send_anew' };
    case 'edit_refused':
      return { type: 'edit_refused' };
  }
}

function retryDelayMs(attempts: number): number {
  return backoffDelayMs(attempts, { baseMs: 1_000, capMs: 30_000, jitterRatio: 0 });
}
