// What breaks in the middle: every program killed while an alert lives, a Telegram that refuses. Nothing is lost, nothing is
// told twice, and nothing false is told.
import t from 'tap';
import { answers } from '../../simulators/telegram/answers.ts';
import type { SentMessage } from '../../simulators/telegram/message-log.ts';
import { cascade, liquidate } from './orders.ts';
import { CHAIN_TIMEOUT_MS, MARKET_CHAT, startStack } from './stack.ts';

t.setTimeout(CHAIN_TIMEOUT_MS);

t.test('a chain that is broken and mended', async (t) => {
  const stack = await startStack(t, {
    // More messages than a person should get in an hour: each fault has its own.
    environment: { SYMBOLS: 'BTC,ETH,SOL,1INCH', MAX_ALERTS_PER_HOUR: '1000', ALERT_RATE_LIMIT_SECONDS: '0' },
  });
  const { venues, telegram } = stack;
  const headed = (head: string): readonly SentMessage[] =>
    telegram.messages.filter(({ chatId, texts }) => chatId === MARKET_CHAT && texts[0]?.startsWith(`${head}\n`));
  const firstLine = (head: string) => telegram.waitUntil(() => headed(head).length > 0, 30_000);

  await t.test('429 and 502 are waited out, and the message comes once', async (t) => {
    telegram.answerNext(answers.tooMany(2), answers.badGateway);

    cascade(venues, { symbol: 'BTC', longs: 7, usd: 700_000 });

    await firstLine('🚨 BTC LIQUIDATION CASCADE');
    const tries = telegram.requests.filter(({ method }) => method === 'sendMessage');
    t.equal(tries.length, 3);
    const [refused, again] = tries.map(({ receivedAt }) => receivedAt);
    t.ok(Number(again) - Number(refused) >= 2_000, 'retry_after is obeyed');
    t.equal(headed('🚨 BTC LIQUIDATION CASCADE').length, 1);
  });

  await t.test('Prometheus killed while an alert fires tells nothing twice', async (t) => {
    cascade(venues, { symbol: 'ETH', longs: 7, usd: 350_000 });
    await firstLine('🚨 ETH LIQUIDATION CASCADE');
    const [before] = await stack.query('ALERTS_FOR_STATE{alertname="LiquidationCascade", symbol="ETH", tier="1"}');

    await stack.restart('prometheus');
    // The window still holds all of them, so that the alert begins anew, with another start.
    liquidate(venues, { venue: 'bybit', symbol: 'ETH', side: 'short', usd: 20_000 });

    const [after] = await stack.waitForQuery(
      `ALERTS_FOR_STATE{alertname="LiquidationCascade", symbol="ETH", tier="1"} > ${before?.value ?? 0}`,
    );
    t.ok(after);
    await telegram.waitUntil(() => headed('🚨 ETH LIQUIDATION CASCADE').some(({ texts }) => texts.length > 1), 20_000);
    t.equal(headed('🚨 ETH LIQUIDATION CASCADE').length, 1);
  });

  await t.test('what comes while the bridge is down arrives when it is back', async (t) => {
    stack.kill('alert-bridge');

    cascade(venues, { symbol: 'SOL', longs: 7, usd: 140_000 });

    await firstLine('🚨 SOL LIQUIDATION CASCADE');
    t.equal(headed('🚨 SOL LIQUIDATION CASCADE').length, 1);
  });

  await t.test('a bridge killed with a message on its way sends it again, and says so', async (t) => {
    telegram.answerNext({ type: 'hang' });
    const sent = telegram.requests.length;
    cascade(venues, { symbol: 'SOL', longs: 20, usd: 420_000 });
    await telegram.waitUntil(
      () => telegram.requests.slice(sent).some(({ parameters }) => String(parameters.text).includes('×4')),
      15_000,
    );

    await stack.restart('alert-bridge');

    const head = '🚨🚨 SOL LIQUIDATION CASCADE ×4';
    await telegram.waitUntil(() => headed(head).length === 2, 15_000);
    const [lost, again] = headed(head).map(({ texts }) => texts[0]);
    t.notMatch(lost, 'Sent again');
    t.match(again, '🔁 Sent again after a restart');
  });

  await t.test('an exporter killed in a cascade tells nothing false, and the next message names the gap', async (t) => {
    const heads = () => telegram.messages.filter(({ chatId }) => chatId === MARKET_CHAT).map(({ texts }) => texts[0]);
    const told = heads();
    cascade(venues, { symbol: '1INCH', longs: 3, usd: 240_000 });
    await stack.waitForQuery('sum(derivatives_liquidation_burst_events{symbol="1INCH"}) == 3');

    await stack.restart('exporter');
    await stack.waitForQuery(
      'count(derivatives_feed_connected == 1) == 6 and count(time() - process_start_time_seconds{job="exporter-alerting"} < 60)',
      60_000,
    );
    // What was before the restart is forgotten: these alone are no cascade.
    cascade(venues, { symbol: '1INCH', longs: 3, usd: 240_000 });
    await stack.waitForQuery('sum(derivatives_liquidation_burst_events{symbol="1INCH"}) == 3');
    t.same(heads(), told);

    cascade(venues, { symbol: '1INCH', longs: 4, usd: 90_000 });

    const { text } = await telegram.waitFor((message) => message.text.startsWith('🚨 1INCH'), 10_000);
    t.match(text, '⚡ 7 liquidations in 30 seconds');
    t.match(text, /watching for \d+ s only/);
  });
});
