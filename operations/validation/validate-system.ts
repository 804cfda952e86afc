// validate_system.sh: the four checkpoints as machine checks, with JUnit XML and a page for people.
import { createSystemClock } from '../../common/clock.ts';
import { describeCheckResults, worstOf } from '../check-result.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { runExternal } from '../external.ts';
import { openSite, openStack, STACK_OPTIONS } from '../site.ts';
import { CHECKPOINTS, type Checked, type Validation, verdictOf } from './checkpoint.ts';
import { runCheckpoint } from './run-checkpoint.ts';
import { writeReports } from './write-reports.ts';

export const validateProgram: Program = {
  name: 'scripts/validation/validate_system.sh',
  purpose:
    'Runs the machine checks of the checkpoints, each with its evidence, and writes validation.xml (JUnit) and validation.html.',
  options: {
    ...STACK_OPTIONS,
    checkpoint: { value: 'NAME', choices: CHECKPOINTS, help: `only this one: ${CHECKPOINTS.join(', ')}` },
    reports: { value: 'DIRECTORY', help: 'DATA_DIR/reports by default' },
  },
  examples: ['scripts/validation/validate_system.sh --native --checkpoint integration'],
  async run(options, signal) {
    const asked = options.text('checkpoint');
    const checkpoints = CHECKPOINTS.filter((name) => asked === undefined || name === asked);
    const site = openSite();
    const stack = await openStack(site, options);
    const head = await runExternal(['git', 'rev-parse', 'HEAD'], { cwd: site.checkout });
    const startedAt = new Date(createSystemClock().wallNow()).toISOString();
    const checks: Checked[] = [];
    for (const checkpoint of checkpoints) {
      const findings = await runCheckpoint(checkpoint, site, stack, signal);
      site.say(`\n${checkpoint}\n${describeCheckResults(findings)}`);
      checks.push(...findings.map((finding) => ({ ...finding, checkpoint })));
    }
    const commit = head.code === 0 ? head.stdout.trim() : undefined;
    const validation: Validation = { startedAt, commit, mode: stack.mode, checks };
    const page = writeReports(stack.dataDir, validation, options.text('reports'));
    site.say(`\nvalidation ${verdictOf(checks)}; ${page}`);
    if (verdictOf(checks) === 'failed') return EXIT.critical;
    return worstOf(checks)?.level === 'warning' ? EXIT.warning : EXIT.ok;
  },
};

if (import.meta.main) await runProgram(validateProgram);
