// Every program that documents speak of, with the options it takes.
import type { Program } from '../../../operations/command-line.ts';
import { healthProgram } from '../../../operations/deployment/health.ts';
import { rollbackProgram } from '../../../operations/deployment/rollback.ts';
import { startProgram } from '../../../operations/deployment/start.ts';
import { stopProgram } from '../../../operations/deployment/stop.ts';
import { rolloutPrograms } from '../../../operations/rollout/main.ts';
import { captureProgram } from '../../../operations/validation/capture-baseline.ts';
import { regressionProgram } from '../../../operations/validation/regression-check.ts';
import { validateProgram } from '../../../operations/validation/validate-system.ts';
import { watchProgram } from '../../../operations/watch/main.ts';

const SCRIPTS: Readonly<Record<string, Program>> = {
  'start_monitoring.sh': startProgram,
  'stop_monitoring.sh': stopProgram,
  'health_check.sh': healthProgram,
  'rollback.sh': rollbackProgram,
  'capture_baseline.sh': captureProgram,
  'regression_check.sh': regressionProgram,
  'validate_system.sh': validateProgram,
};

/** `undefined` where the program is none of operations: its options are its own. */
export function programOf(words: readonly string[]): Program | undefined {
  const [first = '', second, third, dashes, command = ''] = words;
  if (first.startsWith('scripts/')) return SCRIPTS[first.split('/').at(-1) ?? ''];
  if (first !== 'npm' || second !== 'run') return undefined;
  if (third === 'watch:rollback') return watchProgram;
  return third === 'rollout' && dashes === '--' ? rolloutPrograms[command] : undefined;
}
