// What tests of feeds share: a place that keeps what a feed gave, and a way to wait for it.
import { setTimeout as delay } from 'node:timers/promises';
import { type CanonicalSymbol, canonicalSymbol } from '../../../common/brands.ts';
import { createLogger } from '../../../common/logger.ts';
import { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import { loadExporterConfig } from '../../../exporter/config/config.ts';
import type { Liquidation, MarketEvent, Reject } from '../../../exporter/events.ts';
import type { FeedMessage } from '../../../exporter/feed.ts';
import type { VenueUrls } from '../../../exporter/venues/venue.ts';
import type { VenueSimulator } from '../../../simulators/venues/venue-simulator.ts';
import { venueOf } from '../../support/venues.ts';

export const silentLogger = createLogger('test', 'silent');

export function symbols(...names: readonly string[]): ReadonlySet<CanonicalSymbol> {
  return new Set(names.map(canonicalSymbol));
}

export interface Sink {
  take(received: FeedMessage): void;
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
    take({ message, receiveTime }) {
      events.push(...message.events);
      rejects.push(...message.rejects);
      if (message.sentTime === undefined) return;
      offsetMs = Math.min(offsetMs ?? Number.POSITIVE_INFINITY, receiveTime - message.sentTime);
    },
  };
}

/** Hands everything on, to the end. */
export async function readAll<Item>(stream: AsyncIterable<Item>, take: (item: Item) => void): Promise<void> {
  for await (const item of stream) take(item);
}

/** The contracts of a simulator, read from its REST answers through the real mapper. */
export async function catalogueOf(...venues: readonly VenueSimulator[]): Promise<InstrumentCatalogue> {
  const catalogue = new InstrumentCatalogue();
  for (const venue of venues) catalogue.replace(venue.exchange, await listingOf(venue));
  return catalogue;
}

async function listingOf(simulator: VenueSimulator) {
  const { contractLists } = venueOf(simulator.exchange).rest(urlsOf(simulator));
  const answers = await Promise.all(
    contractLists.map(async ({ url, mapContracts }) => mapContracts(await (await fetch(url(undefined))).json())),
  );
  return answers.flatMap(({ instruments }) => instruments);
}

/** Where a simulator is reached, as the configuration would say it. */
export function urlsOf(simulator: VenueSimulator): VenueUrls {
  const configured = loadExporterConfig(simulator.environment()).venues.find(
    ({ venue }) => venue.name === simulator.exchange,
  );
  if (!configured) throw new Error(`no venue is called ${simulator.exchange}`);
  return configured.urls;
}

/** Waits until the condition holds. @throws Error when it never does. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (condition()) return;
    await delay(10);
  }
  throw new Error(`never happened: ${what}`);
}
