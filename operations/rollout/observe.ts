// What the observing stage is judged by, asked of the running stack: Prometheus for memory, the bridge for alerts.

import { AppError } from '../../common/errors.ts';
import { field, listOf } from '../../common/json-shape.ts';
import { call } from '../http-answer.ts';
import type { Stack } from '../stack/stack.ts';
import type { JudgedAlert, Observed } from './observing.ts';

export interface Observation {
  /** Milliseconds since 1970: deployed, and now. */
  readonly since: number;
  readonly now: number;
  readonly wantedHours: number;
}

const HOUR_MS = 3_600_000;
const PAGE = 200;
/** A program that has just started is still growing into its work: this share of the time does not count. */
const WARM_UP = 1 / 24;

export async function observe(stack: Stack, { since, now, wantedHours }: Observation): Promise<Observed> {
  return {
    hours: (now - since) / HOUR_MS,
    wantedHours,
    memoryVariation: await readMemoryVariation(stack, Math.floor(((now - since) / 1_000) * (1 - WARM_UP))),
    alerts: await readAlerts(stack, since),
  };
}

async function readMemoryVariation({ urls }: Stack, seconds: number): Promise<number | undefined> {
  if (seconds < 1) return undefined;
  const memory = 'sum(max by (job) (process_resident_memory_bytes{job=~"exporter|alert-bridge"}))';
  const range = `(${memory})[${seconds}s:${Math.max(1, Math.floor(seconds / 1_440))}s]`;
  const query = `stddev_over_time(${range}) / avg_over_time(${range})`;
  const { json } = await call({ url: `${urls.prometheus}/api/v1/query?query=${encodeURIComponent(query)}` });
  const value = Number(listOf(field(listOf(field(json, 'data', 'result'))[0], 'value'))[1] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** Market alerts that somebody was told of. @throws AppError HISTORY_UNREADABLE: no answer is not "no alert" */
async function readAlerts(stack: Stack, since: number): Promise<readonly JudgedAlert[]> {
  const headers = { authorization: `Bearer ${await stack.webhookToken()}` };
  const alerts: JudgedAlert[] = [];
  for (let before = ''; ; ) {
    const url = `${stack.urls['alert-bridge']}/history.json?limit=${PAGE}${before}`;
    const { status, json, failure } = await call({ url, headers });
    if (status !== 200) throw new AppError('HISTORY_UNREADABLE', `${url}: ${failure ?? `status ${status}`}`);
    const page = listOf(field(json, 'alerts'));
    const inTime = page.filter((alert) => Date.parse(String(field(alert, 'startsAt'))) >= since);
    for (const alert of inTime) {
      if (field(alert, 'symbol') === undefined || listOf(field(alert, 'deliveries')).length === 0) continue;
      alerts.push({
        name: `${String(field(alert, 'symbol'))} ${String(field(alert, 'name'))}`,
        afterHours: (Date.parse(String(field(alert, 'startsAt'))) - since) / HOUR_MS,
        useful: Number(field(alert, 'useful') ?? 0),
        useless: Number(field(alert, 'useless') ?? 0),
      });
    }
    const next = field(json, 'next');
    if (typeof next !== 'number' || inTime.length === 0) return alerts;
    before = `&before=${next}`;
  }
}
