// rollback.sh: roll-back points, the way back to one, and the drill that shows that it works.
import { createSystemClock } from '../../common/clock.ts';
import { type Options, usageError } from '../../common/command-line.ts';
import { type CheckResult, describeCheckResults, worstOf } from '../check-result.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { createPoint } from '../points/create.ts';
import { drill } from '../points/drill.ts';
import { describePoints } from '../points/list.ts';
import { listPoints } from '../points/manifest.ts';
import { automaticName, ORIGINAL } from '../points/point-name.ts';
import { prunePoints, RETENTION } from '../points/prune.ts';
import { type RestoreReport, restorePoint } from '../points/restore.ts';
import { openSeal, sealConfiguration } from '../points/seal.ts';
import { verifyPoint } from '../points/verify.ts';
import { withRollbackHooks } from '../rollout/rollback-hooks.ts';
import { openSite, openStack, STACK_OPTIONS } from '../site.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { sendTestWebhook } from '../test-webhook.ts';
import { WATCH_OPTIONS, watch } from '../watch/main.ts';
import { stopProgram } from './stop.ts';

const ACTIONS = ['create', 'list', 'verify', 'to', 'drill', 'edit', 'seal', 'watch'] as const;
const DRILLS = ['quick', 'full'] as const;

export const rollbackProgram: Program = {
  name: 'scripts/deployment/rollback.sh',
  purpose: 'Roll-back points, and the way back to one. Exactly one of the first eight options says what to do.',
  options: {
    create: {
      value: 'NAME',
      help: 'take a roll-back point of configuration, rules, dashboards, images, database,\nsilences and logs',
    },
    list: { help: 'the points there are, oldest first' },
    verify: { value: 'NAME', help: 'checksums, and the database’s own integrity check' },
    to: {
      value: 'NAME',
      help: `roll back to it; the present is kept as a point first, so this can be undone.\n${ORIGINAL}: the host without this stack, as stop_monitoring.sh`,
    },
    drill: {
      value: 'WHAT',
      choices: DRILLS,
      help: 'quick: restore the newest point into a scratch place and check it; full: also start it there',
    },
    edit: {
      value: 'MINUTES',
      least: 1,
      most: 1_440,
      help: 'announce an edit of the configuration: until then no change of it is a breach',
    },
    seal: { help: 'the configuration as it is now is what was meant: a change from here on is a breach' },
    watch: {
      help: 'watch, and roll back automatically where AUTO_ROLLBACK allows it: as npm run watch:rollback',
    },
    ...STACK_OPTIONS,
    point: { value: 'NAME', help: 'with --drill: this point instead of the newest' },
    'with-data': {
      help: 'with --to: database and silences too; what waited in it is not sent, nobody who subscribed is lost',
    },
    'dry-run': { help: 'with --to: say what would be done' },
    ...WATCH_OPTIONS,
  },
  notes: `Points that were taken automatically go after ${RETENTION.maxAgeDays} days, and all but the newest ${RETENTION.keep}; named ones stay.`,
  examples: [
    'scripts/deployment/rollback.sh --create before-my-change --native',
    'scripts/deployment/rollback.sh --to before-my-change --native --dry-run',
  ],
  async run(options, signal) {
    const asked = ACTIONS.filter((name) => options.flag(name) || options.text(name) !== undefined);
    const [action] = asked;
    if (action === undefined || asked.length > 1) {
      throw usageError(rollbackProgram, `name exactly one of ${ACTIONS.map((name) => `--${name}`).join(', ')}`);
    }
    if (action === 'watch') return watch(options, signal);
    const site = openSite();
    const stack = await openStack(site, options);
    switch (action) {
      case 'create':
        return create(site, stack, options.text('create') ?? '');
      case 'list':
        site.say(describePoints(listPoints(stack.dataDir)));
        return EXIT.ok;
      case 'verify':
        return judge(site, verifyPoint(stack.dataDir, options.text('verify') ?? ''));
      case 'to':
        return to(site, stack, options, signal);
      case 'drill':
        return runDrill(site, stack, options, signal);
      case 'seal':
        return seal(site, stack);
      case 'edit':
        return announceEdit(site, stack, options.number('edit') ?? 1);
    }
  },
};

