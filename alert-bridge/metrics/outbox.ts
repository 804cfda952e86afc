// The outbox and the bridges on it as metrics, read at scrape. A database that does not answer makes them absent, not old,
// and takes no other metric with it.
import { Gauge, type Registry } from 'prom-client';
import type { Cluster } from '../cluster/cluster.ts';
import { STATES } from '../outbox/delivery.ts';
import type { OutboxCounts, OutboxStore } from '../outbox/store.ts';

export function registerOutboxMetrics(
  registry: Registry,
  store: Pick<OutboxStore, 'counts'>,
  cluster: Pick<Cluster, 'isLeader' | 'peers'>,
): void {
  let reading: Promise<OutboxCounts | undefined> | undefined;
  /** One question for all the gauges of a scrape. */
  const read = () => {
    reading ??= store
      .counts()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  const gauge = (name: string, help: string, value: () => Promise<number | undefined>) =>
    new Gauge({
      name: `alertbridge_${name}`,
      help,
      labelNames: [],
      registers: [registry],
      async collect() {
        const present = await value();
        if (present === undefined) this.remove();
        else this.set(present);
      },
    });

  new Gauge({
    name: 'alertbridge_outbox_messages',
    help: 'Deliveries in the outbox by state; final states count as long as the history is kept.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await read();
      this.reset();
      if (counts) for (const state of STATES) this.set({ state }, counts.byState[state]);
    },
  });
  gauge(
    'outbox_oldest_message_timestamp_seconds',
    'When the oldest waiting delivery was accepted, seconds since 1970; absent while none waits.',
    async () => {
      const oldestAt = (await read())?.oldestWaitingAt;
      return oldestAt === undefined ? undefined : oldestAt / 1_000;
    },
  );
  gauge('outbox_up', '1 while the database of the outbox answers, else 0.', async () => ((await read()) ? 1 : 0));
  gauge(
    'leader',
    '1 on the bridge that answers commands and does what must be done once, else 0; always 1 on SQLite.',
    async () => (cluster.isLeader() ? 1 : 0),
  );
  gauge(
    'bridges',
    'Bridges alive on this outbox as this one last saw them; always 1 on SQLite.',
    async () => cluster.peers().bridges,
  );
}
