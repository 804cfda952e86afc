// A storm told to two bridges by two Alertmanagers, and bridges killed in the midst of it, again and again: every chat hears
// of every alert, never twice without a mark, and never faster than Telegram allows.
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import type { SentMessage } from '../../../simulators/telegram/message-log.ts';
import { startTelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { postgresMissing } from '../../runner/postgres.ts';
import { sharedServer } from '../outbox/databases/postgres/open-postgres.ts';
import { explosion, webhookOf } from '../support/alerts.ts';
import { type BridgeProcess, eventually, startBridgeProcess } from './bridge-process.ts';

t.setTimeout(240_000);

const skip = await postgresMissing();
const server = sharedServer(t);

const CHATS = Array.from({ length: 12 }, (_, index) => String(index + 101));
const SYMBOLS = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOT'];
const DELIVERED = 'alertbridge_outbox_messages{state="delivered"}';
const KILLS = 3;

t.test('nothing is lost and nothing doubled unmarked, whoever is killed whenever', { skip }, async (t) => {
  // Each answer takes a moment, so that a kill meets messages on their way.
  const telegram = await startTelegramSimulator({ isLimited: true });
  telegram.answerAlways({ type: 'slow', delayMs: 40 });
  t.teardown(() => telegram.close());
  const databaseUrl = await (await server()).createDatabase();
  const environment = {
    TELEGRAM_CHAT_ID: CHATS.join(','),
    MAX_ALERTS_PER_HOUR: '100',
    ALERT_RATE_LIMIT_SECONDS: '0',
  };
  const start = () => startBridgeProcess(t, { databaseUrl, telegramUrl: telegram.url, environment });
  const bridges: [BridgeProcess, BridgeProcess] = [await start(), await start()];
  const webhooks = SYMBOLS.map((symbol) => webhookOf([explosion({ labels: { symbol }, startsAt: Date.now() })]));
  /** Like an Alertmanager: until it is taken, wherever the bridge is by now. */
  const tellUntilTaken = (webhook: object, side: 0 | 1) =>
    eventually('a webhook is taken', async () => (await bridges[side].post(webhook)) === 200);
  const telling = Promise.all(webhooks.flatMap((webhook) => [tellUntilTaken(webhook, 0), tellUntilTaken(webhook, 1)]));

  for (let kill = 0; kill < KILLS; kill += 1) {
    const side = kill % 2 === 0 ? 0 : 1;
    const before = telegram.messages.length;
    await eventually('messages leave', () => telegram.messages.length > before + 3);
    // At another moment of a delivery each time.
    await delay(15 * kill);
    await bridges[side].kill();
    bridges[side] = await start();
  }
  await telling;
  const wanted = CHATS.length * SYMBOLS.length;
  await eventually('everything is delivered', async () => (await bridges[0].metric(DELIVERED)) === wanted);

  const isMarked = (message: SentMessage) => message.texts[0]?.includes('🔁 Sent again') === true;
  const told = (chat: string, symbol: string) =>
    telegram.messages.filter(({ chatId, texts }) => String(chatId) === chat && texts[0]?.includes(`${symbol} OI`));
  for (const chat of CHATS) {
    for (const symbol of SYMBOLS) {
      const messages = told(chat, symbol);
      t.ok(messages.length > 0, `${chat} heard of ${symbol}`);
      t.ok(messages.filter((message) => !isMarked(message)).length <= 1, `${chat} heard of ${symbol} once unmarked`);
    }
  }
  const copies = telegram.messages.length - wanted;
  t.ok(copies >= 0 && copies <= telegram.messages.filter(isMarked).length, `${copies} copies, all marked`);
  t.equal(await bridges[0].metric('alertbridge_telegram_requests_failed_total{reason="rate_limited"}'), 0);
  t.equal(await bridges[1].metric('alertbridge_telegram_requests_failed_total{reason="rate_limited"}'), 0);
  await Promise.all(bridges.map((bridge) => bridge.stop()));
});
