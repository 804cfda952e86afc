// The real Prometheus for tests that ask it, started once a test and gone with it.
import { join } from 'node:path';
import type { Test } from 'tap';
import { type BacktestEngine, startBacktestEngine } from '../../backtest/prometheus.ts';
import { type Engines, findEngines } from '../../engines/find-engines.ts';

export const CHECKOUT = join(import.meta.dirname, '..', '..');

export function findTestEngines(): Promise<Engines> {
  return findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: () => undefined });
}

export async function startTestEngine(t: Test): Promise<BacktestEngine> {
  const { prometheus } = await findTestEngines();
  const engine = await startBacktestEngine(prometheus);
  t.teardown(() => engine.stop());
  return engine;
}
