// A drill: a fault that is really made in a running stack, and the alerts about the stack that it must set off. The lists of
// drills in this folder are the table "alert, fault, test".
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';

export interface Drill<Site> {
  readonly alerts: readonly string[];
  /** What is done to the stack, in words. */
  readonly fault: string;
  /** Makes the fault; what it returns mends it. */
  make(site: Site): Promise<Mend> | Mend;
  /** The fault is there from the start of the stack, so that the alerts may fire already. */
  readonly isFromStart?: boolean;
}

type Mend = (() => Promise<void> | void) | undefined;

/** Keeps asking Prometheus what fires. */
export interface AlertWatch {
  /** Resolves once the alert fires. @throws Error naming it, after `limitMs` */
  fires(alert: string, limitMs: number): Promise<void>;
  /** Resolves once the alert does not fire. @throws Error naming it, after `limitMs` */
  isQuiet(alert: string, limitMs: number): Promise<void>;
}

const POLL_MS = 250;
/** Generous: the machine may be busy with other tests. */
const FIRES_WITHIN_MS = 120_000;

type Firing = () => Promise<ReadonlySet<string>>;

export function watchAlerts(firing: Firing): AlertWatch {
  const until = async (what: string, limitMs: number, holds: (now: ReadonlySet<string>) => boolean) => {
    const giveUpAt = performance.now() + limitMs;
    for (;;) {
      // A Prometheus that is being tormented itself may not answer.
      const now = await firing().catch(() => undefined);
      if (now && holds(now)) return;
      if (performance.now() > giveUpAt)
        throw new Error(`waited in vain: ${what}; firing: ${[...(now ?? [])].join(', ')}`);
      await delay(POLL_MS);
    }
  };
  return {
    fires: (alert, limitMs) => until(`${alert} fires`, limitMs, (now) => now.has(alert)),
    isQuiet: (alert, limitMs) => until(`${alert} is quiet`, limitMs, (now) => !now.has(alert)),
  };
}

/** Makes each fault in turn, waits for its alerts, and mends it. An alert that fired before proves nothing: it must be quiet first. */
export async function runDrills<Site>(t: Test, watch: AlertWatch, site: Site, drills: readonly Drill<Site>[]) {
  for (const { alerts, fault, make, isFromStart } of drills) {
    if (!isFromStart) await Promise.all(alerts.map((alert) => watch.isQuiet(alert, FIRES_WITHIN_MS)));
    const madeAt = performance.now();
    const mend = await make(site);
    try {
      for (const alert of alerts) {
        await watch.fires(alert, FIRES_WITHIN_MS);
        t.pass(`${alert}: ${fault} (${((performance.now() - madeAt) / 1_000).toFixed(0)} s)`);
      }
    } finally {
      await mend?.();
    }
  }
}
