// The fetch that the Telegram library is given: no redirects, its own connection pool, and every answer that is no answer
// of the Bot API (a proxy's page, a bare status) turned into one, so that its status is not lost.
import { Agent, fetch, Response } from 'undici';
import { asRecord } from '../../common/json-shape.ts';

export interface TelegramHttp {
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

/** Bot API answers are small; a body beyond this is none. */
const MAX_BODY_CHARS = 65_536;

export function createTelegramHttp(connectTimeoutMs: number): TelegramHttp {
  const agent = new Agent({ connections: 32, connect: { timeout: connectTimeoutMs }, keepAliveTimeout: 30_000 });
  const request: typeof fetch = async (input, init) => {
    // A redirect would carry the token in the URL to another host.
    const response = await fetch(input, { ...init, dispatcher: agent, redirect: 'manual' });
    if (response.status === 200) return response;
    const body = await response.text();
    return new Response(withErrorCode(body.slice(0, MAX_BODY_CHARS), response.status), { status: 200 });
  };
  return {
    // undici's own types and the global ones describe the same functions.
    fetch: request as unknown as typeof globalThis.fetch,
    close: () => agent.destroy(),
  };
}

function withErrorCode(body: string, status: number): string {
  const envelope = parseEnvelope(body);
  return JSON.stringify({
    description: `HTTP ${status}`,
    ...envelope,
    ok: false,
    error_code: envelope.error_code ?? status,
  });
}

function parseEnvelope(body: string): { readonly error_code?: unknown } {
  try {
    return asRecord(JSON.parse(body)) ?? {};
  } catch {
    return {};
  }
}
