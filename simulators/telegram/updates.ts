// What people do to the bot, queued for its long poll.

export interface UpdateQueue {
  push(update: Readonly<Record<string, unknown>>): void;
  /** Updates from `offset` on, those before it are forgotten, whoever asks next; waits for the first one up to `timeoutSeconds`, or until the caller hangs up. */
  poll(offset: number, timeoutSeconds: number, onHangUp: (done: () => void) => void): Promise<readonly unknown[]>;
  /** Ends every waiting poll. */
  release(): void;
}

export function createUpdateQueue(): UpdateQueue {
  const updates: Readonly<Record<string, unknown>>[] = [];
  const waiting = new Set<() => void>();
  let lastId = 0;
  const release = () => {
    for (const wake of [...waiting]) wake();
  };
  return {
    push(update) {
      lastId += 1;
      updates.push({ update_id: lastId, ...update });
      release();
    },
    async poll(offset, timeoutSeconds, onHangUp) {
      while (updates[0] && Number(updates[0].update_id) < offset) updates.shift();
      const fresh = () => updates.filter((update) => Number(update.update_id) >= offset);
      if (fresh().length > 0) return fresh();
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeoutSeconds * 1_000);
        waiting.add(done);
        onHangUp(done);
      });
      return fresh();
    },
    release,
  };
}
