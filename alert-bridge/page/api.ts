// The API beside the page: subscriptions and silences. Always with the webhook's credential, also on this machine: a
// page in somebody's browser must not silence anything. Faults are answered in words.

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { field } from '../../common/json-shape.ts';
import { formatQuietHours } from '../model/quiet-hours.ts';
import type { SilenceService } from '../silences/silence-service.ts';
import type { Subscriber, SubscriptionStore } from '../subscriptions/store.ts';
import { type AccessOptions, createAccessCheck } from './access.ts';
import { invalid, missing } from './answers.ts';
import { readSilenceBody } from './silence-body.ts';
import { readSubscriptionBody, showSubscriber } from './subscription-body.ts';

export interface ApiSource {
  readonly subscriptions: SubscriptionStore;
  readonly silences: SilenceService;
  readonly clock: Clock;
  readonly onSubscribers: () => void;
}

export function registerApi(scope: FastifyInstance, source: ApiSource, access: AccessOptions): void {
  const { subscriptions, silences } = source;
  const guarded = { onRequest: createAccessCheck({ ...access, isLoopback: false }) };

  scope.get('/subscriptions', guarded, async () => (await subscriptions.list()).map(show));
  scope.put('/subscriptions', guarded, async (request, reply) => {
    const read = readSubscriptionBody(request.body);
    if (read.type === 'invalid') return invalid(reply, read.faults);
    const known = await subscriptions.find(read.chat.key);
    await subscriptions.put(known?.chat ?? read.chat, read.subscription, source.clock.now());
    source.onSubscribers();
    const kept = await subscriptions.find(read.chat.key);
    return reply.code(known ? 200 : 201).send(kept && show(kept));
  });
  scope.delete('/subscriptions', guarded, async (request, reply) => {
    const chat = String(field(request.query, 'chat') ?? '');
    if (chat === '') return invalid(reply, ['chat: say which, as in DELETE /subscriptions?chat=123']);
    return (await subscriptions.remove(chat))
      ? reply.code(204).send()
      : missing(reply, `no subscription of ${chat} is kept`);
  });

  scope.get('/silences', guarded, async (_request, reply) => answer(reply, 200, () => silences.list()));
  scope.post('/silences', guarded, async (request, reply) => {
    const read = readSilenceBody(request.body, 'API');
    if (read.type === 'invalid') return invalid(reply, read.faults);
    return answer(reply, 201, () => silences.silence({ ...read, chat: undefined }));
  });
  scope.delete('/silences', guarded, async (request, reply) => {
    const id = String(field(request.query, 'id') ?? '');
    if (id === '') return invalid(reply, ['id: say which, as in DELETE /silences?id=3']);
    return answer(reply, 200, () => silences.undo(id));
  });
}

function show(subscriber: Subscriber) {
  const { quiet } = subscriber.subscription;
  return showSubscriber(subscriber, quiet && formatQuietHours(quiet));
}

async function answer(reply: FastifyReply, status: number, work: () => Promise<unknown>): Promise<FastifyReply> {
  try {
    return reply.code(status).send(await work());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'SILENCE_UNKNOWN') return missing(reply, error.message);
    return reply.code(503).send({ error: error.code.toLowerCase(), message: error.message });
  }
}
