// A websocket feed that runs against a simulator, and is stopped with its test.
import type { Test } from 'tap';
import { type Clock, createSystemClock } from '../../../common/clock.ts';
import type { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import { WebsocketFeed } from '../../../exporter/connections/websocket-feed.ts';
import type { VenueProtocol } from '../../../exporter/venues/venue-protocol.ts';
import type { VenueSimulator } from '../../../simulators/venues/venue-simulator.ts';
import { venueOf } from '../../support/venues.ts';
import { catalogueOf, createSink, readAll, silentLogger, symbols } from './feed-harness.ts';

export async function startFeed(
  t: Test,
  venue: VenueSimulator,
  options: {
    readonly clock?: Clock;
    readonly urls?: readonly string[];
    readonly protocol?: Partial<VenueProtocol>;
    readonly catalogue?: InstrumentCatalogue;
  } = {},
) {
  const { clock = createSystemClock(), urls = [venue.websocketUrl], protocol = {} } = options;
  const sink = createSink();
  const catalogue = options.catalogue ?? (await catalogueOf(venue));
  const feed = new WebsocketFeed({
    venue: venueOf(venue.exchange),
    protocol: { ...venueOf(venue.exchange).protocol(urls), ...protocol },
    catalogue,
    controlSymbols: symbols('BTC', 'ETH', 'SOL'),
    clock,
    logger: silentLogger,
    random: () => 0,
    offsetMs: sink.offsetMs,
    hostOverride: undefined,
    watchesAll: false,
    catalogueProblem: () => undefined,
  });
  const stop = new AbortController();
  const done = readAll(feed.messages(stop.signal), sink.take);
  t.teardown(async () => {
    stop.abort();
    await done;
    await venue.close();
  });
  return { feed, sink, catalogue, stop, done };
}
