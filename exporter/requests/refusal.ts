// HTTP statuses with which venues refuse, in plain words, and how long to leave them alone. Handshakes and REST share it.

export interface Refusal {
  readonly text: string;
  /** Least wait before the next attempt, milliseconds. */
  readonly waitMs: number;
}

const MINUTE_MS = 60_000;
/** A venue that names a longer wait is not believed: a wrong header must not silence a feed for a day. */
const MAX_WAIT_MS = 60 * MINUTE_MS;

const MEANINGS: Readonly<Record<number, string>> = {
  403: 'the venue refuses this address (HTTP 403): too many requests, or a restricted location',
  404: 'the venue knows no such path (HTTP 404): check the configured URL',
  418: 'the venue has banned this address for a while (HTTP 418)',
  429: 'the venue asks for fewer requests (HTTP 429)',
  451: 'the venue does not serve this location (HTTP 451): run it elsewhere or set the URL of a host that does',
};

/** Statuses after which hurrying makes it worse. */
const LEAVE_ALONE: ReadonlySet<number> = new Set([403, 418, 429, 451]);

/** @param retryAfter the `Retry-After` header: seconds or an HTTP date */
export function describeRefusal(status: number, retryAfter: string | undefined, wallNowMs: number): Refusal {
  const text = MEANINGS[status] ?? (status >= 500 ? `the venue is in trouble (HTTP ${status})` : `HTTP ${status}`);
  const asked = retryAfterMs(retryAfter, wallNowMs);
  const waitMs = asked ?? (LEAVE_ALONE.has(status) ? MINUTE_MS : 0);
  return { text, waitMs: Math.min(waitMs, MAX_WAIT_MS) };
}

function retryAfterMs(header: string | undefined, wallNowMs: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallNowMs);
}
