// Bursts of the whole market: the same front over every symbol that the venues send.
import type { Registry } from 'prom-client';
import type { Burst, BurstPart } from '../windows/burst.ts';
import { registerGauge } from './snapshot-metric.ts';
import type { Reading } from './sources.ts';

export function registerMarketBurst(registry: Registry, reading: () => Reading): void {
  const slotGauge = (name: string, help: string, field: (burst: Burst) => number) =>
    registerGauge(registry, {
      name: `derivatives_liquidation_market_burst_${name}`,
      help,
      labelNames: ['slot'],
      read: () =>
        reading().market.bursts.map(({ burst }, slot) => ({ labels: { slot: String(slot) }, value: field(burst) })),
    });
  const partGauge = (name: string, help: string, field: (part: BurstPart) => number) =>
    registerGauge(registry, {
      name: `derivatives_liquidation_market_burst_split_${name}`,
      help,
      labelNames: ['slot', 'exchange', 'side'],
      *read() {
        for (const [slot, { burst }] of reading().market.bursts.entries()) {
          for (const part of burst.parts) {
            yield { labels: { slot: String(slot), exchange: part.exchange, side: part.side }, value: field(part) };
          }
        }
      },
    });
  slotGauge(
    'events',
    'Observed liquidations of every symbol and venue in one 30 second window of event time that got an event in the last 10 seconds; the same slot is the same window.',
    (burst) => burst.events,
  );
  slotGauge(
    'notional_usd',
    'Notional of the market-wide window in this slot in US dollars, stablecoins at par.',
    (burst) => burst.notionalUsd,
  );
  registerGauge(registry, {
    name: 'derivatives_liquidation_market_burst_largest_usd',
    help: 'Notional in US dollars of the largest single liquidation of the market-wide window in this slot, and its symbol.',
    labelNames: ['slot', 'symbol'],
    *read() {
      for (const [slot, { burst, largestSymbol }] of reading().market.bursts.entries()) {
        yield { labels: { slot: String(slot), symbol: largestSymbol }, value: burst.largestUsd };
      }
    },
  });
  slotGauge(
    'timestamp_seconds',
    'End of the market-wide window in this slot: its newest event time, seconds since 1970 on our clock.',
    (burst) => burst.endTime / 1_000,
  );
  partGauge(
    'events',
    'The liquidations of the market-wide window in this slot by venue and side of the position; the parts add up to it.',
    (part) => part.events,
  );
  partGauge(
    'notional_usd',
    'The notional of the market-wide window in this slot by venue and side of the position, US dollars; the parts add up to it.',
    (part) => part.notionalUsd,
  );
  registerGauge(registry, {
    name: 'derivatives_liquidation_market_burst_symbol_notional_usd',
    help: 'Notional in US dollars of the five symbols with most of it in the market-wide window in this slot.',
    labelNames: ['slot', 'symbol'],
    *read() {
      for (const [slot, { topSymbols }] of reading().market.bursts.entries()) {
        for (const { symbol, notionalUsd } of topSymbols) {
          yield { labels: { slot: String(slot), symbol }, value: notionalUsd };
        }
      }
    },
  });
  registerGauge(registry, {
    name: 'derivatives_liquidation_market_burst_front_points',
    help: 'Windows on the whole market-wide front; above 16 the slots show a choice of them that keeps both ends and the smallest counts.',
    labelNames: [],
    read: () => [{ labels: {}, value: reading().market.points }],
  });
}
