// validate_system.sh: the four checkpoints as machine checks, with JUnit XML and a page for people.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSystemClock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import { VERSION } from '../../../common/version.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { runExternal } from '../external.ts';
import { describeFindings, lookAt, worstOf } from '../finding.ts';
import { openSite, openStack, STACK_OPTIONS, STACK_OPTIONS_HELP } from '../site.ts';
import { CHECKPOINTS, type Checked, type Validation, verdictOf } from './checkpoint.ts';
import { looksOf } from './checks.ts';
import { toHtml } from './html-report.ts';
import { toJunit } from './junit-report.ts';

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
      const findings: Checked[] = [];
      // One after the other: a drill beside a measurement would spoil it.
      for (const look of looksOf(checkpoint, site, stack, signal)) {
        for (const finding of await lookAt([look])) findings.push({ ...finding, checkpoint });
      }
      site.say(`\n${checkpoint}\n${describeFindings(findings)}`);
      checks.push(...findings);
    }
    const commit = head.code === 0 ? head.stdout.trim() : undefined;
    const validation: Validation = { startedAt, version: VERSION, commit, mode: stack.mode, checks };
    const directory = options.text('reports') ?? join(stack.dataDir, 'reports');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'validation.xml'), toJunit(validation));
    writeFileSync(join(directory, 'validation.html'), toHtml(validation));
    site.say(`\nvalidation ${verdictOf(checks)}; ${join(directory, 'validation.html')}`);
    if (verdictOf(checks) === 'failed') return EXIT.critical;
    return worstOf(checks)?.level === 'warning' ? EXIT.warning : EXIT.ok;
  },
};

if (import.meta.main) await runProgram(validateProgram);
