// Measures the existing service alternately without and with our stack at work, so that whatever else the machine does
// meets both sides alike. "Without" means halted (SIGSTOP) for moments that are too short for anything of ours to give up.
import { call } from '../http-answer.ts';
import { callOf, type Endpoint } from './endpoints.ts';
import { type Batch, estimateRatio, type RatioEstimate } from './latency-ratio.ts';

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
  /** As many rounds at most, where noise leaves the verdict open: 4. */
  readonly mostRounds?: number;
}

/** Requests of one side before the other has its turn. */
const BATCH = 20;

const MOST_ROUNDS = 4;

/**
 * Measures in rounds until the verdict is clear. Looking several times makes a wrong "slower" a little more likely than the
 * interval says; it asks for a whole interval beyond the limit, which noise alone does not give.
 */
export async function measureUntilClear(
  wishes: Interleaving,
  limit: number,
  random?: () => number,
): Promise<RatioEstimate> {
  const batches: Batch[] = [];
  for (let round = 1; ; round += 1) {
    batches.push(...(await measureInterleaved(wishes)));
    const estimate = estimateRatio(batches, limit, random);
    if (estimate.verdict !== 'uncertain' || round >= (wishes.mostRounds ?? MOST_ROUNDS) || wishes.signal.aborted)
      return estimate;
  }
}

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
