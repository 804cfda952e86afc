// What wakes the delivery loop. It is made before the loop, so that whoever enqueues a message can wake it.
import type { Clock } from '../../common/clock.ts';

export interface WakeSignal {
  /** A message was enqueued. */
  wake(): void;
  /** A message may be enqueued for a chat that was not known before. */
  wakeForNewChats(): void;
  /** For the loop: begins a round. `true` where the chats must be read again, as in the first round. */
  beginRound(): boolean;
  /** For the loop: waits so long, or until something woke it since the round began. */
  sleep(ms: number): Promise<void>;
}

export function createWakeSignal(clock: Clock): WakeSignal {
  let isWoken = false;
  let areChatsNew = true;
  let nap: AbortController | undefined;

  function wake(): void {
    isWoken = true;
    nap?.abort();
  }

  return {
    wake,
    wakeForNewChats() {
      areChatsNew = true;
      wake();
    },
    beginRound() {
      isWoken = false;
      const mustRead = areChatsNew;
      areChatsNew = false;
      return mustRead;
    },
    async sleep(ms) {
      if (isWoken) return;
      nap = new AbortController();
      await clock.sleep(ms, nap.signal).catch(() => {});
      nap = undefined;
    },
  };
}
