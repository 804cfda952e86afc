// Looks at everything at its own pace and says which conditions hold now, since when, and whether a cascade is on.
import { errorText } from '../../common/errors.ts';
import type { AlertsSeen } from './alerts.ts';
import type { Check, Fault } from './checks/check.ts';
import type { Condition } from './ladder.ts';

/** After its end people still read about it, and queues are still being emptied. */
const CASCADE_ECHO_MS = 300_000;

export interface View {
  readonly conditions: readonly Condition[];
  readonly isCascade: boolean;
  readonly isPrometheusAnswering: boolean;
}

export interface LookOut {
  /** @param isThorough looks with every check now, whatever its pace, and believes the first look */
  look(isThorough?: boolean): Promise<View>;
}

export interface LookOutOptions {
  readonly checks: readonly Check[];
  readonly readAlerts: () => Promise<AlertsSeen>;
  readonly now: () => number;
  readonly say: (line: string) => void;
}

interface Memory {
  dueAt: number;
  /** By trigger: how often in a row, since when, and in which words. */
  found: ReadonlyMap<string, { readonly times: number; readonly since: number; readonly fault: Fault }>;
}

export function createLookOut({ checks, readAlerts, now, say }: LookOutOptions): LookOut {
  const memories = new Map<Check, Memory>();
  const alertSince = new Map<string, number>();
  let lastCascadeAt = Number.NEGATIVE_INFINITY;

  async function lookWith(check: Check, isThorough: boolean): Promise<void> {
    const memory = memories.get(check) ?? { dueAt: 0, found: new Map() };
    if (!isThorough && now() < memory.dueAt) return;
    const at = now();
    const faults = await check.look().catch((error: unknown) => {
      // What a check cannot look at must not hide what the others see.
      say(`! ${check.name}: ${errorText(error)}`);
      return [];
    });
    const found = faults.map((fault) => {
      const before = memory.found.get(fault.trigger);
      const times = (before?.times ?? 0) + 1;
      return [fault.trigger, { times, since: before?.since ?? at, fault }] as const;
    });
    memories.set(check, { dueAt: at + check.everyMs, found: new Map(found) });
  }

  function fromAlerts(faults: readonly Fault[]): readonly Condition[] {
    const present = new Set(faults.map(({ trigger }) => trigger));
    for (const trigger of [...alertSince.keys()]) {
      if (!faults.some((fault) => fault.trigger === trigger)) alertSince.delete(trigger);
    }
    for (const trigger of present) if (!alertSince.has(trigger)) alertSince.set(trigger, now());
    return faults.map(({ trigger, what }) => ({ trigger, what, seenAt: alertSince.get(trigger) ?? now() }));
  }

  function fromChecks(isThorough: boolean): readonly Condition[] {
    return checks.flatMap((check) =>
      [...(memories.get(check)?.found.values() ?? [])]
        .filter(({ times }) => isThorough || times >= check.confirmations)
        .map(({ fault, since }) => ({ ...fault, seenAt: since })),
    );
  }

  return {
    async look(isThorough = false) {
      const [alerts] = await Promise.all([readAlerts(), ...checks.map((check) => lookWith(check, isThorough))]);
      if (alerts.isCascade) lastCascadeAt = now();
      return {
        conditions: oneEach([...fromAlerts(alerts.faults), ...fromChecks(isThorough)]),
        isCascade: now() - lastCascadeAt < CASCADE_ECHO_MS,
        isPrometheusAnswering: alerts.isAnswering,
      };
    },
  };
}

/** One sighting for each trigger: the one seen first. */
function oneEach(conditions: readonly Condition[]): readonly Condition[] {
  const byTrigger = new Map<string, Condition>();
  for (const condition of conditions.toSorted((one, other) => one.seenAt - other.seenAt)) {
    if (!byTrigger.has(condition.trigger)) byTrigger.set(condition.trigger, condition);
  }
  return [...byTrigger.values()];
}
