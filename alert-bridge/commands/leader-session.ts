// Only the leader answers commands: two bridges that ask Telegram for updates with one token take them from each other.
import type { Clock } from '../../common/clock.ts';
import type { Session, SessionOptions } from './session.ts';

/** Whether this bridge answers commands and buttons. Made before the sessions that it follows, for whoever must know. */
export interface ListeningState {
  /** Only the leader session sets it. */
  session: Session | undefined;
  isListening(): boolean;
  /** The bot's name, once Telegram has told it. */
  username(): string | undefined;
}

export function createListeningState(): ListeningState {
  const state: ListeningState = {
    session: undefined,
    isListening: () => state.session?.isListening() === true,
    username: () => state.session?.username(),
  };
  return state;
}

export interface LeaderSessionOptions {
  readonly clock: Clock;
  readonly listening: ListeningState;
  readonly isLeader: () => boolean;
  /** For so long after taking over, a conflict may still come from the leader before this one. */
  readonly handoverMs: number;
  readonly start: (onEnded: SessionOptions['onEnded']) => Session;
  /** Called once, when listening has ended for good though nobody stopped it. */
  readonly onEnded: SessionOptions['onEnded'];
}

export interface LeaderSession {
  /** Begins or ends listening as leadership comes and goes; to be called every second or so. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

const AGAIN_AFTER_MS = 2_000;

export function createLeaderSession(options: LeaderSessionOptions): LeaderSession {
  const { clock, listening, isLeader, handoverMs, start, onEnded } = options;
  let tookOverAtMs: number | undefined;
  let nextTryAtMs = Number.NEGATIVE_INFINITY;
  let isOver = false;

  async function end(): Promise<void> {
    const ending = listening.session;
    listening.session = undefined;
    await ending?.stop();
  }

  function begin(): void {
    listening.session = start((reason) => {
      // Another bridge leads by now, and asks in our place.
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
    async check() {
      if (!isLeader()) {
        tookOverAtMs = undefined;
        isOver = false;
        await end();
        return;
      }
      tookOverAtMs ??= clock.monotonicMs();
      if (isOver || listening.isListening() || clock.monotonicMs() < nextTryAtMs) return;
      await end();
      begin();
    },
    stop: end,
  };
}
