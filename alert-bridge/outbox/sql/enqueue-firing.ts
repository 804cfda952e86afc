// A firing alert and one chat: gathers what `admission.ts` decides by (subscription, duplicates, mutes, lateness, the quota
// of 10 an hour in `quota.ts`), and writes the delivery: pending, or suppressed with its reason.
import type { Alert, AlertFacts } from '../../model/alert.ts';
import type { ChatAddress } from '../../model/chat.ts';
import { judgeSubscription } from '../../model/subscription.ts';
import { belongsInDigest, refusalOf } from '../admission.ts';
import { judgeLateness, type Present } from '../lateness.ts';
import { judgeQuota, type Notification } from '../quota.ts';
import type { OutboxRules } from '../store.ts';
import type { Queries } from './database.ts';
import { insertDelivery, suppressPending } from './deliveries.ts';
import { addToDigest } from './digest.ts';
import { joinMessage } from './join-message.ts';
import { findDuplicate, isChatPaused, isMuted, notificationsOfLastHour, overtakenEdits } from './lookups.ts';
import { recipientsOf } from './recipients.ts';
import type { EndContext } from './resolve.ts';
import { subscriptionOf } from './subscriptions.ts';

export interface AcceptContext extends EndContext {
  readonly rules: OutboxRules;
  readonly present: Present;
  /** By chat, what it got in the last hour and gets in this commit; read when the chat first comes up. */
  readonly notifications: Map<string, Notification[]>;
}

export interface StoredArrival {
  readonly id: number;
  readonly alert: Alert;
  readonly facts: AlertFacts;
}

export async function enqueueFiring(sql: Queries, context: AcceptContext, arrival: StoredArrival): Promise<void> {
  for (const chat of await recipientsOf(sql, context.rules, arrival.facts.category)) {
    await enqueueFiringFor(sql, context, chat, arrival);
  }
}

async function enqueueFiringFor(
  sql: Queries,
  context: AcceptContext,
  chat: ChatAddress,
  arrival: StoredArrival,
): Promise<void> {
  const { rules, present, nowMs } = context;
  const { facts } = arrival;
  const duplicate = await findDuplicate(sql, chat.key, facts.dedupKey, nowMs, rules.dedupMs);
  const notification: Notification = { ...facts, atMs: nowMs };
  const earlier = await notificationsTo(sql, context, chat.key);
  const subscription = judgeSubscription(await subscriptionOf(sql, chat.key), facts, present.wallNow);
  const reason = refusalOf({
    isEnabled: rules.isEnabled(facts.kind),
    isChatPaused: await isChatPaused(sql, chat.key),
    subscription,
    isDuplicate: duplicate !== undefined,
    isMuted: await isMuted(sql, facts, nowMs),
    lateness: judgeLateness(facts.kind, facts.eventAt, present),
    quota: judgeQuota(notification, earlier, rules.quota),
  });
  const id = await insertDelivery(
    sql,
    {
      chat: chat.key,
      phase: 'firing',
      priority: facts.priority,
      alertId: arrival.id,
      targetId: reason === 'duplicate' ? duplicate?.deliveryId : undefined,
      isCounted: reason === undefined,
      isSilent: subscription.type === 'wanted' && subscription.isSilent,
      state: reason ? 'suppressed' : 'pending',
      reason,
    },
    nowMs,
  );
  if (reason === undefined) {
    earlier.push(notification);
    for (const edit of await overtakenEdits(sql, chat.key, facts)) {
      await suppressPending(sql, edit, 'superseded', nowMs);
    }
    return;
  }
  context.suppressed.push(reason);
  if (belongsInDigest(reason)) {
    await addToDigest(sql, id, chat.key, nowMs, subscription.type === 'held' ? Math.ceil(subscription.delayMs) : 0);
  }
  if (reason === 'duplicate' && duplicate) await joinMessage(sql, chat.key, arrival, duplicate, nowMs);
}

/** Read once in a commit: in a storm each of its alerts would read the same. */
async function notificationsTo(
  sql: Queries,
  { notifications, nowMs }: AcceptContext,
  chat: string,
): Promise<Notification[]> {
  const known = notifications.get(chat);
  if (known) return known;
  const read = [...(await notificationsOfLastHour(sql, chat, nowMs))];
  notifications.set(chat, read);
  return read;
}
