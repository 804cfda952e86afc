// What takes part in the ingest benchmark: something that is given the text of each message, and keeps nothing of the clock.
import type { WireFrame } from '../rig/frames.ts';

export interface Contestant {
  take(frame: WireFrame): void;
  /** Liquidations understood so far: a contestant that drops everything would win. */
  readonly events: () => number;
}
