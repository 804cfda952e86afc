// Programs that hang, rules that cannot be read or evaluated, memory that grows, and the heartbeats that always come.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '../../../engines/stack-settings.ts';
import type { E2eStack } from '../stack.ts';
import type { Drill } from './drill.ts';

const NO_EVALUATION_MS = 6_000;

/** Two series on both sides, which only shows when it is evaluated. */
const FAILING_RULE = { record: 'drill:failing', expr: 'up * on () up' };
/** More than half of any interval of twenty milliseconds. */
const SLOW_RULE = { record: 'drill:slow', expr: 'sum(sum_over_time(vector(1)[10m:2ms]))' };

export const memoryDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['MemoryAboveBudget', 'StackMemoryAboveBudget'],
    fault: 'exporter and bridge take 270 MB more each',
    isFromStart: true,
    make(stack) {
      const turn = () => {
        for (const name of ['exporter', 'alert-bridge'] as const) stack.signal(name, 'SIGWINCH');
      };
      turn();
      return turn;
    },
  },
];

export const ruleDrills: readonly Drill<E2eStack>[] = [
  { alerts: ['Watchdog', 'Canary'], fault: 'none: they always come', isFromStart: true, make: () => undefined },
  {
    alerts: ['ReloadFailed'],
    fault: 'a rule file is broken and Prometheus is told to reload',
    make: (stack) => withRules(stack, 'groups: [{ name: drill, rules: [{ record: "drill:broken", expr: "up(" }] }]'),
  },
  {
    alerts: ['ThresholdAbsurd', 'ThresholdMissing'],
    fault:
      'one threshold is set to nought and another gets a name that nobody reads; Prometheus is told by a bare SIGHUP',
    make: (stack) =>
      withThresholds(stack, ['vector(120)', 'vector(0)'], ['record: market:surge', 'record: drill:surge']),
  },
  {
    alerts: ['ThresholdStale'],
    fault: 'the rules in force were rendered from another table than the one on disk',
    make: (stack) => withThresholds(stack, ['hash: "', 'hash: "0']),
  },
  {
    alerts: ['RuleEvaluationFailed'],
    fault: 'a rule is added that matches many series to many',
    make: (stack) => withRules(stack, describe(FAILING_RULE, '1s')),
  },
  {
    alerts: ['RuleEvaluationSlow'],
    fault: 'a rule is added that takes longer than its interval',
    make: (stack) => withRules(stack, describe(SLOW_RULE, '20ms')),
  },
  {
    alerts: ['RuleEvaluationMissed'],
    fault: 'Prometheus stands still for six seconds',
    async make(stack) {
      stack.signal('prometheus', 'SIGSTOP');
      await delay(NO_EVALUATION_MS);
      stack.signal('prometheus', 'SIGCONT');
      return undefined;
    },
  },
];

export const processDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['ExporterDown', 'BridgeDown', 'AlertmanagerDown', 'NotificationsDropped', 'CanaryMissing'],
    fault: 'exporter, bridge and Alertmanager hang',
    make(stack) {
      const hanging: readonly ServiceName[] = ['exporter', 'alert-bridge', 'alertmanager'];
      for (const name of hanging) stack.signal(name, 'SIGSTOP');
      return () => {
        for (const name of hanging) stack.signal(name, 'SIGCONT');
      };
    },
  },
];

function describe(rule: object, interval: string): string {
  return JSON.stringify({ groups: [{ name: 'drill', interval, rules: [rule] }] });
}

/** Adds a rule file and reloads; mending takes it away again. */
function withRules(stack: E2eStack, text: string): () => void {
  const file = join(drillRules(stack.dataDir), 'drill.yml');
  writeFileSync(file, text);
  stack.signal('prometheus', 'SIGHUP');
  return () => {
    rmSync(file);
    stack.signal('prometheus', 'SIGHUP');
  };
}

/** Edits the threshold file past every check; mending puts it back. */
function withThresholds(stack: E2eStack, ...edits: readonly (readonly [from: string, to: string])[]): () => void {
  const file = join(drillRules(stack.dataDir), 'thresholds.yml');
  const shipped = readFileSync(file, 'utf8');
  const write = (text: string) => {
    writeFileSync(file, text);
    stack.signal('prometheus', 'SIGHUP');
  };
  write(edits.reduce((text, [from, to]) => text.replace(from, to), shipped));
  return () => write(shipped);
}

/** Where a drill's Prometheus finds its rules. */
export function drillRules(dataDir: string): string {
  return join(dataDir, 'run', 'rules');
}
