// What the four programs of a chain weigh and use at one moment.
import type { Chain } from './chain.ts';
import { readCpuSeconds, readMemory } from './processes.ts';

export interface Weight {
  readonly exporterPssMb: number;
  readonly bridgePssMb: number;
  readonly stackRssMb: number;
  readonly exporterCpuSeconds: number;
  readonly stackCpuSeconds: number;
  /** `performance.now()` of the reading. */
  readonly atMs: number;
}

const SERVICES = ['exporter', 'alert-bridge', 'prometheus', 'alertmanager'] as const;

/** @throws Error when one of them is not running. */
export function weigh(chain: Pick<Chain, 'pid'>): Weight {
  const pids = SERVICES.map((name) => chain.pid(name));
  return {
    exporterPssMb: readMemory(chain.pid('exporter')).pssMb,
    bridgePssMb: readMemory(chain.pid('alert-bridge')).pssMb,
    stackRssMb: pids.reduce((sum, pid) => sum + readMemory(pid).rssMb, 0),
    exporterCpuSeconds: readCpuSeconds(chain.pid('exporter')),
    stackCpuSeconds: pids.reduce((sum, pid) => sum + readCpuSeconds(pid), 0),
    atMs: performance.now(),
  };
}
