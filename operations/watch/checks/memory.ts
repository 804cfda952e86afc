// Memory of the existing system and of this stack together. Ours by our own processes or containers, the existing one's by
// the containers of its network or the process behind its port; what cannot be seen counts as nothing, and is said at start.
import type { Check } from './check.ts';

export interface MemoryUse {
  readonly ownMb: number;
  /** `undefined` where it cannot be seen from here. */
  readonly existingMb: number | undefined;
}

export interface MemoryWatch {
  /** `undefined`: there is no limit to judge by. */
  readonly triggerMb: number | undefined;
  measure(): Promise<MemoryUse | undefined>;
}

export function watchMemory({ triggerMb, measure }: MemoryWatch): Check {
  return {
    name: 'memory',
    everyMs: 10_000,
    confirmations: 3,
    async look() {
      const use = triggerMb === undefined ? undefined : await measure();
      if (use === undefined || triggerMb === undefined) return [];
      const { ownMb, existingMb = 0 } = use;
      const sum = ownMb + existingMb;
      if (sum <= triggerMb) return [];
      const parts = `existing ${existingMb.toFixed(0)} MB and ours ${ownMb.toFixed(0)} MB`;
      return [
        { trigger: 'memory', what: `${parts} are ${sum.toFixed(0)} MB; the limit is ${triggerMb.toFixed(0)} MB` },
      ];
    },
  };
}
