// The exporter's own path from the text of a message to its windows: parse, tell control from data, map with validation and
// dollars, filter replays, correct clocks, admit, count, keep. Everything but the socket.
import { epochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { InstrumentCatalogue } from '../../exporter/catalogue/instruments.ts';
import { ReplayFilter } from '../../exporter/connections/replay-filter.ts';
import { createExporterMetrics } from '../../exporter/metrics/exporter-metrics.ts';
import { createPipeline } from '../../exporter/pipeline.ts';
import { parseFrame, type Venue } from '../../exporter/venues/venue.ts';
import { ClockOffsets } from '../../exporter/windows/clock-offset.ts';
import { LatestState } from '../../exporter/windows/latest-state.ts';
import { LiquidationStore } from '../../exporter/windows/liquidation-store.ts';
import { SIMULATED, venueOf } from '../../tests/support/venues.ts';
import { DEFAULT_SYMBOLS, instrumentsNamed, type WireFrame } from '../rig/frames.ts';
import { catalogueFor, watchedSymbols } from '../rig/instruments.ts';
import type { Contestant } from './contestant.ts';

export interface ExporterCore extends Contestant {
  /** `/metrics/alerting` at the present of the last frame. */
  scrape(): Promise<string>;
  scrapeAll(): Promise<string>;
}

/** @param sample frames that name every contract there will be */
export function createExporterCore(sample: readonly WireFrame[]): ExporterCore {
  let now = sample[0]?.arrivesAt ?? 0;
  const clock: Clock = {
    now: () => epochMs(now),
    wallNow: () => epochMs(now),
    monotonicMs: () => now,
    sleep: () => Promise.reject(new Error('nothing here waits')),
  };
  const catalogue = new InstrumentCatalogue();
  for (const [exchange, ids] of instrumentsNamed(sample)) catalogue.replace(exchange, catalogueFor(exchange, ids));
  const symbols = watchedSymbols(DEFAULT_SYMBOLS);
  const liquidations = new LiquidationStore({ symbols, exchanges: SIMULATED, ringSize: 1_000 });
  const offsets = new ClockOffsets();
  const state = new LatestState();
  const metrics = createExporterMetrics({
    version: 'bench',
    clock,
    symbols,
    venues: SIMULATED.map(venueOf),
    overrides: [],
    liquidations,
    offsets,
    state,
    maxStateAgeMs: () => 600_000,
    feeds: () => [],
    existingOpenInterest: () => [],
  });
  const pipeline = createPipeline({
    clock,
    logger: createLogger('bench', 'silent'),
    liquidations,
    offsets,
    state,
    metrics,
  });
  const openVenues = new Map(SIMULATED.map(venueOf).map((venue) => [venue.name, openVenue(venue)]));
  let events = 0;

  function openVenue(venue: Venue) {
    const protocol = venue.protocol(['ws://venue']);
    const filter = new ReplayFilter(protocol.mayReplay, () => offsets.measuredMs(venue.name, clock.now()));
    return {
      venue,
      protocol,
      filter,
      session: filter.addSession(clock.now()),
      instrument: (instrumentId: string) => catalogue.get(venue.name, instrumentId),
    };
  }

  return {
    take({ venue: exchange, text, arrivesAt }) {
      now = arrivesAt;
      const open = openVenues.get(exchange);
      if (!open) throw new Error(`no venue is called ${exchange}`);
      const { venue, protocol, filter, session, instrument } = open;
      const frame = parseFrame(venue, text);
      if (protocol.readControl(frame)) return;
      const receiveTime = clock.now();
      const mapped = venue.mapMessage(frame, { receiveTime, instrument });
      events += mapped.events.length;
      const message = filter.filter(mapped, session, false);
      pipeline.take({ exchange, feed: 'liquidations', message, receiveTime });
    },
    events: () => events,
    scrape: () => metrics.alertingMetrics(),
    scrapeAll: () => metrics.metrics(),
  };
}
