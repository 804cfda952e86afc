// The error of this host's clock, as each venue's messages show it.
import type { Registry } from 'prom-client';
import { registerGauge } from './snapshot-metric.ts';
import type { MetricsSources, Reading } from './sources.ts';

export function registerClockOffset(registry: Registry, sources: MetricsSources, reading: () => Reading): void {
  registerGauge(registry, {
    name: 'derivatives_clock_offset_seconds',
    help: "The host's clock minus the venue's in seconds, best estimate: the smallest receive minus sent time of the last minutes, so the fastest trip is in it; absent while no venue tells.",
    labelNames: ['exchange'],
    *read() {
      const { now, wallNow } = reading();
      for (const { name: exchange } of sources.venues) {
        const value = sources.offsets.hostErrorSeconds(exchange, now, wallNow);
        if (value !== undefined) yield { labels: { exchange }, value };
      }
    },
  });
}
