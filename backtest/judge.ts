// Lets the engine evaluate every rule over the recorded time: recording rules level by level, each result written back as
// the series that the next level reads, then the alerts. What is ours here is only when to ask and what to write back.

import { AlertMachine, type Episode } from './alert-machine.ts';
import type { BacktestEngine } from './prometheus.ts';
import type { Labels, RangeSeries } from './query-answer.ts';
import type { RulePlan } from './rule-plan.ts';
import type { Rule } from './rules.ts';
import { SampleBatch, type SeriesHandle, SeriesWriter } from './series-writer.ts';
import type { Session } from './timeline.ts';

/** Questions at a time: the engine answers each on one core. */
const PARALLEL = 2;

export interface JudgeOptions {
  readonly engine: BacktestEngine;
  readonly plan: RulePlan;
  readonly sessions: readonly Session[];
  readonly onProgress: (done: number, total: number) => void;
}

/** One stretch in which a rule is evaluated at a fixed step; milliseconds, both ends included. */
interface Beat {
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
}

/** Everything that fires, in the order of time. */
export async function judge({ engine, plan, sessions, onProgress }: JudgeOptions): Promise<readonly Episode[]> {
  const total = plan.levels.flat().length + plan.alerts.length;
  let done = 0;
  const onRule = () => onProgress(++done, total);
  for (const level of plan.levels) {
    await inParallel(level, async (rule) => {
      await record(rule, engine, plan, sessions);
      onRule();
    });
  }
  const machines = plan.alerts.map((rule) => ({ rule, machine: new AlertMachine(rule) }));
  await inParallel(machines, async ({ rule, machine }) => {
    await watch(rule, machine, engine, sessions);
    onRule();
  });
  return machines
    .flatMap(({ machine }) => machine.episodes())
    .sort((one, other) => one.firedAt - other.firedAt || (one.alert < other.alert ? -1 : 1));
}

async function record(
  rule: Rule,
  engine: BacktestEngine,
  { dense }: RulePlan,
  sessions: readonly Session[],
): Promise<void> {
  const batch = new SampleBatch((body) => engine.write(body));
  const writer = new SeriesWriter(batch, dense);
  const handles = new Map<string, SeriesHandle>();
  const handleOf = (labels: Labels): SeriesHandle => {
    const { __name__, ...own } = { ...labels, ...rule.labels };
    const key = JSON.stringify(own);
    const handle = handles.get(key) ?? writer.series(rule.name, own);
    handles.set(key, handle);
    return handle;
  };
  for (const beat of beatsOf(rule, sessions)) {
    const answer = await engine.queryRange(rule.expression, beat.start, beat.end, beat.stepSeconds);
    if (answer.length === 0 && writer.isEmpty) continue;
    const series = answer.map((one) => ({ cursor: new Cursor(one), handle: handleOf(one.labels) }));
    for (let time = beat.start; time <= beat.end; time += beat.stepSeconds * 1_000) {
      writer.begin(time);
      for (const { cursor, handle } of series) {
        const value = cursor.at(time);
        if (value !== undefined) writer.set(handle, value);
      }
      writer.end();
      if (batch.isFull) await batch.flush();
    }
  }
  await batch.flush();
}

async function watch(
  rule: Rule,
  machine: AlertMachine,
  engine: BacktestEngine,
  sessions: readonly Session[],
): Promise<void> {
  for (const beat of beatsOf(rule, sessions)) {
    const answer = await engine.queryRange(rule.expression, beat.start, beat.end, beat.stepSeconds);
    const cursors = answer.map((one) => ({ labels: one.labels, cursor: new Cursor(one) }));
    for (let time = beat.start; time <= beat.end; time += beat.stepSeconds * 1_000) {
      if (cursors.length === 0 && machine.isIdle) break;
      machine.evaluate(
        time,
        cursors.flatMap(({ labels, cursor }) => {
          const value = cursor.at(time);
          return value === undefined ? [] : [{ labels, value }];
        }),
      );
    }
  }
}

/** The rule's own interval in busy stretches; in quiet ones, where nothing moves faster, at most once a minute. */
function beatsOf({ intervalSeconds }: Rule, sessions: readonly Session[]): readonly Beat[] {
  return sessions
    .flatMap(({ segments }) => segments)
    .map(({ start, end, stepMs }) => {
      const step = Math.max(intervalSeconds * 1_000, stepMs);
      return {
        start: Math.ceil(start / step) * step,
        end: Math.floor(end / step) * step,
        stepSeconds: step / 1_000,
      };
    })
    .filter(({ start, end }) => start <= end);
}

/** Reads one series of an answer in the order of time. */
class Cursor {
  readonly #series: RangeSeries;
  #next = 0;

  constructor(series: RangeSeries) {
    this.#series = series;
  }

  at(time: number): number | undefined {
    const { times, values } = this.#series;
    while (Number(times[this.#next]) < time) this.#next++;
    return times[this.#next] === time ? values[this.#next] : undefined;
  }
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
