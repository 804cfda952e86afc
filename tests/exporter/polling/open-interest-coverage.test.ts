import t from 'tap';
import { canonicalSymbol } from '../../../common/brands.ts';
import { coverOpenInterest } from '../../../exporter/polling/open-interest-coverage.ts';
import { startVenues } from '../../../simulators/venues/start-venues.ts';
import { venueOf } from '../../support/venues.ts';
import { catalogueOf } from '../connections/feed-harness.ts';

t.test('covers the dollar-quoted perpetuals of the watched symbols, linear and inverse', async (t) => {
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const catalogue = await catalogueOf(...venues.all);
  const options = { symbols: ['BTC', 'PEPE'].map(canonicalSymbol), requestsPerHour: 100 };
  const covered = (exchange: 'binance' | 'bybit' | 'okx') =>
    coverOpenInterest(venueOf(exchange), catalogue.list(exchange), options).contracts.map(
      ({ instrumentId }) => instrumentId,
    );

  t.same(covered('binance'), ['BTCUSDT', '1000PEPEUSDT', 'BTCUSD_PERP']);
  t.same(covered('bybit'), ['BTCUSDT', '1000PEPEUSDT', 'BTCUSD']);
  t.same(covered('okx'), ['BTC-USDT-SWAP', 'BTC-USD-SWAP', 'PEPE-USDT-SWAP']);
});

t.test(
  'covers whole symbols up to the budget where every contract needs a call, and says how many there are',
  async (t) => {
    const venues = await startVenues();
    t.teardown(() => venues.close());
    const catalogue = await catalogueOf(...venues.all);
    const options = { symbols: undefined, requestsPerHour: 70 };

    const binance = coverOpenInterest(venueOf('binance'), catalogue.list('binance'), options);
    t.same(new Set(binance.contracts.map(({ symbol }) => symbol)), new Set(['BTC', 'ETH', 'PEPE']));
    t.equal(binance.contracts.length, 5);
    t.equal(binance.wanted, 9);
    const okx = coverOpenInterest(venueOf('okx'), catalogue.list('okx'), options);
    t.equal(okx.contracts.length, okx.wanted);
  },
);
