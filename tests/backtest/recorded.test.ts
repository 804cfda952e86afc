// Back-tests of recorded data, against counts made by other means.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { COMMAND, readOptions } from '../../backtest/options.ts';
import { createProgress } from '../../backtest/progress.ts';
import { type FiredAlert, runBacktest } from '../../backtest/run.ts';
import { parseCommandLine } from '../../common/command-line.ts';
import { CHECKOUT, findTestEngines } from './engine-under-test.ts';

const RECORDED = join(CHECKOUT, '..', 'shared', 'data', 'liquidations', 'binance_usdm_forceorder_orders.jsonl.gz');
const RULES = join(CHECKOUT, 'prometheus', 'rules');
const skip = existsSync(RECORDED) ? false : 'the recorded data is not on this machine (../shared/data)';

t.setTimeout(120_000);

async function fired(t: Test, thresholds: readonly string[]): Promise<readonly (readonly FiredAlert[])[]> {
  const options = readOptions(
    parseCommandLine(COMMAND, [...thresholds.flatMap((file) => ['--thresholds', file]), RECORDED]),
  );
  const result = await runBacktest(options, await findTestEngines(), RULES, createProgress({ write: () => undefined }));
  t.equal(result.recording.faultCount, 0, 'every recorded row is read');
  return result.verdicts.map(({ alerts }) => alerts);
}

/** The shipped thresholds of cascades and single liquidations with every value divided. */
function writeScaled(t: Test, divisor: number): string {
  const shipped = readFileSync(join(RULES, 'thresholds.yml'), 'utf8');
  const scaled = shipped.replace(
    /(kind="(?:cascade_value_usd|single_large_usd)"\}\) or vector\()(\d+)/g,
    (_all, before: string, value: string) => before + Number(value) / divisor,
  );
  const file = join(t.testdirName, `divided-by-${divisor}.yml`);
  writeFileSync(file, scaled);
  return file;
}

const SHIPPED = [
  { symbol: 'BTC', count: 5, value: 500_000 },
  { symbol: 'ETH', count: 5, value: 250_000 },
  { symbol: 'SOL', count: 4, value: 100_000 },
] as const;

interface Order {
  readonly time: number;
  readonly usd: number;
}

/** Straight from the lines, with no code of the product. */
function ordersOf(symbol: string): readonly Order[] {
  const lines = gunzipSync(readFileSync(RECORDED)).toString('utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line).o)
    .filter(({ s }) => [`${symbol}USDT`, `${symbol}USDC`].includes(s))
    .map(({ T, z, q, ap, p }) => ({
      time: Number(T),
      usd: (Number(z) || Number(q)) * (Number(ap) || Number(p)),
    }));
}

/** Every order is looked back from; an episode ends when nothing qualifies for as long as an alert lives on. */
function countEpisodes(orders: readonly Order[], count: number, value: number): number {
  // A window stays readable for 10 s and the alert holds on for 60 s more; a scrape may be 1 s late.
  const [shortest, longest] = [68_000, 72_000];
  let episodes = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of orders) {
    const window = orders.filter((other) => other.time > time - 30_000 && other.time <= time);
    const total = window.reduce((sum, { usd }) => sum + usd, 0);
    if (window.length < count || total < value) continue;
    const gap = time - last;
    if (gap > shortest && gap < longest) throw new Error('too near to the limit to be counted by other means');
    if (gap >= longest) episodes++;
    last = time;
  }
  return episodes;
}

function only(alerts: readonly FiredAlert[], name: string, symbol?: string): readonly FiredAlert[] {
  return alerts.filter(
    ({ alert, labels }) =>
      alert === name && (labels.tier ?? '1') === '1' && (symbol === undefined || labels.symbol === symbol),
  );
}

t.test(
  'the shipped thresholds give no cascade, five large liquidations, and a market-wide one',
  { skip },
  async (t) => {
    const [alerts = []] = await fired(t, []);

    t.strictSame(only(alerts, 'LiquidationCascade'), []);
    const large = only(alerts, 'LargeLiquidation');
    t.equal(
      large.reduce((sum, { singles = 0 }) => sum + singles, 0),
      5,
    );
    const wide = only(alerts, 'MarketWideCascade').map(({ firedAt }) => new Date(firedAt).toISOString().slice(0, 10));
    t.ok(wide.length >= 1);
    t.strictSame([...new Set(wide)], ['2025-01-27'], 'and on no quiet day');
    const peak = Math.max(...only(alerts, 'MarketWideCascade').map((alert) => alert.peak));
    t.equal(Math.round(peak / 1_000), 831);
  },
);

t.test('divided thresholds give the cascades of an independent count', { skip }, async (t) => {
  t.testdir({});
  const divisors = [8, 16];
  const verdicts = await fired(
    t,
    divisors.map((divisor) => writeScaled(t, divisor)),
  );

  for (const [index, divisor] of divisors.entries()) {
    for (const { symbol, count, value } of SHIPPED) {
      const episodes = only(verdicts[index] ?? [], 'LiquidationCascade', symbol).length;
      t.equal(episodes, countEpisodes(ordersOf(symbol), count, value / divisor), `${symbol}, divided by ${divisor}`);
      t.ok(episodes >= 1, `${symbol} has one, divided by ${divisor}`);
    }
  }
});
