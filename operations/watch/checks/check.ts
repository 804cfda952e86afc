// A look of the watcher's own: what it finds counts without Prometheus, and when Prometheus is down.
import type { Trigger } from '../triggers.ts';

export interface Fault {
  readonly trigger: Trigger;
  /** What was seen, with its figures. */
  readonly what: string;
}

export interface Check {
  readonly name: string;
  readonly everyMs: number;
  /** Looks in a row that must find the same before it counts: one lost packet is no reason. */
  readonly confirmations: number;
  /** What is wrong now. What cannot be seen is no fault: it finds nothing. */
  look(): Promise<readonly Fault[]>;
}
