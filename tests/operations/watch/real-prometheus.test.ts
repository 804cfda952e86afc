// The shipped cues in a real Prometheus: stand-in metrics that break a limit lead to the first step, a market-wide cascade
// holds the last one, and a Prometheus that is killed leaves the watcher's own checks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { findEngines } from '../../../engines/find-engines.ts';
import { freeAddresses } from '../../../engines/free-addresses.ts';
import { readAlerts } from '../../../operations/watch/alerts.ts';
import { decide } from '../../../operations/watch/ladder.ts';
import { createLookOut } from '../../../operations/watch/look-out.ts';
import { PLANS, type Trigger } from '../../../operations/watch/triggers.ts';
import { shortenRules } from '../../e2e/drills/shortened-rules.ts';
import { waitUntil } from '../../support/waiting.ts';

const CHECKOUT = dirname(dirname(dirname(import.meta.dirname)));
const DIVISOR = 15;
const FIRES_WITHIN_MS = 60_000;

t.setTimeout(300_000);

/** Whole numbers of the stand-in's scrapes, so that counters can grow by themselves. */
type Metrics = (scrape: number) => readonly string[];

const each = (exchanges: readonly string[], line: (exchange: string) => string) => exchanges.map(line);
const VENUES = ['binance', 'bybit', 'okx'];
const probe = (name: string, value: number) =>
  `${name}{job="probe-service",instance="http://market-data:8001/health"} ${value}`;

const CALM: Metrics = (scrape) => [
  probe('probe_success', 1),
  probe('probe_duration_seconds', 0.1),
  'stand_in_baseline{instance="http://market-data:8001/health"} 0.1',
  'alertbridge_busiest_chat_messages 3',
  ...each(VENUES, (exchange) => `derivatives_feed_connected{feed="liquidations",exchange="${exchange}"} 1`),
  ...each(VENUES, (exchange) => `derivatives_feed_reconnects_total{feed="liquidations",exchange="${exchange}"} 1`),
  `alertbridge_telegram_requests_total ${scrape * 3}`,
  'alertbridge_telegram_requests_failed_total{reason="network"} 0',
  `alertbridge_telegram_requests_failed_total{reason="rate_limited"} ${scrape * 2}`,
  'trading_journal_state{state="damaged"} 0',
  'stand_in_cascade 0',
];

/** The calm with some of its series replaced. */
const but =
  (changes: Metrics): Metrics =>
  (scrape) => {
    const changed = changes(scrape);
    const nameOf = (line: string) => line.slice(0, line.lastIndexOf(' '));
    const names = new Set(changed.map(nameOf));
    return [...CALM(scrape).filter((line) => !names.has(nameOf(line))), ...changed];
  };

const FAULTS: readonly (readonly [what: string, trigger: Trigger, metrics: Metrics])[] = [
  ['a slow service', 'response', but(() => [probe('probe_duration_seconds', 0.9)])],
  ['a service that fails', 'endpoint', but(() => [probe('probe_success', 0)])],
  ['a flood of messages', 'messages', but(() => ['alertbridge_busiest_chat_messages 21'])],
  [
    'two feeds that are gone',
    'websocket',
    but(() =>
      each(
        ['binance', 'okx'],
        (exchange) => `derivatives_feed_connected{feed="liquidations",exchange="${exchange}"} 0`,
      ),
    ),
  ],
  [
    'two feeds in a loop',
    'websocket',
    but((scrape) =>
      each(
        ['bybit', 'okx'],
        (exchange) => `derivatives_feed_reconnects_total{feed="liquidations",exchange="${exchange}"} ${scrape * 4}`,
      ),
    ),
  ],
  [
    'failing delivery',
    'delivery',
    but((scrape) => [`alertbridge_telegram_requests_failed_total{reason="network"} ${scrape}`]),
  ],
  ['a damaged journal', 'corruption', but(() => ['trading_journal_state{state="damaged"} 1'])],
];

