// The exporter's HTTP routes. Scrapes and health only: nothing here changes anything.
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { describeHealth, type HealthSources, isReady } from './health.ts';
import { describeRecent, type RecentLiquidation } from './recent.ts';

export interface RouteSources extends HealthSources {
  /** Every series, Prometheus text format. */
  readonly metricsChunks: () => AsyncIterable<string>;
  /** The few series that alert rules need; scraped twice a second. */
  readonly alertingChunks: () => AsyncIterable<string>;
  readonly metricsContentType: string;
  /** The newest liquidations, latest arrival first. */
  readonly recent: () => Iterable<RecentLiquidation>;
}

const DEFAULT_RECENT = 100;
const Query = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })) });

export function registerRoutes(server: FastifyInstance, sources: RouteSources): void {
  server.get('/metrics', (_request, reply) =>
    reply.type(sources.metricsContentType).send(Readable.from(sources.metricsChunks())),
  );
  server.get('/metrics/alerting', (_request, reply) =>
    reply.type(sources.metricsContentType).send(Readable.from(sources.alertingChunks())),
  );
  server.get<{ Querystring: { limit?: number } }>('/recent', { schema: { querystring: Query } }, async ({ query }) => ({
    liquidations: describeRecent(sources.recent(), query.limit ?? DEFAULT_RECENT),
  }));
  server.get('/health', async () => describeHealth(sources));
  server.get('/ready', async (_request, reply) => {
    const feeds = sources.feeds();
    if (isReady(feeds)) return { ready: true };
    const waitingFor = feeds
      .filter((feed) => !feed.connected)
      .map(({ exchange, feed, lastError }) => ({ exchange, feed, lastError }));
    return reply.code(503).send({ ready: false, waitingFor });
  });
}
