// What the checkpoints find where something is missing, old or wrong.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type CheckResult, lookAt } from '../../../operations/check-result.ts';
import type { Stack } from '../../../operations/stack/stack.ts';
import { type Baseline, captureBaseline, writeBaseline } from '../../../operations/validation/baseline.ts';
import type { Checkpoint } from '../../../operations/validation/checkpoint.ts';
import { looksOf } from '../../../operations/validation/checks.ts';
import { startExistingSystem } from '../../../simulators/existing-system/existing-system-simulator.ts';
import { answering } from '../answering.ts';
import { idleStack } from '../watch/idle-stack.ts';

const never = new AbortController().signal;
const DAY_MS = 86_400_000;

interface Scene {
  readonly existingUrl?: string;
  readonly baseline?: Baseline;
  readonly stack?: Partial<Stack>;
  readonly signal?: AbortSignal;
}

async function look(t: Test, checkpoint: Checkpoint, { existingUrl, baseline, stack, signal = never }: Scene) {
  const dataDir = t.testdir();
  mkdirSync(join(dataDir, 'baselines'), { recursive: true });
  if (baseline) writeBaseline(join(dataDir, 'baselines', 'latest.json'), baseline);
  const environment = { DATA_DIR: dataDir, ...(existingUrl === undefined ? {} : { MARKET_DATA_URL: existingUrl }) };
  const site = { checkout: dataDir, environment, say: () => undefined };
  const findings = await lookAt(looksOf(checkpoint, site, idleStack({ dataDir, ...stack }), signal));
  return (name: string): CheckResult | undefined => findings.find((finding) => finding.name.startsWith(name));
}

async function openExisting(t: Test) {
  const existing = await startExistingSystem({ serviceMs: 1 });
  t.teardown(() => existing.close());
  const baseline = await captureBaseline({ url: existing.url, samples: 3, pauseMs: 0, signal: never });
  return { existing, baseline };
}

t.test('without an existing service there is nothing to compare, and that is no fault', async (t) => {
  t.match((await look(t, 'pre-deployment', {}))('baseline'), { level: 'skipped' });
  t.match((await look(t, 'integration', {}))('existing endpoints unchanged'), { level: 'skipped' });
});

t.test('an existing service without a baseline holds up the deployment', async (t) => {
  const { existing } = await openExisting(t);
  const scene = { existingUrl: existing.url };

  const before = await look(t, 'pre-deployment', scene);
  t.match(before('baseline'), { level: 'critical', mend: 'capture_baseline.sh' });
  t.match(before('roll-back point'), { level: 'warning', detail: 'none yet' });
  t.match((await look(t, 'integration', scene))('existing endpoints unchanged'), { level: 'critical' });
});

t.test('an old baseline deserves a look, a fresh one is well', async (t) => {
  const { existing, baseline } = await openExisting(t);
  const existingUrl = existing.url;
  const old = { ...baseline, capturedAt: new Date(Date.parse(baseline.capturedAt) - 31 * DAY_MS).toISOString() };

  t.match((await look(t, 'pre-deployment', { existingUrl, baseline }))('baseline'), { level: 'ok' });
  t.match((await look(t, 'pre-deployment', { existingUrl, baseline: old }))('baseline'), {
    level: 'warning',
    detail: /31 days old/,
  });
});

t.test('an endpoint that answers otherwise is a fault of the integration', async (t) => {
  const { existing, baseline } = await openExisting(t);
  existing.setAnswer('/price', (answer) => ({ ...answer, status: 500 }));

  const found = await look(t, 'integration', { existingUrl: existing.url, baseline });

  t.match(found('existing endpoints unchanged'), { level: 'critical', detail: /status was 200 and is 500/ });
});

t.test('a stack that does not run, and one without its heartbeat, are no isolated deployment', async (t) => {
  const url = await answering(t, { '/api/v2/alerts': [200, []] });
  const stopped = new AbortController();
  stopped.abort();
  const stack = { urls: { alertmanager: url }, states: async () => [], webhookToken: async () => 'token' };

  const found = await look(t, 'isolated deployment', { stack, signal: stopped.signal });

  t.match(found('all parts healthy'), { level: 'critical', detail: 'nothing runs' });
  t.match(found('heartbeat'), { level: 'critical', detail: 'Alertmanager has no Watchdog alert' });
});

t.test('a part that is down is named', async (t) => {
  const states = async () => [{ name: 'exporter', isUp: false, detail: 'process 7 ended' }];
  const url = await answering(t, { '/api/v2/alerts': [200, [{ labels: { alertname: 'Watchdog' }, startsAt: 'x' }]] });
  const stack = { urls: { alertmanager: url }, states, webhookToken: async () => 'token' };

  const found = await look(t, 'isolated deployment', { stack });

  t.match(found('all parts healthy (exporter)'), { level: 'critical', detail: /process 7 ended/ });
  t.match(found('heartbeat'), { level: 'ok', detail: /since x/ });
});

t.test('production wants no critical alert of the stack, and a roll-back point to rehearse with', async (t) => {
  const alert = (severity: string, category: string, state: string) => ({
    state,
    labels: { alertname: `${severity}-${category}-${state}`, severity, category },
  });
  const alerts = [
    alert('critical', 'stack', 'firing'),
    alert('critical', 'stack', 'pending'),
    alert('critical', 'market', 'firing'),
    alert('warning', 'stack', 'firing'),
  ];
  const prometheus = await answering(t, { '/api/v1/alerts': [200, { data: { alerts } }] });
  const calm = await answering(t, { '/api/v1/alerts': [200, { data: { alerts: alerts.slice(1) } }] });

  const found = await look(t, 'production', { stack: { urls: { prometheus } } });
  t.match(found('no critical alert'), { level: 'critical', detail: 'critical-stack-firing' });
  t.match(found('roll-back rehearsed'), { level: 'critical', detail: 'there is no roll-back point' });
  t.match((await look(t, 'production', { stack: { urls: { prometheus: calm } } }))('no critical alert'), {
    level: 'ok',
  });
});
