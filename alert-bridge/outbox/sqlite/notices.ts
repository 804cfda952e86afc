// The bridge's own words in the outbox: no quota and no filter, but a chat that pauses is left alone.
import { quietUntilMs } from '../../subscriptions/quiet-hours.ts';
import { subscriptionOf } from '../../subscriptions/sqlite-subscriptions.ts';
import type { Connection } from './connection.ts';
import { insertDelivery } from './deliveries.ts';

/** @param alertId the alert that the notice is about, whose buttons it then carries */
export function oweNotice(db: Connection, chat: string, notice: string, nowMs: number, alertId?: number): void {
  const { isPaused, quiet } = subscriptionOf(db, chat);
  const isMuted = quiet?.isAll === true && quietUntilMs(quiet, nowMs) !== undefined;
  const ending = isPaused ? ({ state: 'suppressed', reason: 'paused' } as const) : {};
  insertDelivery(db, { chat, phase: 'notice', priority: 'high', notice, alertId, isSilent: isMuted, ...ending }, nowMs);
}
