// Does `1000PEPE` really hold a thousand PEPE? Compares canonical mark prices across venues, so that a wrong row of the table
// in `symbols.ts`, or a stock that shares a coin's name, is noticed before it becomes a number. Pure.

import { looksScaled } from '../../common/canonical-symbols.ts';
import { medianOf } from '../../common/median.ts';
import type { Exchange, MarkPrice } from '../events.ts';
import type { Instrument } from './instruments.ts';

/** Perpetuals of one coin stay within a fraction of a percent of each other; a wrong multiplier is off by 900 %. */
const TOLERANCE_RATIO = 0.05;

/**
 * A listing fits when its price agrees with at least half of the other venues: with three venues one wrong price then
 * casts doubt on nobody but the venue that sent it.
 * - `excluded`: a scaled listing that does not fit. Its multiplier is ours and in doubt, so it must not be counted.
 * - `differs`: a plain listing that does not fit. Nothing of ours is in doubt, so it stays and is reported: two coins may
 *   share a name, or the other venue may be the one that is wrong.
 * - `unchecked`: a scaled listing that no other venue prices. It stays, on the word of the reviewed table, and is reported.
 * - `unreviewed`: a listing that looks scaled and has no row in the table. It is counted under its own name.
 */
export type PriceFinding = 'excluded' | 'differs' | 'unchecked' | 'unreviewed';

export interface PriceDeviation {
  readonly instrument: Instrument;
  readonly finding: PriceFinding;
  /** US dollars per canonical unit; `undefined` where the venue gave no mark price either. */
  readonly priceUsd: number | undefined;
  /** Median over the other venues, each with the median of its own contracts. */
  readonly othersUsd: number | undefined;
}

/**
 * Judges perpetuals quoted in dollars. What fits, and what is plain and alone, gives no verdict.
 * @param marks the latest mark price of each contract, canonical
 */
export function checkPrices(
  instruments: readonly Instrument[],
  marks: readonly MarkPrice[],
): readonly PriceDeviation[] {
  const priceOf = new Map(marks.map((mark) => [keyOf(mark), mark.priceUsd]));
  const venuesOf = new Map<string, Map<Exchange, number[]>>();
  const judged = instruments.filter(({ isPerpetual, isUsdQuoted }) => isPerpetual && isUsdQuoted);
  for (const instrument of judged) {
    const price = priceOf.get(keyOf(instrument));
    if (price === undefined) continue;
    const venues = venuesOf.get(instrument.symbol) ?? new Map<Exchange, number[]>();
    venuesOf.set(instrument.symbol, venues);
    const prices = venues.get(instrument.exchange) ?? [];
    venues.set(instrument.exchange, prices);
    prices.push(price);
  }
  return judged.flatMap((instrument) => {
    const venues = venuesOf.get(instrument.symbol) ?? new Map<Exchange, number[]>();
    const others = [...venues].filter(([exchange]) => exchange !== instrument.exchange);
    const othersUsd = others.flatMap(([, prices]) => medianOf(prices) ?? []);
    const priceUsd = priceOf.get(keyOf(instrument));
    const finding = judge(instrument, priceUsd, othersUsd);
    return finding ? [{ instrument, finding, priceUsd, othersUsd: medianOf(othersUsd) }] : [];
  });
}

/** @param others one price of each other venue that gave one */
function judge(
  { multiplier, symbol }: Instrument,
  price: number | undefined,
  others: readonly number[],
): PriceFinding | undefined {
  const isScaled = multiplier !== 1;
  if (!isScaled && looksScaled(symbol)) return 'unreviewed';
  if (price === undefined || others.length === 0) return isScaled ? 'unchecked' : undefined;
  const fitting = others.filter((other) => Math.abs(price / other - 1) <= TOLERANCE_RATIO).length;
  if (fitting * 2 >= others.length) return undefined;
  return isScaled ? 'excluded' : 'differs';
}

/** A contract's identity across venues; no venue's name for one contains a space. */
function keyOf({ exchange, instrumentId }: { readonly exchange: Exchange; readonly instrumentId: string }): string {
  return `${exchange} ${instrumentId}`;
}
