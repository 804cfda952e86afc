import t from 'tap';
import { canonicalSymbol, epochMs, usd } from '../../../common/brands.ts';
import { type CoveredContract, LatestState, maxStateAgeMs } from '../../../exporter/windows/latest-state.ts';
import { START } from './liquidations.ts';

const BTC = canonicalSymbol('BTC');
const LINEAR: CoveredContract = { instrumentId: 'BTCUSDT', symbol: BTC, margin: 'linear', quote: 'USDT' };
const INVERSE: CoveredContract = { instrumentId: 'BTCUSD', symbol: BTC, margin: 'inverse', quote: 'USD' };
const USDC: CoveredContract = { instrumentId: 'BTCUSDC', symbol: BTC, margin: 'linear', quote: 'USDC' };

type Contract = Pick<CoveredContract, 'instrumentId'>;

function openInterest(contract: Contract, figure: { base?: number; usd?: number }, at = 0) {
  return {
    type: 'open_interest',
    exchange: 'bybit',
    instrumentId: contract.instrumentId,
    symbol: BTC,
    baseQuantity: figure.base,
    notionalUsd: figure.usd === undefined ? undefined : usd(figure.usd),
    receiveTime: epochMs(START + at),
  } as const;
}

function markPrice(contract: Contract, price: number, at = 0) {
  return {
    type: 'mark_price',
    exchange: 'bybit',
    instrumentId: contract.instrumentId,
    symbol: BTC,
    priceUsd: usd(price),
    receiveTime: epochMs(START + at),
  } as const;
}

const figures = (state: LatestState, at = 0) => [...state.read(epochMs(START + at), () => 60_000)][0];

t.test('adds linear coins and the coins that inverse dollars are worth', (t) => {
  const state = new LatestState();
  state.cover('bybit', [INVERSE, LINEAR]);
  state.recordOpenInterest(openInterest(LINEAR, { base: 100 }));
  state.recordOpenInterest(openInterest(INVERSE, { usd: 4_000_000 }));
  state.recordMarkPrice(markPrice(LINEAR, 80_000));
  state.recordMarkPrice(markPrice(INVERSE, 70_000));
  t.same(figures(state), {
    exchange: 'bybit',
    symbol: 'BTC',
    openInterestBase: 150,
    openInterestUsd: 12_000_000,
    markPriceUsd: 80_000,
  });
  t.end();
});

t.test('never shows a partial sum: a contract that is missing or stale silences the venue', (t) => {
  const state = new LatestState();
  state.cover('bybit', [LINEAR, USDC]);
  state.recordMarkPrice(markPrice(LINEAR, 80_000, 60_001));
  state.recordOpenInterest(openInterest(LINEAR, { base: 100 }, 60_001));
  t.match(figures(state, 60_001), { openInterestBase: undefined, openInterestUsd: undefined, markPriceUsd: 80_000 });
  state.recordOpenInterest(openInterest(USDC, { base: 10 }, 0));
  t.equal(figures(state, 60_000)?.openInterestBase, 110);
  t.match(figures(state, 60_001), { openInterestBase: undefined, openInterestUsd: undefined, markPriceUsd: 80_000 });
  t.end();
});

t.test('a stale mark price is absent, and with it all that needs it', (t) => {
  const state = new LatestState();
  state.cover('bybit', [LINEAR]);
  state.recordMarkPrice(markPrice(LINEAR, 80_000, 0));
  state.recordOpenInterest(openInterest(LINEAR, { base: 100 }, 60_001));
  t.match(figures(state, 60_001), { openInterestBase: 100, openInterestUsd: undefined, markPriceUsd: undefined });
  t.end();
});

t.test('inverse dollars without a price, or a price of 0, are no coins', (t) => {
  const state = new LatestState();
  state.cover('bybit', [INVERSE]);
  state.recordOpenInterest(openInterest(INVERSE, { usd: 100 }));
  t.match(figures(state), { openInterestBase: undefined, markPriceUsd: undefined });
  state.recordMarkPrice(markPrice(INVERSE, 0));
  t.match(figures(state), { openInterestBase: undefined, markPriceUsd: undefined });
  state.recordMarkPrice(markPrice(INVERSE, 50));
  t.match(figures(state), { openInterestBase: 2, openInterestUsd: 100, markPriceUsd: 50 });
  t.end();
});

t.test('an open interest that says neither coins nor dollars counts as missing', (t) => {
  const state = new LatestState();
  state.cover('bybit', [LINEAR]);
  state.recordMarkPrice(markPrice(LINEAR, 1));
  state.recordOpenInterest(openInterest(LINEAR, {}));
  t.equal(figures(state)?.openInterestBase, undefined);
  t.end();
});

t.test('contracts that are not covered are not kept', (t) => {
  const state = new LatestState();
  state.recordMarkPrice(markPrice(LINEAR, 1));
  state.cover('bybit', [LINEAR]);
  state.recordMarkPrice(markPrice(USDC, 2));
  state.recordOpenInterest(openInterest(USDC, { base: 5 }));
  t.match(figures(state), { openInterestBase: undefined, markPriceUsd: undefined });
  t.end();
});

t.test('new coverage keeps what is known and forgets what left', (t) => {
  const state = new LatestState();
  state.cover('bybit', [LINEAR, USDC]);
  state.recordMarkPrice(markPrice(LINEAR, 80_000));
  state.recordOpenInterest(openInterest(LINEAR, { base: 100 }));
  state.recordOpenInterest(openInterest(USDC, { base: 10 }));
  state.cover('bybit', [LINEAR]);
  t.equal(figures(state)?.openInterestBase, 100);
  state.cover('bybit', [LINEAR, USDC]);
  t.equal(figures(state)?.openInterestBase, undefined, 'the one that left has to report again');
  t.end();
});

t.test('a bound on age is two and a half rounds, between one and ten minutes', (t) => {
  for (const [cadence, expected] of [
    [1, 60_000],
    [36, 90_000],
    [225, 562_500],
    [3_600, 600_000],
    [undefined, 600_000],
  ] as const) {
    t.equal(maxStateAgeMs(cadence), expected);
  }
  t.end();
});

t.test('a mark price has a minute of its own, however slowly open interest comes', (t) => {
  const state = new LatestState();
  state.cover('bybit', [LINEAR]);
  state.recordMarkPrice(markPrice(LINEAR, 80_000, 0));
  state.recordOpenInterest(openInterest(LINEAR, { base: 100 }, 0));
  const at = (ms: number) => [...state.read(epochMs(START + ms), () => 600_000)][0];
  t.match(at(60_000), { openInterestBase: 100, markPriceUsd: 80_000 });
  t.match(at(60_001), { openInterestBase: 100, openInterestUsd: undefined, markPriceUsd: undefined });
  t.end();
});

t.test('has no open interest of a venue whose contracts are not all known, but its prices', (t) => {
  const state = new LatestState();
  state.cover('bybit', [LINEAR], false);
  state.recordMarkPrice(markPrice(LINEAR, 80_000));
  state.recordOpenInterest(openInterest(LINEAR, { base: 100 }));
  t.match(figures(state), { openInterestBase: undefined, openInterestUsd: undefined, markPriceUsd: 80_000 });
  state.cover('bybit', [LINEAR], true);
  t.equal(figures(state)?.openInterestBase, 100);
  t.end();
});
