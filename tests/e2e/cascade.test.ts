// The promise of the README: liquidations on three venues become one message that reads as people were told, lives, and ends.
import t, { type Test } from 'tap';
import type { SentMessage } from '../../simulators/telegram/message-log.ts';
import { cascade, liquidate } from './orders.ts';
import { CHAIN_TIMEOUT_MS, type E2eStack, MARKET_CHAT, startStack } from './stack.ts';

t.setTimeout(CHAIN_TIMEOUT_MS);

t.test('liquidations on three venues', async (t) => {
  const stack = await startStack(t);
  const { venues, telegram } = stack;
  const about = (symbol: string) => marketMessages(stack).filter(({ text }) => text.includes(`${symbol} `));

  await t.test('seven worth $1.2M at once give one message, line by line', async (t) => {
    cascade(venues, { symbol: 'BTC', longs: 5, shorts: 2, usd: 1_200_000 });

    const { text, isSilent } = await telegram.waitFor(({ chatId }) => chatId === MARKET_CHAT);
    t.same(text.split('\n').slice(0, 5), [
      '🚨 BTC LIQUIDATION CASCADE',
      '⚡ 7 liquidations in 30 seconds',
      '💰 Total: $1.2M liquidated',
      '📉 5 longs, 2 shorts',
      '⚠️ Potential price impact expected',
    ]);
    // A young stack says so, and so does a venue that publishes only the largest of each second.
    t.match(text, /\nℹ️ ≥ 7: watching for \d+ s only,\nBinance sampled\n/);
    t.notOk(isSilent);
    fitsAPhone(t, text);
  });

  await t.test('one that grows past four times the value rings again, and past the lower tier only once', async (t) => {
    cascade(venues, { symbol: 'ETH', longs: 7, usd: 315_000 });
    await telegram.waitFor(({ text }) => text.startsWith('🚨 ETH LIQUIDATION CASCADE\n'));

    cascade(venues, { symbol: 'ETH', longs: 14, shorts: 6, usd: 900_000 });

    const higher = await telegram.waitFor(({ text }) => text.startsWith('🚨🚨 ETH LIQUIDATION CASCADE ×4\n'));
    t.match(higher.text, '⚡ 27 liquidations in 30 seconds\n💰 Total: $1.2M liquidated\n📉 21 longs, 6 shorts');
    t.notOk(higher.isSilent);
    fitsAPhone(t, higher.text);
  });

  await t.test('a large one by itself has its own message', async (t) => {
    liquidate(venues, { venue: 'bybit', symbol: 'SOL', side: 'long', usd: 31_000 });

    const { text } = await telegram.waitFor((message) => message.text.startsWith('🔥 SOL'));
    t.same(text.split('\n').slice(0, 2), ['🔥 SOL LARGE LIQUIDATION', '💰 $31K long at $150.00 on Bybit']);
    fitsAPhone(t, text);
  });

  await t.test('a large one that belongs to a cascade has none', async (t) => {
    liquidate(venues, { venue: 'okx', symbol: 'BTC', side: 'long', usd: 180_000 });

    await stack.waitForQuery('ALERTS{alertname="LargeLiquidation", symbol="BTC", alertstate="firing"}');
    await telegram.waitUntil(() => about('BTC').some(({ text }) => text.includes('8 liquidations')), 15_000);
    t.same(
      marketMessages(stack).map(({ texts }) => texts[0]?.split('\n')[0]),
      [
        '🚨 BTC LIQUIDATION CASCADE',
        '🚨 ETH LIQUIDATION CASCADE',
        '🚨🚨 ETH LIQUIDATION CASCADE ×4',
        '🔥 SOL LARGE LIQUIDATION',
      ],
    );
  });

  await t.test('the end is told in the same message, with what it came to', async (t) => {
    await telegram.waitUntil(() => about('BTC').some(({ text }) => text.startsWith('✅')), 100_000);

    const [message, ...others] = about('BTC');
    t.same(others, []);
    const lines = message?.text.split('\n') ?? [];
    // The counters were first read too short a time before for the totals of the episode: its largest window is told.
    t.same(lines.slice(0, 4), [
      '✅ BTC LIQUIDATION CASCADE ended',
      '⚡ 8 liquidations in 30 seconds',
      '💰 Total: $1.4M liquidated',
      '📉 6 longs, 2 shorts',
    ]);
    t.match(lines[4], /^⏱ (Over within 30 seconds|Lasted \d+ s)$/);
    fitsAPhone(t, message?.text ?? '');
  });

  await t.test('the same once more within five minutes edits that message and does not ring', async (t) => {
    cascade(venues, { symbol: 'BTC', longs: 6, usd: 600_000 });

    await telegram.waitUntil(() => about('BTC').some(({ text }) => text.startsWith('🚨')), 10_000);
    t.equal(about('BTC').length, 1);
    fitsAPhone(t, about('BTC')[0]?.text ?? '');
  });
});

function marketMessages({ telegram }: E2eStack): readonly SentMessage[] {
  return telegram.messages.filter(({ chatId }) => chatId === MARKET_CHAT);
}

/** BRG-2: under 500 characters, lines under 40. */
function fitsAPhone(t: Test, text: string): void {
  t.ok(text.length < 500, 'under 500 characters');
  t.same(
    text.split('\n').filter((line) => line.length >= 40),
    [],
    'lines under 40 characters',
  );
}
