// Moves of open interest that reach the threshold, seen through each venue's polling cadence by the real rules in the engine's
// own test runner: how many fire within five minutes of the moment at which they became true.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findEngines } from '../../engines/find-engines.ts';
import { planCadence } from '../../exporter/polling/poll-cadence.ts';
import { seededRandom } from '../../tests/exporter/windows/liquidations.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { CHECKOUT } from '../rig/chain.ts';
import { VENUE_NAMES, type VenueName } from '../rig/market.ts';

const MOVES = isAsked('quick') ? 8 : 40;
const SEED = 20_261_120;
/** BTC's block of thresholds.yml. */
const THRESHOLD = 0.15;
const STEP_SECONDS = 15;
const LENGTH_SECONDS = 45 * 60;
const BEGIN_SECONDS = 18 * 60;
const LOOK_BACK_SECONDS = 15 * 60;
const WITHIN_SECONDS = 300;
const BASE = 10_000;
const PRICE = 80_000;

/** Requests in one round of three symbols: Binance asks for each contract, the others for whole markets. */
const CALLS: Readonly<Record<VenueName, number>> = { binance: 6, bybit: 2, okx: 1 };

interface Move {
  readonly ratio: number;
  readonly rampSeconds: number;
  /** What part of the move each venue makes. */
  readonly shares: Readonly<Record<VenueName, number>>;
  readonly phases: Readonly<Record<VenueName, number>>;
}

function drawMove(random: () => number): Move {
  // Between the threshold and 1.6 times it, at once or over ten minutes, on all venues or on two of them.
  const size = THRESHOLD * (1.02 + random() * 0.58);
  const absent = VENUE_NAMES[Math.floor(random() * 6)];
  const perVenue = (read: (venue: VenueName) => number) => ({
    binance: read('binance'),
    bybit: read('bybit'),
    okx: read('okx'),
  });
  return {
    // With one venue standing still the total needs more of the others.
    ratio: (random() < 0.5 ? 1 : -1) * (absent ? Math.min(0.6, size * 1.55) : size),
    rampSeconds: Math.floor(random() * 600),
    shares: perVenue((venue) => (venue === absent ? 0 : 1)),
    phases: perVenue((venue) => Math.floor(random() * cadenceOf(venue))),
  };
}

function cadenceOf(venue: VenueName): number {
  return planCadence(CALLS[venue], 'auto', 100).seconds;
}

/** What the venue really has at that second. */
function truth({ ratio, rampSeconds, shares }: Move, venue: VenueName, second: number): number {
  const done = Math.min(1, Math.max(0, (second - BEGIN_SECONDS) / Math.max(1, rampSeconds)));
  return BASE * (1 + ratio * shares[venue] * done);
}

/** What its last poll said. */
function polled(move: Move, venue: VenueName, second: number): number {
  const cadence = cadenceOf(venue);
  const phase = move.phases[venue];
  return truth(move, venue, Math.max(0, Math.floor((second - phase) / cadence) * cadence + phase));
}

/** The first second at which the rule would hold if everything were known at once. */
function becomesTrueAt(move: Move): number | undefined {
  const reaches = (ratio: number) => (move.ratio > 0 ? ratio >= THRESHOLD : ratio <= -THRESHOLD);
  for (let second = BEGIN_SECONDS; second < LENGTH_SECONDS; second += 1) {
    const now = VENUE_NAMES.map((venue) => truth(move, venue, second));
    const before = VENUE_NAMES.map((venue) => truth(move, venue, second - LOOK_BACK_SECONDS));
    const confirming = now.filter((value, index) => reaches(value / (before[index] ?? value) - 1)).length;
    const total = sum(now) / sum(before) - 1;
    if (confirming >= 2 && reaches(total)) return second;
  }
  return undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function testOf(move: Move, index: number, trueAt: number) {
  const times = Array.from({ length: LENGTH_SECONDS / STEP_SECONDS + 1 }, (_, step) => step * STEP_SECONDS);
  const series = VENUE_NAMES.flatMap((exchange) => [
    {
      series: `derivatives_open_interest_base{exchange="${exchange}",symbol="BTC"}`,
      values: times.map((time) => polled(move, exchange, time).toFixed(3)).join(' '),
    },
    {
      series: `derivatives_mark_price_usd{exchange="${exchange}",symbol="BTC"}`,
      values: `${PRICE}x${times.length - 1}`,
    },
  ]);
  const name = move.ratio > 0 ? 'OpenInterestExplosion' : 'OpenInterestCollapse';
  return {
    name: `move ${index}`,
    interval: `${STEP_SECONDS}s`,
    input_series: series,
    promql_expr_test: [
      {
        expr: `count(count_over_time(ALERTS{alertname="${name}",alertstate="firing"}[${WITHIN_SECONDS}s]))`,
        eval_time: `${trueAt + WITHIN_SECONDS}s`,
        exp_samples: [{ labels: '{}', value: 1 }],
      },
    ],
  };
}

/** How many of the tests failed; older releases of the engine do not name them, so what each prints is counted. */
function countFailures(promtool: string, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    execFile(promtool, ['test', 'rules', file], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      const failed = output.match(/^\s*got:/gm)?.length ?? 0;
      if (error && failed === 0) reject(new Error(`promtool: ${output.slice(-300)}`));
      else resolve(failed);
    });
  });
}

await runMeasurement(async () => {
  const random = seededRandom(SEED);
  const moves = Array.from({ length: MOVES }, () => drawMove(random));
  const tests = moves.flatMap((move, index) => {
    const trueAt = becomesTrueAt(move);
    return trueAt === undefined ? [] : [testOf(move, index, trueAt)];
  });
  const cacheDir = join(CHECKOUT, '.cache');
  const { promtool } = await findEngines({ cacheDir, log: (line) => console.log(line) });
  mkdirSync(join(cacheDir, 'bench'), { recursive: true });
  const folder = mkdtempSync(join(cacheDir, 'bench', 'oi-'));
  try {
    const file = join(folder, 'moves.yml');
    const rules = ['thresholds', 'open-interest'].map((name) => join(CHECKOUT, 'prometheus', 'rules', `${name}.yml`));
    writeFileSync(
      file,
      stringify({
        rule_files: rules,
        evaluation_interval: `${STEP_SECONDS}s`,
        group_eval_order: ['thresholds', 'open-interest'],
        tests,
      }),
    );
    const failed = await countFailures(promtool, file);
    const cadences = VENUE_NAMES.map((venue) => `${venue} ${cadenceOf(venue)} s`).join(', ');
    report(
      'oi_detected_within_300s_ratio',
      1 - failed / tests.length,
      `${tests.length} moves of 1.02 to 1.6 times the threshold, polled every ${cadences}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
