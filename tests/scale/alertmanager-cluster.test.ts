// Three real Alertmanagers with the shipped configuration and one real bridge: what each hears from Prometheus, the cluster
// tells once; where it cannot agree it tells twice, and people still hear it once.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { createSystemClock } from '../../common/clock.ts';
import { runBridge } from '../alert-bridge/support/running-bridge.ts';
import { waitUntil } from '../support/waiting.ts';
import { startAlertmanagers, WEBHOOK_TOKEN } from './alertmanagers.ts';
import { answers, type Member } from './member.ts';
import { openWebhookLog } from './webhook-log.ts';

t.setTimeout(240_000);

const LIMIT_MS = 60_000;

/** More than the compose file has, so that a busy machine does not make members tell what another is about to. */
const PEER_TIMEOUT_MS = 5_000;

/** The last of three waits twice the peer timeout for the others. That something does not come cannot be awaited. */
const OTHERS_WAIT_MS = 2 * PEER_TIMEOUT_MS + 1_000;

t.test('a cluster of three', async (t) => {
  const { bridge, telegram } = await runBridge(t, {
    clock: createSystemClock(),
    environment: { BRIDGE_WEBHOOK_TOKEN: WEBHOOK_TOKEN, ALERT_RATE_LIMIT_SECONDS: '0', MAX_ALERTS_PER_HOUR: '100' },
  });
  const log = await openWebhookLog(t, bridge.url);
  const cluster = await startAlertmanagers(t, {
    folder: join(t.testdir(), 'cluster'),
    size: 3,
    bridges: [log.address],
    peerTimeoutMs: PEER_TIMEOUT_MS,
  });
  const { members, gate } = cluster;
  await cluster.waitForSize(3);
  const about = (symbol: string) => log.told.filter((one) => one.symbol === symbol && one.status === 'firing');
  const messages = (symbol: string) => telegram.messages.filter(({ text }) => text.includes(`${symbol} L`));
  const isTold = async (symbol: string) => {
    await waitUntil(`a webhook about ${symbol}`, () => about(symbol).length > 0, LIMIT_MS);
    await telegram.waitUntil(() => messages(symbol).length > 0, LIMIT_MS);
  };

  await t.test('tells what all three hear once, and nothing of what is silenced at one of them', async (t) => {
    const [one, ...others] = members;
    await post(`${one?.url}/api/v2/silences`, {
      matchers: [{ name: 'symbol', value: 'QUIET', isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 600_000).toISOString(),
      createdBy: 'test',
      comment: 'test',
    });
    for (const { name, url } of others) {
      await waitUntil(`${name} has it`, async () => (await silencesOf(url)).includes('QUIET'), LIMIT_MS);
    }
    await tellAll(members, 'QUIET');
    await tellAll(members, 'BTC');

    await isTold('BTC');
    await delay(OTHERS_WAIT_MS);
    t.equal(about('BTC').length, 1);
    t.equal(messages('BTC').length, 1);
    t.same(about('QUIET'), []);
  });

  await t.test('tells twice while one is cut off, and people hear it once', async (t) => {
    gate.cutOff(0);
    await tellAll(members, 'ETH');

    await waitUntil('both parts have told', () => about('ETH').length >= 2, LIMIT_MS);
    await telegram.waitUntil(() => messages('ETH').length > 0, LIMIT_MS);
    t.equal(new Set(about('ETH').map(({ by }) => by)).size, 2, 'one of each part');
    t.ok(gate.dropped() > 0);
    t.equal(messages('ETH').length, 1);
  });

  await t.test('is one again when the cut is healed, and tells nothing again', async (t) => {
    gate.heal();
    await cluster.waitForSize(3);
    const toldBefore = about('ETH').length;
    await tellAll(members, 'ETH');
    await tellAll(members, 'SOL');

    await isTold('SOL');
    await delay(OTHERS_WAIT_MS);
    t.equal(about('SOL').length, 1);
    t.equal(about('ETH').length, toldBefore);
    t.equal(messages('ETH').length, 1);
  });

  await t.test('tells what one that dies with the news in hand has just heard', async (t) => {
    // Who told last stands first in their order, and would tell this too, half a second after it heard of it.
    const first = members.find(({ url }) => about('SOL')[0]?.by.startsWith(url));
    t.ok(first);
    const rest = members.filter((member) => member !== first);
    await tellAll(members, 'XRP', 'LargeLiquidation');
    await first?.kill();

    await isTold('XRP');
    t.equal(messages('XRP').length, 1);
    await cluster.waitForSize(2, rest);
  });

  await t.test('takes one back that was away, and tells nothing of before again', async (t) => {
    const toldBefore = about('XRP').length;
    for (const member of members) if (!(await answers(`${member.url}/-/ready`))) member.start();
    await cluster.waitForSize(3);
    await tellAll(members, 'XRP', 'LargeLiquidation');
    await tellAll(members, 'ADA');

    await isTold('ADA');
    await delay(OTHERS_WAIT_MS);
    t.equal(about('ADA').length, 1);
    t.equal(about('XRP').length, toldBefore);
    t.equal(messages('XRP').length, 1);
  });
});

/** As Prometheus does: every member hears of every alert. */
async function tellAll(members: readonly Member[], symbol: string, alertname = 'LiquidationCascade'): Promise<void> {
  const alert = {
    labels: {
      alertname,
      symbol,
      tier: '1',
      priority: 'high',
      severity: 'critical',
      category: 'market',
    },
    annotations: { events: '7', long_events: '5', short_events: '2', notional_usd: '1200000', window_seconds: '30' },
    startsAt: startOf(symbol),
    endsAt: new Date(Date.now() + 240_000).toISOString(),
  };
  await Promise.all(members.map(({ url }) => post(`${url}/api/v2/alerts`, [alert])));
}

const starts = new Map<string, string>();

/** The same each time that it is told. */
function startOf(symbol: string): string {
  const known = starts.get(symbol) ?? new Date().toISOString();
  starts.set(symbol, known);
  return known;
}

async function silencesOf(url: string): Promise<string> {
  return (await fetch(`${url}/api/v2/silences`)).text();
}

async function post(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}
