// Measures the existing service alternately without and with our stack at work, so that whatever else the machine does
// meets both sides alike. "Without" means halted (SIGSTOP) for moments that are too short for anything of ours to give up.
import { call } from '../http-answer.ts';
import { callOf, type Endpoint } from './endpoints.ts';
import type { Batch } from './latency-ratio.ts';

/** Both sides of the comparison; resolves when it is in force. */
export interface Switch {
  without(): Promise<void>;
  with(): Promise<void>;
}

export interface Interleaving {
  readonly url: string;
  readonly endpoint: Endpoint;
  readonly sides: Switch;
  /** On each side, at least. */
  readonly samples: number;
  /** Requests in flight at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Requests of one side before the other has its turn. */
const BATCH = 20;

/** Always ends with our stack at work. */
export async function measureInterleaved(wishes: Interleaving): Promise<readonly Batch[]> {
  const { sides, samples, signal } = wishes;
  const batches: Batch[] = [];
  try {
    for (let done = 0; done < samples && !signal.aborted; done += BATCH) {
      // Each second pair begins with the other side: a slow drift cancels out.
      const isWithFirst = batches.length % 2 === 1;
      const first = await measureSide(wishes, isWithFirst ? sides.with : sides.without);
      const second = await measureSide(wishes, isWithFirst ? sides.without : sides.with);
      batches.push(isWithFirst ? { with: first, without: second } : { with: second, without: first });
    }
    return batches;
  } finally {
    await sides.with();
  }
}

async function measureSide(
  { url, endpoint, concurrency }: Interleaving,
  turn: () => Promise<void>,
): Promise<readonly number[]> {
  await turn();
  const latencies: number[] = [];
  while (latencies.length < BATCH) {
    const calls = Array.from({ length: Math.min(concurrency, BATCH - latencies.length) }, () =>
      call(callOf(url, endpoint)),
    );
    for (const { milliseconds } of await Promise.all(calls)) latencies.push(milliseconds);
  }
  return latencies;
}
