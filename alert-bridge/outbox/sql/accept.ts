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
import { addToDigest, enqueueEdit, insertDelivery, suppressPending } from './deliveries.ts';
import { findDuplicate, isChatPaused, isMuted, isOvertaken, overtakenEdits, toldInLastHour } from './lookups.ts';
import { acceptResolved, type EndContext } from './resolve.ts';
import { integer } from './rows.ts';
import { addedSubscribers, subscriptionOf } from './subscriptions.ts';
import { get, run, type Work } from './work.ts';

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
export function* acceptAlert(context: AcceptContext, alert: Alert): Work<boolean> {
  const facts = describeAlert(alert);
  const known = yield* get(
    'SELECT id, root_id, status, accepted_at FROM alerts WHERE receiver = ? AND fingerprint = ? AND starts_at = ?',
    alert.receiver,
    alert.fingerprint,
    Math.round(alert.startsAt),
  );
  if (alert.status === 'resolved') {
    if (known === undefined) return yield* acceptUnknownEnd(context, alert, facts);
    return known.status === 'firing' && (yield* acceptResolved(context, integer(known, 'id'), alert.endsAt));
  }
  if (known === undefined) {
    yield* enqueueFiring(context, yield* insertAlert(alert, facts, context.nowMs), alert, facts);
    return true;
  }
  // Out of order, or a second Alertmanager that has not heard of the end.
  if (known.status !== 'firing' || !(yield* isWantedRepeat(context, alert, integer(known, 'id')))) return false;
  yield* refreshFigures(integer(known, 'root_id'), alert);
  yield* enqueueFiring(context, integer(known, 'id'), alert, facts);
  return true;
}

function* isWantedRepeat({ nowMs, rules }: AcceptContext, alert: Alert, alertId: number): Work<boolean> {
  const last = yield* get(
    `SELECT MAX(accepted_at) AS at FROM deliveries WHERE alert_id = ? AND phase = 'firing'`,
    alertId,
  );
  const elapsedMs = nowMs - Number(last?.at ?? 0);
  if (alert.notificationReason === undefined) return elapsedMs >= SILENT_REPEAT_MS;
  return alert.notificationReason.includes('repeat interval') && elapsedMs >= rules.dedupMs;
}

/** An end whose beginning nobody stored. For a market alert it is no news; for any other it may be what somebody waits for. */
function* acceptUnknownEnd(context: AcceptContext, alert: Alert, facts: AlertFacts): Work<boolean> {
  const id = yield* insertAlert(alert, facts, context.nowMs);
  for (const chat of yield* recipientsOf(context, facts)) {
    const verdict = judgeSubscription(yield* subscriptionOf(chat.key), facts, context.present.wallNow);
    const isNews = facts.category !== 'market' && verdict.type === 'wanted' && !(yield* isChatPaused(chat.key));
    const reason = isNews ? undefined : 'not_told';
    if (reason) context.suppressed.push(reason);
    yield* insertDelivery(
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

function* enqueueFiring(context: AcceptContext, alertId: number, alert: Alert, facts: AlertFacts): Work<void> {
  for (const chat of yield* recipientsOf(context, facts)) yield* oweFiringTo(context, chat, alertId, alert, facts);
}

/** The configured chats of the category, then who was added; these hear of the stack only where they ask for it. */
function* recipientsOf({ rules }: AcceptContext, { category }: AlertFacts): Work<readonly ChatAddress[]> {
  const configured = rules.chatsFor(category);
  const isConfigured = (key: string) => CATEGORIES.some((any) => rules.chatsFor(any).some((chat) => chat.key === key));
  const added: ChatAddress[] = [];
  for (const chat of yield* addedSubscribers()) {
    if (isConfigured(chat.key)) continue;
    const isWanted = category !== 'stack' || (yield* subscriptionOf(chat.key)).types?.includes('stack') === true;
    if (isWanted) added.push(chat);
  }
  return added.length === 0 ? configured : [...configured, ...added];
}

function* oweFiringTo(
  context: AcceptContext,
  chat: ChatAddress,
  alertId: number,
  alert: Alert,
  facts: AlertFacts,
): Work<void> {
  const { rules, nowMs } = context;
  const duplicate = yield* findDuplicate(chat.key, facts.dedupKey, nowMs, rules.dedupMs);
  const candidate: Told = { ...facts, atMs: nowMs };
  const told = yield* toldTo(context, chat.key);
  const subscription = judgeSubscription(yield* subscriptionOf(chat.key), facts, context.present.wallNow);
  const reason = refusalOf({
    isEnabled: rules.isEnabled(facts.kind),
    isChatPaused: yield* isChatPaused(chat.key),
    subscription,
    isDuplicate: duplicate !== undefined,
    isMuted: yield* isMuted(facts, nowMs),
    lateness: judgeLateness(facts.kind, facts.eventAt, context.present),
    quota: judgeQuota(candidate, told, rules.quota),
  });
  const id = yield* insertDelivery(
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
    for (const edit of yield* overtakenEdits(chat.key, facts)) yield* suppressPending(edit, 'superseded', nowMs);
    return;
  }
  context.suppressed.push(reason);
  if (belongsInDigest(reason)) {
    yield* addToDigest(id, chat.key, nowMs, subscription.type === 'held' ? Math.ceil(subscription.delayMs) : 0);
  }
  if (reason === 'duplicate' && duplicate) yield* joinRoot(context, alertId, alert, chat, facts, duplicate);
}

/** Read once in a commit: in a storm each of its alerts would read the same. */
function* toldTo({ told, nowMs }: AcceptContext, chat: string): Work<Told[]> {
  const known = told.get(chat);
  if (known) return known;
  const read = [...(yield* toldInLastHour(chat, nowMs))];
  told.set(chat, read);
  return read;
}

/** Within a tier the message that stands is edited: it now tells of this alert too. */
function* joinRoot(
  { nowMs }: AcceptContext,
  alertId: number,
  alert: Alert,
  chat: ChatAddress,
  facts: AlertFacts,
  { deliveryId, rootId }: { readonly deliveryId: number; readonly rootId: number },
): Work<void> {
  yield* refreshFigures(rootId, alert);
  yield* run('UPDATE alerts SET root_id = ? WHERE id = ?', rootId, alertId);
  const root = yield* findAlert(rootId);
  if (root !== undefined && (yield* isOvertaken(chat.key, root))) return;
  const edit = {
    chat: chat.key,
    phase: 'update',
    priority: facts.priority,
    alertId: rootId,
    targetId: deliveryId,
  } as const;
  yield* enqueueEdit(edit, nowMs);
}

/** Before the alert joins: one that comes after the end is another event, and is not told with the figures of the first. */
function* refreshFigures(rootId: number, alert: Alert): Work<void> {
  const root = yield* findAlert(rootId);
  if (root === undefined) return;
  const peak = root.status === 'firing' ? laterPeak(root.peak, alert.annotations) : alert.annotations;
  yield* run(
    'UPDATE alerts SET annotations = ?, peak = ?, told_magnitude = ? WHERE id = ?',
    JSON.stringify(alert.annotations),
    JSON.stringify(peak),
    magnitude(peak) ?? null,
    rootId,
  );
}
