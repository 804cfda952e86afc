// A Prometheus of our own for one back-test: on a free loopback port, in a temporary folder, scraping nothing and judging
// nothing by itself. It takes samples of the past and answers questions about them.
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, errorText } from '../common/errors.ts';
import { spawnWithParentWatch, type WatchedProgram } from '../common/parent-watch.ts';
import { parseMatrix, parseVector, type RangeSeries, type Sample } from './query-answer.ts';

/** Longer than any recording: everything stays in the open block, where samples of the past may still be added. */
const ONE_BLOCK = '36500d';
/** Of the engine: a range query answers at most 11,000 points a series. */
const MAX_POINTS = 10_000;
const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 5_000;

export interface BacktestEngine {
  /** Takes one body of `encodeWriteRequest`. @throws AppError BACKTEST_ENGINE_FAILED */
  write(body: Buffer): Promise<void>;
  /** The expression at every `stepSeconds` from start to end, both included, milliseconds. Asks in chunks. */
  queryRange(expression: string, startMs: number, endMs: number, stepSeconds: number): Promise<readonly RangeSeries[]>;
  query(expression: string, timeMs: number): Promise<readonly Sample[]>;
  stop(): Promise<void>;
}

/**
 * @param program absolute path of `prometheus`
 * @throws AppError BACKTEST_ENGINE_FAILED when it does not come up
 */
export async function startBacktestEngine(program: string): Promise<BacktestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-'));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'prometheus.yml'), 'global: {}\n');
  const leashed = spawnWithParentWatch({
    command: program,
    cwd: folder,
    env: process.env,
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--storage.tsdb.min-block-duration=${ONE_BLOCK}`,
      `--storage.tsdb.max-block-duration=${ONE_BLOCK}`,
      '--storage.tsdb.retention.time=100y',
      '--web.listen-address=127.0.0.1:0',
      '--web.enable-remote-write-receiver',
      '--query.timeout=10m',
      '--query.max-samples=200000000',
    ],
  });
  // However this process goes, the folder goes with it.
  const onExit = () => {
    leashed.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  const stop = async () => {
    process.off('exit', onExit);
    await end(leashed);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await untilReady(leashed);
    return createEngine(url, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function end(leashed: WatchedProgram): Promise<void> {
  leashed.kill('SIGTERM');
  const patience = new AbortController();
  const late = delay(STOP_GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  if ((await Promise.race([leashed.ended, late])) === undefined) leashed.kill('SIGKILL');
  patience.abort();
  await leashed.ended;
}

/** The address that it found free stands in its log. */
async function untilReady({ stdout, stderr, ended }: WatchedProgram): Promise<string> {
  stdout.resume();
  const lastLines: string[] = [];
  const found = new Promise<string>((resolve) => {
    createInterface({ input: stderr }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 5) lastLines.shift();
      const address = /Listening on"?.*address=(127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
  });
  const timeout = new AbortController();
  const gone = ended.then(() => undefined);
  const late = delay(START_TIMEOUT_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
  try {
    const url = await Promise.race([found, gone, late]);
    for (let attempt = 0; url !== undefined && attempt < 100; attempt++) {
      const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok) return url;
      await Promise.race([delay(100), gone]);
    }
  } finally {
    timeout.abort();
  }
  throw new AppError('BACKTEST_ENGINE_FAILED', `Prometheus did not start; it said last:\n${lastLines.join('\n')}`);
}

function createEngine(url: string, stop: () => Promise<void>): BacktestEngine {
  return {
    stop,
    async write(body) {
      const headers = {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      };
      const answer = await fetch(`${url}/api/v1/write`, { method: 'POST', headers, body: new Uint8Array(body) });
      const said = await answer.text();
      if (!answer.ok) throw new AppError('BACKTEST_ENGINE_FAILED', `Prometheus refused samples: ${said.trim()}`);
    },
    async queryRange(expression, startMs, endMs, stepSeconds) {
      const chunks: (readonly RangeSeries[])[] = [];
      const chunkMs = MAX_POINTS * stepSeconds * 1_000;
      for (let start = startMs; start <= endMs; start += chunkMs) {
        const end = Math.min(endMs, start + chunkMs - stepSeconds * 1_000);
        const times = { start: start / 1_000, end: end / 1_000, step: stepSeconds };
        chunks.push(parseMatrix(await ask(`${url}/api/v1/query_range`, expression, times)));
      }
      return chunks.flat();
    },
    async query(expression, timeMs) {
      return parseVector(await ask(`${url}/api/v1/query`, expression, { time: timeMs / 1_000 }));
    },
  };
}

async function ask(url: string, query: string, times: Readonly<Record<string, number>>): Promise<unknown> {
  const body = new URLSearchParams({ query });
  for (const [name, value] of Object.entries(times)) body.set(name, String(value));
  try {
    const answer: unknown = await (await fetch(url, { method: 'POST', body })).json();
    return answer;
  } catch (error) {
    throw new AppError('BACKTEST_ENGINE_FAILED', `Prometheus did not answer: ${errorText(error)}`, { cause: error });
  }
}
