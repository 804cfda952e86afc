// The recorded orders of Binance, read as plainly as possible and by nothing of the product: what the chain says about them is
// compared with figures summed here. One frame is one order, as the venue sends it.
import { readRecorded } from '../fixtures/frames/recorded.ts';

/** An order in the stream's own words. `ap` is missing in some recorded rows, or is the text `None`. */
export interface RecordedOrder {
  readonly s: string;
  readonly S: 'SELL' | 'BUY';
  readonly z: string;
  readonly p: string;
  readonly ap?: string;
  /** Milliseconds. */
  readonly T: number;
}

/** One liquidation as it was played: what an independent count counts. */
export interface PlayedEvent {
  readonly exchange: 'binance' | 'bybit' | 'okx';
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly usd: number;
  /** Event time after it was moved to now, milliseconds. */
  readonly time: number;
  /** Too old on arrival to take part in any window. */
  readonly isLate: boolean;
}

export function readRecordedOrders(): readonly RecordedOrder[] {
  return readRecorded('liquidations/binance_usdm_forceorder_orders.jsonl.gz')
    .trim()
    .split('\n')
    .map((line): RecordedOrder => JSON.parse(line).o);
}

/** `1000PEPEUSDT` → `1000PEPE`. */
export function baseOf(contract: string): string {
  return contract.replace(/(USDT|USDC)$/, '');
}

/** The coin behind a base that is sold by the thousand: `1000PEPE` → `PEPE`; `1INCH` stays. */
export function coinOf(base: string): string {
  return base.replace(/^(1000000|10000|1000|1M(?=BABYDOGE))(?=\D)/, '').replace(/^SHIB1000$/, 'SHIB');
}

export function usdOf({ z, ap, p }: RecordedOrder): number {
  const average = Number(ap);
  return Number(z) * (average > 0 ? average : Number(p));
}

export function asPlayed(order: RecordedOrder, time: number, isLate: boolean): PlayedEvent {
  const side = order.S === 'SELL' ? 'long' : 'short';
  return { exchange: 'binance', symbol: coinOf(baseOf(order.s)), side, usd: usdOf(order), time, isLate };
}

/** The frame that the venue would send for it now. */
export function frameOf(order: RecordedOrder, time: number, now: number): string {
  return JSON.stringify({
    stream: '!forceOrder@arr',
    data: { e: 'forceOrder', E: now, o: { ...order, T: time, ps: order.s, st: 1 } },
  });
}
