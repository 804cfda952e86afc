// Every series of the exporter, in two texts: the few that alert rules need, and all of them.
//
//   const metrics = createExporterMetrics(sources);
//   metrics.observeLag(liquidation); metrics.countReject(exchange, feed, reason);     while data comes
//   await metrics.alertingMetrics(); await metrics.metrics();                          when somebody scrapes
//
// Everything else is read from `sources` at the scrape; nothing here keeps market data.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { registerClockOffset } from './clock-offset.ts';
import { registerExchangeInfo } from './exchange-info.ts';
import { registerExposure } from './exposure.ts';
import { registerFeedHealth, registerFeedHistory } from './feed-health.ts';
import { type ObserveLag, registerFeedLag } from './feed-lag.ts';
import { type CountReject, registerFeedRejects } from './feed-rejects.ts';
import { registerLiquidationBurst } from './liquidation-burst.ts';
import { registerLiquidationTotals } from './liquidation-totals.ts';
import { registerLiquidationWindow, registerMarketWindow } from './liquidation-window.ts';
import { registerMarketBurst } from './market-burst.ts';
import { registerOpenInterest } from './open-interest.ts';
import { registerProcess } from './process.ts';
import { registryWriters, type Writer } from './snapshot-metric.ts';
import { type MetricsSources, type Reading, takeReading } from './sources.ts';
import { registerThresholdTable } from './threshold-table.ts';
import { registerWatchedSymbol } from './watched-symbol.ts';

export interface ExporterMetrics {
  /** `/metrics/alerting`: what alert rules need, all of one moment. Both give way to the feeds between families. */
  readonly alertingChunks: () => AsyncIterable<string>;
  /** `/metrics`: every series. */
  readonly chunks: () => AsyncIterable<string>;
  /** The same two in one piece. */
  readonly alertingMetrics: () => Promise<string>;
  readonly metrics: () => Promise<string>;
  readonly contentType: string;
  /** To be called for every liquidation that is counted. */
  readonly observeLag: ObserveLag;
  /** To be called for everything that is dropped. */
  readonly countReject: CountReject;
}

export function createExporterMetrics(sources: MetricsSources): ExporterMetrics {
  const exchanges = sources.venues.map(({ name }) => name);
  const alerting = new Registry();
  const rest = new Registry();
  let current: Reading | undefined;
  const reading = () => current ?? takeReading(sources);

  registerLiquidationBurst(alerting, reading);
  registerLiquidationWindow(alerting, sources, reading);
  registerMarketWindow(alerting, reading);
  registerMarketBurst(alerting, reading);
  registerOpenInterest(alerting, sources, reading);
  registerWatchedSymbol(alerting, sources, reading);
  registerFeedHealth(alerting, reading);
  registerExchangeInfo(alerting, sources);
  registerClockOffset(alerting, sources, reading);

  registerLiquidationTotals(rest, sources);
  registerFeedHistory(rest, sources);
  const countReject = registerFeedRejects(rest, exchanges);
  const observeLag = registerFeedLag(rest, exchanges);
  const exposure = registerExposure(rest);
  registerProcess(alerting, rest, sources.version);
  registerThresholdTable(rest, sources.thresholdTableHash);
  sources.registerMore?.(rest);

  // All families of the alerting text show one reading, so that a slot never mixes two windows. It is in force only while a
  // writer runs, which waits for nothing: several texts may be in the making at once, each of its own moment.
  function alertingChunks(): AsyncIterable<string> {
    const own = takeReading(sources);
    return chunksOf(alerting, (write) => {
      current = own;
      try {
        return write();
      } finally {
        current = undefined;
      }
    });
  }
  async function* followedByRest(first: AsyncIterable<string>): AsyncGenerator<string> {
    yield* first;
    yield '\n';
    yield* chunksOf(rest, (write) => write());
  }
  const chunks = () => followedByRest(alertingChunks());
  /** What the full text shows of it is dropped by Prometheus, so only this one counts as shown. */
  const alertingScrape = () => {
    exposure.shown(sources.clock.now());
    return alertingChunks();
  };
  return {
    alertingChunks: alertingScrape,
    chunks,
    alertingMetrics: () => joined(alertingScrape()),
    metrics: () => joined(chunks()),
    contentType: alerting.contentType,
    observeLag(liquidation) {
      observeLag(liquidation);
      exposure.received(liquidation.receiveTime);
    },
    countReject,
  };
}

async function joined(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

/**
 * With all perpetuals of three venues there are megabytes to write. As one string they would be collected with everything
 * else that is old; in pieces of this size they are gone as soon as they are sent, and the feeds have their turn between them.
 */
const CHUNK_CHARACTERS = 65_536;

/** The text of a registry in pieces of about that size; joined they are what `registry.metrics()` has. */
async function* chunksOf(registry: Registry, run: (write: Writer) => ReturnType<Writer>): AsyncGenerator<string> {
  let text = '';
  for (const [index, write] of registryWriters(registry).entries()) {
    if (index > 0) text += '\n';
    for (const piece of await run(write)) {
      text += piece;
      if (text.length < CHUNK_CHARACTERS) continue;
      yield text;
      text = '';
      await nextTurn();
    }
  }
  yield text;
}
