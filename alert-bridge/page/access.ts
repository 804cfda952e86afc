// Who may see pages and APIs: anybody on this machine when bound to loopback, else whoever holds the webhook's credential.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FailureLimit } from '../webhook/failure-limit.ts';

export interface AccessOptions {
  readonly isLoopback: boolean;
  readonly isAuthorized: (authorization: string | undefined) => boolean;
  readonly failures: FailureLimit;
  readonly onFailure: () => void;
}

export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A fastify hook: answers 401, or 429 to an address that keeps guessing. */
export function createAccessCheck({ isLoopback, isAuthorized, failures, onFailure }: AccessOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (isLoopback) return;
    // A right credential always passes, so that a guesser behind the same address cannot lock its owner out.
    if (isAuthorized(request.headers.authorization)) return;
    onFailure();
    if (failures.fail(request.ip)) {
      await reply.code(429).header('retry-after', '60').send({ error: 'too_many_failures', message: 'wait a minute' });
      return;
    }
    await reply
      .code(401)
      .header('www-authenticate', 'Basic realm="alert-bridge", charset="UTF-8"')
      .send({ error: 'unauthorized', message: 'the password is BRIDGE_WEBHOOK_TOKEN, with any user name' });
  };
}
