// GET and POST of JSON with time-outs and a bound on the answer's size, and every failure in plain words. Nothing is thrown.
// By the fetch that Node brings: undici as a package would be a second copy of it, ten megabytes of memory for the same.

import type { Clock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import { asRecord, textOf } from '../../common/json-shape.ts';
import { describeRefusal, type Refusal } from './refusal.ts';

/** `status` of a failure is `undefined` where no answer came. */
export type RestAnswer =
  | { readonly type: 'answered'; readonly body: unknown }
  | ({ readonly type: 'failed'; readonly status: number | undefined } & Refusal);

export interface RestClient {
  /** @param body sent as JSON by POST; GET without it */
  fetchJson(url: string, signal: AbortSignal, body?: unknown): Promise<RestAnswer>;
}

/** For a whole answer, from connecting to its last byte. */
const TIMEOUT_MS = 20_000;
/** The longest list of contracts is some two megabytes. */
const MAX_ANSWER_BYTES = 33_554_432;
const THROTTLE_WAIT_MS = 60_000;
export interface RestClientOptions {
  readonly clock: Clock;
  /** Values of `code` or `retCode` with which an answer of status 200 says "too many requests". */
  readonly throttleCodes?: readonly string[];
  readonly timeoutMs?: number;
}

export function createRestClient({ clock, throttleCodes = [], timeoutMs = TIMEOUT_MS }: RestClientOptions): RestClient {
  return {
    async fetchJson(url, signal, body) {
      try {
        const response = await fetch(url, {
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          redirect: 'manual',
          ...(body === undefined
            ? {}
            : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        });
        const text = await readText(response);
        if (response.status === 200) return readAnswer(text, throttleCodes);
        const retryAfter = response.headers.get('retry-after') ?? undefined;
        const refusal = describeRefusal(response.status, retryAfter, clock.wallNow());
        return { type: 'failed', status: response.status, ...refusal };
      } catch (error) {
        // "fetch failed" says nothing; what stands behind it does.
        const reason = errorText(error instanceof Error && error.cause ? error.cause : error) || 'connection refused';
        return { type: 'failed', status: undefined, text: `no answer: ${reason}`, waitMs: 0 };
      }
    },
  };
}

/** @throws AppError REST_TOO_LARGE before more than the bound is held */
async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new AppError('REST_TOO_LARGE', `its size is above ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString();
}

function readAnswer(text: string, throttleCodes: readonly string[]): RestAnswer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { type: 'failed', status: 200, text: `an answer that is no JSON: ${text.slice(0, 80)}`, waitMs: 0 };
  }
  const record = asRecord(body);
  const code = textOf(record?.code) ?? textOf(record?.retCode);
  if (code !== undefined && throttleCodes.includes(code)) {
    const refusal = `the venue asks for fewer requests (code ${code})`;
    return { type: 'failed', status: 200, text: refusal, waitMs: THROTTLE_WAIT_MS };
  }
  return { type: 'answered', body };
}
