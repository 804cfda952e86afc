// Limits how many bytes of webhooks are read at a time: a storm waits in its senders' sockets, not in our memory. Small
// webhooks pass side by side, so that they share a commit; a large one passes alone. Knows no HTTP.
import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';

export interface Intake {
  /**
   * Resolves when a body of that many bytes may be read, first come, first served. Call the function it resolves with once
   * the body is no longer needed.
   * @throws AppError WEBHOOK_BUSY when that takes too long: the sender should try again.
   */
  enter(bytes: number): Promise<() => void>;
}

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/** Some eighty alerts. */
const BUDGET_BYTES = 65_536;
/** Well below the server's own time-out for an unread request, whose status makes Alertmanager drop the alerts. */
const WAIT_MS = 5_000;

export function createIntake(clock: Clock, budgetBytes = BUDGET_BYTES): Intake {
  const queue: Waiting[] = [];
  let readingBytes = 0;

  function admitNext(): void {
    for (let next = queue[0]; next !== undefined && hasRoomFor(next.bytes); next = queue[0]) {
      queue.shift();
      next.admit();
    }
  }

  function hasRoomFor(bytes: number): boolean {
    return readingBytes + bytes <= budgetBytes;
  }

  function take(bytes: number): () => void {
    readingBytes += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) readingBytes -= bytes;
      isHeld = false;
      admitNext();
    };
  }

  function waitForTurn(bytes: number): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const patience = new AbortController();
      const waiting: Waiting = {
        bytes,
        admit() {
          patience.abort();
          resolve(take(bytes));
        },
      };
      queue.push(waiting);
      const giveUp = () => {
        const place = queue.indexOf(waiting);
        // Its turn came in the same moment.
        if (place < 0) return;
        queue.splice(place, 1);
        reject(new AppError('WEBHOOK_BUSY', 'too much is arriving at once; send the alerts again'));
        admitNext();
      };
      clock.sleep(WAIT_MS, patience.signal).then(giveUp, () => {});
    });
  }

  return {
    async enter(bytes) {
      // What is larger than the budget takes all of it.
      const share = Math.min(bytes, budgetBytes);
      return queue.length === 0 && hasRoomFor(share) ? take(share) : waitForTurn(share);
    },
  };
}
