// Each part's own words, and what is made of them.
import t from 'tap';
import { createSystemClock } from '../../../common/clock.ts';
import {
  lookAtAlertmanager,
  lookAtBridge,
  lookAtExporter,
  lookAtGrafana,
  lookAtPrometheus,
} from '../../../operations/health/parts.ts';
import { sendTestWebhook } from '../../../operations/test-webhook.ts';
import { type Answers, answering } from '../answering.ts';

const feed = (exchange: string, connected: boolean) => ({ exchange, feed: 'liquidations', connected });
const exporter = (...feeds: readonly unknown[]): Answers => ({ '/health': [200, { feeds }] });
const bridge = (change: object): Answers => ({
  '/health': [200, { destination: 'telegram', outbox: { pending: 3 }, chats: { paused: 0 }, heartbeat: {}, ...change }],
});
const prometheus = (rules: readonly unknown[], targets: readonly unknown[]): Answers => ({
  '/-/ready': [200, ''],
  '/api/v1/rules': [200, { data: { groups: [{ rules }] } }],
  '/api/v1/targets': [200, { data: { activeTargets: targets } }],
});
const good = { name: 'Good', health: 'ok' };

for (const [words, look, answers, level, detail] of [
  ['all feeds', lookAtExporter, exporter(feed('okx', true)), 'ok', /1 of 1 feeds/],
  [
    'a feed off',
    lookAtExporter,
    exporter(feed('okx', true), feed('bybit', false)),
    'warning',
    /not bybit liquidations/,
  ],
  ['all feeds off', lookAtExporter, exporter(feed('okx', false)), 'critical', /0 of 1/],
  ['an exporter that fails', lookAtExporter, { '/health': [500, {}] }, 'critical', /status 500/],
  ['a bridge that is well', lookAtBridge, bridge({}), 'ok', /sends to telegram, 3 waiting/],
  ['no heartbeat', lookAtBridge, bridge({ heartbeat: { isSilent: true } }), 'critical', /detection is silent/],
  ['a long queue', lookAtBridge, bridge({ outbox: { pending: 1_000 } }), 'critical', /1000 waiting/],
  ['a paused chat', lookAtBridge, bridge({ chats: { paused: 1 } }), 'warning', /1 chats paused/],
  ['a bridge that fails', lookAtBridge, { '/health': [503, {}] }, 'critical', /status 503/],
  ['rules and targets', lookAtPrometheus, prometheus([good], [{ health: 'up' }]), 'ok', /1 rules, 1 of 1 targets/],
  ['no rules', lookAtPrometheus, prometheus([], []), 'critical', /no rules/],
  ['a failing rule', lookAtPrometheus, prometheus([{ name: 'Bad', health: 'err' }], []), 'critical', /failing: Bad/],
  [
    'a target down',
    lookAtPrometheus,
    prometheus([good], [{ health: 'down', labels: { job: 'node' } }]),
    'warning',
    /down: node/,
  ],
  ['no Prometheus', lookAtPrometheus, {}, 'critical', /status 404/],
  [
    'silences',
    lookAtAlertmanager,
    { '/-/ready': [200, ''], '/api/v2/silences': [200, [{ status: { state: 'active' } }]] },
    'ok',
    /1 silences/,
  ],
  ['no silences', lookAtAlertmanager, { '/-/ready': [200, ''], '/api/v2/silences': [200, []] }, 'ok', /no silences/],
  ['no Alertmanager', lookAtAlertmanager, {}, 'critical', /status 404/],
  [
    'Grafana',
    lookAtGrafana,
    { '/api/health': [200, { version: '13', database: 'ok' }] },
    'ok',
    /version 13, database ok/,
  ],
  ['no Grafana', lookAtGrafana, {}, 'critical', /status 404/],
] as const) {
  t.test(`${words} is ${level}`, async (t) => {
    t.match(await look(await answering(t, answers)), { level, detail });
  });
}

t.test('what does not listen is named so', async (t) => {
  t.match(await lookAtExporter('http://127.0.0.1:9'), { level: 'critical', detail: 'nothing listens there' });
});

t.test('a test webhook counts only where the bridge has heard it', async (t) => {
  const send = async (answers: Answers) => sendTestWebhook({ bridgeUrl: await answering(t, answers), token: 'x' });
  const lastAt = new Date(createSystemClock().wallNow() + 60_000).toISOString();
  t.match(await send({ '/webhook': [200, {}], '/health': [200, { heartbeat: { lastAt } }] }), { level: 'ok' });
  t.match(await send({ '/webhook': [200, {}], '/health': [200, {}] }), { level: 'critical', detail: /no heartbeat/ });
  t.match(await send({ '/webhook': [401, {}] }), { level: 'critical', detail: /refused the credential/ });
  t.match(await send({ '/webhook': [503, { error: 'outbox_full' }] }), { level: 'critical', detail: /outbox_full/ });
});
