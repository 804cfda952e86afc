// Webhooks that arrive together share one commit, because the sync to disk is what accepting costs most.
import type { Alert } from '../model/alert.ts';
import type { Present } from './lateness.ts';
import type { AcceptSummary, OutboxStore } from './store.ts';

interface Waiting {
  readonly alerts: readonly Alert[];
  readonly resolve: (summary: AcceptSummary) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @returns resolves after the commit that holds these alerts, with the summary of the whole commit for the first caller and
 * an empty one for the others, so that sums stay true. All callers of a failed commit see its error: accepting is
 * idempotent, and Alertmanager sends again.
 */
export function createGroupCommit(
  store: Pick<OutboxStore, 'accept'>,
  readPresent: () => Present,
): (alerts: readonly Alert[]) => Promise<AcceptSummary> {
  let waiting: Waiting[] = [];
  let isFlushing = false;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        const summary = await store.accept(
          group.flatMap((item) => item.alerts),
          readPresent(),
        );
        for (const [index, item] of group.entries()) {
          item.resolve(index === 0 ? summary : { fresh: 0, redelivered: 0, suppressed: [] });
        }
      } catch (error) {
        for (const item of group) item.reject(error);
      }
    }
    isFlushing = false;
  }

  return (alerts) =>
    new Promise((resolve, reject) => {
      waiting.push({ alerts, resolve, reject });
      if (isFlushing) return;
      isFlushing = true;
      // After the present round of I/O, so that requests read in the same round are in.
      setImmediate(() => void flush());
    });
}
