// An alert arrives: what is owed for it to whom, decided and written within the caller's transaction.

import { type Alert, type AlertFacts, describeAlert } from '../../model/alert.ts';
import type { ChatAddress } from '../../model/chat.ts';
import { judgeSubscription } from '../../model/subscription.ts';
import { belongsInDigest, refusalOf } from '../admission.ts';
import { judgeLateness, type Present } from '../lateness.ts';
import { laterPeak, magnitude } from '../peak.ts';
import { judgeQuota, type Told } from '../quota.ts';
import type { OutboxRules } from '../store.ts';
import { findAlert, insertAlert } from './alert-rows.ts';
import type { Queries } from './database.ts';
import { addToDigest, enqueueEdit, insertDelivery, suppressPending } from './deliveries.ts';
import { findDuplicate, isChatPaused, isMuted, isOvertaken, overtakenEdits, toldInLastHour } from './lookups.ts';
import { acceptResolved, type EndContext } from './resolve.ts';
import { integer } from './rows.ts';
import { addedSubscribers, subscriptionOf } from './subscriptions.ts';

export interface AcceptContext extends EndContext {
  readonly rules: OutboxRules;
  readonly present: Present;
  /** What each chat was told in the last hour, this commit's own news included; filled as chats come up. */
  readonly told: Map<string, Told[]>;
}

const CATEGORIES = ['market', 'stack', 'other'] as const;

/** Alertmanager before 0.32 gives no reason for sending again: after this long it can only be a repeat. */
const SILENT_REPEAT_MS = 3_600_000;

