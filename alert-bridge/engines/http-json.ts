// Asks an engine over HTTP for JSON: bounded in time and size, and unknown until its fields are checked.
import { request } from 'undici';
import type { Texts } from '../model/alert.ts';

export interface JsonRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
}

const TIMEOUT_MS = 2_000;
const MAX_BODY_BYTES = 4_194_304;

/**
 * The parsed answer of a 2xx; `undefined` for an empty one.
 * @throws Error when it does not come within two seconds, is no 2xx, too large or no JSON
 */
export async function requestJson(url: string, { method = 'GET', body }: JsonRequest = {}): Promise<unknown> {
  const answer = await request(url, {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
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

/** The entries that are text; none of anything that is no object. */
export function texts(value: unknown): Texts {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
