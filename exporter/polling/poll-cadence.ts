// How often open interest can be asked for within a number of requests per hour. Pure.

export interface Cadence {
  /** Between two rounds over all calls. */
  readonly seconds: number;
  /** Why that is slower than was asked for, or than five minutes; in plain words. */
  readonly complaint: string | undefined;
}

/** EXP-3: every five minutes or better. */
export const SLOWEST_SECONDS = 300;
/** Faster than venues refresh the figure brings nothing. */
const FASTEST_SECONDS = 5;

/** The budget is "below N per hour". */
export function usableRequests(requestsPerHour: number): number {
  return Math.max(1, requestsPerHour - 1);
}

/** Calls that fit into one round of five minutes. */
export function callsWithinBudget(requestsPerHour: number): number {
  return Math.floor((usableRequests(requestsPerHour) * SLOWEST_SECONDS) / 3_600);
}

/**
 * @param calls requests in one round
 * @param wanted `OI_POLL_SECONDS`: seconds, or `auto` for the fastest that the budget allows
 */
export function planCadence(calls: number, wanted: number | 'auto', requestsPerHour: number): Cadence {
  const fastest = Math.ceil((calls * 3_600) / usableRequests(requestsPerHour));
  const seconds = Math.max(fastest, wanted === 'auto' ? FASTEST_SECONDS : wanted);
  const limit = `OI_REQUESTS_PER_HOUR=${requestsPerHour} allows one round of ${calls} in ${fastest} s`;
  if (seconds > SLOWEST_SECONDS) return { seconds, complaint: `slower than ${SLOWEST_SECONDS} s: ${limit}` };
  if (wanted !== 'auto' && seconds > wanted)
    return { seconds, complaint: `slower than OI_POLL_SECONDS=${wanted}: ${limit}` };
  return { seconds, complaint: undefined };
}
