import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { bringTableIntoForce } from '../../../../engines/rules/table-in-force.ts';
import { openSeal, readSeal, sealConfiguration } from '../../../../operations/points/seal.ts';
import { watchConfiguration } from '../../../../operations/watch/checks/configuration.ts';
import { scratchCheckout } from '../../scratch-checkout.ts';

function open(t: Test) {
  const checkout = scratchCheckout(t);
  const dataDir = join(checkout, 'data');
  const clock = { now: 1_000 };
  const check = watchConfiguration({ checkout }, dataDir, () => clock.now);
  return { checkout, dataDir, clock, check };
}

t.test('what was not sealed cannot be broken', async (t) => {
  const { check } = open(t);
  t.same(await check.look(), []);
});

for (const [what, name, act] of [
  ['a changed rule', 'prometheus/rules/liquidations.yml', appendFileSync],
  ['a changed receiver', 'alertmanager/alertmanager.yml', appendFileSync],
  ['an added rule file', 'prometheus/rules/added.yml', appendFileSync],
  ['another setting', '.env', appendFileSync],
] as const) {
  t.test(`${what} that nobody announced is a breach`, async (t) => {
    const { checkout, dataDir, check } = open(t);
    sealConfiguration(checkout, dataDir, 0);
    t.same(await check.look(), []);
    act(join(checkout, name), 'SYMBOLS=BTC\n');
    t.match(await check.look(), [
      { trigger: 'breach', what: `configuration changed and nobody had announced it: ${name}` },
    ]);
  });
}

t.test('a removed file is a breach; five of them are counted', async (t) => {
  const { checkout, dataDir, check } = open(t);
  sealConfiguration(checkout, dataDir, 0);
  for (const name of ['liquidations', 'stack', 'host', 'trading', 'open-interest']) {
    rmSync(join(checkout, 'prometheus', 'rules', `${name}.yml`));
  }
  t.match((await check.look())[0]?.what, /and 1 more$/);
});

t.test('thresholds, secrets and the rotation of a token are free to change', async (t) => {
  const { checkout, dataDir, check } = open(t);
  writeFileSync(join(checkout, '.env'), 'SYMBOLS=BTC\nTELEGRAM_BOT_TOKEN=1:test-token\n');
  sealConfiguration(checkout, dataDir, 0);
  appendFileSync(join(checkout, 'prometheus', 'thresholds.yml'), '# calmer\n');
  writeFileSync(join(checkout, 'prometheus', 'thresholds.yml.before'), '');
  writeFileSync(join(checkout, 'docker', 'secrets', 'webhook_token'), 'another-token');
  writeFileSync(join(checkout, '.env'), 'SYMBOLS=BTC\nTELEGRAM_BOT_TOKEN=2:test-token\n');
  t.same(await check.look(), []);
});

t.test('an edited table is none, in force or not; rules that somebody wrote past it are a breach', async (t) => {
  const { checkout, dataDir, check } = open(t);
  const [table, rules] = ['thresholds.yml', 'rules/thresholds.yml'].map((name) => join(checkout, 'prometheus', name));
  if (table === undefined || rules === undefined) throw new Error('two files');
  sealConfiguration(checkout, dataDir, 0);
  writeFileSync(table, readFileSync(table, 'utf8').replace('500000 ', '600000 '));
  t.same(await check.look(), [], 'not in force yet');
  bringTableIntoForce(join(checkout, 'prometheus'));
  t.same(await check.look(), [], 'in force');

  writeFileSync(rules, readFileSync(rules, 'utf8').replace('or vector(600000)', 'or vector(900000000)'));
  t.match(await check.look(), [
    { trigger: 'breach', what: /nobody had announced it: prometheus\/rules\/thresholds\.yml$/ },
  ]);
});

t.test('rules from before there was a table are no breach while they hold nothing but numbers', async (t) => {
  const { checkout, dataDir, check } = open(t);
  const rules = join(checkout, 'prometheus', 'rules', 'thresholds.yml');
  sealConfiguration(checkout, dataDir, 0);
  const before = readFileSync(join(import.meta.dirname, '../../../fixtures/thresholds-as-rules.yml'), 'utf8');
  writeFileSync(rules, before.replace('or vector(500000)', 'or vector(600000)'));
  t.same(await check.look(), []);

  writeFileSync(rules, `${before}      - record: mine:up:sum\n        expr: sum(up)\n`);
  t.match(await check.look(), [{ trigger: 'breach', what: /prometheus\/rules\/thresholds\.yml$/ }]);
});

t.test('an announced edit is none until its time is over, and sealed it is none at all', async (t) => {
  const { checkout, dataDir, clock, check } = open(t);
  t.equal(openSeal(dataDir, 60_000), undefined, 'there is nothing to open');
  sealConfiguration(checkout, dataDir, 0);
  openSeal(dataDir, 60_000);
  appendFileSync(join(checkout, 'alertmanager', 'alertmanager.yml'), '# mine\n');
  t.same(await check.look(), []);
  clock.now = 60_000;
  t.match(await check.look(), [{ trigger: 'breach' }]);
  sealConfiguration(checkout, dataDir, 60_000);
  t.same(await check.look(), []);
});

t.test('a seal that cannot be understood counts as none', (t) => {
  const { checkout, dataDir } = open(t);
  sealConfiguration(checkout, dataDir, 0);
  writeFileSync(join(dataDir, 'operations', 'configuration-seal.json'), '{}');
  t.equal(readSeal(dataDir), undefined);
  t.end();
});
