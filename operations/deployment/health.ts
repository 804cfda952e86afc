// health_check.sh: a table for people, JSON for programs, and the worst finding as the exit code.

import { describeCheckResults, type Level, worstOf } from '../check-result.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { lookAtStack } from '../health/look-at-stack.ts';
import { openSite, openStack, STACK_OPTIONS } from '../site.ts';

const EXIT_BY_LEVEL: Readonly<Record<Level, ExitCode>> = {
  ok: EXIT.ok,
  skipped: EXIT.ok,
  warning: EXIT.warning,
  critical: EXIT.critical,
};

export const healthProgram: Program = {
  name: 'scripts/deployment/health_check.sh',
  purpose: 'Asks every part how it is, and the machine and the existing service around it. Changes nothing.',
  options: {
    ...STACK_OPTIONS,
    only: { value: 'PART', help: 'only this part' },
    json: { help: 'one JSON document instead of the table' },
  },
  examples: ['scripts/deployment/health_check.sh --native', 'scripts/deployment/health_check.sh --json'],
  async run(options) {
    const site = openSite();
    const stack = await openStack(site, options);
    const { isRunning, findings } = await lookAtStack(stack, site.environment, options.text('only'));
    const worst = worstOf(findings);
    const level = isRunning ? (worst?.level ?? 'ok') : 'critical';
    const exitCode = isRunning ? EXIT_BY_LEVEL[level] : EXIT.notRunning;
    if (options.flag('json')) {
      site.say(JSON.stringify({ mode: stack.mode, isRunning, level, exitCode, worst, findings }, null, 2));
    } else {
      site.say(isRunning ? describeCheckResults(findings) : 'nothing runs: start_monitoring.sh starts it');
      if (worst?.mend !== undefined) site.say(`\nworst: ${worst.name}: ${worst.detail}`);
    }
    return exitCode;
  },
};

if (import.meta.main) await runProgram(healthProgram);
