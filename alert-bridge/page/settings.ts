// GET /settings and its forms: the same subscriptions and silences as over the API, for a browser without scripts.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/errors.ts';
import { asRecord, field } from '../../common/json-shape.ts';
import { sendPage } from './answers.ts';
import type { ApiSource } from './api.ts';
import type { FormGuard } from './form-guard.ts';
import { renderSettings } from './render-settings.ts';
import { readSilenceBody } from './silence-body.ts';
import { readSubscriptionBody } from './subscription-body.ts';

/** Registers the pages that a browser posts; the caller's scope guards access. */
export function registerSettings(scope: FastifyInstance, source: ApiSource, guard: FormGuard): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, readForm(String(body)));
  });

  const show = async (reply: FastifyReply, faults: readonly string[] = []) => {
    const silences = await source.silences.list().catch(() => undefined);
    const subscribers = await source.subscriptions.list();
    const page = renderSettings({ subscribers, silences, faults, token: guard.token });
    return sendPage(reply, faults.length === 0 ? 200 : 400, page);
  };
  const take = (path: string, work: (body: unknown) => Promise<readonly string[]>) =>
    scope.post(path, async (request: FastifyRequest, reply) => {
      const fault = guard.faultOf(request.headers, String(field(request.body, 'token') ?? ''));
      if (fault) return reply.code(403).send({ error: 'forbidden', message: fault });
      const faults = await work(request.body).catch((error: unknown) => {
        if (error instanceof AppError) return [error.message];
        throw error;
      });
      return faults.length === 0 ? reply.redirect('/settings', 303) : show(reply, faults);
    });

  scope.get('/settings', async (_request, reply) => show(reply));
  take('/settings/subscription', async (body) => {
    const isUnticked = field(body, 'form') === 'full' && field(body, 'types') === undefined;
    if (isUnticked) return ['types: tick at least one, or pause the chat'];
    const given = Object.entries(asRecord(body) ?? {});
    const fields = Object.fromEntries(given.filter(([name]) => name !== 'token' && name !== 'form'));
    const read = readSubscriptionBody({ ...fields, paused: field(body, 'paused') === 'on' });
    if (read.type === 'invalid') return read.faults;
    const known = await source.subscriptions.find(read.chat.key);
    await source.subscriptions.put(known?.chat ?? read.chat, read.subscription, source.clock.now());
    source.onSubscribers();
    return [];
  });
  take('/settings/unsubscribe', async (body) => {
    await source.subscriptions.remove(String(field(body, 'chat') ?? ''));
    return [];
  });
  take('/settings/silence', async (body) => {
    const read = readSilenceBody(body, 'page');
    if (read.type === 'invalid') return read.faults;
    await source.silences.silence({ ...read, chat: undefined });
    return [];
  });
  take('/settings/unsilence', async (body) => {
    await source.silences.undo(String(field(body, 'id') ?? ''));
    return [];
  });
}

/** A name that occurs more than once becomes a list: check boxes. */
function readForm(body: string): Readonly<Record<string, unknown>> {
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => [name, name === 'types' ? form.getAll(name) : form.get(name)]),
  );
}
