import t from 'tap';
import { canonicalSymbol, type EpochMs, epochMs, type Usd, usd } from '../../common/brands.ts';

t.test('a time is a finite number that a Date can hold', async (t) => {
  for (const value of [0, 1_791_565_602_120, -1, 0.5, 8.64e15]) t.equal(epochMs(value), value);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1]) t.throws(() => epochMs(value), RangeError);
});

t.test('an amount is a finite number that is not negative', async (t) => {
  for (const value of [0, 0.01, 1e15]) t.equal(usd(value), value);
  for (const value of [-0.01, Number.NaN, Number.POSITIVE_INFINITY]) t.throws(() => usd(value), RangeError);
});

t.test('a symbol is upper case and holds nothing that could be markup', async (t) => {
  t.equal(canonicalSymbol('btc'), 'BTC');
  t.equal(canonicalSymbol('牛来'), '牛来');
  t.equal(canonicalSymbol('1INCH'), '1INCH');
  for (const value of ['', ' ', 'A B', '<b>', 'A"', 'A\n', 'X'.repeat(33)]) {
    t.throws(() => canonicalSymbol(value), RangeError, JSON.stringify(value));
  }
});

t.test('a bare number is no branded one, and brands do not mix', async (t) => {
  // @ts-expect-error a number that nobody has checked
  const time: EpochMs = 5;
  // @ts-expect-error dollars are no time
  const wrong: EpochMs = usd(5);
  const amount: Usd = usd(5);
  t.same([time, wrong, amount], [5, 5, 5]);
});
