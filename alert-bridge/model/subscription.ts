// Which alerts one chat wants, and the judgement of one alert by that. Pure.
import { type AlertFacts, type AlertKind, PRIORITIES, type Priority } from './alert.ts';
import { type QuietHours, quietUntilMs } from './quiet-hours.ts';

/** Kinds of alert in the words that people subscribe by. */
export const ALERT_TYPES = ['cascade', 'large', 'market', 'oi', 'stack', 'other'] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

const TYPE_OF_KIND: Readonly<Record<AlertKind, AlertType>> = {
  cascade: 'cascade',
  large_liquidation: 'large',
  market_cascade: 'market',
  oi_explosion: 'oi',
  oi_collapse: 'oi',
  stack: 'stack',
  other: 'other',
};

export interface Subscription {
  /** Base assets; `undefined`: all. Alerts without a symbol are not judged by it. */
  readonly symbols: readonly string[] | undefined;
  /** Never these, whatever `symbols` says. */
  readonly exceptSymbols: readonly string[];
  /** `undefined`: all. */
  readonly types: readonly AlertType[] | undefined;
  readonly lowestPriority: Priority;
  readonly quiet: QuietHours | undefined;
  readonly isPaused: boolean;
}

/** What a configured chat has until somebody changes it. */
export const EVERYTHING: Subscription = {
  symbols: undefined,
  exceptSymbols: [],
  types: undefined,
  lowestPriority: 'low',
  quiet: undefined,
  isPaused: false,
};

export type Verdict =
  | { readonly type: 'wanted'; readonly isSilent: boolean }
  | { readonly type: 'filtered'; readonly reason: 'paused' | 'not_subscribed' }
  /** Waits for the digest that comes when the quiet hours end, `delayMs` from now. */
  | { readonly type: 'held'; readonly delayMs: number };

/** @param wallMs wall clock: quiet hours are civil time */
export function judgeSubscription(subscription: Subscription, facts: AlertFacts, wallMs: number): Verdict {
  const { types, lowestPriority, quiet, isPaused } = subscription;
  if (isPaused) return { type: 'filtered', reason: 'paused' };
  const isSymbolWanted = facts.symbol === undefined || wantsSymbol(subscription, facts.symbol);
  const isTypeWanted = types === undefined || types.includes(TYPE_OF_KIND[facts.kind]);
  const isPriorityWanted = PRIORITIES.indexOf(facts.priority) <= PRIORITIES.indexOf(lowestPriority);
  if (!isSymbolWanted || !isTypeWanted || !isPriorityWanted) return { type: 'filtered', reason: 'not_subscribed' };
  const until = quiet && quietUntilMs(quiet, wallMs);
  if (quiet === undefined || until === undefined) return { type: 'wanted', isSilent: false };
  if (quiet.isAll || facts.priority === 'low') return { type: 'held', delayMs: Math.max(0, until - wallMs) };
  return { type: 'wanted', isSilent: facts.priority !== 'high' };
}

function wantsSymbol({ symbols, exceptSymbols }: Subscription, symbol: string): boolean {
  return !exceptSymbols.includes(symbol) && (symbols === undefined || symbols.includes(symbol));
}
