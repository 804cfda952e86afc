// A watcher looks at what there is to look at, and says what it cannot see.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Environment } from '../../../common/env.ts';
import { type Baseline, writeBaseline } from '../../../operations/validation/baseline.ts';
import { assembleWatcher } from '../../../operations/watch/assemble.ts';
import { loadWatchSettings } from '../../../operations/watch/settings.ts';
import { scratchCheckout } from '../scratch-checkout.ts';
import { idleStack } from './idle-stack.ts';

const BASELINE: Baseline = {
  format: 1,
  capturedAt: '2026-11-20T09:30:00.000Z',
  version: '0.1.0',
  url: 'http://127.0.0.1:9/',
  host: { totalMb: 1_000, availableMb: 500 },
  containers: ['market-data 100MiB / 1GiB', 'bot 0.5GiB / 1GiB', 'other 1PB'],
  endpoints: [{ name: 'health', statuses: [200], shape: {}, latencies: [3, 1, 2] }],
};

async function assemble(t: Test, environment: Environment, baseline?: Baseline) {
  const checkout = scratchCheckout(t);
  const dataDir = join(checkout, 'data');
  if (baseline) writeBaseline(join(dataDir, 'baselines', 'latest.json'), baseline);
  const said: string[] = [];
  const site = { checkout, environment, say: (line: string) => void said.push(line) };
  const stack = idleStack({ dataDir, limitMb: 200 });
  const settings = loadWatchSettings(site);
  const assembly = { site, stack, settings, now: () => 0, patienceMs: 5 };
  await assembleWatcher(assembly);
  const again: string[] = [];
  await assembleWatcher({
    ...assembly,
    patienceMs: undefined,
    site: { ...site, say: (line: string) => void again.push(line) },
  });
  return { said: said.join('\n'), again: again.join('\n') };
}

t.test('without an existing system and a baseline it says what it cannot judge, and seals once', async (t) => {
  const { said, again } = await assemble(t, { BRIDGE_DATABASE_URL: 'postgres://x' });

  t.match(said, /was not sealed yet: it is now/);
  t.match(said, /response time: no baseline to compare with/);
  t.match(said, /MEMORY_TRIGGER_MB is not set/);
  t.notMatch(again, /sealed/);
});

t.test('the limit of memory is what was captured of the existing system, and what the stack may use', async (t) => {
  const environment = { MARKET_DATA_URL: 'http://127.0.0.1:9', COMPOSE_PROJECT_NAME: 'x' };

  t.match((await assemble(t, environment, BASELINE)).said, /stack together is 812 MB/);
  t.match((await assemble(t, { ...environment, MEMORY_TRIGGER_MB: '300' }, BASELINE)).said, /together is 300 MB/);
  t.match((await assemble(t, environment, { ...BASELINE, containers: [], endpoints: [] })).said, /cannot be seen/);
});
