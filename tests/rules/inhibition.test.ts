// What mutes what, in the real engines: also when the alert that mutes and the one that is muted begin in the same second.
import t from 'tap';
import { waitUntil } from '../support/waiting.ts';
import { startEngines } from './engines.ts';

t.setTimeout(240_000);

const TRIALS = ['BTC', 'ETH', 'SOL', 'A', 'B', 'C', 'D', 'E', 'F', 'G'];
const WATCHED = [...TRIALS, 'GROWING', 'MARKER'];
const LIMIT_MS = 60_000;

const watched = WATCHED.map((symbol) => `derivatives_watched_symbol{symbol="${symbol}"} 1\n`).join('');

const cascade = (symbol: string, notionalUsd: number) =>
  `derivatives_liquidation_burst_events{symbol="${symbol}",slot="0"} 9\n` +
  `derivatives_liquidation_burst_notional_usd{symbol="${symbol}",slot="0"} ${notionalUsd}\n`;

const single = (symbol: string, notionalUsd: number) =>
  `derivatives_liquidation_window_largest_usd{exchange="okx",symbol="${symbol}",side="long",window="30s"} ${notionalUsd}\n`;

t.test('a wrong clock of this machine is told once, whatever single venues showed a moment before', async (t) => {
  const { raise, notices } = await startEngines(t);
  const skew = { alertname: 'ClockSkew', category: 'stack', severity: 'warning', priority: 'medium' };

  await raise(skew, ...['binance', 'bybit', 'okx'].map((exchange) => ({ ...skew, exchange })));
  await raise({ ...skew, alertname: 'FeedLag', exchange: 'okx' });
  // As long as the clock waits, so that what is muted would have been told before it.
  await waitUntil('the marker', () => notices.includes('firing FeedLag'), LIMIT_MS);

  t.same(
    notices.filter((notice) => notice.includes('ClockSkew')),
    ['firing ClockSkew'],
  );
});

t.test('a cascade mutes its lower tiers and the large singles of its symbol from the first second', async (t) => {
  const engines = await startEngines(t);
  const { notices } = engines;
  engines.show(watched);
  await waitUntil(
    'thresholds stand',
    async () => (await engines.query('count(symbol:cascade_value_usd:threshold)')) >= WATCHED.length,
    LIMIT_MS,
  );

  // One after the other, so that each trial meets another phase of scrape, evaluation and flush.
  let shown = watched;
  for (const symbol of TRIALS) {
    shown += cascade(symbol, 40_000_000) + single(symbol, 9_000_000);
    engines.show(shown);
    await waitUntil(`cascade of ${symbol}`, () => notices.includes(`firing LiquidationCascade ${symbol} 64`), LIMIT_MS);
  }
  // A single without a cascade waits as long as those that are muted: when it is there, they would be too.
  engines.show(shown + single('MARKER', 100_000));
  await waitUntil('the marker', () => notices.includes('firing LargeLiquidation MARKER 1'), LIMIT_MS);

  t.same(
    notices.filter((notice) => /Liquidation/.test(notice)),
    [...TRIALS.map((symbol) => `firing LiquidationCascade ${symbol} 64`), 'firing LargeLiquidation MARKER 1'],
  );
  t.same([...engines.credentials], ['Bearer test-token']);
});

t.test(
  'a cascade that grows rings again at each tier, and a larger single is not muted by a smaller cascade',
  async (t) => {
    const engines = await startEngines(t);
    const { notices } = engines;
    engines.show(watched + cascade('GROWING', 250_000));
    await waitUntil('tier 1', () => notices.includes('firing LiquidationCascade GROWING 1'), LIMIT_MS);

    engines.show(watched + cascade('GROWING', 1_000_000) + single('GROWING', 6_400_000));
    await waitUntil('tier 4', () => notices.includes('firing LiquidationCascade GROWING 4'), LIMIT_MS);
    await waitUntil('the single', () => notices.includes('firing LargeLiquidation GROWING 64'), LIMIT_MS);

    t.same(
      notices.filter((notice) => /Liquidation/.test(notice)),
      [
        'firing LiquidationCascade GROWING 1',
        'firing LiquidationCascade GROWING 4',
        'firing LargeLiquidation GROWING 64',
      ],
    );
  },
);
