// The existing market-data service before we begin: asked once for its health, and for nothing else.

import type { Environment } from '../../common/env.ts';
import { field } from '../../common/json-shape.ts';
import { type CheckResult, critical, ok, skipped, warning } from '../check-result.ts';
import { call } from '../http-answer.ts';

const SLOW_MS = 1_000;

export async function existingServiceCheck(environment: Environment): Promise<CheckResult> {
  const name = 'existing service';
  const url = environment.MARKET_DATA_URL?.trim().replace(/\/+$/, '');
  if (!url) return skipped(name, 'MARKET_DATA_URL is not set: there is none to take care of');
  const { status, json, failure, milliseconds } = await call({ url: `${url}/health` });
  const said = field(json, 'status');
  const mend = 'mend it first: afterwards nobody could tell its fault from ours';
  if (status !== 200) return critical(name, `${url}/health: ${failure ?? `status ${status}`}`, mend);
  if (said !== 'healthy') return critical(name, `${url}/health says status ${JSON.stringify(said)}`, mend);
  const seen = `${url} is healthy, answered in ${Math.round(milliseconds)} ms`;
  return milliseconds > SLOW_MS ? warning(name, seen, 'it is slow already without us') : ok(name, seen);
}
