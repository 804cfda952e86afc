// regression_check.sh: nothing of the existing service has changed, said with the certainty there is.
import { AppError } from '../../common/errors.ts';
import { type CheckResult, describeCheckResults, worstOf } from '../check-result.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { openSite } from '../site.ts';
import { createNativeStack } from '../stack/native-stack.ts';
import type { Site } from '../stack/stack.ts';
import { captureBaseline, readBaseline } from './baseline.ts';
import { baselinePath, existingUrl } from './capture-baseline.ts';
import { ENDPOINTS } from './endpoints.ts';
import { haltSwitch } from './halt.ts';
import { measureUntilClear } from './interleaved.ts';
import { compareBaselines, describeLatency, LATENCY_LIMIT } from './regression.ts';

export const regressionProgram: Program = {
  name: 'scripts/validation/regression_check.sh',
  purpose:
    'Asks the existing service as capture_baseline.sh did and compares: status, shape of the answers, latency (limit 5 %).',
  options: {
    url: { value: 'URL', help: 'the service; the baseline’s by default' },
    baseline: { value: 'FILE', help: 'DATA_DIR/baselines/latest.json by default' },
    samples: {
      value: 'N',
      least: 3,
      most: 20_000,
      help: 'requests to each endpoint, 30 by default; with --interleave on each side, 500 by default',
    },
    'pause-ms': { value: 'MS', least: 0, most: 60_000, help: 'between two requests, 100 by default' },
    interleave: {
      help: `the sharper comparison: GET /health alternately with the native stack at work and halted
for moments of about a second, at the same hour of the same day; alerts of such a
moment come that much later`,
    },
    concurrency: { value: 'N', least: 1, most: 64, help: 'requests in flight with --interleave, 4 by default' },
  },
  examples: ['scripts/validation/regression_check.sh', 'scripts/validation/regression_check.sh --interleave'],
  async run(options, signal) {
    const site = openSite();
    const before = readBaseline(options.text('baseline') ?? baselinePath(site));
    const url = options.text('url') === undefined ? before.url : existingUrl(site, options);
    const isInterleaved = options.flag('interleave');
    const samples = options.number('samples') ?? (isInterleaved ? 500 : 30);
    const pauseMs = options.number('pause-ms') ?? 100;
    const after = await captureBaseline({ url, samples: isInterleaved ? 3 : samples, pauseMs, signal });
    const compared = compareBaselines(before, after);
    const concurrency = options.number('concurrency') ?? 4;
    const findings = isInterleaved
      ? [
          ...compared.filter(({ name }) => !name.endsWith('latency')),
          await interleave(site, { url, samples, concurrency, signal }),
        ]
      : compared;
    site.say(describeCheckResults(findings));
    const worst = worstOf(findings)?.level;
    if (worst === 'critical') return EXIT.different;
    return worst === 'warning' ? EXIT.warning : EXIT.ok;
  },
};

interface InterleaveWishes {
  readonly url: string;
  readonly samples: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

async function interleave(site: Site, wishes: InterleaveWishes): Promise<CheckResult> {
  const stack = createNativeStack(site);
  const [endpoint] = ENDPOINTS;
  if (!(await stack.isRunning()) || endpoint === undefined) {
    throw new AppError(
      'START_REFUSED',
      '--interleave compares with the native stack at work: start_monitoring.sh --native first',
    );
  }
  const estimate = await measureUntilClear({ ...wishes, endpoint, sides: haltSwitch(stack.dataDir) }, LATENCY_LIMIT);
  return describeLatency(endpoint.name, estimate, 'interleaved');
}

if (import.meta.main) await runProgram(regressionProgram);
