// Listens for the Watchdog alert. After ninety seconds without it nothing can be detected, and people must know.
import { type EpochMs, epochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly limitMs?: number;
  readonly onSilent: (since: EpochMs) => void;
  readonly onBack: (silentMs: number) => void;
}

export interface Heartbeat {
  beat(): void;
  /** To be called every second or so. */
  check(): void;
  readonly lastBeatAt: EpochMs | undefined;
  readonly isSilent: boolean;
}

export const HEARTBEAT_LIMIT_MS = 90_000;
/** A longer pause between two checks means that this process stood still, not that the world was silent. */
const STANDSTILL_MS = 10_000;

/** Counts from its creation: a start without any heartbeat is reported as well, after the same time. */
export function createHeartbeat({
  clock,
  limitMs = HEARTBEAT_LIMIT_MS,
  onSilent,
  onBack,
}: HeartbeatOptions): Heartbeat {
  let countsFrom = clock.now();
  let lastBeatAt: EpochMs | undefined;
  let checkedAt = countsFrom;
  let silentSince: EpochMs | undefined;
  return {
    beat() {
      const now = clock.now();
      lastBeatAt = now;
      countsFrom = now;
      if (silentSince === undefined) return;
      const silentMs = now - silentSince;
      silentSince = undefined;
      onBack(silentMs);
    },
    check() {
      const now = clock.now();
      const pausedMs = now - checkedAt;
      if (pausedMs > STANDSTILL_MS) countsFrom = epochMs(Math.min(now, countsFrom + pausedMs));
      checkedAt = now;
      if (silentSince !== undefined || now - countsFrom < limitMs) return;
      silentSince = lastBeatAt ?? countsFrom;
      onSilent(silentSince);
    },
    get lastBeatAt() {
      return lastBeatAt;
    },
    get isSilent() {
      return silentSince !== undefined;
    },
  };
}
