// capture_baseline.sh: the existing service before us.
import { dirname, join } from 'node:path';
import type { Options } from '../../common/command-line.ts';
import { AppError } from '../../common/errors.ts';
import { quantileOf } from '../../common/median.ts';
import { loadNativeSettings } from '../../engines/stack-settings.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { openSite } from '../site.ts';
import type { Site } from '../stack/stack.ts';
import { type Baseline, captureBaseline, writeBaseline } from './baseline.ts';

export const captureProgram: Program = {
  name: 'scripts/validation/capture_baseline.sh',
  purpose: `Asks each documented endpoint of the existing service, read-only and one request after the other, and keeps status, shape
and latency, with the memory of the host and its containers.`,
  options: {
    url: { value: 'URL', help: 'the service; MARKET_DATA_URL by default' },
    samples: { value: 'N', least: 3, most: 5_000, help: 'requests to each endpoint, 30 by default' },
    'pause-ms': {
      value: 'MS',
      least: 0,
      most: 60_000,
      help: 'between two requests, 100 by default: it is somebody’s production',
    },
    out: {
      value: 'FILE',
      help: 'DATA_DIR/baselines/latest.json by default, and beside it one with date and version, which stays',
    },
  },
  examples: ['scripts/validation/capture_baseline.sh --url http://localhost:8001'],
  async run(options, signal) {
    const site = openSite();
    const url = existingUrl(site, options);
    const samples = options.number('samples') ?? 30;
    const pauseMs = options.number('pause-ms') ?? 100;
    const baseline = await captureBaseline({ url, samples, pauseMs, signal });
    const path = options.text('out') ?? baselinePath(site);
    // The newest is the one to compare with; those before it stay beside it.
    const dated = join(dirname(path), `${baseline.capturedAt.replaceAll(':', '-')}-v${baseline.version}.json`);
    for (const target of options.text('out') === undefined ? [dated, path] : [path]) writeBaseline(target, baseline);
    site.say(`${describeBaseline(baseline)}\n✓ kept in ${path}`);
    return EXIT.ok;
  },
};

export function baselinePath({ checkout, environment }: Site): string {
  return join(loadNativeSettings(environment, checkout).dataDir, 'baselines', 'latest.json');
}

/** @throws AppError EXISTING_UNKNOWN */
export function existingUrl({ environment }: Site, options: Options): string {
  const url = options.text('url') ?? environment.MARKET_DATA_URL?.trim();
  if (url && URL.canParse(url)) return url.replace(/\/+$/, '');
  throw new AppError(
    'EXISTING_UNKNOWN',
    'which service? name it with --url http://localhost:8001, or set MARKET_DATA_URL',
  );
}

function describeBaseline({ url, endpoints, host }: Baseline): string {
  const rows = endpoints.map(({ name, statuses, shape, latencies }) => {
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((quantile) => quantileOf(latencies, quantile).toFixed(1));
    return `  ${name.padEnd(24)}${statuses.join(',').padEnd(8)}${String(Object.keys(shape).length).padStart(3)} fields   p50 ${p50}  p95 ${p95}  p99 ${p99} ms`;
  });
  return [`${url}, host ${host.availableMb} of ${host.totalMb} MB available`, ...rows].join('\n');
}

if (import.meta.main) await runProgram(captureProgram);
