// POST /webhook: authenticate, validate, hand to the outbox, and answer 2xx only after its commit. Sends nothing itself.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { type Alert, type LifeSign, lifeSignOf } from '../model/alert.ts';
import type { FailureLimit } from './failure-limit.ts';
import { createIntake, type Intake } from './intake.ts';
import { readWebhook, WebhookPayload } from './schema.ts';

export const REJECT_REASONS = [
  'unauthorized',
  'invalid',
  'too_large',
  'busy',
  'outbox_full',
  'outbox_unavailable',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export interface WebhookRouteOptions {
  readonly isAuthorized: (authorization: string | undefined) => boolean;
  readonly failures: FailureLimit;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves once every alert is on disk. @throws AppError OUTBOX_FULL or OUTBOX_UNAVAILABLE */
  readonly accept: (alerts: readonly Alert[]) => Promise<void>;
  /** Called for each alert that only shows that the chain works; it becomes no message. */
  readonly onLifeSign: (sign: LifeSign, alert: Alert) => void;
  readonly onAccepted: () => void;
  readonly onRejected: (reason: RejectReason) => void;
}

interface Refusal {
  readonly status: 400 | 401 | 413 | 503;
  readonly reason: RejectReason;
  readonly text: string;
}

export function registerWebhook(server: FastifyInstance, options: WebhookRouteOptions): void {
  const intake = createIntake(options.clock);
  server.post<{ Body: WebhookPayload }>(
    '/webhook',
    {
      schema: { body: structuredClone(WebhookPayload) },
      onRequest: async (request, reply) => {
        if (options.isAuthorized(request.headers.authorization)) return takeIn(intake, request, reply);
        const isFlood = options.failures.fail(request.ip);
        if (!isFlood) options.logger.warn({ address: request.ip }, 'webhook refused: wrong credential');
        await refuse(reply, options, {
          status: 401,
          reason: 'unauthorized',
          text: 'send "Authorization: Bearer <BRIDGE_WEBHOOK_TOKEN>"',
        });
      },
      errorHandler: (error, request, reply) => handleError(error, request, reply, options),
    },
    async (request, reply) => {
      const alerts = readWebhook(request.body, options.clock.wallNow());
      const deliverable = alerts.filter((alert) => {
        const sign = lifeSignOf(alert.labels);
        if (sign !== undefined && alert.status === 'firing') options.onLifeSign(sign, alert);
        return sign === undefined;
      });
      if (deliverable.length > 0) await options.accept(deliverable);
      if (request.body.truncatedAlerts) {
        options.logger.warn(
          { truncatedAlerts: request.body.truncatedAlerts },
          'alertmanager left alerts out of its webhook',
        );
      }
      options.onAccepted();
      return reply.send({ accepted: alerts.length });
    },
  );
}

/** Holds the request back until its body may be read, and its place until it is answered or gone. */
async function takeIn(intake: Intake, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const length = Number(request.headers['content-length']);
  // A body that does not say how large it is passes alone.
  const release = await intake.enter(Number.isFinite(length) ? length : Number.POSITIVE_INFINITY);
  if (reply.raw.closed) release();
  else reply.raw.once('close', release);
}

function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply, options: WebhookRouteOptions): void {
  const refusal = readRefusal(error);
  if (refusal.status !== 401) options.logger.warn({ err: error, address: request.ip }, 'webhook refused');
  void refuse(reply, options, refusal);
}

/** Alertmanager repeats 5xx only, so everything that can heal is a 503, never a 4xx. */
function readRefusal(error: unknown): Refusal {
  if (error instanceof AppError && error.code === 'WEBHOOK_INVALID') {
    return { status: 400, reason: 'invalid', text: error.message };
  }
  if (error instanceof AppError && error.code === 'WEBHOOK_BUSY') {
    return { status: 503, reason: 'busy', text: error.message };
  }
  if (error instanceof AppError && error.code === 'OUTBOX_FULL') {
    return { status: 503, reason: 'outbox_full', text: error.message };
  }
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) return { status: 413, reason: 'too_large', text: errorText(error) };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status: 400, reason: 'invalid', text: errorText(error) };
  }
  return { status: 503, reason: 'outbox_unavailable', text: 'the alerts could not be stored; send them again' };
}

async function refuse(reply: FastifyReply, options: WebhookRouteOptions, refusal: Refusal): Promise<void> {
  options.onRejected(refusal.reason);
  await reply.code(refusal.status).send({ error: refusal.reason, message: refusal.text });
}