/** `true` when the alert was news; `false` for the same webhook once more. */
export async function acceptAlert(sql: Queries, context: AcceptContext, alert: Alert): Promise<boolean> {
  const facts = describeAlert(alert);
  const known = await sql.get(
    'SELECT id, root_id, status, accepted_at FROM alerts WHERE receiver = ? AND fingerprint = ? AND starts_at = ?',
    alert.receiver,
    alert.fingerprint,
    Math.round(alert.startsAt),
  );
  if (alert.status === 'resolved') {
    if (known === undefined) return await acceptUnknownEnd(sql, context, alert, facts);
    return known.status === 'firing' && (await acceptResolved(sql, context, integer(known, 'id'), alert.endsAt));
  }
  if (known === undefined) {
    await enqueueFiring(sql, context, await insertAlert(sql, alert, facts, context.nowMs), alert, facts);
    return true;
  }
  // Out of order, or a second Alertmanager that has not heard of the end.
  if (known.status !== 'firing' || !(await isWantedRepeat(sql, context, alert, integer(known, 'id')))) return false;
  await refreshFigures(sql, integer(known, 'root_id'), alert);
  await enqueueFiring(sql, context, integer(known, 'id'), alert, facts);
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

/** An end whose beginning nobody stored. For a market alert it is no news; for any other it may be what somebody waits for. */
async function acceptUnknownEnd(
  sql: Queries,
  context: AcceptContext,
  alert: Alert,
  facts: AlertFacts,
): Promise<boolean> {
  const id = await insertAlert(sql, alert, facts, context.nowMs);
  for (const chat of await recipientsOf(sql, context, facts)) {
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

async function enqueueFiring(
  sql: Queries,
  context: AcceptContext,
  alertId: number,
  alert: Alert,
  facts: AlertFacts,
): Promise<void> {
  for (const chat of await recipientsOf(sql, context, facts))
    await oweFiringTo(sql, context, chat, alertId, alert, facts);
}

/** The configured chats of the category, then who was added; these hear of the stack only where they ask for it. */
async function recipientsOf(
  sql: Queries,
  { rules }: AcceptContext,
  { category }: AlertFacts,
): Promise<readonly ChatAddress[]> {
  const configured = rules.chatsFor(category);
  const isConfigured = (key: string) => CATEGORIES.some((any) => rules.chatsFor(any).some((chat) => chat.key === key));
  const added: ChatAddress[] = [];
  for (const chat of await addedSubscribers(sql)) {
    if (isConfigured(chat.key)) continue;
    const isWanted = category !== 'stack' || (await subscriptionOf(sql, chat.key)).types?.includes('stack') === true;
    if (isWanted) added.push(chat);
  }
  return added.length === 0 ? configured : [...configured, ...added];
}

async function oweFiringTo(
  sql: Queries,
  context: AcceptContext,
  chat: ChatAddress,
  alertId: number,
  alert: Alert,
  facts: AlertFacts,
): Promise<void> {
  const { rules, nowMs } = context;
  const duplicate = await findDuplicate(sql, chat.key, facts.dedupKey, nowMs, rules.dedupMs);
  const candidate: Told = { ...facts, atMs: nowMs };
  const told = await toldTo(sql, context, chat.key);
  const subscription = judgeSubscription(await subscriptionOf(sql, chat.key), facts, context.present.wallNow);
  const reason = refusalOf({
    isEnabled: rules.isEnabled(facts.kind),
    isChatPaused: await isChatPaused(sql, chat.key),
    subscription,
    isDuplicate: duplicate !== undefined,
    isMuted: await isMuted(sql, facts, nowMs),
    lateness: judgeLateness(facts.kind, facts.eventAt, context.present),
    quota: judgeQuota(candidate, told, rules.quota),
  });
  const id = await insertDelivery(
    sql,
    {
      chat: chat.key,
      phase: 'firing',
      priority: facts.priority,
      alertId,
      targetId: reason === 'duplicate' ? duplicate?.deliveryId : undefined,
      isCounted: reason === undefined,
      isSilent: subscription.type === 'wanted' && subscription.isSilent,
      state: reason ? 'suppressed' : 'pending',
      reason,
    },
    nowMs,
  );
  if (reason === undefined) {
    told.push(candidate);
    for (const edit of await overtakenEdits(sql, chat.key, facts))
      await suppressPending(sql, edit, 'superseded', nowMs);
    return;
  }
  context.suppressed.push(reason);
  if (belongsInDigest(reason)) {
    await addToDigest(sql, id, chat.key, nowMs, subscription.type === 'held' ? Math.ceil(subscription.delayMs) : 0);
  }
  if (reason === 'duplicate' && duplicate) await joinRoot(sql, context, alertId, alert, chat, facts, duplicate);
}

/** Read once in a commit: in a storm each of its alerts would read the same. */
async function toldTo(sql: Queries, { told, nowMs }: AcceptContext, chat: string): Promise<Told[]> {
  const known = told.get(chat);
  if (known) return known;
  const read = [...(await toldInLastHour(sql, chat, nowMs))];
  told.set(chat, read);
  return read;
}

/** Within a tier the message that stands is edited: it now tells of this alert too. */
async function joinRoot(
  sql: Queries,
  { nowMs }: AcceptContext,
  alertId: number,
  alert: Alert,
  chat: ChatAddress,
  facts: AlertFacts,
  { deliveryId, rootId }: { readonly deliveryId: number; readonly rootId: number },
): Promise<void> {
  await refreshFigures(sql, rootId, alert);
  await sql.run('UPDATE alerts SET root_id = ? WHERE id = ?', rootId, alertId);
  const root = await findAlert(sql, rootId);
  if (root !== undefined && (await isOvertaken(sql, chat.key, root))) return;
  const edit = {
    chat: chat.key,
    phase: 'update',
    priority: facts.priority,
    alertId: rootId,
    targetId: deliveryId,
  } as const;
  await enqueueEdit(sql, edit, nowMs);
}

/** Before the alert joins: one that comes after the end is another event, and is not told with the figures of the first. */
async function refreshFigures(sql: Queries, rootId: number, alert: Alert): Promise<void> {
  const root = await findAlert(sql, rootId);
  if (root === undefined) return;
  const peak = root.status === 'firing' ? laterPeak(root.peak, alert.annotations) : alert.annotations;
  await sql.run(
    'UPDATE alerts SET annotations = ?, peak = ?, told_magnitude = ? WHERE id = ?',
    JSON.stringify(alert.annotations),
    JSON.stringify(peak),
    magnitude(peak) ?? null,
    rootId,
  );
}
