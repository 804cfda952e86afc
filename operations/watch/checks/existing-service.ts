// The existing service as its own health tells: whether it answers, and whether it answers as fast as before us. Asks what
// its owner's load balancer would ask, `GET /health`, every ten seconds.
import { field } from '../../../common/json-shape.ts';
import { medianOf } from '../../../common/median.ts';
import { call } from '../../http-answer.ts';
import type { Check, Fault } from './check.ts';

const EVERY_MS = 10_000;
const REMEMBERED = 5;
const MOST_RATIO = 2;
/** Below this nobody feels it, and twice two milliseconds is noise. */
const LEAST_EXTRA_MS = 50;

export interface ExistingServiceWatch {
  readonly url: string;
  /** Median of the captured baseline; `undefined` where none was captured. */
  readonly baselineMs: number | undefined;
  /** Whether it is known to answer this machine. A name that only containers know says nothing of the service behind it. */
  readonly isReachable: boolean;
}

export function watchExistingService({ url, baselineMs, isReachable }: ExistingServiceWatch): Check {
  const recent: number[] = [];
  let hasAnswered = isReachable;
  return {
    name: 'existing service',
    everyMs: EVERY_MS,
    confirmations: 3,
    async look() {
      const { status, json, failure, milliseconds } = await call({ url: `${url}/health` });
      const said = field(json, 'status');
      hasAnswered ||= status > 0;
      if (!hasAnswered) return [];
      if (status !== 200 || said !== 'healthy') {
        const why = failure ?? (status === 200 ? `says status ${JSON.stringify(said)}` : `status ${status}`);
        return [{ trigger: 'endpoint', what: `${url}/health: ${why}` }];
      }
      recent.push(milliseconds);
      if (recent.length > REMEMBERED) recent.shift();
      return judgeSpeed(recent, baselineMs);
    },
  };
}

function judgeSpeed(recent: readonly number[], baselineMs: number | undefined): readonly Fault[] {
  const now = medianOf(recent);
  if (baselineMs === undefined || now === undefined || recent.length < 3) return [];
  if (now <= baselineMs * MOST_RATIO || now - baselineMs < LEAST_EXTRA_MS) return [];
  const what = `the existing service takes ${now.toFixed(0)} ms, ${(now / baselineMs).toFixed(1)} times its ${baselineMs.toFixed(0)} ms`;
  return [{ trigger: 'response', what }];
}
