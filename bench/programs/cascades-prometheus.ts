// Precision and recall of the alert itself: episodes just above and just below the threshold, one a symbol, sent over sockets
// with the venues' delays, judged by real Prometheus and by brute force over what was sent.
import { setTimeout as delay } from 'node:timers/promises';
import { epochMs, usd } from '../../common/brands.ts';
import type { Liquidation } from '../../exporter/events.ts';
import { holdsCascade } from '../../tests/exporter/windows/episodes.ts';
import { liquidation, seededRandom } from '../../tests/exporter/windows/liquidations.ts';
import { isAsked, report, runMeasurement, skip } from '../program.ts';
import { startChain } from '../rig/chain.ts';
import { symbolNames, VENUE_NAMES, type VenueName } from '../rig/market.ts';
import { query } from '../rig/prometheus.ts';

const EPISODES = 80;
const SPAN_MS = 36_000;
/** The default block of thresholds.yml. */
const THRESHOLD = { count: 5, valueUsd: 250_000 };
/** Event times lie on a grid, and no two of a symbol as far apart as the window, give or take a clock's rounding. */
const GRID_MS = 100;
const WINDOW_MS = 30_000;
/** Held for a few seconds, evaluated every second. */
const LAST_WORD_MS = 7_000;

const symbols = symbolNames(EPISODES + 3);
const random = seededRandom(Date.now() % 2 ** 31);

interface Shot {
  readonly venue: VenueName;
  /** Milliseconds after the start, when it is sent. */
  readonly at: number;
  readonly lagMs: number;
  readonly notionalUsd: number;
}

const LAG: Readonly<Record<VenueName, () => number>> = {
  binance: () => 1_000,
  bybit: () => Math.floor(random() * 5) * GRID_MS,
  // Some beyond the ten seconds after which an event is in no burst, none near them.
  okx: () => (random() < 0.2 ? (random() < 0.5 ? 7_000 : 12_000) : Math.floor(random() * 4) * GRID_MS),
};

function drawEpisode(): readonly Shot[] {
  for (;;) {
    const count = 4 + Math.floor(random() * 5);
    const share = (THRESHOLD.valueUsd / count) * (0.75 + random() * 0.6);
    const shots = Array.from({ length: count }, () => {
      const venue = VENUE_NAMES[Math.floor(random() * 3)] ?? 'okx';
      const notionalUsd = Math.round(share * (0.6 + random() * 0.8));
      return { venue, at: Math.floor((random() * SPAN_MS) / GRID_MS) * GRID_MS, lagMs: LAG[venue](), notionalUsd };
    });
    const times = shots.map(({ at, lagMs }) => at - lagMs);
    const isClear = times.every((one) => times.every((other) => Math.abs(one - other - WINDOW_MS) >= GRID_MS));
    if (isClear) return shots;
  }
}

function asLiquidation({ venue, at, lagMs, notionalUsd }: Shot): Liquidation {
  return {
    ...liquidation({ at: 0, exchange: venue }),
    notionalUsd: usd(notionalUsd),
    eventTime: epochMs(at - lagMs + SPAN_MS),
    receiveTime: epochMs(at + SPAN_MS),
  };
}

await runMeasurement(async () => {
  if (isAsked('quick')) {
    skip('takes a minute of real time, left out of --quick');
    return;
  }
  const chain = await startChain({ symbols, environment: { SYMBOLS: symbols.join(','), MAX_ALERTS_PER_HOUR: '1000' } });
  try {
    // A venue that replays must have been connected for longer than its oldest event.
    await delay(13_000);
    const episodes = symbols.slice(3).map((symbol) => ({ symbol, shots: drawEpisode() }));
    const queue = episodes
      .flatMap(({ symbol, shots }) => shots.map((shot) => ({ symbol, ...shot })))
      .sort((one, other) => one.at - other.at);
    const start = Date.now();
    for (const { symbol, venue, at, lagMs, notionalUsd } of queue) {
      await delay(Math.max(0, start + at - Date.now()));
      chain.venues.liquidate(venue, symbol, notionalUsd, start + at - lagMs);
    }
    await delay(LAST_WORD_MS);
    const fired = await query(
      chain,
      'count by (symbol) (count_over_time(ALERTS{alertname="LiquidationCascade",alertstate="firing"}[3m]))',
    );
    const firing = new Set(fired.map(({ metric }) => metric.symbol));
    const tally = { hit: 0, missed: 0, invented: 0, quiet: 0 };
    for (const { symbol, shots } of episodes) {
      const isExpected = holdsCascade(shots.map(asLiquidation), THRESHOLD);
      if (isExpected) tally[firing.has(symbol) ? 'hit' : 'missed'] += 1;
      else tally[firing.has(symbol) ? 'invented' : 'quiet'] += 1;
    }
    const { hit, missed, invented, quiet } = tally;
    const note = `${EPISODES} episodes: ${hit} found, ${missed} missed, ${invented} invented, ${quiet} rightly quiet`;
    report('cascade_prometheus_precision', hit / (hit + invented), note);
    report('cascade_prometheus_recall', hit / (hit + missed), note);
  } finally {
    await chain.stop();
  }
});
