// The existing service's open interest (EXP-9): read only, rarely, and its own kind of reading, because it counts another
// way than we do. Its failures come with status 200, and a market that failed vanishes from its sums without a word.

import { type CanonicalSymbol, canonicalSymbol, type EpochMs, type Usd, usd } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { asRecord, textOf } from '../../common/json-shape.ts';
import type { Logger } from '../../common/logger.ts';
import type { Exchange } from '../events.ts';
import type { RestClient } from '../requests/rest-client.ts';

/** What the service says of one venue. On Bybit it counts both sides. */
export interface MarketDataReading {
  readonly type: 'market_data_open_interest';
  readonly exchange: Exchange;
  readonly symbol: CanonicalSymbol;
  readonly openInterestUsd: Usd;
  /** Markets in the sum; one more or one fewer than before makes the sample worthless. */
  readonly markets: number;
  readonly receiveTime: EpochMs;
}

export interface MarketDataOptions {
  readonly url: string;
  readonly symbols: readonly CanonicalSymbol[];
  /** The venues whose figures are wanted; rows of others are passed over. */
  readonly exchanges: readonly Exchange[];
  readonly client: RestClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onReading: (reading: MarketDataReading) => void;
}

export interface MarketDataPoller {
  run(signal: AbortSignal): Promise<void>;
  lastError(): string | undefined;
}

/** At most one call per five minutes and symbol. */
const PERIOD_MS = 300_000;

export function createMarketDataPoller(options: MarketDataOptions): MarketDataPoller {
  const { client, clock, exchanges, logger, onReading, symbols, url } = options;
  const marketsBefore = new Map<string, number>();
  let lastError: string | undefined;

  const note = (problem: string | undefined) => {
    if (problem !== undefined && problem !== lastError)
      logger.warn({ reason: problem }, 'existing service gave no reading');
    lastError = problem;
  };
  const ask = async (symbol: CanonicalSymbol, signal: AbortSignal) => {
    const answer = await client.fetchJson(`${url}/multi_oi`, signal, { base_symbol: symbol });
    if (signal.aborted) return;
    if (answer.type === 'failed') return note(answer.text);
    const readings = readMultiOpenInterest(answer.body, symbol, exchanges, clock.now());
    if (typeof readings === 'string') return note(readings);
    let problem: string | undefined;
    for (const reading of readings) {
      const key = `${reading.exchange} ${reading.symbol}`;
      const before = marketsBefore.get(key);
      marketsBefore.set(key, reading.markets);
      if (before === undefined || before === reading.markets) onReading(reading);
      else problem = `${key}: ${reading.markets} markets after ${before}, sample not used`;
    }
    note(problem);
  };
  return {
    lastError: () => lastError,
    async run(signal) {
      while (!signal.aborted) {
        const startedMs = clock.monotonicMs();
        for (const symbol of symbols) {
          if (signal.aborted) return;
          await ask(symbol, signal);
        }
        const restMs = startedMs + PERIOD_MS - clock.monotonicMs();
        await clock.sleep(Math.max(restMs, 0), signal).catch(() => {});
      }
    },
  };
}

/** One `/multi_oi` answer → readings of the venues we know. @returns a sentence where it is no good answer */
export function readMultiOpenInterest(
  answer: unknown,
  asked: CanonicalSymbol,
  exchanges: readonly Exchange[],
  receiveTime: EpochMs,
): readonly MarketDataReading[] | string {
  const record = asRecord(answer);
  if (!record) return 'the answer is no object';
  if (record.success !== true)
    return `the service failed: ${(textOf(record.error) ?? 'no reason given').slice(0, 200)}`;
  const rows = record.exchange_breakdown;
  if (!Array.isArray(rows)) return 'the answer has no exchange_breakdown';
  if (symbolOf(record.base_symbol) !== asked) return `asked for ${asked}, answered ${textOf(record.base_symbol)}`;
  const readings: MarketDataReading[] = [];
  for (const row of rows) {
    const venue = asRecord(row);
    const exchange = exchanges.find((known) => known === venue?.exchange);
    if (!venue || !exchange) continue;
    const { oi_usd: value, markets } = venue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) continue;
    if (typeof markets !== 'number' || !Number.isInteger(markets) || markets < 1) continue;
    const openInterestUsd = usd(value);
    readings.push({
      type: 'market_data_open_interest',
      exchange,
      symbol: asked,
      openInterestUsd,
      markets,
      receiveTime,
    });
  }
  return readings.length > 0 ? readings : 'the answer names none of our venues';
}

function symbolOf(value: unknown): CanonicalSymbol | undefined {
  try {
    return typeof value === 'string' ? canonicalSymbol(value) : undefined;
  } catch {
    return undefined;
  }
}
