// Bursts of watched symbols: the Pareto front of (count, notional), one window per slot.
import type { Registry } from 'prom-client';
import type { Burst, BurstPart } from '../windows/burst.ts';
import { registerFamilies, registerGauge } from './snapshot-metric.ts';
import type { Reading } from './sources.ts';

export function registerLiquidationBurst(registry: Registry, reading: () => Reading): void {
  registerFamilies<'symbol' | 'slot', Burst>(registry, {
    type: 'gauge',
    labelNames: ['symbol', 'slot'],
    *read() {
      for (const { symbol, bursts } of reading().symbols) {
        for (const [slot, burst] of bursts.slots.entries()) {
          yield { labels: { symbol, slot: String(slot) }, value: burst };
        }
      }
    },
    families: [
      {
        name: 'derivatives_liquidation_burst_events',
        help: 'Observed liquidations of all venues in one 30 second window of event time that got an event in the last 10 seconds; the slots are the windows that none beats in both count and notional, the same slot is the same window.',
        figure: (burst) => burst.events,
      },
      {
        name: 'derivatives_liquidation_burst_notional_usd',
        help: 'Notional of the window in this slot in US dollars, stablecoins at par.',
        figure: (burst) => burst.notionalUsd,
      },
      {
        name: 'derivatives_liquidation_burst_largest_usd',
        help: 'Notional in US dollars of the largest single liquidation of the window in this slot.',
        figure: (burst) => burst.largestUsd,
      },
      {
        name: 'derivatives_liquidation_burst_timestamp_seconds',
        help: 'End of the window in this slot: its newest event time, seconds since 1970 on our clock.',
        figure: (burst) => burst.endTime / 1_000,
      },
    ],
  });
  registerFamilies<'symbol' | 'slot' | 'exchange' | 'side', BurstPart>(registry, {
    type: 'gauge',
    labelNames: ['symbol', 'slot', 'exchange', 'side'],
    *read() {
      for (const { symbol, bursts } of reading().symbols) {
        for (const [slot, { parts }] of bursts.slots.entries()) {
          for (const part of parts) {
            const { exchange, side } = part;
            yield { labels: { symbol, slot: String(slot), exchange, side }, value: part };
          }
        }
      }
    },
    families: [
      {
        name: 'derivatives_liquidation_burst_split_events',
        help: 'The liquidations of the window in this slot by venue and side of the position; the parts add up to it.',
        figure: (part) => part.events,
      },
      {
        name: 'derivatives_liquidation_burst_split_notional_usd',
        help: 'The notional of the window in this slot by venue and side of the position, US dollars; the parts add up to it.',
        figure: (part) => part.notionalUsd,
      },
    ],
  });
  registerGauge(registry, {
    name: 'derivatives_liquidation_burst_front_points',
    help: 'Windows on the whole front of the symbol; above 16 the slots show a choice of them that keeps both ends and the smallest counts.',
    labelNames: ['symbol'],
    *read() {
      for (const { symbol, bursts } of reading().symbols) {
        if (bursts.points > 0) yield { labels: { symbol }, value: bursts.points };
      }
    },
  });
}
