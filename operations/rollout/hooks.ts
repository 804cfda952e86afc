// Programs of the user's own around a deployment and a roll-back: rollout/hooks/NAME, run with what is going on in its
// environment. Its exit code is obeyed; what it prints is evidence.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { maskSecrets } from '../../common/logger.ts';
import { isExecutable } from '../../engines/find-engines.ts';
import { type CheckResult, critical, ok } from '../check-result.ts';
import { runExternal } from '../external.ts';
import type { Site } from '../stack/stack.ts';

export const HOOKS = ['pre_deploy', 'post_deploy', 'pre_rollback', 'post_rollback'] as const;
export type Hook = (typeof HOOKS)[number];

const DEPLOY_LIMIT_MS = 300_000;
const LAST_LINES = 12;

/** @param facts become the environment variables `ROLLOUT_<NAME>` @returns nothing where there is no such hook */
export async function runHook(
  { checkout, environment }: Site,
  hook: Hook,
  facts: Readonly<Record<string, string>>,
  timeoutMs = DEPLOY_LIMIT_MS,
): Promise<readonly CheckResult[]> {
  const path = join(checkout, 'rollout', 'hooks', hook);
  if (!existsSync(path)) return [];
  const name = `hook ${hook}`;
  if (!isExecutable(path)) {
    return [critical(name, `rollout/hooks/${hook} is not executable`, `chmod +x rollout/hooks/${hook}, or remove it`)];
  }
  const variables = Object.fromEntries(Object.entries(facts).map(([key, value]) => [`ROLLOUT_${key}`, value]));
  const { code, stdout, stderr } = await runExternal([path], {
    cwd: checkout,
    env: { ...environment, ...variables, ROLLOUT_HOOK: hook },
    timeoutMs,
  });
  const words = maskSecrets(`${stdout}${stderr}`).trim().split('\n').slice(-LAST_LINES).join('\n');
  const seen = words === '' ? `ended with ${code}` : `ended with ${code}: ${words}`;
  return [code === 0 ? ok(name, seen) : critical(name, seen, `rollout/hooks/${hook} says no; it is yours to mend`)];
}
