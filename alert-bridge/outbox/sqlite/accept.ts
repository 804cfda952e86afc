// An alert arrives: what is owed for it to whom, decided and written within the caller's transaction.
import { type Alert, type AlertFacts, describeAlert } from '../../alert.ts';
import type { ChatAddress } from '../../chat.ts';
import { addedSubscribers, subscriptionOf } from '../../subscriptions/sqlite-subscriptions.ts';
import { judgeSubscription } from '../../subscriptions/subscription.ts';
import { belongsInDigest, refusalOf } from '../admission.ts';
import type { SuppressReason } from '../delivery.ts';
import { judgeLateness, type Present } from '../lateness.ts';
import { laterPeak, magnitude } from '../peak.ts';
import { judgeQuota, type Told } from '../quota.ts';
import type { OutboxRules } from '../store.ts';
import { findAlert, insertAlert } from './alert-rows.ts';
import { type Connection, integer } from './connection.ts';
import { addToDigest, insertDelivery, oweEdit } from './deliveries.ts';
import { findDuplicate, isChatPaused, isMuted, toldInLastHour } from './lookups.ts';
import { acceptResolved } from './resolve.ts';

export interface AcceptContext {
  readonly db: Connection;
  readonly rules: OutboxRules;
  readonly present: Present;
  readonly nowMs: number;
  readonly suppressed: SuppressReason[];
}

const CATEGORIES = ['market', 'stack', 'other'] as const;

/** Alertmanager before 0.32 gives no reason for sending again: after this long it can only be a repeat. */
const SILENT_REPEAT_MS = 3_600_000;

/** `true` when the alert was news; `false` for the same webhook once more. */
export function acceptAlert(context: AcceptContext, alert: Alert): boolean {
  const { db } = context;
  const facts = describeAlert(alert);
  const known = db.get(
    'SELECT id, root_id, status, accepted_at FROM alerts WHERE receiver = ? AND fingerprint = ? AND starts_at = ?',
    alert.receiver,
    alert.fingerprint,
    Math.round(alert.startsAt),
  );
  if (alert.status === 'resolved') {
    if (known === undefined) return acceptUnknownEnd(context, alert, facts);
    return known.status === 'firing' && acceptResolved(context, integer(known, 'id'), alert.endsAt);
  }
  if (known === undefined) {
    oweFiring(context, insertAlert(db, alert, facts, context.nowMs), alert, facts);
    return true;
  }
  // Out of order, or a second Alertmanager that has not heard of the end.
  if (known.status !== 'firing' || !isWantedRepeat(context, alert, integer(known, 'id'))) return false;
  refreshFigures(db, integer(known, 'root_id'), alert);
  oweFiring(context, integer(known, 'id'), alert, facts);
  return true;
}

function isWantedRepeat({ db, nowMs, rules }: AcceptContext, alert: Alert, alertId: number): boolean {
  const last = db.get(`SELECT MAX(accepted_at) AS at FROM deliveries WHERE alert_id = ? AND phase = 'firing'`, alertId);
  const elapsedMs = nowMs - Number(last?.at ?? 0);
  if (alert.notificationReason === undefined) return elapsedMs >= SILENT_REPEAT_MS;
  return alert.notificationReason.includes('repeat interval') && elapsedMs >= rules.dedupMs;
}

/** An end whose beginning nobody stored. For a market alert it is no news; for any other it may be what somebody waits for. */
function acceptUnknownEnd(context: AcceptContext, alert: Alert, facts: AlertFacts): boolean {
  const id = insertAlert(context.db, alert, facts, context.nowMs);
  for (const chat of recipientsOf(context, facts)) {
    const verdict = judgeSubscription(subscriptionOf(context.db, chat.key), facts, context.present.wallNow);
    const isNews = facts.category !== 'market' && verdict.type === 'wanted' && !isChatPaused(context.db, chat.key);
    const reason = isNews ? undefined : 'not_told';
    if (reason) context.suppressed.push(reason);
    insertDelivery(
      context.db,
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

function oweFiring(context: AcceptContext, alertId: number, alert: Alert, facts: AlertFacts): void {
  for (const chat of recipientsOf(context, facts)) oweFiringTo(context, chat, alertId, alert, facts);
}

/** The configured chats of the category, then who was added; these hear of the stack only where they ask for it. */
function recipientsOf({ db, rules }: AcceptContext, { category }: AlertFacts): readonly ChatAddress[] {
  const configured = rules.chatsFor(category);
  const isConfigured = (key: string) => CATEGORIES.some((any) => rules.chatsFor(any).some((chat) => chat.key === key));
  const added = addedSubscribers(db).filter(
    ({ key }) =>
      !isConfigured(key) && (category !== 'stack' || subscriptionOf(db, key).types?.includes('stack') === true),
  );
  return added.length === 0 ? configured : [...configured, ...added];
}

function oweFiringTo(
  context: AcceptContext,
  chat: ChatAddress,
  alertId: number,
  alert: Alert,
  facts: AlertFacts,
): void {
  const { db, rules, nowMs } = context;
  const duplicate = findDuplicate(db, chat.key, facts.dedupKey, nowMs, rules.dedupMs);
  const candidate: Told = { ...facts, atMs: nowMs };
  const subscription = judgeSubscription(subscriptionOf(db, chat.key), facts, context.present.wallNow);
  const reason = refusalOf({
    isEnabled: rules.isEnabled(facts.kind),
    isChatPaused: isChatPaused(db, chat.key),
    subscription,
    isDuplicate: duplicate !== undefined,
    isMuted: isMuted(db, facts, nowMs),
    lateness: judgeLateness(facts.kind, facts.eventAt, context.present),
    quota: judgeQuota(candidate, toldInLastHour(db, chat.key, nowMs), rules.quota),
  });
  const id = insertDelivery(
    db,
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
  if (reason === undefined) return;
  context.suppressed.push(reason);
  if (belongsInDigest(reason)) {
    addToDigest(db, id, chat.key, nowMs, subscription.type === 'held' ? Math.ceil(subscription.delayMs) : 0);
  }
  if (reason === 'duplicate' && duplicate) joinRoot(context, alertId, alert, chat, facts, duplicate);
}

/** Within a tier the message that stands is edited: it now tells of this alert too. */
function joinRoot(
  { db, nowMs }: AcceptContext,
  alertId: number,
  alert: Alert,
  chat: ChatAddress,
  facts: AlertFacts,
  { deliveryId, rootId }: { readonly deliveryId: number; readonly rootId: number },
): void {
  refreshFigures(db, rootId, alert);
  db.run('UPDATE alerts SET root_id = ? WHERE id = ?', rootId, alertId);
  const edit = {
    chat: chat.key,
    phase: 'update',
    priority: facts.priority,
    alertId: rootId,
    targetId: deliveryId,
  } as const;
  oweEdit(db, edit, nowMs);
}

/** Before the alert joins: one that comes after the end is another event, and is not told with the figures of the first. */
function refreshFigures(db: Connection, rootId: number, alert: Alert): void {
  const root = findAlert(db, rootId);
  if (root === undefined) return;
  const peak = root.status === 'firing' ? laterPeak(root.peak, alert.annotations) : alert.annotations;
  db.run(
    'UPDATE alerts SET annotations = ?, peak = ?, told_magnitude = ? WHERE id = ?',
    JSON.stringify(alert.annotations),
    JSON.stringify(peak),
    magnitude(peak) ?? null,
    rootId,
  );
}
