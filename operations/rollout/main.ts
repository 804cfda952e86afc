// npm run rollout -- status|check|approve|reject|deploy: the staged roll-out of one commit, with its evidence in git.
import { createSystemClock } from '../../common/clock.ts';
import { type Command, type Options, usageError } from '../../common/command-line.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { openSite, openStack, STACK_OPTIONS } from '../site.ts';
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

const COMMAND = 'npm run rollout --';
const NO_COMMIT = {
  'no-commit': { help: 'write the record and say how to commit it; it counts when it is committed' },
} as const;
const ROLE = { role: { value: 'ROLE', help: 'whose role it is, of rollout/signoff.yml' } } as const;

/** One program for each command, by its name. */
export const rolloutPrograms: Readonly<Record<string, Program>> = {
  status: {
    name: `${COMMAND} status`,
    purpose:
      'Where the roll-out of the present commit stands: its steps, the sign-offs, and what is next. Changes nothing.',
    options: { json: { help: 'one JSON document' } },
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
    name: `${COMMAND} check`,
    purpose: 'Makes the machine checks of the next checkpoint, or of the named one, and keeps what was seen in git.',
    options: {
      checkpoint: { value: 'NAME', choices: CHECKPOINTS, help: CHECKPOINTS.join(', ') },
      ...STACK_OPTIONS,
      ...NO_COMMIT,
    },
    async run(options, signal) {
      const site = openSite();
      const situation = await readSituation(site);
      const step = options.text('checkpoint') ?? nameOf(nextStep(situation));
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
    name: `${COMMAND} approve`,
    purpose: 'You, as git knows you, approve the present commit for a role of rollout/signoff.yml.',
    options: {
      ...ROLE,
      items: {
        value: 'LIST',
        help: 'what the role has to look at: all of it, or its numbers (1,2,3); left out, they are listed',
      },
      evidence: { value: 'TEXT', help: 'what you looked at, and where' },
      ...NO_COMMIT,
    },
    examples: [`${COMMAND} approve --role operations --items all --evidence "reports/validation.html"`],
    run: (options) => signAs('approved', options),
  },
  reject: {
    name: `${COMMAND} reject`,
    purpose: 'You, as git knows you, say no for a role. It holds until you approve, or until another commit.',
    options: { ...ROLE, reason: { value: 'TEXT', help: 'why not' }, ...NO_COMMIT },
    run: (options) => signAs('rejected', options),
  },
  deploy: {
    name: `${COMMAND} deploy`,
    purpose: `Deploys the next stage, or the named one. Refuses, and says what is missing, until its checks and sign-offs are there.
The canary is told to CANARY_CHAT_ID alone.`,
    options: {
      stage: { value: 'STAGE', choices: STAGES, help: STAGES.join(', ') },
      ...STACK_OPTIONS,
      'dry-run': { help: 'say whether it would, and change nothing' },
      ...NO_COMMIT,
    },
    async run(options) {
      const site = openSite();
      const situation = await readSituation(site);
      const step = options.text('stage') ?? nameOf(nextStep(situation));
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

function nameOf(step: Step | undefined): string | undefined {
  return step?.type === 'check' ? step.checkpoint : step?.stage;
}

function nextStage(situation: Situation): (typeof STAGES)[number] {
  const step = nextStep(situation);
  if (step?.type !== 'check') return 'production';
  return STAGES[CHECKPOINTS.indexOf(step.checkpoint)] ?? 'production';
}

const overview: Command = {
  name: COMMAND,
  purpose: 'The staged roll-out of the present commit, with its evidence in git.',
  words: Object.keys(rolloutPrograms).join('|'),
  notes: `Each has its own help: ${COMMAND} approve --help`,
};

if (import.meta.main) {
  const [command = '', ...args] = process.argv.slice(2);
  const program = rolloutPrograms[command];
  const wrong = command === '' ? 'name a command:' : `${JSON.stringify(command)} is no command of`;
  const run = () => Promise.reject(usageError(overview, `${wrong} ${overview.words}`));
  await (program === undefined ? runProgram({ ...overview, run }) : runProgram(program, args));
}
