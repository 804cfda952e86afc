// Commands are answered by the leader alone: two who ask Telegram for updates with one token take them from each other.
import type { Clock } from '../../common/clock.ts';
import type { Session, SessionOptions } from './session.ts';

export interface LeaderSessionOptions {
  readonly clock: Clock;
  readonly isLeader: () => boolean;
  /** For so long after taking over a conflict may still be the leader of before. */
  readonly handoverMs: number;
  readonly start: (onEnded: SessionOptions['onEnded']) => Session;
  /** Told once, when listening has ended for good though nobody stopped it. */
  readonly onEnded: SessionOptions['onEnded'];
}

export interface LeaderSession {
  isListening(): boolean;
  username(): string | undefined;
  /** Begins or ends listening as leadership comes and goes; to be called every second or so. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

const AGAIN_AFTER_MS = 2_000;

export function createLeaderSession(options: LeaderSessionOptions): LeaderSession {
  const { clock, isLeader, handoverMs, start, onEnded } = options;
  let session: Session | undefined;
  let tookOverAtMs: number | undefined;
  let nextTryAtMs = Number.NEGATIVE_INFINITY;
  let isOver = false;

  async function end(): Promise<void> {
    const ending = session;
    session = undefined;
    await ending?.stop();
  }

  function begin(): void {
    session = start((reason) => {
      // Somebody else leads by now, and asks in our place.
      if (!isLeader()) return;
      const isHandover = reason === 'conflict' && clock.monotonicMs() - (tookOverAtMs ?? 0) < handoverMs;
      if (isHandover) {
        nextTryAtMs = clock.monotonicMs() + AGAIN_AFTER_MS;
        return;
      }
      isOver = true;
      onEnded(reason);
    });
  }

  return {
    isListening: () => session?.isListening() === true,
    username: () => session?.username(),
    async check() {
      if (!isLeader()) {
        tookOverAtMs = undefined;
        isOver = false;
        await end();
        return;
      }
      tookOverAtMs ??= clock.monotonicMs();
      if (isOver || session?.isListening() === true || clock.monotonicMs() < nextTryAtMs) return;
      await end();
      begin();
    },
    stop: end,
  };
}
