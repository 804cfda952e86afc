// An error of the Bot API, or of the connection to it → one outcome. Pure.
import { NetworkError, ParseError, TelegramApiError, TimeoutError } from 'node-telegram-bot-api';
import type { Outcome } from '../outbox/outcome.ts';

/** An outcome, or a message whose markup Telegram could not read: it goes once more as plain text. */
export type Answer = Outcome | { readonly type: 'bad_markup' } | { readonly type: 'not_modified' };

/** Where Telegram asks to wait and does not say how long. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3_600;

/** Errors of connecting: nothing was written, so repeating is safe. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export function classifyError(error: unknown): Answer {
  if (error instanceof TelegramApiError) return classifyApiError(error);
  if (error instanceof TimeoutError) return { type: 'ambiguous', reason: 'timeout' };
  if (error instanceof ParseError) return { type: 'ambiguous', reason: 'unreadable_answer' };
  if (error instanceof NetworkError) return classifyNetworkError(error);
  // Nothing else is thrown after the request was written, but a repeat that we cannot judge is the worse mistake.
  return { type: 'ambiguous', reason: 'connection_lost' };
}

function classifyNetworkError(error: NetworkError): Outcome {
  // The library throws it without a cause for a 5xx whose body is no answer of the Bot API.
  if (error.cause === undefined) return { type: 'healable', reason: 'server_error' };
  const codes = causeCodes(error.cause);
  return codes.some((code) => NEVER_SENT.has(code))
    ? { type: 'healable', reason: 'network' }
    : { type: 'ambiguous', reason: 'connection_lost' };
}

function classifyApiError({ errorCode, description: given, retryAfter, migrateToChatId }: TelegramApiError): Answer {
  const description = typeof given === 'string' ? given : '';
  if (migrateToChatId !== undefined) return { type: 'migrated', chatId: String(migrateToChatId) };
  if (errorCode === 429 || errorCode === 420) {
    return { type: 'rate_limited', retryAfterSeconds: readRetryAfter(retryAfter, description) };
  }
  if (errorCode >= 500 || errorCode === 408 || errorCode === 425) return { type: 'healable', reason: 'server_error' };
  switch (errorCode) {
    case 400:
      return classifyBadRequest(description.toLowerCase());
    case 401:
      // Old wordings say "Unauthorized" of a chat that the bot was thrown out of.
      return /kicked|initiate|send messages to bots/i.test(description)
        ? { type: 'forbidden' }
        : { type: 'permanent', reason: 'unauthorized' };
    case 403:
      return { type: 'forbidden' };
    case 404:
      // What the Bot API says to a token that does not exist.
      return { type: 'permanent', reason: 'unauthorized' };
    case 409:
      return { type: 'permanent', reason: 'conflict' };
    case 413:
      return { type: 'permanent', reason: 'too_long' };
    default:
      return { type: 'permanent', reason: errorCode === undefined ? 'bad_request' : 'unexpected_answer' };
  }
}

function classifyBadRequest(description: string): Answer {
  if (description.includes("can't parse entities")) return { type: 'bad_markup' };
  if (description.includes('message is not modified')) return { type: 'not_modified' };
  if (description.includes('message to edit not found') || description.includes('message_id_invalid')) {
    return { type: 'message_gone' };
  }
  if (description.includes("message can't be edited") || description.includes('no text in the message to edit')) {
    return { type: 'edit_refused' };
  }
  if (description.includes('too long') || description.includes('message_too_long'))
    return { type: 'permanent', reason: 'too_long' };
  if (description.includes('chat not found') || description.includes('group is deactivated')) {
    return { type: 'permanent', reason: 'chat_not_found' };
  }
  if (
    description.includes('not enough rights') ||
    description.includes('need administrator rights') ||
    description.includes('chat_admin_required')
  ) {
    return { type: 'forbidden' };
  }
  return { type: 'permanent', reason: 'bad_request' };
}

function readRetryAfter(parameter: number | undefined, description: string): number {
  const seconds = parameter ?? Number(/retry after (\d+)/i.exec(description)?.[1] ?? DEFAULT_RETRY_AFTER_SECONDS);
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS)
    : DEFAULT_RETRY_AFTER_SECONDS;
}

/** The codes along a chain of causes; undici wraps the system's error once or twice. */
function causeCodes(cause: unknown): readonly string[] {
  const codes: string[] = [];
  let current: unknown = cause;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') codes.push(current.code);
    if (current instanceof AggregateError) codes.push(...current.errors.flatMap(causeCodes));
    current = current.cause;
  }
  return codes;
}
