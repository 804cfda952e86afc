import t, { type Test } from 'tap';
import { watchExistingService } from '../../../../operations/watch/checks/existing-service.ts';
import { startExistingSystem } from '../../../../simulators/existing-system/existing-system-simulator.ts';

async function open(t: Test, baselineMs: number | undefined) {
  const existing = await startExistingSystem({ serviceMs: 1 });
  t.teardown(() => existing.close());
  return { existing, check: watchExistingService({ url: existing.url, baselineMs, isReachable: false }) };
}

t.test('a service that is well is no fault, and is asked for nothing but its health', async (t) => {
  const { existing, check } = await open(t, 1_000);
  for (let look = 0; look < 6; look += 1) t.same(await check.look(), []);
  t.same(new Set(existing.requests.map(({ method, path }) => `${method} ${path}`)), new Set(['GET /health']));
});

t.test('a service that fails, is unwell, or is gone fails', async (t) => {
  const { existing, check } = await open(t, undefined);
  existing.setAnswer('/health', () => ({ status: 503, body: {} }));
  t.match(await check.look(), [{ trigger: 'endpoint', what: /status 503/ }]);
  existing.setAnswer('/health', () => ({ status: 200, body: { status: 'degraded' } }));
  t.match(await check.look(), [{ trigger: 'endpoint', what: /says status "degraded"/ }]);
  existing.setAnswer('/health', undefined);
  t.same(await check.look(), []);
  const gone = { url: 'http://127.0.0.1:9', baselineMs: undefined };
  t.match(await watchExistingService({ ...gone, isReachable: true }).look(), [
    { trigger: 'endpoint', what: /nothing listens there/ },
  ]);
  t.same(await watchExistingService({ ...gone, isReachable: false }).look(), [], 'a name that only containers know');
});

t.test('more than twice the baseline is slow; without a baseline nothing is', async (t) => {
  const { existing, check } = await open(t, 10);
  const without = watchExistingService({ url: existing.url, baselineMs: undefined, isReachable: false });
  existing.setServiceMs(150);
  t.same(await check.look(), [], 'two looks say nothing');
  await check.look();
  t.match(await check.look(), [{ trigger: 'response', what: /takes \d+ ms, \d+\.\d times its 10 ms/ }]);
  for (let look = 0; look < 3; look += 1) t.same(await without.look(), []);
});

t.test('a fraction of a blink is not slow, whatever its ratio', async (t) => {
  const { check } = await open(t, 0.01);
  for (let look = 0; look < 3; look += 1) t.same(await check.look(), []);
});
