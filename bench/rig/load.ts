// A steady stream of messages into the simulators' sockets: so many a second, in small portions, until it is told to stop.
import { seededRandom } from '../../tests/exporter/windows/liquidations.ts';
import type { VenueName } from './market.ts';
import type { BenchVenues } from './venues.ts';

const PORTION_MS = 10;

export interface LoadOptions {
  readonly symbols: readonly string[];
  /** How many of them a venue lists, where it is not all. */
  readonly most?: Readonly<Partial<Record<VenueName, number>>>;
  readonly framesPerSecond: number;
  /** Most liquidations in a message of Bybit, a quarter of it on OKX; 1 sends single ones everywhere. */
  readonly mostEvents: number;
  /** Dollars of one liquidation: small ones cross no threshold. */
  readonly notionalUsd: number;
}

export interface Load {
  readonly frames: () => number;
  readonly events: () => number;
  stop(): void;
}

/** 800 of Binance, 1,000 of Bybit and 200 of OKX in 2,000. */
export function startLoad(venues: BenchVenues, options: LoadOptions): Load {
  const { symbols, most = {}, framesPerSecond, mostEvents, notionalUsd } = options;
  const random = seededRandom(7);
  const startedMs = performance.now();
  let frames = 0;
  let events = 0;
  function sendOne(): void {
    const share = random();
    const venue: VenueName = share < 0.4 ? 'binance' : share < 0.9 ? 'bybit' : 'okx';
    const batch = venue === 'binance' ? 1 : venue === 'bybit' ? mostEvents : Math.max(1, mostEvents / 4);
    const count = 1 + Math.floor(random() * batch);
    const symbol = symbols[Math.floor(random() * (most[venue] ?? symbols.length))] ?? 'BTC';
    venues.liquidateMany(
      venue,
      symbol,
      Array.from({ length: venue === 'binance' ? 1 : count }, () => notionalUsd),
    );
    frames += 1;
    events += venue === 'binance' ? 1 : count;
  }
  const timer = setInterval(() => {
    // By the clock, not by the timer: a late portion is a larger one, and the rate stays.
    const due = ((performance.now() - startedMs) / 1_000) * framesPerSecond;
    while (frames < due) sendOne();
  }, PORTION_MS);
  return { frames: () => frames, events: () => events, stop: () => clearInterval(timer) };
}
