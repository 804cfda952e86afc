// A whole exporter in the test's own process, on a free port, fed by simulators.
import type { Test } from 'tap';
import type { Clock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { loadExporterConfig } from '../../exporter/config/config.ts';
import { createExporter } from '../../exporter/exporter.ts';
import type { ExporterHealth } from '../../exporter/http/health.ts';
import type { Venue } from '../../exporter/venues/venue.ts';

export interface RunningExporter {
  /** The text of `/metrics` or another path. */
  read(path: string): Promise<string>;
  /** The value of one series with all its labels as they stand in the text; `undefined` where there is none. */
  value(series: string): Promise<number | undefined>;
  health(): Promise<ExporterHealth>;
  /** Waits until the condition holds. @throws Error when it never does. */
  until(what: string, condition: () => Promise<boolean>): Promise<void>;
  readonly logLines: readonly string[];
}

export async function runExporter(
  t: Test,
  environment: Readonly<Record<string, string>>,
  clock?: Clock,
  venues?: readonly Venue[],
): Promise<RunningExporter> {
  const logLines: string[] = [];
  const exporter = createExporter({
    config: loadExporterConfig({ EXPORTER_PORT: '0', ...environment }, venues),
    logger: createLogger('exporter', 'info', { write: (line: string) => logLines.push(line) }),
    version: '0.0.0-test',
    ...(clock ? { clock } : {}),
  });
  const address = await exporter.start();
  t.teardown(() => exporter.stop());
  const read = async (path: string) => (await fetch(address + path)).text();
  return {
    read,
    logLines,
    async value(series) {
      const line = (await read('/metrics')).split('\n').find((each) => each.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
    health: async () => JSON.parse(await read('/health')),
    async until(what, condition) {
      for (let attempt = 0; attempt < 400; attempt += 1) {
        if (await condition()) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`never happened: ${what}`);
    },
  };
}