async function to(site: Site, stack: Stack, options: Options, signal: AbortSignal): Promise<ExitCode> {
  const name = options.text('to') ?? '';
  const act = () => (name === ORIGINAL ? stopProgram.run(options, signal) : rollBack(site, stack, options, signal));
  if (options.flag('dry-run')) return act();
  const { result, said } = await withRollbackHooks(site, stack, name, act);
  if (said.length > 0) site.say(describeCheckResults(said));
  return result;
}

function seal({ checkout, say }: Site, { dataDir }: Stack): ExitCode {
  const { files } = sealConfiguration(checkout, dataDir, createSystemClock().wallNow());
  say(`✓ sealed: ${Object.keys(files).length} files`);
  return EXIT.ok;
}

function announceEdit({ say, checkout }: Site, { dataDir }: Stack, minutes: number): ExitCode {
  const now = createSystemClock().wallNow();
  const until = now + minutes * 60_000;
  if (openSeal(dataDir, until) === undefined) {
    sealConfiguration(checkout, dataDir, now);
    openSeal(dataDir, until);
  }
  say(
    `✓ edit until ${new Date(until).toISOString()}, then rollback.sh --seal: what is not sealed by then counts as a breach`,
  );
  return EXIT.ok;
}

async function create(site: Site, stack: Stack, name: string): Promise<ExitCode> {
  await createPoint(site, stack, { name, reason: 'by hand' });
  prunePoints(stack.dataDir, site.say);
  return judge(site, verifyPoint(stack.dataDir, name));
}

async function rollBack(site: Site, stack: Stack, options: Options, signal: AbortSignal): Promise<ExitCode> {
  const name = options.text('to') ?? '';
  const withData = options.flag('with-data');
  if (options.flag('dry-run')) {
    const code = judge(site, verifyPoint(stack.dataDir, name));
    const running = (await stack.isRunning()) ? 'stop the stack, ' : '';
    site.say(
      `would keep the present as a point, ${running}put back configuration${withData ? ', database and silences' : ''}`,
    );
    return code;
  }
  const report = await restorePoint(site, stack, { name, withData }, signal);
  site.say(describeReport(name, report));
  if (!report.isRunning) return EXIT.ok;
  const bridgeUrl = stack.urls['alert-bridge'] ?? '';
  return judge(site, [await sendTestWebhook({ bridgeUrl, token: await stack.webhookToken() })], EXIT.failed);
}

async function runDrill(site: Site, stack: Stack, options: Options, signal: AbortSignal): Promise<ExitCode> {
  const extent = options.text('drill');
  const { dataDir } = stack;
  const startedAt = performance.now();
  const name = options.text('point') ?? listPoints(dataDir).at(-1)?.name ?? automaticName();
  if (listPoints(dataDir).length === 0) await createPoint(site, stack, { name, reason: 'for a drill' });
  const findings = await drill(site, { dataDir, name, isFull: extent === 'full' }, signal);
  const code = judge(site, findings, EXIT.failed);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  site.say(
    `${code === EXIT.ok ? '✓' : '✗'} ${extent} drill of ${name}: ${seconds} s, nothing outside the scratch place was touched`,
  );
  return code;
}

function describeReport(name: string, { undoPoint, outbox, silences, seconds }: RestoreReport): string {
  const taken = Object.entries(outbox?.takenOver ?? {}).map(([table, rows]) => `${rows} ${table}`);
  return [
    `✓ rolled back to ${name} in ${seconds.toFixed(1)} s (limit 30 s); undo with --to ${undoPoint}`,
    ...(outbox === undefined
      ? ['– database left as it is']
      : [
          `✓ database restored: ${outbox.expired} messages that waited in it were ended unsent`,
          `✓ taken over from the present one: ${taken.join(', ') || 'nothing'}; ${silences} silences made again`,
        ]),
    ...(outbox?.lost === undefined
      ? []
      : [`! the present database could not be read whole (${outbox.lost}): check subscriptions`]),
  ].join('\n');
}

function judge(site: Site, findings: readonly CheckResult[], failure: ExitCode = EXIT.different): ExitCode {
  site.say(describeCheckResults(findings));
  return worstOf(findings)?.level === 'critical' ? failure : EXIT.ok;
}

if (import.meta.main) await runProgram(rollbackProgram);
