// The outcome of one attempt to send. The sender classifies Telegram's answer; `retry-policy.ts` decides what follows.

/** Why a delivery failed: closed, because it is a metric label. */
export const FAILURE_REASONS = [
  'bad_request',
  'chat_not_found',
  'forbidden',
  'unauthorized',
  'conflict',
  'too_long',
  'unexpected_answer',
  'rate_limited',
  'server_error',
  'network',
  'timeout',
  'connection_lost',
  'unreadable_answer',
  'expired',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export type Outcome =
  /** Telegram has it; `messageId` is the message's id, also after an edit. */
  | { readonly type: 'delivered'; readonly messageId: number }
  /** Telegram asks to wait. */
  | { readonly type: 'rate_limited'; readonly retryAfterSeconds: number }
  /** Certainly not delivered, and may succeed later. */
  | { readonly type: 'healable'; readonly reason: 'server_error' | 'network' }
  /** The request was sent, and no usable answer came: it may be delivered, so it is never repeated blindly. */
  | { readonly type: 'ambiguous'; readonly reason: 'timeout' | 'connection_lost' | 'unreadable_answer' }
  /** Will never succeed. */
  | {
      readonly type: 'permanent';
      readonly reason:
        | 'bad_request'
        | 'chat_not_found'
        | 'unauthorized'
        | 'conflict'
        | 'too_long'
        | 'unexpected_answer';
    }
  /** Blocked, kicked or not admitted: the chat is paused. */
  | { readonly type: 'forbidden' }
  /** The group became a supergroup. */
  | { readonly type: 'migrated'; readonly chatId: string }
  /** The message that was to be edited is gone. */
  | { readonly type: 'message_gone' }
  /** Telegram will not edit this message any more. */
  | { readonly type: 'edit_refused' };
