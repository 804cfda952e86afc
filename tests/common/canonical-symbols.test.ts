import t from 'tap';
import { canonicalBase, looksScaled } from '../../common/canonical-symbols.ts';
import { readRecorded, skipWithoutRecordings } from '../fixtures/frames/recorded.ts';

t.test('trap 19: a scaled listing is so many of its coin, every other base is itself', async (t) => {
  for (const [venueBase, symbol, multiplier] of [
    ['1000PEPE', 'PEPE', 1_000],
    ['SHIB1000', 'SHIB', 1_000],
    ['1000SHIB', 'SHIB', 1_000],
    ['10000SATS', 'SATS', 10_000],
    ['1000SATS', 'SATS', 1_000],
    ['1MBABYDOGE', 'BABYDOGE', 1_000_000],
    ['1000000BABYDOGE', 'BABYDOGE', 1_000_000],
    ['1000000MOG', 'MOG', 1_000_000],
    ['1000X', 'X', 1_000],
    ['1000pepe', 'PEPE', 1_000],
    ['1INCH', '1INCH', 1],
    ['BTC', 'BTC', 1],
    ['btc', 'BTC', 1],
    ['PUMPBTC', 'PUMPBTC', 1],
    ['4', '4', 1],
    ['USD1', 'USD1', 1],
    ['1000NOBODYREVIEWED', '1000NOBODYREVIEWED', 1],
    ['牛来', '牛来', 1],
  ] as const) {
    t.strictSame(canonicalBase(venueBase), { symbol, multiplier }, venueBase);
  }
});

t.test('a base that is no name of an asset has no symbol', async (t) => {
  for (const name of ['', ' ', 'BTC USDT', 'BTC"}', 'A\nB', 'X'.repeat(33), '<b>'])
    t.equal(canonicalBase(name), undefined, name);
  t.strictSame(canonicalBase('__proto__')?.multiplier, 1, 'a name like any other, found in no prototype');
});

t.test('what looks scaled is named for review', async (t) => {
  t.same(['1000FOO', 'FOO10000', '1MFOO'].map(looksScaled), [true, true, true]);
  t.same(['1INCH', 'API3', 'BTC', '100', 'FOO100', 'LUNA2', '0G', 'BANANAS31'].map(looksScaled), Array(8).fill(false));
});

t.test(
  'every listing of the recorded catalogue that looks scaled is in the table',
  { skip: skipWithoutRecordings },
  async (t) => {
    const answer = JSON.parse(readRecorded('frames/bybit_v5_instruments_linear_2026-08-09.json.gz'));
    const bases: readonly string[] = answer.result.list.map(({ baseCoin }: { readonly baseCoin: string }) => baseCoin);
    const scaled = [...new Set(bases.filter(looksScaled))];

    t.equal(scaled.length, 17);
    for (const base of scaled) {
      const canonical = canonicalBase(base);
      t.equal(base.replace(/^10{3,}|10{3,}$/, ''), canonical?.symbol);
      t.equal(canonical?.multiplier, Number(base.match(/10{3,}/)?.[0]));
    }
  },
);
