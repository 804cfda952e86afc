// One claimed delivery → one request, or none: chooses between sending, editing and replying, and turns the outcome into the
// claim's settlement.
import { type EpochMs, epochMs } from '../../common/brands.ts';
import type { MessageText } from '../format/message.ts';
import type { Delivery, Settlement, SuppressReason } from '../outbox/delivery.ts';
import { judgeLateness, type Present } from '../outbox/lateness.ts';
import type { Outcome } from '../outbox/outcome.ts';
import { nextStep } from '../outbox/retry-policy.ts';
import type { Sender } from '../telegram/sender.ts';

export interface SendSettings {
  readonly sender: Sender;
  readonly isEditOn: boolean;
  readonly readPresent: () => Present;
  readonly render: (delivery: Delivery) => Promise<MessageText>;
}

export interface Attempt {
  readonly settlement: Settlement;
  /** Telegram's answer; `undefined` where nothing was asked. */
  readonly outcome: Outcome | undefined;
}

export type DeliveryAttempt = (delivery: Delivery) => Promise<Attempt>;

type Action =
  | { readonly type: 'send'; readonly replyTo: number | undefined }
  | { readonly type: 'edit'; readonly messageId: number }
  | { readonly type: 'suppress'; readonly reason: SuppressReason }
  | { readonly type: 'expire' };

export function createDeliveryAttempt(settings: SendSettings): DeliveryAttempt {
  const { sender, readPresent, render } = settings;
  return async (delivery) => {
    const action = chooseAction(delivery, settings.isEditOn, readPresent());
    if (action.type === 'suppress')
      return { settlement: { type: 'suppressed', reason: action.reason }, outcome: undefined };
    if (action.type === 'expire') return { settlement: { type: 'expired' }, outcome: undefined };
    const text = await render(delivery);
    const isSilent = delivery.isSilent === true || (delivery.phase !== 'firing' && delivery.phase !== 'notice');
    const send = (replyTo: number | undefined) => sender.send(delivery.chat, text, { isSilent, replyTo });
    let outcome =
      action.type === 'edit' ? await sender.edit(delivery.chat, action.messageId, text) : await send(action.replyTo);
    // Somebody deleted the message: it is sent anew.
    if (outcome.type === 'message_gone') outcome = await send(undefined);
    if (outcome.type === 'edit_refused' && delivery.phase !== 'update' && action.type === 'edit') {
      outcome = await send(action.messageId);
    }
    return { settlement: settlementOf(delivery, outcome, text.plain, readPresent().now), outcome };
  };
}

function chooseAction(delivery: Delivery, isEditOn: boolean, present: Present): Action {
  const { phase, target, subject } = delivery;
  const messageId = target?.messageId;
  switch (phase) {
    case 'notice':
    case 'digest':
      return { type: 'send', replyTo: undefined };
    case 'digest_update':
      return messageId === undefined ? { type: 'suppress', reason: 'not_told' } : { type: 'edit', messageId };
    case 'update':
      if (!isEditOn) return { type: 'suppress', reason: 'edit_off' };
      return messageId === undefined ? { type: 'suppress', reason: 'not_told' } : { type: 'edit', messageId };
    case 'resolved':
      if (messageId !== undefined) return isEditOn ? { type: 'edit', messageId } : { type: 'send', replyTo: messageId };
      // The chat may have got the message though no answer came back: its end is still news. A message that failed needs no end.
      if (target?.notifiedAt !== undefined) return { type: 'send', replyTo: undefined };
      if (target !== undefined && !target.isReplaced) return { type: 'suppress', reason: 'not_told' };
      break;
    case 'firing':
      break;
  }
  const isTooLate =
    subject.type === 'alert' &&
    judgeLateness(subject.alert.facts.kind, subject.alert.facts.eventAt, present).type === 'too_late';
  return isTooLate ? { type: 'expire' } : { type: 'send', replyTo: undefined };
}

function settlementOf(delivery: Delivery, outcome: Outcome, text: string, now: EpochMs): Settlement {
  const isPersistent = delivery.phase === 'digest' || delivery.phase === 'digest_update' || delivery.phase === 'notice';
  const step = nextStep(outcome, delivery.attempts, isPersistent);
  const later = (delayMs: number) => ({ dueAt: epochMs(now + delayMs) });
  switch (step.type) {
    case 'delivered':
      return { type: 'delivered', messageId: step.messageId, text };
    case 'retry':
      return { type: 'retry', ...later(step.delayMs), isAttempt: step.isAttempt, reason: step.reason };
    case 'migrate':
      // The new address is stored first; the message follows it at once.
      return { type: 'retry', ...later(0), isAttempt: true, reason: 'chat_not_found' };
    case 'dead':
      return { type: 'dead', reason: step.reason };
    case 'unknown':
      return { type: 'unknown', reason: step.reason, text };
    case 'send_anew':
    case 'edit_refused':
      return { type: 'suppressed', reason: 'edit_refused' };
  }
}
