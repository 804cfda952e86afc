// npm run rollout -- status|check|approve|reject|deploy: the staged roll-out of one commit, with its evidence in git.
import { createSystemClock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { execute, type Options, type Program } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { openSite, openStack, STACK_OPTIONS, STACK_OPTIONS_HELP } from '../site.ts';
import type { Site } from '../stack/stack.ts';
import { CHECKPOINTS } from '../validation/checkpoint.ts';
import { check } from './check.ts';
import { deploy } from './deploy.ts';
import { readLedger } from './ledger.ts';
import { nextStep, type Situation } from './progress.ts';
import { sign } from './sign.ts';
import { readSignoffPlan } from './signoff-file.ts';
import { describeStatus, statusOf } from './status.ts';
import { STAGES, type Step } from './steps.ts';

const NO_COMMIT = { 'no-commit': { type: 'boolean' } } as const;
const NO_COMMIT_HELP =
  '  --no-commit         write the record and say how to commit it; it counts when it is committed';
const SIGNING = { role: { type: 'string' }, ...NO_COMMIT } as const;

/** One program for each command, by its name. */
export const rolloutPrograms: Readonly<Record<string, Program>> = {
  status: {
    help: `
Usage: npm run rollout -- status [--json]

Where the roll-out of the present commit stands: its steps, the sign-offs, and what is next. Changes nothing.`,
    options: { json: { type: 'boolean' } },
    async run(options) {
      const site = openSite();
      const situation = await readSituation(site);
      const status = statusOf(situation);
      site.say(
        options.flag('json') ? JSON.stringify(status, null, 2) : describeStatus(status, situation.ledger.unreadable),
      );
      return status.next === undefined ? EXIT.ok : EXIT.warning;
    },
  },
  check: {
    help: `
Usage: npm run rollout -- check [--checkpoint NAME] [--native | --core] [--no-commit]

Makes the machine checks of the next checkpoint, or of the named one (${CHECKPOINTS.join(', ')}),
and keeps what was seen in git.

${STACK_OPTIONS_HELP}
${NO_COMMIT_HELP}`,
    options: { ...STACK_OPTIONS, ...NO_COMMIT, checkpoint: { type: 'string' } },
    async run(options, signal) {
      const site = openSite();
      const situation = await readSituation(site);
      const step = stepOf(options, 'checkpoint', CHECKPOINTS, () => nextStep(situation));
      const checkpoint = CHECKPOINTS.find((name) => name === step);
      if (checkpoint === undefined) {
        site.say(`no check is next: ${step ?? 'all done'}; name one with --checkpoint to make it again`);
        return EXIT.refused;
      }
      const isCommitting = !options.flag('no-commit');
      return check(site, await openStack(site, options), { checkpoint, situation, isCommitting, signal });
    },
  },
  approve: {
    help: `
Usage: npm run rollout -- approve --role ROLE --items all --evidence TEXT [--no-commit]

You, as git knows you, approve the present commit for a role of rollout/signoff.yml.

  --role ROLE         whose role it is
  --items all         what the role has to look at, all of it or its numbers (1,2,3); left out, they are listed
  --evidence TEXT     what you looked at, and where
${NO_COMMIT_HELP}`,
    options: { ...SIGNING, items: { type: 'string' }, evidence: { type: 'string' } },
    run: (options) => signAs('approved', options),
  },
  reject: {
    help: `
Usage: npm run rollout -- reject --role ROLE --reason TEXT [--no-commit]

You, as git knows you, say no for a role. It holds until you approve, or until another commit.

  --role ROLE         whose role it is
  --reason TEXT       why not
${NO_COMMIT_HELP}`,
    options: { ...SIGNING, reason: { type: 'string' } },
    run: (options) => signAs('rejected', options),
  },
  deploy: {
    help: `
Usage: npm run rollout -- deploy [--stage STAGE] [--native | --core] [--dry-run] [--no-commit]

Deploys the next stage, or the named one (${STAGES.join(', ')}). Refuses, and says what is
missing, until its checks and sign-offs are there. The canary is told to CANARY_CHAT_ID alone.

${STACK_OPTIONS_HELP}
  --dry-run           say whether it would, and change nothing
${NO_COMMIT_HELP}`,
    options: { ...STACK_OPTIONS, ...NO_COMMIT, stage: { type: 'string' }, 'dry-run': { type: 'boolean' } },
    async run(options) {
      const site = openSite();
      const situation = await readSituation(site);
      const step = stepOf(options, 'stage', STAGES, () => nextStep(situation));
      // Between two stages the next deployment is the one whose missing check is to be told.
      const stage = STAGES.find((name) => name === step) ?? nextStage(situation);
      const flags = (['native', 'core'] as const).filter((name) => options.flag(name)).map((name) => `--${name}`);
      const isDryRun = options.flag('dry-run');
      const isCommitting = !options.flag('no-commit');
      return deploy(site, await openStack(site, options), { stage, situation, flags, isDryRun, isCommitting });
    },
  },
};

async function signAs(decision: 'approved' | 'rejected', options: Options) {
  const site = openSite();
  return sign(site, {
    role: options.text('role'),
    decision,
    evidence: options.text('evidence') ?? options.text('reason'),
    items: options.text('items'),
    situation: await readSituation(site),
    isCommitting: !options.flag('no-commit'),
  });
}

async function readSituation({ checkout }: Site): Promise<Situation> {
  const plan = readSignoffPlan(checkout);
  return { ledger: await readLedger(checkout), plan, now: createSystemClock().wallNow() };
}

/** @throws AppError USAGE for a name that there is not */
function stepOf(
  options: Options,
  option: string,
  names: readonly string[],
  next: () => Step | undefined,
): string | undefined {
  const asked = options.text(option);
  if (asked !== undefined && !names.includes(asked)) {
    throw new AppError('USAGE', `--${option}: ${JSON.stringify(asked)} is none of ${names.join(', ')}`);
  }
  if (asked !== undefined) return asked;
  const step = next();
  return step?.type === 'check' ? step.checkpoint : step?.stage;
}

function nextStage(situation: Situation): (typeof STAGES)[number] {
  const step = nextStep(situation);
  if (step?.type !== 'check') return 'production';
  return STAGES[CHECKPOINTS.indexOf(step.checkpoint)] ?? 'production';
}

if (import.meta.main) {
  const [command = '', ...args] = process.argv.slice(2);
  const program = rolloutPrograms[command];
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  if (program === undefined) {
    const isHelp = ['--help', '-h'].includes(command);
    const usage = `Usage: npm run rollout -- ${Object.keys(rolloutPrograms).join('|')} [--help]`;
    if (isHelp) console.log(usage);
    else console.error(command === '' ? usage : `${JSON.stringify(command)} is no command. ${usage}`);
    process.exitCode = isHelp ? EXIT.ok : EXIT.usage;
  } else {
    process.exitCode = await execute(program, args, stopping.signal);
  }
}
