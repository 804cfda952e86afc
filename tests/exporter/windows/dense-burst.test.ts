// The index of seconds against the plain search that the oracle judges: the same streams, the same scrapes, the same answer.
import t, { type Test } from 'tap';
import { canonicalSymbol, epochMs } from '../../../common/brands.ts';
import type { Exchange, Liquidation } from '../../../exporter/events.ts';
import { LiquidationStore, type MarketView, type SymbolView } from '../../../exporter/windows/liquidation-store.ts';
import { SIMULATED } from '../../support/venues.ts';
import { liquidation, START, seededRandom } from './liquidations.ts';

const SYMBOLS = ['BTC', 'ETH', 'SOL'];

interface Bounds {
  readonly maxSymbolEvents?: number;
  readonly maxMarketEvents?: number;
}

function storeOf(denseFrom: number, bounds: Bounds): LiquidationStore {
  const symbols = [canonicalSymbol('BTC')];
  return new LiquidationStore({ symbols, exchanges: SIMULATED, ringSize: 8, denseFrom, ...bounds });
}

type Random = () => number;

const LAG: Readonly<Record<Exchange, (random: Random) => number>> = {
  binance: (random) => 900 + random() * 200,
  bybit: (random) => random() * 500,
  okx: (random) => (random() < 0.3 ? random() * 14_000 : random() * 400 - 300),
};

/** A stream whose rate swings between silence and storm, in order of arrival. */
function drawStream(random: Random, spanMs: number): readonly Liquidation[] {
  const events: Liquidation[] = [];
  for (let at = 0; at < spanMs; at += random() ** 3 * (Math.sin(at / 9_000) > 0 ? 60 : 1_500)) {
    const exchange = SIMULATED[Math.floor(random() * SIMULATED.length)] ?? 'okx';
    const symbol = SYMBOLS[Math.floor(random() ** 2 * SYMBOLS.length)] ?? 'BTC';
    // Whole seconds now and then: the edges of seconds and of windows.
    const time = random() < 0.2 ? Math.floor(at / 1_000) * 1_000 : Math.floor(at);
    const notionalUsd = Math.round(10 ** (2 + random() * 4) * 100) / 100;
    const lagMs = Math.floor(LAG[exchange]?.(random) ?? 0);
    events.push(
      liquidation({ exchange, symbol, side: random() < 0.5 ? 'long' : 'short', at: time, lagMs, notionalUsd }),
    );
  }
  return events.sort((one, other) => one.receiveTime - other.receiveTime);
}

/** Equal windows may stand for each other in a slot, so of a slot its figures count; those of its parts must add up. */
function figuresOf({ window, bursts }: Pick<SymbolView, 'window' | 'bursts'>) {
  return { window, points: bursts.points, slots: bursts.slots.map(({ events, notionalUsd }) => [events, notionalUsd]) };
}

function marketFigures({ window, bursts, points }: MarketView) {
  return { window, points, slots: bursts.map(({ burst }) => [burst.events, burst.notionalUsd]) };
}

const cents = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0);

function play(t: Test, seed: number, bounds: Bounds = {}): number {
  const random = seededRandom(seed);
  const events = drawStream(random, 100_000);
  const [plain, dense] = [storeOf(Number.POSITIVE_INFINITY, bounds), storeOf(1, bounds)];
  let next = 0;
  let slots = 0;
  for (let now = START; now < START + 120_000; now += random() < 0.1 ? 6_000 : 200 + random() * 1_000) {
    for (let event = events[next]; event && event.receiveTime <= now; event = events[++next]) {
      for (const liquidations of [plain, dense]) liquidations.take(event, 0);
    }
    const at = epochMs(now);
    const [expected, found] = [plain.symbolViews(at)[0], dense.symbolViews(at)[0]];
    t.same(found && figuresOf(found), expected && figuresOf(expected), `seed ${seed} at ${now - START}`);
    const market = dense.marketView(at);
    t.same(marketFigures(market), marketFigures(plain.marketView(at)), `market, seed ${seed} at ${now - START}`);
    for (const { burst, largestSymbol, topSymbols } of market.bursts) {
      slots++;
      const largest = events.find(({ notionalUsd }) => notionalUsd === burst.largestUsd);
      t.equal(largestSymbol, largest?.symbol, 'the symbol of the largest');
      t.equal(
        burst.parts.reduce((sum, part) => sum + part.events, 0),
        burst.events,
      );
      t.equal(cents(burst.parts.map(({ notionalUsd }) => notionalUsd)), cents([burst.notionalUsd]));
      t.equal(
        cents(topSymbols.map(({ notionalUsd }) => notionalUsd)),
        cents([burst.notionalUsd]),
        'three symbols in all',
      );
      t.ok(burst.largestUsd <= burst.notionalUsd && burst.largestUsd > 0);
    }
  }
  return slots;
}

t.test('the index of seconds gives the answer of the plain search', async (t) => {
  let slots = 0;
  for (let seed = 1; seed <= 12; seed++) slots += play(t, seed);
  t.ok(slots > 1_000, 'and there was something to find');
});

t.test('also when more comes than is kept', async (t) => {
  for (let seed = 101; seed <= 106; seed++) play(t, seed, { maxSymbolEvents: 150, maxMarketEvents: 300 });
});

t.test('a stream that gets dense and quiet again gives the same answers throughout', async (t) => {
  const random = seededRandom(5);
  const events = drawStream(random, 100_000);
  const [plain, changing] = [storeOf(Number.POSITIVE_INFINITY, {}), storeOf(400, {})];
  let next = 0;
  for (let now = START; now < START + 160_000; now += 1_000) {
    for (let event = events[next]; event && event.receiveTime <= now; event = events[++next]) {
      for (const liquidations of [plain, changing]) liquidations.take(event, 0);
    }
    t.same(marketFigures(changing.marketView(epochMs(now))), marketFigures(plain.marketView(epochMs(now))));
  }
});

t.test('two readers see the same, however often each of them reads', async (t) => {
  const random = seededRandom(9);
  const events = drawStream(random, 60_000);
  const [rare, frequent] = [storeOf(1, {}), storeOf(1, {})];
  let next = 0;
  for (let now = START; now < START + 60_000; now += 250) {
    for (let event = events[next]; event && event.receiveTime <= now; event = events[++next]) {
      for (const liquidations of [rare, frequent]) liquidations.take(event, 0);
    }
    const seen = marketFigures(frequent.marketView(epochMs(now)));
    if ((now - START) % 3_000 === 0) t.same(marketFigures(rare.marketView(epochMs(now))), seen);
  }
});

t.test('what has gone from a second is in no part of a window', async (t) => {
  const liquidations = storeOf(1, {});
  for (const sketch of [{ at: 0 }, { at: 500 }, { at: 30_100, lagMs: 9_950 }])
    liquidations.take(liquidation(sketch), 0);
  liquidations.symbolViews(epochMs(START + 40_060));
  const [slot] = liquidations.symbolViews(epochMs(START + 50_000))[0]?.bursts.slots ?? [];
  t.equal(slot?.events, 2);
  t.equal(slot?.parts[0]?.events, 2);
});
