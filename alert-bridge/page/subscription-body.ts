// A subscription as somebody sent it (JSON of the API, fields of a form) → ours, or every fault in words. Pure.
import { field, isRecord } from '../../common/json-shape.ts';
import { PRIORITIES } from '../model/alert.ts';
import { type ChatAddress, parseChat } from '../model/chat.ts';
import { parseQuietHours } from '../model/quiet-hours.ts';
import { ALERT_TYPES, type AlertType, EVERYTHING, type Subscription } from '../model/subscription.ts';
import type { Subscriber } from '../subscriptions/store.ts';

export type SubscriptionBody =
  | { readonly type: 'valid'; readonly chat: ChatAddress; readonly subscription: Subscription }
  | { readonly type: 'invalid'; readonly faults: readonly string[] };

const FIELDS = ['chat', 'symbols', 'exceptSymbols', 'types', 'lowestPriority', 'quiet', 'paused'];
const SYMBOL = /^[\p{L}\p{N}_.-]{1,32}$/u;
const MAX_SYMBOLS = 200;

/**
 * What is left out gets its default: everything, never quiet. Lists may be arrays or text with commas or spaces; an empty
 * one, or `all`, means all.
 */
export function readSubscriptionBody(body: unknown): SubscriptionBody {
  if (!isRecord(body)) {
    return { type: 'invalid', faults: ['the body must be a JSON object such as {"chat": "123", "symbols": ["BTC"]}'] };
  }
  const faults = Object.keys(body)
    .filter((name) => !FIELDS.includes(name))
    .map((name) => `${name}: is not known; there are ${FIELDS.join(', ')}`);
  const chat = parseChat(String(field(body, 'chat') ?? '').trim());
  if (!chat) faults.push('chat: must be a numeric id such as "123", or "id/thread" for a topic');
  const symbols = readWords(body, 'symbols', faults).map((word) => word.toUpperCase());
  const except = readWords(body, 'exceptSymbols', faults).map((word) => word.toUpperCase());
  for (const symbol of [...symbols, ...except]) {
    if (!SYMBOL.test(symbol))
      faults.push(`symbols: ${JSON.stringify(symbol.slice(0, 40))} is no base asset such as BTC`);
  }
  if (symbols.length + except.length > MAX_SYMBOLS) faults.push(`symbols: ${MAX_SYMBOLS} at most`);
  const types = readTypes(readWords(body, 'types', faults), faults);
  const priority = field(body, 'lowestPriority') ?? EVERYTHING.lowestPriority;
  const lowestPriority = PRIORITIES.find((known) => known === priority);
  if (!lowestPriority) faults.push(`lowestPriority: must be one of ${PRIORITIES.join(', ')}`);
  const quietText = String(field(body, 'quiet') ?? '').trim();
  const quiet = quietText === '' ? undefined : parseQuietHours(quietText);
  if (quietText !== '' && !quiet) {
    faults.push('quiet: must be two different times and a time zone, such as "22:00-07:00 Europe/Berlin"');
  }
  const paused = field(body, 'paused') ?? false;
  if (typeof paused !== 'boolean') faults.push('paused: must be true or false');
  if (faults.length > 0 || !chat || !lowestPriority) return { type: 'invalid', faults };
  const subscription = {
    symbols: symbols.length === 0 ? undefined : symbols,
    exceptSymbols: except,
    types: types.length === 0 || types.length === ALERT_TYPES.length ? undefined : types,
    lowestPriority,
    quiet,
    isPaused: paused === true,
  };
  return { type: 'valid', chat, subscription };
}

/** As the API gives it, and takes it back. */
export function showSubscriber({ chat, isConfigured, subscription }: Subscriber, quiet: string | undefined) {
  const { symbols, exceptSymbols, types, lowestPriority, isPaused } = subscription;
  return {
    chat: chat.key,
    configured: isConfigured,
    symbols: symbols ?? [],
    exceptSymbols,
    types: types ?? [],
    lowestPriority,
    quiet: quiet ?? '',
    paused: isPaused,
  };
}

function readWords(body: object, name: string, faults: string[]): readonly string[] {
  const value = field(body, name) ?? [];
  if (typeof value === 'string') return withoutAll(value.split(/[\s,]+/));
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return withoutAll(value);
  faults.push(`${name}: must be a list of texts`);
  return [];
}

function withoutAll(words: readonly string[]): readonly string[] {
  return words.map((word) => word.trim()).filter((word) => word !== '' && word.toLowerCase() !== 'all');
}

function readTypes(words: readonly string[], faults: string[]): readonly AlertType[] {
  return words.flatMap((word) => {
    const type = ALERT_TYPES.find((known) => known === word.toLowerCase());
    if (!type) faults.push(`types: ${JSON.stringify(word.slice(0, 40))} is none of ${ALERT_TYPES.join(', ')}`);
    return type ?? [];
  });
}
