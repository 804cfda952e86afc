// One HTTP request with everything that can be known about its answer; a refused connection is an answer too.
import { request } from 'undici';
import { errorText } from '../common/errors.ts';

export interface HttpAnswer {
  /** 0 where nothing answered. */
  readonly status: number;
  readonly text: string;
  /** The body where it is JSON. */
  readonly json: unknown;
  /** From the request to the last byte. */
  readonly milliseconds: number;
  /** Why there was no answer. */
  readonly failure: string | undefined;
}

export interface HttpCall {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export async function call({
  url,
  method = 'GET',
  body,
  headers = {},
  timeoutMs = 5_000,
}: HttpCall): Promise<HttpAnswer> {
  const startedAt = performance.now();
  try {
    const answer = await request(url, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.body.text();
    const milliseconds = performance.now() - startedAt;
    return { status: answer.statusCode, text, json: parse(text), milliseconds, failure: undefined };
  } catch (error) {
    const milliseconds = performance.now() - startedAt;
    return { status: 0, text: '', json: undefined, milliseconds, failure: describe(error, timeoutMs) };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'ECONNREFUSED' ? 'nothing listens there' : errorText(error);
}
