// The page, its forms and the API: guarded, under back-pressure, and under a policy that lets nothing run.
import { createHash } from 'node:crypto';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { type AccessOptions, createAccessCheck } from './access.ts';
import { sendPage } from './answers.ts';
import { type ApiSource, registerApi } from './api.ts';
import { createFormGuard } from './form-guard.ts';
import { type HistorySource, registerHistory } from './history-route.ts';
import { renderPage } from './render.ts';
import { registerSettings } from './settings.ts';
import { readSnapshot, type SnapshotSource } from './snapshot.ts';
import { STYLE } from './style.ts';

const STYLE_HASH = createHash('sha256').update(STYLE.toString()).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

/** Registers in a scope of its own: neither the guard nor the credential of the page touches the webhook. */
export async function registerPage(
  server: FastifyInstance,
  source: SnapshotSource & ApiSource & HistorySource,
  access: AccessOptions,
): Promise<void> {
  const guard = createFormGuard(access.isLoopback);
  await server.register(async (scope) => {
    await scope.register(underPressure, {
      maxEventLoopDelay: 1_000,
      retryAfter: 5,
      message: 'busy, try again shortly',
    });
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', POLICY);
      reply.header('x-content-type-options', 'nosniff');
      // Not `no-referrer`: browsers would then send our own forms with the origin `null`.
      reply.header('referrer-policy', 'same-origin');
      reply.header('cache-control', 'no-store');
    });
    registerApi(scope, source, access);
    await scope.register(async (pages) => {
      pages.addHook('onRequest', createAccessCheck(access));
      pages.addHook('onRequest', async (request, reply) => {
        if (guard.isOwnHost(request.headers.host)) return;
        await reply
          .code(403)
          .send({ error: 'forbidden', message: 'open the page by its address, not by another name' });
      });
      pages.get('/', async (_request, reply) => sendPage(reply, 200, renderPage(await readSnapshot(source))));
      pages.get('/dashboard.json', async () => readSnapshot(source));
      registerHistory(pages, source);
      registerSettings(pages, source, guard);
    });
  });
}
