// The user's programs around a roll-back. A way back is never blocked: an objection is told, and the roll-back goes on.
import type { CheckResult } from '../check-result.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { runHook } from './hooks.ts';

/** A breach has to be acted on within 10 s of being seen: whoever has more to do does it in the background. */
const BEFORE_LIMIT_MS = 4_000;
const AFTER_LIMIT_MS = 60_000;

export interface HookedResult<Result> {
  readonly result: Result;
  /** What the hooks said; empty where there are none. */
  readonly said: readonly CheckResult[];
}

/** @param target where it goes: `original`, or the name of a roll-back point */
export async function withRollbackHooks<Result>(
  site: Site,
  { mode }: Stack,
  target: string,
  act: () => Promise<Result>,
): Promise<HookedResult<Result>> {
  const facts = { TO: target, MODE: mode };
  const before = await runHook(site, 'pre_rollback', facts, BEFORE_LIMIT_MS);
  const result = await act();
  return { result, said: [...before, ...(await runHook(site, 'post_rollback', facts, AFTER_LIMIT_MS))] };
}
