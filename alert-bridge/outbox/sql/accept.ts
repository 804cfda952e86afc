// An alert arrives from Alertmanager: is it new, repeated, or ended? What each chat gets of a firing one is decided in
// `enqueue-firing.ts`, what its end changes in `resolve.ts`. Runs within the caller's transaction.
import { type Alert, type AlertFacts, describeAlert } from '../../model/alert.ts';
import { judgeSubscription } from '../../model/subscription.ts';
import { insertAlert } from './alert-rows.ts';
import type { Queries } from './database.ts';
import { insertDelivery } from './deliveries.ts';
import { type AcceptContext, enqueueFiring } from './enqueue-firing.ts';
import { refreshFigures } from './join-message.ts';
import { isChatPaused } from './lookups.ts';
import { recipientsOf } from './recipients.ts';
import { acceptResolved } from './resolve.ts';
import { integer } from './rows.ts';
import { subscriptionOf } from './subscriptions.ts';

/** Alertmanager before 0.32 gives no reason for sending again: after this long it can only be a repeat. */
const SILENT_REPEAT_MS = 3_600_000;

/** `true` when the alert was news; `false` for the same webhook once more. */
export async function acceptAlert(sql: Queries, context: AcceptContext, alert: Alert): Promise<boolean> {
  const facts = describeAlert(alert);
  const known = await sql.get(
    'SELECT id, root_id, status FROM alerts WHERE receiver = ? AND fingerprint = ? AND starts_at = ?',
    alert.receiver,
    alert.fingerprint,
    Math.round(alert.startsAt),
  );
  if (alert.status === 'resolved') {
    if (known === undefined) return await acceptUnknownEnd(sql, context, alert, facts);
    return known.status === 'firing' && (await acceptResolved(sql, context, integer(known, 'id'), alert.endsAt));
  }
  if (known === undefined) {
    const id = await insertAlert(sql, alert, facts, context.nowMs);
    await enqueueFiring(sql, context, { id, alert, facts });
    return true;
  }
  const id = integer(known, 'id');
  // An ended alert that fires again came out of order, or from a second Alertmanager that does not know of the end yet.
  if (known.status !== 'firing' || !(await isWantedRepeat(sql, context, alert, id))) return false;
  await refreshFigures(sql, integer(known, 'root_id'), alert);
  await enqueueFiring(sql, context, { id, alert, facts });
  return true;
}

async function isWantedRepeat(
  sql: Queries,
  { nowMs, rules }: AcceptContext,
  alert: Alert,
  alertId: number,
): Promise<boolean> {
  const last = await sql.get(
    `SELECT MAX(accepted_at) AS at FROM deliveries WHERE alert_id = ? AND phase = 'firing'`,
    alertId,
  );
  const elapsedMs = nowMs - Number(last?.at ?? 0);
  if (alert.notificationReason === undefined) return elapsedMs >= SILENT_REPEAT_MS;
  return alert.notificationReason.includes('repeat interval') && elapsedMs >= rules.dedupMs;
}

/**
 * The end of an alert whose beginning was never stored. The end of a market alert is then no news; of any other alert it may
 * be what somebody waits for.
 */
async function acceptUnknownEnd(
  sql: Queries,
  context: AcceptContext,
  alert: Alert,
  facts: AlertFacts,
): Promise<boolean> {
  const id = await insertAlert(sql, alert, facts, context.nowMs);
  for (const chat of await recipientsOf(sql, context.rules, facts.category)) {
    const verdict = judgeSubscription(await subscriptionOf(sql, chat.key), facts, context.present.wallNow);
    const isNews = facts.category !== 'market' && verdict.type === 'wanted' && !(await isChatPaused(sql, chat.key));
    const reason = isNews ? undefined : 'not_told';
    if (reason) context.suppressed.push(reason);
    await insertDelivery(
      sql,
      {
        chat: chat.key,
        phase: 'resolved',
        priority: facts.priority,
        alertId: id,
        replacesNews: true,
        state: isNews ? 'pending' : 'suppressed',
        reason,
      },
      context.nowMs,
    );
  }
  return true;
}
