// Ends this process when its event loop has stood still for too long; whoever supervises it starts a fresh one.
// A worker thread watches, because a stalled loop cannot watch itself.
import { Worker } from 'node:worker_threads';

export interface StallGuard {
  stop(): Promise<void>;
}

// The worker counts its own ticks rather than time, so a machine that slept or a process that was stopped and continued
// (both threads stand still then) is not taken for a stall. SIGKILL, because a stalled loop runs no signal handler.
const WATCHER = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const beat = new Int32Array(workerData.beat);
let last = -1;
let stalledTicks = 0;
for (;;) {
  Atomics.wait(beat, 1, 0, workerData.tickMs);
  if (Atomics.load(beat, 1) !== 0) break;
  const now = Atomics.load(beat, 0);
  stalledTicks = now === last ? stalledTicks + 1 : 0;
  last = now;
  if (stalledTicks * workerData.tickMs >= workerData.limitMs) {
    writeSync(2, JSON.stringify({ level: 'fatal', msg: 'event loop stalled, ending this process', limitMs: workerData.limitMs }) + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}
`;

/** Starts watching. `limitMs` is how long the event loop may stand still (OPS-1: 15 s). */
export function startStallGuard(limitMs = 15_000): StallGuard {
  const tickMs = Math.min(1_000, limitMs / 5);
  const beat = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(WATCHER, {
    eval: true,
    workerData: { beat: beat.buffer, tickMs, limitMs },
    resourceLimits: { maxOldGenerationSizeMb: 4, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 1, stackSizeMb: 1 },
  });
  worker.unref();
  const timer = setInterval(() => Atomics.add(beat, 0, 1), tickMs / 2);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      Atomics.store(beat, 1, 1);
      Atomics.notify(beat, 1);
      await worker.terminate();
    },
  };
}
