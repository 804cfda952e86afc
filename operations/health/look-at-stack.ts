// Everything that `health_check.sh` looks at, in the order in which an alert travels.
import type { Environment } from '../../common/env.ts';
import { type CheckResult, critical, lookAt, ok } from '../check-result.ts';
import { diskCheck } from '../checks/disk.ts';
import { existingServiceCheck } from '../checks/existing-service.ts';
import { memoryCheck } from '../checks/memory.ts';
import type { Stack } from '../stack/stack.ts';
import { lookAtAlertmanager, lookAtBridge, lookAtExporter, lookAtGrafana, lookAtPrometheus } from './parts.ts';

const LOOKS: Readonly<Record<string, (url: string) => Promise<CheckResult>>> = {
  exporter: lookAtExporter,
  prometheus: lookAtPrometheus,
  alertmanager: lookAtAlertmanager,
  'alert-bridge': lookAtBridge,
  grafana: lookAtGrafana,
};

/** A running stack on a machine that has no room left is not well either, though the limits no longer matter. */
const LEAST_FREE_MB = 64;

export interface StackHealth {
  readonly isRunning: boolean;
  readonly findings: readonly CheckResult[];
}

/** @param only looks at this part alone, without the machine around it */
export async function lookAtStack(stack: Stack, environment: Environment, only?: string): Promise<StackHealth> {
  const states = await stack.states();
  if (states.length === 0) return { isRunning: false, findings: [] };
  const wanted = states.filter(({ name }) => only === undefined || name === only);
  const parts = wanted.map((state) => async () => {
    if (!state.isUp) return critical(state.name, `is not up: ${state.detail}`, 'start_monitoring.sh; then its log');
    const [look, url] = [LOOKS[state.name], stack.urls[state.name]];
    return look && url !== undefined ? await look(url) : ok(state.name, state.detail);
  });
  const around = [
    () => memoryCheck({ neededMb: LEAST_FREE_MB, why: 'a running stack' }),
    () => diskCheck(stack.dataDir),
    () => existingServiceCheck(environment),
  ];
  return { isRunning: true, findings: await lookAt(only === undefined ? [...parts, ...around] : parts) };
}
