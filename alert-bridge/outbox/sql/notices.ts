// Notices, the bridge's own messages: no quota and no filter apply, but a paused subscription gets none.

import { quietUntilMs } from '../../model/quiet-hours.ts';
import type { Queries } from './database.ts';
import { insertDelivery } from './deliveries.ts';
import { subscriptionOf } from './subscriptions.ts';

/** @param alertId the alert that the notice is about, whose buttons it then carries */
export async function enqueueNotice(
  sql: Queries,
  chat: string,
  notice: string,
  nowMs: number,
  alertId?: number,
): Promise<void> {
  const { isPaused, quiet } = await subscriptionOf(sql, chat);
  const isMuted = quiet?.isAll === true && quietUntilMs(quiet, nowMs) !== undefined;
  const ending = isPaused ? ({ state: 'suppressed', reason: 'paused' } as const) : {};
  await insertDelivery(
    sql,
    { chat, phase: 'notice', priority: 'high', notice, alertId, isSilent: isMuted, ...ending },
    nowMs,
  );
}
