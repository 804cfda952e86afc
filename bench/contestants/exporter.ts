// The exporter's own path from the text of a message to its windows: parse, tell control from data, map with validation and
// dollars, filter replays, correct clocks, admit, count, keep. Everything but the socket.
import { epochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { InstrumentCatalogue } from '../../exporter/catalogue/instruments.ts';
import { ReplayFilter } from '../../exporter/connections/replay-filter.ts';
import { EXCHANGES, type Exchange } from '../../exporter/events.ts';
import { createExporterMetrics } from '../../exporter/metrics/exporter-metrics.ts';
import { createPipeline } from '../../exporter/pipeline.ts';
import { binanceProtocol } from '../../exporter/venues/binance/protocol.ts';
import { bybitProtocol } from '../../exporter/venues/bybit/protocol.ts';
import { okxProtocol } from '../../exporter/venues/okx/protocol.ts';
import { parseFrame } from '../../exporter/venues/parse-frame.ts';
import { MAPPERS } from '../../exporter/venues/registry.ts';
import type { VenueProtocol } from '../../exporter/venues/venue-protocol.ts';
import { ClockOffsets } from '../../exporter/windows/clock-offset.ts';
import { LatestState } from '../../exporter/windows/latest-state.ts';
import { LiquidationStore } from '../../exporter/windows/liquidation-store.ts';
import { DEFAULT_SYMBOLS, instrumentsNamed, type WireFrame } from '../rig/frames.ts';
import { catalogueFor, watchedSymbols } from '../rig/instruments.ts';
import type { Contestant } from './contestant.ts';

export interface ExporterCore extends Contestant {
  /** `/metrics/alerting` at the present of the last frame. */
  scrape(): Promise<string>;
  scrapeAll(): Promise<string>;
}

const PROTOCOLS: Readonly<Record<Exchange, VenueProtocol>> = {
  binance: binanceProtocol(['ws://venue']),
  bybit: bybitProtocol(['ws://venue']),
  okx: okxProtocol(['ws://venue']),
};

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
  const liquidations = new LiquidationStore({ symbols, exchanges: EXCHANGES, ringSize: 1_000 });
  const offsets = new ClockOffsets();
  const state = new LatestState();
  const metrics = createExporterMetrics({
    version: 'bench',
    clock,
    symbols,
    exchanges: EXCHANGES,
    overrides: [],
    liquidations,
    offsets,
    state,
    maxStateAgeMs: () => 600_000,
    feeds: () => [],
    existingOpenInterest: () => [],
  });
  const output = createPipeline({
    clock,
    logger: createLogger('bench', 'silent'),
    liquidations,
    offsets,
    state,
    metrics,
  });
  const venues = Object.fromEntries(EXCHANGES.map((exchange) => [exchange, createVenue(exchange)]));
  let events = 0;

  function createVenue(exchange: Exchange) {
    const filter = new ReplayFilter(PROTOCOLS[exchange].mayReplay, () => offsets.measuredMs(exchange, clock.now()));
    return {
      protocol: PROTOCOLS[exchange],
      mapper: MAPPERS[exchange],
      filter,
      witness: filter.witness(clock.now()),
      instrument: (instrumentId: string) => catalogue.get(exchange, instrumentId),
    };
  }

  return {
    take({ venue, text, arrivesAt }) {
      now = arrivesAt;
      const { protocol, mapper, filter, witness, instrument } = venues[venue] ?? createVenue(venue);
      const message: unknown = parseFrame(text);
      if (protocol.readControl(message)) return;
      const receiveTime = clock.now();
      const mapped = mapper.mapMessage(message, { receiveTime, instrument });
      events += mapped.events.length;
      output.onMessage(venue, 'liquidations', filter.filter(mapped, witness, false), receiveTime);
    },
    events: () => events,
    scrape: () => metrics.alertingMetrics(),
    scrapeAll: () => metrics.metrics(),
  };
}
