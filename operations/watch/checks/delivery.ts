// Attempts to reach Telegram as the bridge counts them, for when Prometheus cannot. Refusals for being too fast are obeyed
// and healed by waiting: they are no failures here.
import { call } from '../../http-answer.ts';
import type { Check } from './check.ts';

const EVERY_MS = 10_000;
const WINDOW_MS = 300_000;
const LEAST_ATTEMPTS = 5;
const MOST_FAILING = 0.1;

interface Counts {
  readonly at: number;
  readonly attempts: number;
  readonly failures: number;
}

export function watchDelivery(bridgeUrl: string, now: () => number): Check {
  let history: readonly Counts[] = [];
  return {
    name: 'delivery',
    everyMs: EVERY_MS,
    confirmations: 2,
    async look() {
      const { status, text } = await call({ url: `${bridgeUrl}/metrics` });
      if (status !== 200) return [];
      const present = { at: now(), ...readCounts(text) };
      const isRestarted = present.attempts < (history.at(-1)?.attempts ?? 0);
      const kept = isRestarted ? [] : history.filter(({ at }) => present.at - at <= WINDOW_MS);
      history = [...kept, present];
      const first = history[0] ?? present;
      const attempts = present.attempts - first.attempts;
      const failures = present.failures - first.failures;
      if (attempts < LEAST_ATTEMPTS || failures / attempts <= MOST_FAILING) return [];
      return [{ trigger: 'delivery', what: `${failures} of the last ${attempts} attempts to reach Telegram failed` }];
    },
  };
}

function readCounts(text: string): Omit<Counts, 'at'> {
  let attempts = 0;
  let failures = 0;
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value = ''] = /^(\w+)(\{[^}]*\})? (\S+)/.exec(line) ?? [];
    if (name === 'alertbridge_telegram_requests_total') attempts += Number(value);
    if (name !== 'alertbridge_telegram_requests_failed_total' || labels.includes('"rate_limited"')) continue;
    failures += Number(value);
  }
  return { attempts, failures };
}
