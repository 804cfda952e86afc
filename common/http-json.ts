// One HTTP request whose answer is JSON: bounded in time and size, and unknown until its fields are checked.
import { request } from 'undici';

export interface JsonRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
const MAX_BODY_BYTES = 4_194_304;

/**
 * The parsed answer of a 2xx; `undefined` for an empty one.
 * @throws Error when it does not come in time, is no 2xx, too large or no JSON
 */
export async function requestJson(
  url: string,
  { method = 'GET', body, timeoutMs = TIMEOUT_MS }: JsonRequest = {},
): Promise<unknown> {
  const answer = await request(url, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES)
      throw new RangeError(`${new URL(url).pathname} answered more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (answer.statusCode < 200 || answer.statusCode > 299) {
    throw new Error(`${new URL(url).pathname} answered ${answer.statusCode}: ${text.slice(0, 200)}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}
