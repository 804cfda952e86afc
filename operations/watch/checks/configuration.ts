// Whether the configuration is the one that was deployed. A person who edits it says so beforehand (docs/rollback.md); an
// edit that nobody announced is a breach.
import { changedSince, readSeal } from '../../points/seal.ts';
import type { Site } from '../../stack/stack.ts';
import type { Check } from './check.ts';

export function watchConfiguration({ checkout }: Pick<Site, 'checkout'>, dataDir: string, now: () => number): Check {
  return {
    name: 'configuration',
    everyMs: 3_000,
    // Twice, because a deployment seals what it has just written.
    confirmations: 2,
    async look() {
      const seal = readSeal(dataDir);
      if (seal === undefined || (seal.openUntil ?? 0) > now()) return [];
      const changed = changedSince(seal, checkout);
      if (changed.length === 0) return [];
      const names = `${changed.slice(0, 4).join(', ')}${changed.length > 4 ? ` and ${changed.length - 4} more` : ''}`;
      return [{ trigger: 'breach', what: `configuration changed and nobody had announced it: ${names}` }];
    },
  };
}
