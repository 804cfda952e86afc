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
import { registerFeedHealth, registerFeedHistory } from './feed-health.ts';
import { type ObserveLag, registerFeedLag } from './feed-lag.ts';
import { type CountReject, registerFeedRejects } from './feed-rejects.ts';
import { registerLiquidationBurst } from './liquidation-burst.ts';
import { registerLiquidationTotals } from './liquidation-totals.ts';
import { registerLiquidationWindow, registerMarketWindow } from './liquidation-window.ts';
import { registerMarketBurst } from './market-burst.ts';
import { registerOpenInterest } from './open-interest.ts';
import { registerProcess } from './process.ts';
import { familyText } from './snapshot-metric.ts';
import { type MetricsSources, type Reading, takeReading } from './sources.ts';
import { registerWatchedSymbol } from './watched-symbol.ts';

export interface ExporterMetrics {
  /** `/metrics/alerting`: what alert rules need, all of one moment. */
  readonly alertingMetrics: () => Promise<string>;
  /** `/metrics`: every series. Gives way to the feeds between families. */
  readonly metrics: () => Promise<string>;
  readonly contentType: string;
  /** To be called for every liquidation that is counted. */
  readonly observeLag: ObserveLag;
  /** To be called for everything that is dropped. */
  readonly countReject: CountReject;
}

export function createExporterMetrics(sources: MetricsSources): ExporterMetrics {
  const alerting = new Registry();
  const rest = new Registry();
  let current: Reading | undefined;
  const reading = () => (current ??= takeReading(sources));

  registerLiquidationBurst(alerting, reading);
  registerLiquidationWindow(alerting, sources, reading);
  registerMarketWindow(alerting, reading);
  registerMarketBurst(alerting, reading);
  registerOpenInterest(alerting, sources, reading);
  registerWatchedSymbol(alerting, sources, reading);
  registerFeedHealth(alerting, sources, reading);
  registerClockOffset(alerting, sources, reading);

  registerLiquidationTotals(rest, sources);
  registerFeedHistory(rest, sources);
  const countReject = registerFeedRejects(rest, sources.exchanges);
  const observeLag = registerFeedLag(rest, sources.exchanges);
  registerProcess(alerting, rest, sources.version);
  sources.registerMore?.(rest);

  // All families of the alerting text are read in one go, before anything is waited for: so they share one reading, and a
  // slot never mixes two windows. The reading is let go of at once, since nothing here keeps market data.
  const alertingMetrics = async () => {
    const texts = alerting.getMetricsAsArray().map(({ name }) => familyText(alerting, name));
    current = undefined;
    return `${(await Promise.all(texts)).join('\n\n')}\n`;
  };
  const metrics = async () => {
    const texts = [await alertingMetrics()];
    for (const { name } of rest.getMetricsAsArray()) {
      await nextTurn();
      texts.push(`${await familyText(rest, name)}\n`);
    }
    return texts.join('\n');
  };
  return { alertingMetrics, metrics, contentType: alerting.contentType, observeLag, countReject };
}
