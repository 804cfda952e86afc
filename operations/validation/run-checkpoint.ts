// All machine checks of one checkpoint, one after the other: a drill beside a measurement would spoil it.
import { type CheckResult, lookAt } from '../check-result.ts';
import type { Site, Stack } from '../stack/stack.ts';
import type { Checkpoint } from './checkpoint.ts';
import { looksOf } from './checks.ts';

export async function runCheckpoint(
  checkpoint: Checkpoint,
  site: Site,
  stack: Stack,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const findings: CheckResult[] = [];
  for (const look of looksOf(checkpoint, site, stack, signal)) findings.push(...(await lookAt([look])));
  return findings;
}
