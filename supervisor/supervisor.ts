// Keeps the four programs running and stops them in the order in which alerts flow, so that nothing on its way is cut off.
import type { Clock } from '../common/clock.ts';
import type { ServiceName } from '../engines/stack-settings.ts';
import { type Service, type ServiceEvent, type ServiceSpec, startService } from './service.ts';

/** Stops run stage by stage; together they stay below the promised 10 s. */
const STOP_STAGES: readonly { readonly names: readonly ServiceName[]; readonly graceMs: number }[] = [
  { names: ['exporter', 'prometheus'], graceMs: 4_000 },
  { names: ['alertmanager'], graceMs: 2_000 },
  // Last, so that it can still take and send what Alertmanager hands over at its end.
  { names: ['alert-bridge'], graceMs: 3_000 },
];

export interface SupervisorOptions {
  readonly specs: Readonly<Record<ServiceName, ServiceSpec>>;
  readonly clock: Clock;
  readonly onEvent: (event: ServiceEvent) => void;
}

export interface Supervisor {
  pids(): Partial<Record<ServiceName, number>>;
  /** Safe to call twice; both calls resolve when everything has ended. */
  stop(): Promise<void>;
}

export function superviseServices({ specs, clock, onEvent }: SupervisorOptions): Supervisor {
  const start = (name: ServiceName): Service => startService(specs[name], { clock, onEvent });
  const services: Readonly<Record<ServiceName, Service>> = {
    'alert-bridge': start('alert-bridge'),
    exporter: start('exporter'),
    alertmanager: start('alertmanager'),
    prometheus: start('prometheus'),
  };
  let stopped: Promise<void> | undefined;
  return {
    pids() {
      const pids: Partial<Record<ServiceName, number>> = {};
      for (const { names } of STOP_STAGES) {
        for (const name of names) {
          const pid = services[name].pid();
          if (pid !== undefined) pids[name] = pid;
        }
      }
      return pids;
    },
    stop() {
      stopped ??= stopInOrder(services);
      return stopped;
    },
  };
}

async function stopInOrder(services: Readonly<Record<ServiceName, Service>>): Promise<void> {
  for (const { names, graceMs } of STOP_STAGES) {
    await Promise.all(names.map((name) => services[name].stop(graceMs)));
  }
}
