// The promise of scaling out: a pair of exporters, a pair of Prometheus, three Alertmanagers and two bridges on PostgreSQL;
// one of each is killed in the middle of a cascade, and people get one message.
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { cascade } from '../e2e/orders.ts';
import { MARKET_CHAT } from '../e2e/stack.ts';
import { queryValues } from '../grafana/panel-data.ts';
import { postgresMissing, startPostgres } from '../runner/postgres.ts';
import { startEstate } from './estate.ts';
import { startHistory } from './history.ts';
import type { Member } from './member.ts';

t.setTimeout(300_000);

/** Every Alertmanager that waits for another has told by then what nobody else has. */
const OTHERS_WAIT_MS = 6_000;
const MESSAGE_WITHIN_MS = 60_000;

t.test('more than one of each', { skip: await postgresMissing() }, async (t) => {
  const postgres = await startPostgres();
  t.teardown(() => postgres.stop());
  const history = await startHistory(t);
  const estate = await startEstate(t, {
    databaseUrl: await postgres.createDatabase(),
    ...(history ? { history: new URL(history.url).host } : {}),
  });
  const { venues, telegram, exporters, prometheuses, cluster, bridges } = estate;
  const market = () => telegram.messages.filter(({ chatId }) => chatId === MARKET_CHAT);
  const headlines = () => market().map(({ text }) => text.split('\n')[0]);
  // Told first with what there was at that moment, and edited within a second.
  const isTold = (symbol: string, figures: string) =>
    telegram.waitUntil(
      () => market().some(({ text }) => text.includes(`${symbol} LIQUIDATION CASCADE\n${figures}`)),
      MESSAGE_WITHIN_MS,
    );

  // None of the orders is large enough to be news by itself.
  await t.test('a cascade that both pairs see is one message, with the figures of one', async (t) => {
    cascade(venues, { symbol: 'ETH', longs: 5, shorts: 2, usd: 315_000 });

    await isTold('ETH', '⚡ 7 liquidations in 30 seconds\n💰 Total: $315K liquidated\n📉 5 longs, 2 shorts');
    await delay(OTHERS_WAIT_MS);
    t.same(headlines(), ['🚨 ETH LIQUIDATION CASCADE']);
  });

  await t.test('one of each is killed while a cascade begins, and it is one message', async (t) => {
    const victims = [exporters[0], prometheuses[0], cluster.members[0], bridges[0]];
    cascade(venues, { symbol: 'BTC', longs: 3, usd: 270_000 });
    await Promise.all(victims.map((victim) => victim?.kill()));

    cascade(venues, { symbol: 'BTC', longs: 2, shorts: 2, usd: 360_000 });

    await isTold('BTC', '⚡ 7 liquidations in 30 seconds\n💰 Total: $630K liquidated\n📉 5 longs, 2 shorts');
    for (const victim of victims) victim?.start();
    for (const victim of victims) if (victim) await estate.waitForWork(victim);
    await cluster.waitForSize(3);
    await delay(OTHERS_WAIT_MS);
    t.same(cascades(headlines()), ['ETH', 'BTC'], 'exactly one message each');
  });

  await t.test('the others are killed at the next, and it is one message', async (t) => {
    const [, exporter] = exporters;
    const [, prometheus] = prometheuses;
    const [, alertmanager] = cluster.members;
    const [, bridge] = bridges;
    const victims = [exporter, prometheus, alertmanager, bridge];
    cascade(venues, { symbol: 'SOL', longs: 5, shorts: 2, usd: 140_000 });
    await Promise.all([exporter?.kill(), prometheus?.kill(), alertmanager?.kill()]);

    await isTold('SOL', '⚡ 7 liquidations in 30 seconds');
    // One that dies between Telegram's answer and writing it down sends again, marked: that window is not what is tested.
    await estate.waitFor('nothing is on its way', async () => (await claimedBy(bridges)) === 0);
    await bridge?.kill();
    for (const victim of victims) victim?.start();
    for (const victim of victims) if (victim) await estate.waitForWork(victim);
    await cluster.waitForSize(3);
    await delay(OTHERS_WAIT_MS);
    t.same(cascades(headlines()), ['ETH', 'BTC', 'SOL'], 'exactly one message each');
  });

  await t.test(
    'the history has what both of the pair saw, once',
    { skip: !history && 'no VictoriaMetrics' },
    async (t) => {
      const ask = async (expression: string) =>
        (await queryValues(history?.url ?? '', expression).catch(() => []))[0] ?? 0;
      const seen = `sum(max by (exchange, symbol, side) (derivatives_liquidations_total)) > 0`;
      await estate.waitFor('both exporters are in the history', async () => {
        const targets = await ask('count(up{job="exporter-alerting"} == 1)');
        return targets === 2 && (await ask(seen)) > 0;
      });

      t.equal(await ask('count({replica!=""}) or vector(0)'), 0);
      t.equal(await ask('count(ALERTS{alertname="Watchdog"})'), 1);
      t.equal(await ask('count({__name__=~"derivatives_liquidation_burst_.*"}) or vector(0)'), 0);
    },
  );
});

/** Whose cascades, in the order of the messages; each may have ended meanwhile. Anything else stays as it is. */
function cascades(headlines: readonly (string | undefined)[]): readonly string[] {
  return headlines.map((line = '') => /^(?:🚨|✅) (\w+) LIQUIDATION CASCADE(?: ended)?$/.exec(line)?.[1] ?? line);
}

/** Messages that are being sent at this moment. */
async function claimedBy(members: readonly Member[]): Promise<number> {
  const answers = await Promise.all(members.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  return Math.max(
    ...answers.map((text) => Number(/^alertbridge_outbox_messages\{state="claimed"\} (\d+)/m.exec(text)?.[1])),
  );
}
