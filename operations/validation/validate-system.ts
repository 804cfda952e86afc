// validate_system.sh: the four checkpoints as machine checks, with JUnit XML and a page for people.
import { createSystemClock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { describeCheckResults, worstOf } from '../check-result.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { runExternal } from '../external.ts';
import { openSite, openStack, STACK_OPTIONS, STACK_OPTIONS_HELP } from '../site.ts';
import { CHECKPOINTS, type Checked, type Validation, verdictOf } from './checkpoint.ts';
import { runCheckpoint } from './run-checkpoint.ts';
import { writeReports } from './write-reports.ts';

export const validateProgram: Program = {
  help: `
Usage: validate_system.sh [--native | --core] [--checkpoint NAME] [--reports DIRECTORY]

Runs the machine checks of the checkpoints ${CHECKPOINTS.join(', ')},
each with its evidence, and writes validation.xml (JUnit) and validation.html.

${STACK_OPTIONS_HELP}
  --checkpoint NAME   only this one
  --reports DIRECTORY DATA_DIR/reports by default`,
  options: { ...STACK_OPTIONS, checkpoint: { type: 'string' }, reports: { type: 'string' } },
  async run(options, signal) {
    const asked = options.text('checkpoint');
    const checkpoints = CHECKPOINTS.filter((name) => asked === undefined || name === asked);
    if (checkpoints.length === 0) {
      throw new AppError('USAGE', `--checkpoint: ${JSON.stringify(asked)} is none of ${CHECKPOINTS.join(', ')}`);
    }
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
