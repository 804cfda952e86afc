// stop_monitoring.sh: stops what was started, and proves that the host is as it was.
import { type Program, runProgram } from '../command-line.ts';
import { EXIT } from '../exit-codes.ts';
import { compareSnapshots, describeComparison } from '../host/compare-snapshots.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import { dropSnapshot, readSnapshot } from '../host/snapshot-file.ts';
import { forgetStage } from '../rollout/stage-in-force.ts';
import { openSite, openStack, STACK_OPTIONS } from '../site.ts';
import { ownershipOf } from './ownership.ts';

export const stopProgram: Program = {
  name: 'scripts/deployment/stop_monitoring.sh',
  purpose:
    'Stops the stack and compares programs, ports, containers, networks, volumes and files with those before the start.',
  options: {
    ...STACK_OPTIONS,
    'remove-data': { help: 'also remove databases, time series and volumes; roll-back points stay' },
    'dry-run': { help: 'say what runs and would be stopped' },
  },
  examples: ['scripts/deployment/stop_monitoring.sh --native'],
  async run(options) {
    const site = openSite();
    const { say } = site;
    const stack = await openStack(site, options);
    const states = await stack.states();
    if (options.flag('dry-run')) {
      say(states.length === 0 ? 'nothing runs' : `would stop ${states.map(({ name }) => name).join(', ')}`);
      return EXIT.ok;
    }
    const startedAt = performance.now();
    await stack.stop(options.flag('remove-data'));
    forgetStage(stack.dataDir);
    say(`✓ stopped in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    const before = readSnapshot(stack.dataDir);
    if (before === undefined) {
      say(
        '– no snapshot from before the start: it was not start_monitoring.sh that started this, so nothing is compared',
      );
      return EXIT.ok;
    }
    const after = await takeSnapshot(site, stack.dataDir);
    const keptVolumes = options.flag('remove-data') ? after : { ...after, volumes: before.volumes };
    const comparison = compareSnapshots(before, keptVolumes, ownershipOf(site, stack));
    say(describeComparison(comparison));
    if (comparison.ours.length > 0) return EXIT.different;
    dropSnapshot(stack.dataDir);
    return EXIT.ok;
  },
};

if (import.meta.main) await runProgram(stopProgram);
