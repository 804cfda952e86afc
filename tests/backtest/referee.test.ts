// promtool as the referee of a whole back-test: it evaluates the shipped rules itself, live and second by second, over the
// very samples that the back-test's engine held in a slice, and must find the same alerts firing at every look.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { parse } from 'yaml';
import type { Episode } from '../../backtest/alert-machine.ts';
import { judge } from '../../backtest/judge.ts';
import type { RangeSeries } from '../../backtest/query-answer.ts';
import { planRules } from '../../backtest/rule-plan.ts';
import { readRules, ruleFiles } from '../../backtest/rules.ts';
import { simulate } from '../../backtest/simulate.ts';
import { planSessions } from '../../backtest/timeline.ts';
import { canonicalSymbol, epochMs, usd } from '../../common/brands.ts';
import type { Liquidation } from '../../exporter/events.ts';
import { CHECKOUT, findTestEngines, startTestEngine } from './engine-under-test.ts';

const run = promisify(execFile);
const RULES = join(CHECKOUT, 'prometheus', 'rules');
// Real engines on a busy machine.
t.setTimeout(120_000);

const T = Date.UTC(2026, 0, 5, 12);
/** Seconds of the slice, from T. */
const LENGTH = 300;
const LOOK_EVERY = 3;
const JUDGED = ['LiquidationCascade', 'LargeLiquidation', 'MarketWideCascade'];

/** A storm that grows through the tiers, pauses for less than an alert holds on, and comes back once for good measure. */
function storm(): readonly Liquidation[] {
  const parts = [
    { symbol: 'BTC', from: 5, count: 60, gapMs: 400, usd: 20_000 },
    { symbol: 'DOGE', from: 6, count: 90, gapMs: 250, usd: 1_000 },
    { symbol: 'BTC', from: 60, count: 6, gapMs: 900, usd: 400_000 },
    { symbol: 'SOL', from: 70, count: 4, gapMs: 7_000, usd: 26_000 },
    { symbol: 'BTC', from: 200, count: 5, gapMs: 1_300, usd: 110_000 },
  ];
  const events = parts.flatMap(({ symbol, from, count, gapMs, usd: notional }) =>
    Array.from({ length: count }, (_, index): Liquidation => {
      const time = epochMs(T + from * 1_000 + index * gapMs);
      return {
        type: 'liquidation',
        exchange: index % 3 === 0 ? 'okx' : 'binance',
        instrumentId: `${symbol}USDT`,
        symbol: canonicalSymbol(symbol),
        liquidatedSide: index % 4 === 0 ? 'short' : 'long',
        priceUsd: usd(100),
        notionalUsd: usd(notional + index),
        eventTime: time,
        receiveTime: time,
      };
    }),
  );
  return events.sort((one, other) => one.receiveTime - other.receiveTime);
}

/** A series as promtool writes it: one value a second, `stale` where a scrape no longer found it. */
function toInputSeries({ labels, times, values }: RangeSeries) {
  const { __name__: name = '', ...own } = labels;
  const pairs = Object.entries(own).map(([label, value]) => `${label}="${value}"`);
  const bySecond = new Map(times.map((time, index) => [(time - T) / 1_000, values[index]]));
  const text = Array.from({ length: LENGTH + 1 }, (_, second) => {
    const value = bySecond.get(second);
    if (value !== undefined) return String(value);
    return bySecond.has(second - 1) ? 'stale' : '_';
  });
  return { series: `${name}{${pairs.join(',')}}`, values: text.join(' ') };
}

/** The shipped files without annotations, which promtool would want word for word. */
function copyRules(folder: string): readonly string[] {
  return ruleFiles(RULES, undefined).map((file) => {
    const { groups } = parse(readFileSync(file, 'utf8'), { merge: true });
    for (const { rules } of groups) for (const rule of rules) delete rule.annotations;
    const name = `${basename(file)}.json`;
    writeFileSync(join(folder, name), JSON.stringify({ groups }));
    return name;
  });
}

function expectations(episodes: readonly Episode[]) {
  return Array.from({ length: Math.floor(LENGTH / LOOK_EVERY) }, (_, index) => (index + 1) * LOOK_EVERY).flatMap(
    (second) =>
      JUDGED.map((alertname) => ({
        eval_time: `${second}s`,
        alertname,
        exp_alerts: episodes
          .filter(({ alert }) => alert === alertname)
          .filter(({ firedAt }) => firedAt <= T + second * 1_000)
          .filter(({ endedAt = Number.POSITIVE_INFINITY }) => T + second * 1_000 < endedAt)
          .map(({ labels }) => ({ exp_labels: labels })),
      })),
  );
}

t.test('promtool finds the same alerts firing at every look', async (t) => {
  const engine = await startTestEngine(t);
  const plan = planRules(readRules(ruleFiles(RULES, undefined)));
  const liquidations = storm();
  const sessions = planSessions(
    liquidations.map(({ receiveTime }) => receiveTime),
    [],
    3_600_000,
  );
  const onProgress = () => undefined;
  const symbols = ['BTC', 'ETH', 'SOL'].map(canonicalSymbol);
  await simulate({ liquidations, state: [], faults: [], faultCount: 0 }, sessions, {
    symbols,
    plan,
    send: (body) => engine.write(body),
    onProgress,
  });
  const episodes = await judge({ engine, plan, sessions, onProgress });
  const raw = await engine.queryRange('{__name__=~"derivatives_.+"}', T, T + LENGTH * 1_000, 1);
  const folder = t.testdir({});
  const rules = copyRules(folder);
  const input = raw.map(toInputSeries);
  const { promtool } = await findTestEngines();
  const confirm = (claimed: readonly Episode[]) => {
    const slice = { interval: '1s', input_series: input, alert_rule_test: expectations(claimed) };
    writeFileSync(
      join(folder, 'test.json'),
      JSON.stringify({ rule_files: rules, evaluation_interval: '1s', tests: [slice] }),
    );
    return run(promtool, ['test', 'rules', 'test.json'], { cwd: folder, maxBuffer: 2 ** 26 });
  };

  await t.resolves(confirm(episodes));
  const shifted = episodes.map((episode) => ({ ...episode, firedAt: episode.firedAt + LOOK_EVERY * 1_000 }));
  await t.rejects(confirm(shifted), 'and would notice an alert that is late by one look');
  t.ok(
    episodes.some(({ labels }) => labels.tier === '4'),
    'a higher tier fired',
  );
  t.ok(
    episodes.some(({ alert }) => alert === 'MarketWideCascade'),
    'the market-wide one fired',
  );
  t.ok(episodes.filter(({ alert }) => alert === 'LiquidationCascade').length >= 4, 'more than one cascade fired');
});