async function startPrometheus(t: Test) {
  const world: { metrics: Metrics; scrapes: number } = { metrics: CALM, scrapes: 0 };
  const target = createServer((_, response) => {
    world.scrapes += 1;
    response.end(`${world.metrics(world.scrapes).join('\n')}\n`);
  }).listen(0, '127.0.0.1');
  await once(target, 'listening');
  const address = target.address();
  const folder = t.testdir();
  mkdirSync(join(folder, 'rules'));
  const shipped = readFileSync(join(CHECKOUT, 'prometheus', 'rules', 'rollback.yml'), 'utf8');
  writeFileSync(join(folder, 'rules', 'rollback.yml'), shortenRules(shipped, DIVISOR));
  // What other rule files of the stack give.
  const others = `groups: [{name: others, interval: 500ms, rules: [
    {alert: MarketWideCascade, expr: stand_in_cascade == 1},
    {record: "service:probe_duration_seconds:baseline", expr: max by (instance) (stand_in_baseline)}]}]`;
  writeFileSync(join(folder, 'rules', 'others.yml'), others);
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}
rule_files: [rules/*.yml]
scrape_configs: [{job_name: stand-in, honor_labels: true, static_configs: [{targets: ["127.0.0.1:${typeof address === 'object' ? address?.port : 0}"]}]}]
`,
  );
  const { prometheus } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: (line) => t.comment(line) });
  const { port } = (await freeAddresses()).prometheus;
  const child = spawn(
    prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const kill = async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  t.teardown(async () => {
    await kill();
    target.closeAllConnections();
    target.close();
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil('Prometheus answers', async () => (await readAlerts(url)).isAnswering, 60_000);
  return { world, url, kill };
}

t.test('each fault is seen by the shipped rules and leads to its first step', async (t) => {
  const { world, url, kill } = await startPrometheus(t);
  const said: string[] = [];
  let isServiceGone = false;
  const lookOut = createLookOut({
    checks: [
      {
        name: 'own',
        everyMs: 0,
        confirmations: 1,
        look: async () => (isServiceGone ? [{ trigger: 'endpoint', what: 'gone' }] : []),
      },
    ],
    readAlerts: () => readAlerts(url),
    now: () => performance.now(),
    say: (line) => said.push(line),
  });
  const isCalm = async () => (await lookOut.look()).conditions.length === 0;

  for (const [what, trigger, metrics] of FAULTS) {
    await waitUntil(`calm before ${what}`, isCalm, FIRES_WITHIN_MS);
    world.metrics = metrics;
    await waitUntil(what, async () => !(await isCalm()), FIRES_WITHIN_MS);
    const { conditions, isCascade } = await lookOut.look();
    t.same(
      conditions.map((condition) => condition.trigger),
      [trigger],
      what,
    );
    t.match(decide({ incident: undefined, conditions, isCascade, now: performance.now() }), {
      type: 'step',
      step: PLANS[trigger].ladder[0],
    });
    world.metrics = CALM;
  }

  await waitUntil('calm before the cascade', isCalm, FIRES_WITHIN_MS);
  world.metrics = but(() => ['stand_in_cascade 1', 'alertbridge_busiest_chat_messages 99', probe('probe_success', 0)]);
  await waitUntil('the cascade', async () => (await lookOut.look()).isCascade, FIRES_WITHIN_MS);
  await waitUntil('the failing service', async () => !(await isCalm()), FIRES_WITHIN_MS);
  t.same(
    (await lookOut.look()).conditions.map(({ trigger }) => trigger),
    ['endpoint'],
    'a flood in a cascade is no cue at all',
  );

  await kill();
  await waitUntil('nothing fires any more', isCalm, FIRES_WITHIN_MS);
  t.notOk((await lookOut.look()).isPrometheusAnswering);
  isServiceGone = true;
  t.match((await lookOut.look()).conditions, [{ trigger: 'endpoint', what: 'gone' }], 'own checks are left');
});
