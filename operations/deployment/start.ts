// start_monitoring.sh: looks before it leaps, keeps a way back, starts, and is green only after a webhook went through.
import { createSystemClock } from '../../common/clock.ts';
import type { Options } from '../../common/command-line.ts';
import { AppError } from '../../common/errors.ts';
import { describeCheckResults, lookAt, worstOf } from '../check-result.ts';
import { diskCheck } from '../checks/disk.ts';
import { existingServiceCheck } from '../checks/existing-service.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import { keepSnapshot } from '../host/snapshot-file.ts';
import { createPoint } from '../points/create.ts';
import { automaticName } from '../points/point-name.ts';
import { prunePoints } from '../points/prune.ts';
import { sealConfiguration } from '../points/seal.ts';
import { keepStage } from '../rollout/stage-in-force.ts';
import { openSite, openStack, STACK_OPTIONS } from '../site.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { sendTestWebhook } from '../test-webhook.ts';

export const startProgram: Program = {
  name: 'scripts/deployment/start_monitoring.sh',
  purpose: `Checks ports, memory, disk, secrets, configuration and the existing service; takes a roll-back point; starts; waits until
all parts are healthy; and sends one authenticated test webhook that reaches nobody.`,
  options: {
    ...STACK_OPTIONS,
    only: { value: 'PART', help: 'only this part; of a running stack it is renewed and the others stay up' },
    'no-point': { help: 'take no roll-back point' },
    'no-build': { help: 'containers: start the images that are there, though the sources be newer' },
    'dry-run': { help: 'check, say what would be done, and change nothing' },
  },
  examples: [
    'scripts/deployment/start_monitoring.sh --native --dry-run',
    'scripts/deployment/start_monitoring.sh --only exporter',
  ],
  async run(options, signal) {
    const site = openSite();
    return start(site, await openStack(site, options), options, signal);
  },
};

async function start(site: Site, stack: Stack, options: Options, signal: AbortSignal): Promise<ExitCode> {
  const { say } = site;
  const only = options.text('only');
  say('checks before the start');
  const findings = await lookAt([
    ...stack.checks(only),
    () => diskCheck(stack.dataDir),
    () => existingServiceCheck(site.environment),
  ]);
  say(describeCheckResults(findings));
  if (worstOf(findings)?.level === 'critical') {
    throw new AppError('START_REFUSED', 'refused: nothing was started or changed');
  }
  if (options.flag('dry-run')) {
    say(['', 'would now', ...stack.plan(only).map((line) => `  ${line}`)].join('\n'));
    return EXIT.ok;
  }
  if (!(await stack.isRunning())) keepSnapshot(stack.dataDir, await takeSnapshot(site, stack.dataDir));
  if (!options.flag('no-point')) {
    const point = await createPoint(site, stack, { name: automaticName(), reason: 'before a start' });
    prunePoints(stack.dataDir, say);
    say(`✓ roll-back point ${point.name}`);
  }
  // Programs that run already keep the settings they were started with; containers take the new ones.
  if (only === undefined && (stack.mode === 'docker' || !(await stack.isRunning()))) {
    keepStage(stack.dataDir, site.environment);
  }
  const startedAt = performance.now();
  await stack.start(only, signal, { isBuilding: !options.flag('no-build') });
  // What runs now is what was meant: a change from here on that nobody announces is a breach.
  sealConfiguration(site.checkout, stack.dataDir, createSystemClock().wallNow());
  say(`✓ ${only ?? 'all parts'} healthy after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  if (only !== undefined && only !== 'alert-bridge') return EXIT.ok;
  const webhook = await sendTestWebhook({
    bridgeUrl: stack.urls['alert-bridge'] ?? '',
    token: await stack.webhookToken(),
  });
  say(describeCheckResults([webhook]));
  if (webhook.level === 'ok') return EXIT.ok;
  say('it runs, but no alert would get through: see above, or stop_monitoring.sh');
  return EXIT.failed;
}

if (import.meta.main) await runProgram(startProgram);
