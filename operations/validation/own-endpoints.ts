// Response times of our own endpoints, measured one request after the other (budget: p95 below 200 ms).

import { quantileOf } from '../../common/median.ts';
import { type CheckResult, critical, ok } from '../check-result.ts';
import { call } from '../http-answer.ts';

const PATHS: readonly (readonly [part: string, path: string])[] = [
  ['exporter', '/health'],
  ['exporter', '/metrics/alerting'],
  ['exporter', '/metrics'],
  ['alert-bridge', '/health'],
  ['alert-bridge', '/metrics'],
];
const REQUESTS = 20;
const LIMIT_MS = 200;

export async function measureResponses(urls: Readonly<Record<string, string>>): Promise<CheckResult> {
  const name = 'own endpoints answer in time';
  const words: string[] = [];
  let slowest = 0;
  for (const [part, path] of PATHS) {
    const latencies: number[] = [];
    for (let index = 0; index < REQUESTS; index += 1) {
      const { status, milliseconds, failure } = await call({ url: `${urls[part]}${path}` });
      if (status !== 200)
        return critical(name, `${part}${path}: ${failure ?? `status ${status}`}`, `look at the log of ${part}`);
      latencies.push(milliseconds);
    }
    const p95 = quantileOf(latencies, 0.95);
    slowest = Math.max(slowest, p95);
    words.push(`${part}${path} ${p95.toFixed(1)} ms`);
  }
  const seen = `p95 ${words.join(', ')}`;
  return slowest < LIMIT_MS
    ? ok(name, seen)
    : critical(name, seen, `the budget is ${LIMIT_MS} ms: is this machine overloaded?`);
}
