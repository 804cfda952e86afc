// A fastify instance as both services want it: our logger, our limits, no powered-by chatter. Routes come from the service.
import { type FastifyInstance, fastify, LogController } from 'fastify';
import { answerClientError } from './client-error.ts';
import type { Logger } from './logger.ts';

export interface HttpServerOptions {
  readonly logger: Logger;
  /** Largest request body, bytes. */
  readonly bodyLimitBytes?: number;
}

export function createHttpServer({ logger, bodyLimitBytes = 1_048_576 }: HttpServerOptions): FastifyInstance {
  return fastify({
    loggerInstance: logger,
    // Scrapes arrive every second: a line for each would bury what matters.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    // A client that keeps its connection open must not hold up a shutdown.
    forceCloseConnections: true,
    requestTimeout: 10_000,
    clientErrorHandler: answerClientError,
  }) as unknown as FastifyInstance;
}
