// The bridge's own words in the outbox: no quota and no filter, but a chat that pauses is left alone.

import { quietUntilMs } from '../../model/quiet-hours.ts';
import { insertDelivery } from './deliveries.ts';
import { subscriptionOf } from './subscriptions.ts';
import type { Work } from './work.ts';

/** @param alertId the alert that the notice is about, whose buttons it then carries */
export function* enqueueNotice(chat: string, notice: string, nowMs: number, alertId?: number): Work<void> {
  const { isPaused, quiet } = yield* subscriptionOf(chat);
  const isMuted = quiet?.isAll === true && quietUntilMs(quiet, nowMs) !== undefined;
  const ending = isPaused ? ({ state: 'suppressed', reason: 'paused' } as const) : {};
  yield* insertDelivery(
    { chat, phase: 'notice', priority: 'high', notice, alertId, isSilent: isMuted, ...ending },
    nowMs,
  );
}
