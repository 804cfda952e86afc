// A request in words (`BTC oi high`) → the changed subscription. Pure.
import { PRIORITIES, type Priority } from '../model/alert.ts';
import { ALERT_TYPES, type AlertType, EVERYTHING, type Subscription } from '../model/subscription.ts';

export type Change =
  | { readonly type: 'changed'; readonly subscription: Subscription }
  | { readonly type: 'refused'; readonly problem: string };

interface SubscriptionRequest {
  readonly symbols: readonly string[];
  readonly types: readonly AlertType[];
  readonly priority: Priority | undefined;
}

const SYMBOL = /^[\p{L}\p{N}_.-]{1,32}$/u;
const MAX_SYMBOLS = 200;

/** Nothing but `all`, or nothing at all, means everything again. What is named is added; the first symbol named narrows. */
export function subscribe(subscription: Subscription, words: readonly string[]): Change {
  if (words.length === 0) return changed({ ...subscription, isPaused: false });
  if (words.every((word) => word.toLowerCase() === 'all')) {
    return changed({ ...EVERYTHING, quiet: subscription.quiet });
  }
  const request = readRequest(words);
  if (typeof request === 'string') return { type: 'refused', problem: request };
  const { symbols, exceptSymbols, types } = subscription;
  const returning = request.symbols.filter((symbol) => exceptSymbols.includes(symbol));
  const added =
    symbols === undefined ? request.symbols.filter((symbol) => !returning.includes(symbol)) : request.symbols;
  return changed({
    ...subscription,
    isPaused: false,
    symbols: added.length === 0 ? symbols : union(symbols ?? [], added),
    exceptSymbols: exceptSymbols.filter((symbol) => !returning.includes(symbol)),
    types: request.types.length === 0 ? types : union(types ?? [], request.types),
    lowestPriority: request.priority ?? subscription.lowestPriority,
  });
}

/** Without words: pauses. */
export function unsubscribe(subscription: Subscription, words: readonly string[]): Change {
  if (words.length === 0 || words.every((word) => word.toLowerCase() === 'all')) {
    return changed({ ...subscription, isPaused: true });
  }
  const request = readRequest(words);
  if (typeof request === 'string') return { type: 'refused', problem: request };
  if (request.priority !== undefined) {
    return { type: 'refused', problem: `say the lowest one you want instead: /subscribe ${request.priority}` };
  }
  const symbols = subscription.symbols?.filter((symbol) => !request.symbols.includes(symbol));
  const types = (subscription.types ?? ALERT_TYPES).filter((type) => !request.types.includes(type));
  if (symbols?.length === 0 || types.length === 0) {
    return { type: 'refused', problem: 'that would leave nothing: /unsubscribe alone pauses everything' };
  }
  return changed({
    ...subscription,
    symbols,
    exceptSymbols:
      subscription.symbols === undefined
        ? union(subscription.exceptSymbols, request.symbols)
        : subscription.exceptSymbols,
    types: request.types.length === 0 ? subscription.types : types,
  });
}

function readRequest(words: readonly string[]): SubscriptionRequest | string {
  const symbols: string[] = [];
  const types: AlertType[] = [];
  let priority: Priority | undefined;
  for (const word of words) {
    const plain = word.toLowerCase();
    const type = ALERT_TYPES.find((known) => known === plain || `${known}s` === plain);
    const level = PRIORITIES.find((known) => known === plain);
    if (type) types.push(type);
    else if (level) priority = level;
    else if (SYMBOL.test(word)) symbols.push(word.toUpperCase());
    else return `${JSON.stringify(word.slice(0, 40))} is no symbol, type or priority`;
  }
  if (symbols.length > MAX_SYMBOLS) return `${MAX_SYMBOLS} symbols at most`;
  return { symbols, types, priority };
}

function changed(subscription: Subscription): Change {
  return { type: 'changed', subscription };
}

function union<Item>(before: readonly Item[], added: readonly Item[]): readonly Item[] {
  return [...new Set([...before, ...added])].slice(0, MAX_SYMBOLS);
}
