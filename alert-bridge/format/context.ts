// What the messages of several kinds of market alert share: the mark of the first line, and the lines that may follow: venues,
// price, coverage, lateness, repeats.
import { figure, type Texts } from '../model/alert.ts';
import { cleanLine } from './escape.ts';
import { formatChange, formatPrice, formatShare, formatUsd } from './figures.ts';
import { KEEP_TOGETHER } from './length.ts';

export interface RenderContext {
  /** How late the chat hears of it; `undefined` in time. */
  readonly lateSeconds: number | undefined;
  /** A crash lost the answer to an earlier try. */
  readonly isResend: boolean;
  readonly nowMs: number;
  /** Names of venues as people write them, by `exchange` label. */
  readonly venueNames: ReadonlyMap<string, string>;
}

/** How loud a first line is, by tier (1, 4, 16, 64): `🚨`, `🚨🚨`, and so on to four. */
export function tierMark(tier: number, mark = '🚨'): string {
  const order = Math.min(3, Math.max(0, Math.round(Math.log2(tier) / 2)));
  return mark.repeat(1 + order);
}

export function contextLines({ lateSeconds, isResend }: RenderContext): readonly string[] {
  return [
    ...(lateSeconds === undefined ? [] : [`⏱ ${lateSeconds} s late`]),
    ...(isResend ? ['🔁 Sent again after a restart'] : []),
  ];
}

/** `mark` and `change` of price, share of open interest; nothing where a figure is missing. */
export function priceLines(annotations: Texts): readonly string[] {
  const price = figure(annotations.mark_price_usd);
  const changes = [
    ['1m', figure(annotations.price_change_1m_ratio)],
    ['15m', figure(annotations.price_change_15m_ratio)],
  ].flatMap(([span, ratio]) => (typeof ratio === 'number' ? [`${formatChange(ratio)} ${span}`] : []));
  const share = figure(annotations.open_interest_ratio);
  return [
    ...(price !== undefined && price > 0 ? [`💵 ${[formatPrice(price), ...changes].join(' · ')}`] : []),
    ...(share !== undefined && share > 0 ? [`📊 ${formatShare(share)} of open interest`] : []),
  ];
}

/** `binance=600000,bybit=400000` → `Binance $600K, Bybit $400K`. */
export function venueLine(
  annotations: Texts,
  context: Pick<RenderContext, 'venueNames'>,
  format: (value: number) => string = formatUsd,
): readonly string[] {
  const parts = readList(annotations.venues).map(
    ([name, value]) => `${venueName(name, context)}${KEEP_TOGETHER}${format(value)}`,
  );
  return parts.length === 0 ? [] : [`🏦 ${parts.join(', ')}`];
}

/** A part of the coverage note that is no longer than this stays on one line. */
const MAX_KEPT = 30;

/** Counts are exact over what venues publish, and the message says so where that is less than everything. */
export function coverageLine(annotations: Texts, count?: number): readonly string[] {
  const note = cleanLine(annotations.coverage ?? '');
  if (note === '') return [];
  const parts = note.split(', ').map((part) => (part.length > MAX_KEPT ? part : part.replaceAll(' ', KEEP_TOGETHER)));
  return [`ℹ️ ${count === undefined ? '' : `≥ ${count}: `}${parts.join(', ')}`];
}

/** A list annotation: pairs whose value is a number, in the order given. */
export function readList(text: string | undefined): readonly (readonly [name: string, value: number])[] {
  return (text ?? '').split(',').flatMap((part) => {
    const at = part.lastIndexOf('=');
    const value = at > 0 ? figure(part.slice(at + 1)) : undefined;
    const name = cleanLine(part.slice(0, Math.max(0, at)));
    return value === undefined || name === '' ? [] : [[name, value] as const];
  });
}

/** `okx` → `OKX`: as the exporter's descriptor has it, else the way most venues write theirs. */
export function venueName(name: string, { venueNames }: Pick<RenderContext, 'venueNames'>): string {
  const lower = name.toLowerCase();
  const guess = lower.length <= 3 ? lower.toUpperCase() : `${lower.slice(0, 1).toUpperCase()}${lower.slice(1)}`;
  return venueNames.get(lower) ?? (name === lower ? guess : name);
}
