import t from 'tap';
import { usd } from '../../../common/brands.ts';
import type { Instrument } from '../../../exporter/catalogue/instruments.ts';
import { checkPrices } from '../../../exporter/catalogue/price-check.ts';
import type { MarkPrice } from '../../../exporter/events.ts';
import { contract, RECEIVED } from '../../fixtures/frames/contracts.ts';

const scaled = contract('bybit', '1000PEPEUSDT', 'PEPE', { multiplier: 1000 });
const plain = contract('okx', 'PEPE-USDT-SWAP', 'PEPE');
const third = contract('binance', '1000PEPEUSDT', 'PEPE', { multiplier: 1000 });

function mark({ exchange, instrumentId, symbol }: Instrument, price: number): MarkPrice {
  return { type: 'mark_price', exchange, instrumentId, symbol, priceUsd: usd(price), receiveTime: RECEIVED };
}

const findings = (instruments: readonly Instrument[], marks: readonly MarkPrice[]) =>
  checkPrices(instruments, marks).map(({ instrument, finding }) => [instrument.exchange, finding]);

t.test('nothing is said of listings whose prices agree within 5 %', async (t) => {
  t.same(findings([scaled, plain], [mark(scaled, 1.049e-5), mark(plain, 1e-5)]), []);
  t.same(findings([scaled, plain], [mark(scaled, 0.96e-5), mark(plain, 1e-5)]), []);
});

t.test('a scaled listing that is off by more is excluded, with both prices', async (t) => {
  const verdicts = checkPrices([scaled, plain], [mark(scaled, 1e-2), mark(plain, 1e-5)]);

  t.same(verdicts, [
    { instrument: scaled, finding: 'excluded', priceUsd: 1e-2, othersUsd: 1e-5 },
    { instrument: plain, finding: 'differs', priceUsd: 1e-5, othersUsd: 1e-2 },
  ]);
  t.same(findings([scaled], [mark(scaled, 1.06e-5), mark(plain, 1e-5)]), [['bybit', 'unchecked']]);
  t.same(findings([scaled, plain], [mark(scaled, 1.06e-5), mark(plain, 1e-5)])[0], ['bybit', 'excluded']);
});

t.test('a plain listing that disagrees is reported and never excluded', async (t) => {
  const stock = contract('bybit', 'CATUSDT', 'CAT');
  const coin = contract('okx', 'CAT-USDT-SWAP', 'CAT');

  t.same(findings([stock, coin], [mark(stock, 400), mark(coin, 1e-5)]), [
    ['bybit', 'differs'],
    ['okx', 'differs'],
  ]);
});

t.test('a scaled listing without a price to compare is kept, and reported as unchecked', async (t) => {
  t.same(findings([scaled], [mark(scaled, 1e-5)]), [['bybit', 'unchecked']], 'no other venue');
  t.same(findings([scaled, plain], [mark(scaled, 1e-5)]), [['bybit', 'unchecked']], 'the other venue has no price');
  t.same(findings([scaled, plain], [mark(plain, 1e-5)]), [['bybit', 'unchecked']], 'no price of its own');
  t.same(findings([plain], []), [], 'a plain one has nothing to check');
});

t.test('compares with the median of the other venues, each by the median of its own', async (t) => {
  const usdc = contract('okx', 'PEPE-USDC-SWAP', 'PEPE', { quote: 'USDC' });
  const odd = contract('okx', 'PEPE-USD-SWAP', 'PEPE', { quote: 'USD' });
  const marks = [mark(scaled, 1e-5), mark(plain, 1e-5), mark(usdc, 1.01e-5), mark(odd, 9), mark(third, 1e-5)];

  t.same(findings([scaled, third, plain, usdc, odd], marks), [['okx', 'differs']]);
  t.equal(checkPrices([scaled, third, plain, usdc, odd], marks)[0]?.othersUsd, 1e-5);
});

t.test('one venue with a wrong price excludes none of the others', async (t) => {
  const all = [scaled, third, plain];

  t.same(findings(all, [mark(scaled, 1e-5), mark(third, 1.01e-5), mark(plain, 3e-5)]), [['okx', 'differs']]);
  t.same(findings(all, [mark(scaled, 1e-8), mark(third, 1e-5), mark(plain, 1e-5)]), [['bybit', 'excluded']]);
  t.same(findings(all, [mark(scaled, 1e-8), mark(third, 1e-5), mark(plain, 3e-5)]), [
    ['bybit', 'excluded'],
    ['binance', 'excluded'],
    ['okx', 'differs'],
  ]);
});

t.test('dated contracts and other quotes are not judged and judge nobody', async (t) => {
  const dated = contract('okx', 'PEPE-USDT-261225', 'PEPE', { isPerpetual: false });
  const euro = contract('okx', 'PEPE-EUR-SWAP', 'PEPE', { quote: 'EUR', isUsdQuoted: false });

  t.same(findings([scaled, dated, euro], [mark(scaled, 1e-5), mark(dated, 9), mark(euro, 9)]), [
    ['bybit', 'unchecked'],
  ]);
});

t.test('a listing that looks scaled and that nobody has reviewed is named', async (t) => {
  const unreviewed = contract('bybit', '1000FOOUSDT', '1000FOO');

  t.same(findings([unreviewed], [mark(unreviewed, 5)]), [['bybit', 'unreviewed']]);
});
