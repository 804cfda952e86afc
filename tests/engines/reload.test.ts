import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { reloadEngines } from '../../engines/reload.ts';
import { writeRunState } from '../../engines/run-state.ts';

const PROMETHEUS = join(import.meta.dirname, '..', '..', 'prometheus');
const TABLE = readFileSync(join(PROMETHEUS, 'thresholds.yml'), 'utf8');

/** A stack whose two engines are this very process: it takes SIGHUP and answers `/metrics`. */
async function pretend(
  t: Test,
  promtool: string,
  metrics: () => string,
  rules: Record<string, string> = {},
  table: string = TABLE,
) {
  const root = t.testdir({
    prometheus: { 'prometheus.yml': 'global: {}', 'thresholds.yml': table, rules },
    alertmanager: { 'alertmanager.yml': 'route: {}' },
    promtool: `#!/bin/sh\n${promtool}\n`,
    amtool: '#!/bin/sh\nexit 0\n',
  });
  for (const name of ['promtool', 'amtool']) chmodSync(join(root, name), 0o755);
  const dataDir = join(root, 'data');
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(join(root, 'token'), 'test-token');
  const addresses = await freeAddresses();
  for (const name of ['prometheus', 'alertmanager'] as const) {
    const server = createServer((_request, response) => response.end(metrics()));
    server.listen(addresses[name].port, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => server.close());
  }
  const hangups: string[] = [];
  const onHangup = () => hangups.push('SIGHUP');
  process.on('SIGHUP', onHangup);
  t.teardown(() => process.off('SIGHUP', onHangup));
  writeRunState(
    { dataDir },
    {
      pids: { prometheus: process.pid, alertmanager: process.pid },
      addresses,
      environmentLabel: 'trial',
      webhookTokenFile: join(root, 'token'),
    },
  );
  const lines: string[] = [];
  const engines = { promtool: join(root, 'promtool'), amtool: join(root, 'amtool') };
  const reload = () =>
    reloadEngines({ checkout: root, dataDir, engines, say: (line) => lines.push(line), takenWithinMs: 600 });
  return { reload, lines, hangups };
}

const reloadedAt = (seconds: number) =>
  ['prometheus', 'alertmanager']
    .map((name) => `${name}_config_last_reload_success_timestamp_seconds ${seconds}\n`)
    .join('');

t.test('asks both engines and says that they took it', async (t) => {
  const rule = (name: string) => `groups: [{ name: a, rules: [{ record: ${name}, expr: vector(1) }] }]`;
  const { reload, lines } = await pretend(t, 'exit 0', () => reloadedAt(Date.now() / 1_000 + 1), {
    'mine.yml': rule('a:b:c'),
    'yours.yml': rule('a:b:d'),
  });

  t.equal(await reload(), undefined);

  t.match(lines, [
    /^✓ .*rules\/thresholds\.yml: rendered from .*prometheus\/thresholds\.yml$/,
    '✓ 3 rule files, 30 rules: no fault found',
    '✓ prometheus: reloaded',
    '✓ alertmanager: reloaded',
  ]);
});

t.test('refuses rules that promtool refuses, and disturbs nobody', async (t) => {
  const { reload, hangups } = await pretend(t, 'echo "thresholds.yml: line 3: bad" >&2; exit 1', () => '');

  t.match(await reload(), /not reloaded, what ran before goes on:\n.*thresholds\.yml: line 3: bad/);

  t.same(hangups, []);
});

t.test('refuses thresholds that make no sense, which promtool would take', async (t) => {
  const table = TABLE.replace('500000 ', '-500000 ');
  const { reload, hangups } = await pretend(t, 'exit 0', () => '', {}, table);

  t.match(
    await reload(),
    /not reloaded, what ran before goes on:\n.*thresholds\.yml:\d+: BTC cascade_value_usd: -500000 is negative/,
  );

  t.same(hangups, []);
});

t.test('refuses two files that speak of the same threshold', async (t) => {
  const rule = 'groups: [{ name: a, rules: [{ record: a:b:c, labels: { symbol: BTC }, expr: vector(1) }] }]';
  const { reload, hangups } = await pretend(t, 'exit 0', () => '', { 'mine.yml': rule, 'yours.yml': rule });

  t.match(
    await reload(),
    /yours\.yml:1: a:b:c\{symbol="BTC"\} is there twice, first in .*mine\.yml:1: remove one of them/,
  );

  t.same(hangups, []);
});

t.test('says which engine did not take it', async (t) => {
  const { reload } = await pretend(t, 'exit 0', () => reloadedAt(1));

  t.match(await reload(), /prometheus did not take the new configuration: see .+prometheus\.log/);
});

t.test('says that nothing runs', async (t) => {
  const dataDir = t.testdir();
  const engines = { promtool: '/no', amtool: '/no' };

  t.match(await reloadEngines({ checkout: dataDir, dataDir, engines, say: t.fail }), /nothing runs on/);
});
