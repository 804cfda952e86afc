// The process itself: prom-client's default metrics, and which build this is.
import { collectDefaultMetrics, type Registry } from 'prom-client';
import { registerProcessMemory } from '../../common/process-memory.ts';
import { registerGauge } from './snapshot-metric.ts';

const START_TIME = 'process_start_time_seconds';

/** Default metrics and build information go to `rest`; the start time, by which rules notice a restart, to `alerting`. */
export function registerProcess(alerting: Registry, rest: Registry, version: string): void {
  collectDefaultMetrics({ register: rest, eventLoopMonitoringPrecision: 50 });
  registerProcessMemory(rest);
  const startTime = rest.getSingleMetric(START_TIME);
  if (startTime) {
    rest.removeSingleMetric(START_TIME);
    alerting.registerMetric(startTime);
  }
  registerGauge(rest, {
    name: 'derivatives_build_info',
    help: 'Always 1; the labels say which version of the exporter this is and which Node.js runs it.',
    labelNames: ['version', 'node_version'],
    read: () => [{ labels: { version, node_version: process.version }, value: 1 }],
  });
}
