import t from 'tap';
import { InstrumentCatalogue } from '../../../exporter/catalogue/instruments.ts';
import { contract } from '../../fixtures/frames/contracts.ts';

const bitcoin = contract('bybit', 'BTCUSDT', 'BTC');
const pepe = contract('bybit', '1000PEPEUSDT', 'PEPE', { multiplier: 1000 });

function filled(): InstrumentCatalogue {
  const catalogue = new InstrumentCatalogue();
  catalogue.replace('bybit', [bitcoin, pepe]);
  return catalogue;
}

t.test('finds a contract under its venue and name, and nowhere else', async (t) => {
  const catalogue = filled();

  t.equal(catalogue.get('bybit', 'BTCUSDT'), bitcoin);
  t.equal(catalogue.get('binance', 'BTCUSDT'), undefined);
  t.equal(catalogue.get('bybit', 'BTCUSDX'), undefined);
  t.same(catalogue.list('bybit'), [bitcoin, pepe]);
  t.same(catalogue.list('okx'), []);
});

t.test('the keys of a prototype are no contracts', async (t) => {
  for (const name of ['__proto__', 'constructor', 'toString']) t.equal(filled().get('bybit', name), undefined);
});

t.test('trap 11: an empty listing does not make a whole venue unknown', async (t) => {
  const catalogue = filled();

  t.equal(catalogue.replace('bybit', []), false);
  t.equal(catalogue.list('bybit').length, 2);
});

t.test('a new listing takes the place of the old one', async (t) => {
  const catalogue = filled();

  t.equal(catalogue.replace('bybit', [bitcoin]), true);
  t.equal(catalogue.get('bybit', '1000PEPEUSDT'), undefined);
});
