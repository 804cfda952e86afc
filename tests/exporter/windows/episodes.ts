// Random episodes of liquidations, judged once by the exporter's slots at its scrapes and once by brute force over every 30 s
// of the events. The test of bursts and the benchmark share them.
import { canonicalSymbol, epochMs } from '../../../common/brands.ts';
import type { Exchange, Liquidation } from '../../../exporter/events.ts';
import { LiquidationStore } from '../../../exporter/windows/liquidation-store.ts';
import { SIMULATED } from '../../support/venues.ts';
import { liquidation, START } from './liquidations.ts';

const THRESHOLDS_PER_EPISODE = 5;

export interface Threshold {
  readonly count: number;
  readonly valueUsd: number;
}

export type Random = () => number;

/** How late each venue's events come, milliseconds. */
const LAG: Readonly<Record<Exchange, (random: Random) => number>> = {
  binance: (random) => 900 + random() * 200,
  bybit: (random) => random() * 500,
  okx: (random) => (random() < 0.3 ? random() * 12_000 : random() * 400),
};

function drawEpisode(random: Random): readonly Liquidation[] {
  const events = Math.floor(random() ** 2 * 40);
  const spanMs = 5_000 + random() * 115_000;
  const venues = SIMULATED.filter(() => random() < 0.7);
  return Array.from({ length: events }, () => {
    const exchange = venues[Math.floor(random() * venues.length)] ?? 'okx';
    // Whole seconds now and then, so that events fall exactly on the edges of windows.
    const at = random() < 0.3 ? Math.floor((random() * spanMs) / 5_000) * 5_000 : Math.floor(random() * spanMs);
    return liquidation({
      exchange,
      symbol: random() < 0.8 ? 'BTC' : 'ETH',
      side: random() < 0.5 ? 'long' : 'short',
      at,
      lagMs: Math.floor(LAG[exchange]?.(random) ?? 0),
      notionalUsd: Math.round(10 ** (2 + random() * 4) * 100) / 100,
    });
  }).sort((one, other) => one.receiveTime - other.receiveTime);
}

/** Scrapes at a random phase, each lost with one in five, but never four in a row. */
function drawScrapes(random: Random, untilMs: number): readonly number[] {
  const scrapes: number[] = [];
  let lost = 0;
  for (let at = START - random() * 1_000; at < START + untilMs; at += 1_000) {
    lost = random() < 0.2 && lost < 3 ? lost + 1 : 0;
    if (lost === 0) scrapes.push(at);
  }
  return scrapes;
}

/** Counts in cents and by two loops, to share nothing with what it judges. */
export function holdsCascade(events: readonly Liquidation[], { count, valueUsd }: Threshold): boolean {
  const admitted = events.filter(({ eventTime, receiveTime }) => receiveTime - eventTime <= 10_000);
  return admitted.some((newest) => {
    let events = 0;
    let cents = 0;
    for (const event of admitted) {
      if (event.eventTime > newest.eventTime || event.eventTime <= newest.eventTime - 30_000) continue;
      events++;
      cents += Math.round(event.notionalUsd * 100);
    }
    return events >= count && cents >= valueUsd * 100;
  });
}

/** Plays an episode; says which thresholds the slots reached, for one symbol and for the market. */
function play(events: readonly Liquidation[], scrapes: readonly number[], thresholds: readonly Threshold[]) {
  const liquidations = new LiquidationStore({
    symbols: [canonicalSymbol('BTC')],
    exchanges: SIMULATED,
    ringSize: 8,
  });
  const symbol = new Set<Threshold>();
  const market = new Set<Threshold>();
  let thinned = 0;
  let next = 0;
  for (const now of scrapes) {
    for (let event = events[next]; event && event.receiveTime <= now; event = events[++next])
      liquidations.take(event, 0);
    const [btc] = liquidations.symbolViews(epochMs(now));
    const all = liquidations.marketView(epochMs(now));
    const points = [btc?.bursts.points ?? 0, all.points];
    thinned += points.filter((count) => count > 16).length;
    for (const threshold of thresholds) {
      const isReached = (burst: { readonly events: number; readonly notionalUsd: number }) =>
        burst.events >= threshold.count && burst.notionalUsd >= threshold.valueUsd;
      if (btc?.bursts.slots.some(isReached)) symbol.add(threshold);
      if (all.bursts.some(({ burst }) => isReached(burst))) market.add(threshold);
    }
  }
  return { symbol, market, thinned };
}

/** What one symbol or the whole market came to, for one threshold. */
export type Verdict = 'hit' | 'quiet' | 'missed' | 'invented';

export function verdictOf(isExpected: boolean, isFound: boolean): Verdict {
  if (isExpected) return isFound ? 'hit' : 'missed';
  return isFound ? 'invented' : 'quiet';
}

export interface Tally extends Readonly<Record<Verdict, number>> {
  /** Fronts with more points than slots: a comparison with such would not be a fair one. */
  readonly thinned: number;
}

/** Draws and judges that many episodes, for several thresholds each, for one symbol and for the market. */
export function judgeEpisodes(episodes: number, random: Random): Tally {
  const tally = { hit: 0, quiet: 0, missed: 0, invented: 0, thinned: 0 };
  for (let episode = 0; episode < episodes; episode++) {
    const events = drawEpisode(random);
    const last = events.at(-1)?.receiveTime ?? START;
    const scrapes = drawScrapes(random, last - START + 6_000);
    const thresholds = Array.from({ length: THRESHOLDS_PER_EPISODE }, () => ({
      count: 1 + Math.floor(random() * 12),
      valueUsd: Math.round(10 ** (3 + random() * 3.5)),
    }));
    const reached = play(events, scrapes, thresholds);
    tally.thinned += reached.thinned;
    const btc = events.filter(({ symbol }) => symbol === 'BTC');
    for (const threshold of thresholds) {
      tally[verdictOf(holdsCascade(btc, threshold), reached.symbol.has(threshold))]++;
      tally[verdictOf(holdsCascade(events, threshold), reached.market.has(threshold))]++;
    }
  }
  return tally;
}
