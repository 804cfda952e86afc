// What a silence covers: a symbol, or one alert. Pure.
import type { Texts } from './alert.ts';

export interface Matcher {
  readonly name: string;
  readonly value: string;
}

/** Labels that must all be equal. */
export type Scope = readonly Matcher[];

/** What tells one alert from another of its name. The tier does not: who silences a cascade means its growth too. */
const IDENTITY = ['symbol', 'exchange', 'feed', 'instance', 'job', 'service', 'name'] as const;

export function symbolScope(symbol: string): Scope {
  return [{ name: 'symbol', value: symbol }];
}

export function alertScope(labels: Texts): Scope {
  return ['alertname', ...IDENTITY].flatMap((name) => {
    const value = labels[name];
    return value ? [{ name, value }] : [];
  });
}

/** `BTC`, or `LiquidationCascade BTC`: what people call it. */
export function describeScope(scope: Scope): string {
  return scope.map((matcher) => matcher.value).join(' ');
}

export function covers(scope: Scope, labels: Texts): boolean {
  return scope.length > 0 && scope.every(({ name, value }) => labels[name] === value);
}

/**
 * Reads what stands before the duration of `/silence`: a symbol, an alert's name, or both in any order.
 * `undefined` when it is neither.
 */
export function parseScope(words: readonly string[]): Scope | undefined {
  const [first, second, ...rest] = words;
  if (first === undefined || rest.length > 0) return undefined;
  const names = words.filter((word) => ALERT_NAME.test(word));
  const symbols = words.filter((word) => !ALERT_NAME.test(word));
  if (names.length > 1 || symbols.length > 1 || !symbols.every((word) => SYMBOL.test(word))) return undefined;
  const [name] = names;
  const [symbol] = symbols;
  if (second !== undefined && (name === undefined || symbol === undefined)) return undefined;
  return [
    ...(name === undefined ? [] : [{ name: 'alertname', value: name }]),
    ...(symbol === undefined ? [] : symbolScope(symbol.toUpperCase())),
  ];
}

/** `LiquidationCascade`; a phone that writes `Btc` means the symbol. */
const ALERT_NAME = /^[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+$/;
const SYMBOL = /^[\p{L}\p{N}_.-]{1,32}$/u;
