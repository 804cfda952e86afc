// GET /health, /ready and /metrics: for machines, without a credential, and without any text of an alert.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Heartbeat } from '../liveness/heartbeat.ts';
import type { BridgeMetrics } from '../metrics/bridge-metrics.ts';
import type { OutboxStore } from '../outbox/store.ts';

export interface HealthSource {
  readonly store: OutboxStore;
  readonly cluster: Cluster;
  readonly heartbeat: Heartbeat;
  /** Whether commands and buttons are answered, by whichever bridge. */
  readonly isHeard: () => boolean;
  readonly metrics: BridgeMetrics;
  readonly destination: 'telegram' | 'terminal';
  readonly startedMs: number;
  readonly clock: Clock;
}

export function registerHealth(server: FastifyInstance, source: HealthSource): void {
  const { store, cluster, heartbeat, metrics, destination, clock } = source;
  server.get('/health', async (_request, reply) => {
    const uptimeSeconds = Math.round((clock.monotonicMs() - source.startedMs) / 1_000);
    try {
      const { byState, oldestWaitingAt } = await store.counts();
      const chats = await store.chats();
      const pausedChats = chats.filter((chat) => chat.pausedReason !== undefined).length;
      return {
        status: 'ok',
        uptimeSeconds,
        destination,
        store: cluster.storeKind,
        isLeader: cluster.isLeader(),
        bridges: cluster.peers().bridges,
        areCommandsAnswered: source.isHeard(),
        outbox: { ...byState, oldestWaitingAt: oldestWaitingAt && new Date(oldestWaitingAt).toISOString() },
        chats: { total: chats.length, paused: pausedChats },
        heartbeat: {
          lastAt: heartbeat.lastBeatAt && new Date(heartbeat.lastBeatAt).toISOString(),
          isSilent: heartbeat.isSilent,
        },
      };
    } catch {
      return reply
        .code(503)
        .send({ status: 'outbox unavailable', uptimeSeconds, destination, store: cluster.storeKind });
    }
  });
  server.get('/ready', async (_request, reply) => {
    try {
      await store.counts();
      return { status: 'ready' };
    } catch {
      return reply.code(503).send({ status: 'outbox unavailable' });
    }
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
