// GET and POST of JSON with time-outs and a bound on the answer's size, and every failure in plain words. Nothing is thrown.
import { Agent, request } from 'undici';
import type { Clock } from '../../common/clock.ts';
import { errorText } from '../../common/errors.ts';
import { asRecord, textOf } from './venue-protocol.ts';
import { describeRefusal, type Refusal } from './venue-refusal.ts';

export type RestAnswer =
  | { readonly type: 'answered'; readonly body: unknown }
  | ({ readonly type: 'failed' /** `undefined` where none came. */; readonly status: number | undefined } & Refusal);

export interface RestClient {
  /** @param body sent as JSON by POST; GET without it */
  fetchJson(url: string, signal: AbortSignal, body?: unknown): Promise<RestAnswer>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** The longest list of contracts is some two megabytes. */
const MAX_ANSWER_BYTES = 33_554_432;
const THROTTLE_WAIT_MS = 60_000;
/** Venues that throttle inside an answer with status 200: OKX `code`, Bybit `retCode`. */
const THROTTLE_CODES: ReadonlySet<string> = new Set(['50011', '10006', '10018']);

export function createRestClient(clock: Clock, timeoutMs = TIMEOUT_MS): RestClient {
  const agent = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  return {
    async fetchJson(url, signal, body) {
      try {
        const {
          statusCode,
          headers,
          body: answer,
        } = await request(url, {
          dispatcher: agent,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * 2)]),
          ...(body === undefined
            ? {}
            : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        const retryAfter = headers['retry-after'];
        if (statusCode !== 200) {
          const header = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
          return { type: 'failed', status: statusCode, ...describeRefusal(statusCode, header, clock.wallNow()) };
        }
        return readAnswer(text);
      } catch (error) {
        const reason = errorText(error) || 'connection refused';
        return { type: 'failed', status: undefined, text: `no answer: ${reason}`, waitMs: 0 };
      }
    },
    close: () => agent.destroy(),
  };
}

function readAnswer(text: string): RestAnswer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { type: 'failed', status: 200, text: `an answer that is no JSON: ${text.slice(0, 80)}`, waitMs: 0 };
  }
  const record = asRecord(body);
  const code = textOf(record?.code) ?? textOf(record?.retCode);
  if (code !== undefined && THROTTLE_CODES.has(code)) {
    const refusal = `the venue asks for fewer requests (code ${code})`;
    return { type: 'failed', status: 200, text: refusal, waitMs: THROTTLE_WAIT_MS };
  }
  return { type: 'answered', body };
}
