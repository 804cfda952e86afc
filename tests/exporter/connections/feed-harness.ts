// What tests of feeds share: a place that keeps what a feed gave, and a way to wait for it.
import { setTimeout as delay } from 'node:timers/promises';
import { type CanonicalSymbol, canonicalSymbol, type EpochMs } from '../../../common/brands.ts';
import { createLogger } from '../../../common/logger.ts';
import { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import type { Exchange, Liquidation, MarketEvent, Reject } from '../../../exporter/events.ts';
import type { FeedOutput } from '../../../exporter/feed.ts';
import { MAPPERS } from '../../../exporter/venues/registry.ts';
import type { VenueSimulator } from '../../../simulators/venues/venue-simulator.ts';

export const silentLogger = createLogger('test', 'silent');

export function symbols(...names: readonly string[]): ReadonlySet<CanonicalSymbol> {
  return new Set(names.map(canonicalSymbol));
}

export interface Sink extends FeedOutput {
  readonly events: MarketEvent[];
  readonly rejects: Reject[];
  /** Smallest receive − sent time so far: what the pipeline estimates. */
  offsetMs(): number | undefined;
  liquidations(): readonly Liquidation[];
}

export function createSink(): Sink {
  const events: MarketEvent[] = [];
  const rejects: Reject[] = [];
  let offsetMs: number | undefined;
  return {
    events,
    rejects,
    offsetMs: () => offsetMs,
    liquidations: () => events.filter((event) => event.type === 'liquidation'),
    onMessage(_exchange, _feed, message, receiveTime: EpochMs) {
      events.push(...message.events);
      rejects.push(...message.rejects);
      if (message.sentTime === undefined) return;
      offsetMs = Math.min(offsetMs ?? Number.POSITIVE_INFINITY, receiveTime - message.sentTime);
    },
    onReject(_exchange, _feed, reject) {
      rejects.push(reject);
    },
  };
}

/** The contracts of a stand-in, read from its REST answers through the real mapper. */
export async function catalogueOf(...venues: readonly VenueSimulator[]): Promise<InstrumentCatalogue> {
  const catalogue = new InstrumentCatalogue();
  for (const venue of venues) catalogue.replace(venue.exchange, await listingOf(venue));
  return catalogue;
}

const LISTINGS: Readonly<Record<Exchange, readonly (readonly [market: 'linear' | 'inverse', path: string])[]>> = {
  binance: [
    ['linear', '/fapi/v1/exchangeInfo'],
    ['inverse', '/dapi/v1/exchangeInfo'],
  ],
  bybit: [
    ['linear', '/v5/market/instruments-info?category=linear&limit=1000'],
    ['inverse', '/v5/market/instruments-info?category=inverse&limit=1000'],
  ],
  okx: [
    ['linear', '/api/v5/public/instruments?instType=SWAP'],
    ['linear', '/api/v5/public/instruments?instType=FUTURES'],
  ],
};

async function listingOf(venue: VenueSimulator) {
  const answers = await Promise.all(
    LISTINGS[venue.exchange].map(async ([market, path]) => {
      const answer: unknown = await (await fetch(venue.restUrl + path)).json();
      return MAPPERS[venue.exchange].mapInstruments(answer, market).instruments;
    }),
  );
  return answers.flat();
}

/** Waits until the condition holds. @throws Error when it never does. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (condition()) return;
    await delay(10);
  }
  throw new Error(`never happened: ${what}`);
}
