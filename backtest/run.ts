// One back-test from files to alerts: read, play through the windows, judge by each set of thresholds, fetch the figures.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { CanonicalSymbol } from '../common/brands.ts';
import { AppError, errorText } from '../common/errors.ts';
import type { Engines } from '../engines/find-engines.ts';
import { lookAtRules } from '../engines/rules/check-files.ts';
import { isThresholdTable } from '../engines/rules/threshold-table.ts';
import type { Episode } from './alert-machine.ts';
import { SHOWN_SERIES } from './exporter-target.ts';
import { type Figures, figuresAt } from './figures.ts';
import { loadInstruments } from './input/instrument-files.ts';
import { readFiles } from './input/read-files.ts';
import { type Recording, symbolsIn } from './input/recording.ts';
import { judge } from './judge.ts';
import type { BacktestOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { type BacktestEngine, startBacktestEngine } from './prometheus.ts';
import { planRules, type RulePlan } from './rule-plan.ts';
import { readRules, ruleFiles } from './rules.ts';
import { type Simulated, simulate } from './simulate.ts';
import { countSingles } from './singles.ts';
import { planSessions, type Session } from './timeline.ts';

const run = promisify(execFile);

export interface FiredAlert extends Episode {
  /** At the moment of firing; `undefined` beyond the limit of listed alerts. */
  readonly figures: Figures | undefined;
  /** Single liquidations that the alert tells of, where it is about such (`singles.ts`). */
  readonly singles: number | undefined;
}

/** What one set of thresholds makes of the recording. */
export interface Verdict {
  /** As the user named the file. */
  readonly thresholds: string;
  readonly alerts: readonly FiredAlert[];
}

export interface BacktestResult {
  readonly recording: Recording;
  readonly sessions: readonly Session[];
  /** `undefined` for all. */
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  readonly simulated: Simulated;
  readonly verdicts: readonly Verdict[];
  readonly plan: RulePlan;
  /** Series that the rules ask for and no recording holds. */
  readonly missing: readonly string[];
  readonly engineVersion: string;
}

/** Absent unless somebody sets an environment variable. */
const OPTIONAL_SERIES = 'derivatives_threshold_override';

export async function runBacktest(
  options: BacktestOptions,
  engines: Pick<Engines, 'prometheus' | 'promtool' | 'versions'>,
  rulesFolder: string,
  progress: Progress,
): Promise<BacktestResult> {
  const plans = await Promise.all(
    options.thresholds.map(async (given) => {
      // The table itself, so that an edit can be tried before it is in force.
      const table = options.rules === undefined ? join(dirname(rulesFolder), 'thresholds.yml') : undefined;
      const thresholds = given ?? table;
      const files = ruleFiles(rulesFolder, thresholds);
      if (thresholds !== undefined) checkThresholdFile(thresholds);
      await checkRules(
        engines.promtool,
        files.filter((file) => file !== thresholds || !isTable(file)),
      );
      return {
        thresholds: given ?? (table ? 'prometheus/thresholds.yml' : 'thresholds.yml'),
        plan: planRules(readRules(files)),
      };
    }),
  );
  const findInstrument = loadInstruments(options.instruments);
  const recording = await readFiles(options.files, {
    owner: { exchange: options.exchange, symbol: options.symbol },
    findInstrument,
    onProgress: progress.phase('reading'),
  });
  const symbols = watchedSymbols(options, recording);
  const sessions = planSessions(
    recording.liquidations.map(({ receiveTime }) => receiveTime),
    recording.state.map(({ receiveTime }) => receiveTime),
    options.gapMs,
  );
  const wanted = new Set(plans.flatMap(({ plan }) => [...plan.wanted]));
  const dense = new Set(plans.flatMap(({ plan }) => [...plan.dense]));
  const started: BacktestEngine[] = [];
  try {
    for (const _ of plans) started.push(await startBacktestEngine(engines.prometheus));
    const simulated = await simulate(recording, sessions, {
      symbols,
      plan: { wanted, dense },
      send: async (body) => {
        await Promise.all(started.map((engine) => engine.write(body)));
      },
      onProgress: progress.phase('playing'),
    });
    const verdicts: Verdict[] = [];
    for (const [index, engine] of started.entries()) {
      const entry = plans[index];
      if (!entry) continue;
      const episodes = await judge({ engine, plan: entry.plan, sessions, onProgress: progress.phase('judging') });
      const alerts = await addFigures(episodes, engine, options.limit);
      verdicts.push({ thresholds: entry.thresholds, alerts });
    }
    const [first] = plans;
    if (!first) throw new AppError('IMPOSSIBLE_STATE', 'a back-test without thresholds');
    return {
      recording,
      sessions,
      symbols,
      simulated,
      verdicts,
      plan: first.plan,
      missing: [...wanted].filter((name) => !SHOWN_SERIES.has(name) && name !== OPTIONAL_SERIES).sort(),
      engineVersion: engines.versions.prometheus,
    };
  } finally {
    await Promise.all(started.map((engine) => engine.stop()));
    progress.done();
  }
}

/** What promtool says of a faulty file names it, the line and the fault. */
async function checkRules(promtool: string, files: readonly string[]): Promise<void> {
  try {
    await run(promtool, ['check', 'rules', ...files]);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : errorText(error);
    throw new AppError('BACKTEST_RULES_INVALID', `the rules cannot be loaded:\n${said.trim()}`, { cause: error });
  }
}

/** A file that `npm run reload` would refuse is no answer to which alerts would have fired: 15 for 15 % would find none. */
function checkThresholdFile(path: string): void {
  const faults = lookAtRules([path]);
  if (faults.length > 0) throw new AppError('BACKTEST_RULES_INVALID', faults.join('\n'));
}

/** promtool knows rules only; what is rendered of a table without a fault needs no second opinion. */
function isTable(path: string): boolean {
  return isThresholdTable(readFileSync(path, 'utf8'));
}

function watchedSymbols(
  { symbols, hasOwnSymbols }: BacktestOptions,
  recording: Recording,
): readonly CanonicalSymbol[] | undefined {
  if (symbols === undefined || hasOwnSymbols) return symbols;
  return [...new Set([...symbols, ...symbolsIn(recording.state)])];
}

async function addFigures(
  episodes: readonly Episode[],
  engine: BacktestEngine,
  limit: number,
): Promise<readonly FiredAlert[]> {
  const alerts: FiredAlert[] = [];
  for (const [index, episode] of episodes.entries()) {
    const figures = index < limit ? await figuresAt(episode, episode.firedAt, engine) : undefined;
    alerts.push({ ...episode, figures, singles: await countSingles(episode, engine) });
  }
  return alerts;
}
