// The existing service as it was on a day: status, shape and latency of each endpoint. Kept as one JSON file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { createSystemClock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import { VERSION } from '../../common/version.ts';
import { readAvailableMb, readTotalMb } from '../checks/memory.ts';
import { runExternal } from '../external.ts';
import { call } from '../http-answer.ts';
import { callOf, ENDPOINTS, type Endpoint } from './endpoints.ts';
import { mergeShapes, shapeOf } from './json-shape.ts';

const EndpointBaseline = Type.Object({
  name: Type.String(),
  /** Every status that was seen, sorted. */
  statuses: Type.Array(Type.Integer()),
  shape: Type.Record(Type.String(), Type.String()),
  /** Milliseconds, in the order in which they were measured. */
  latencies: Type.Array(Type.Number()),
});
export type EndpointBaseline = Static<typeof EndpointBaseline>;

const Schema = Type.Object({
  format: Type.Literal(1),
  capturedAt: Type.String(),
  version: Type.String(),
  url: Type.String(),
  host: Type.Object({ totalMb: Type.Number(), availableMb: Type.Number() }),
  /** `name usage` of each container that ran; empty where there is no Docker. */
  containers: Type.Array(Type.String()),
  endpoints: Type.Array(EndpointBaseline),
});
export type Baseline = Static<typeof Schema>;

export interface Capture {
  readonly url: string;
  /** Requests to each endpoint. */
  readonly samples: number;
  /** Between two requests: this is somebody's production. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
}

/** @throws AppError EXISTING_UNKNOWN when its health cannot be had */
export async function captureBaseline({ url, samples, pauseMs, signal }: Capture): Promise<Baseline> {
  const health = await call(callOf(url, { name: 'health', method: 'GET', path: '/health' }));
  if (health.status !== 200) {
    throw new AppError(
      'EXISTING_UNKNOWN',
      `${url}/health: ${health.failure ?? `status ${health.status}`}; is this the market-data service?`,
    );
  }
  const endpoints: EndpointBaseline[] = [];
  for (const endpoint of ENDPOINTS) endpoints.push(await captureEndpoint(endpoint, { url, samples, pauseMs, signal }));
  const { stdout } = await runExternal(['docker', 'stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}']);
  return {
    format: 1,
    capturedAt: new Date(createSystemClock().wallNow()).toISOString(),
    version: VERSION,
    url,
    host: { totalMb: Math.round(readTotalMb()), availableMb: Math.round(readAvailableMb()) },
    containers: stdout.split('\n').filter((line) => line !== ''),
    endpoints,
  };
}

async function captureEndpoint(
  endpoint: Endpoint,
  { url, samples, pauseMs, signal }: Capture,
): Promise<EndpointBaseline> {
  const answers = [];
  for (let index = 0; index < samples && !signal.aborted; index += 1) {
    answers.push(await call(callOf(url, endpoint)));
    await delay(pauseMs);
  }
  return {
    name: endpoint.name,
    statuses: [...new Set(answers.map(({ status }) => status))].toSorted((one, other) => one - other),
    shape: mergeShapes(answers.filter(({ json }) => json !== undefined).map(({ json }) => shapeOf(json))),
    latencies: answers.map(({ milliseconds }) => Math.round(milliseconds * 100) / 100),
  };
}

export function writeBaseline(path: string, baseline: Baseline): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(baseline, null, 1)}\n`);
}

/** @throws AppError BASELINE_UNREADABLE */
export function readBaseline(path: string): Baseline {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (Check(Schema, value)) return value;
    throw new AppError('BASELINE_UNREADABLE', `${path} is no baseline: capture one with capture_baseline.sh`);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'BASELINE_UNREADABLE',
      `${path} cannot be read (${errorText(cause)}): capture one with capture_baseline.sh`,
      { cause },
    );
  }
}
