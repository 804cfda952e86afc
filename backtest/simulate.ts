// Plays a recording through the exporter's own windows, one simulated scrape after the other, and hands the samples on.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CanonicalSymbol, type EpochMs, epochMs } from '../common/brands.ts';
import type { MarkPrice, OpenInterest } from '../exporter/events.ts';
import { type CoveredContract, LatestState, maxStateAgeMs } from '../exporter/windows/latest-state.ts';
import { LiquidationStore } from '../exporter/windows/liquidation-store.ts';
import { ExporterTarget } from './exporter-target.ts';
import { exchangesIn, type Recording, symbolsIn } from './input/recording.ts';
import type { RulePlan } from './rule-plan.ts';
import { SampleBatch, type Send } from './series-writer.ts';
import type { Segment, Session } from './timeline.ts';

/** Of the job with the counters, as in prometheus.yml. */
const TOTALS_STEP_MS = 15_000;
/** Open interest of the files is polled every five minutes, and so as old as the exporter allows for that cadence. */
const MAX_STATE_AGE_MS = maxStateAgeMs(300);
const PROGRESS_EVERY = 2_000;

export interface SimulationOptions {
  /** `undefined` watches all. */
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  readonly plan: Pick<RulePlan, 'wanted' | 'dense'>;
  readonly send: Send;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Simulated {
  readonly samples: number;
  /** Liquidations that were late, too far in the future or absurd on arrival, and so took no part in a burst. */
  readonly outside: number;
}

export async function simulate(
  recording: Recording,
  sessions: readonly Session[],
  { symbols, plan, send, onProgress }: SimulationOptions,
): Promise<Simulated> {
  const batch = new SampleBatch(send);
  const market = new ExporterTarget('exporter-alerting', batch, plan);
  const totals = new ExporterTarget('exporter', batch, plan);
  const total = sessions.reduce((sum, session) => sum + countScrapes(session), 0);
  const watched = symbols ?? symbolsIn([...recording.liquidations, ...recording.state]);
  let done = 0;
  let outside = 0;
  let nextLiquidation = 0;
  let nextState = 0;

  for (const session of sessions) {
    const liquidations = new LiquidationStore({ symbols, exchanges: exchangesIn(recording), ringSize: 1 });
    const state = coverAll(recording.state);
    for (const now of scrapeTimes(session)) {
      nextLiquidation = takeUntil(recording.liquidations, nextLiquidation, now, (liquidation) => {
        if (liquidations.take(liquidation, 0) !== 'admit') outside++;
      });
      nextState = takeUntil(recording.state, nextState, now, (event) => {
        if (event.type === 'open_interest') state.recordOpenInterest(event);
        else state.recordMarkPrice(event);
      });
      market.showMarket(now, {
        symbols: liquidations.symbolViews(now),
        market: liquidations.marketView(now),
        state: state.read(now, () => MAX_STATE_AGE_MS),
        watched,
      });
      if (session.hasLiquidations && now % TOTALS_STEP_MS === 0) totals.showTotals(now, liquidations.totals());
      if (batch.isFull) await batch.flush();
      if (++done % PROGRESS_EVERY === 0) {
        onProgress(done, total);
        await nextTurn();
      }
    }
  }
  await batch.flush();
  onProgress(total, total);
  return { samples: batch.total, outside };
}

function takeUntil<Event extends { readonly receiveTime: EpochMs }>(
  events: readonly Event[],
  from: number,
  now: number,
  take: (event: Event) => void,
): number {
  let next = from;
  for (let event = events[next]; event && event.receiveTime <= now; event = events[next]) {
    take(event);
    next++;
  }
  return next;
}

/** Every contract of which there is something makes up its venue's figure. */
function coverAll(events: readonly (OpenInterest | MarkPrice)[]): LatestState {
  const state = new LatestState();
  const byVenue = Map.groupBy(
    events.filter(({ type }) => type === 'open_interest'),
    ({ exchange }) => exchange,
  );
  for (const [exchange, own] of byVenue) {
    const contracts = new Map<string, CoveredContract>();
    for (const event of own) {
      const isInverse = event.type === 'open_interest' && event.notionalUsd !== undefined;
      const { instrumentId, symbol } = event;
      contracts.set(instrumentId, { instrumentId, symbol, margin: isInverse ? 'inverse' : 'linear', quote: 'USDT' });
    }
    state.cover(exchange, [...contracts.values()]);
  }
  return state;
}

/** Where nothing is liquidated the counters still move on their own beat: `increase()` counts their samples. */
function* scrapeTimes({ segments, hasLiquidations }: Session): Generator<EpochMs> {
  for (const segment of segments) {
    const stepMs = stepOf(segment, hasLiquidations);
    for (let now = segment.start; now <= segment.end; now += stepMs) yield epochMs(now);
  }
}

function stepOf({ stepMs }: Segment, hasLiquidations: boolean): number {
  return hasLiquidations ? Math.min(stepMs, TOTALS_STEP_MS) : stepMs;
}

function countScrapes({ segments, hasLiquidations }: Session): number {
  return segments.reduce(
    (sum, segment) => sum + Math.floor((segment.end - segment.start) / stepOf(segment, hasLiquidations)) + 1,
    0,
  );
}
