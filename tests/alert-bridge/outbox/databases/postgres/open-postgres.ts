// A PostgreSQL server for one test file, and outboxes in databases of their own on it.
import { Client } from 'pg';
import type { Test } from 'tap';
import {
  openPostgres,
  type PostgresConnection,
} from '../../../../../alert-bridge/outbox/databases/postgres/connection.ts';
import {
  createPostgresStore,
  type PostgresStore,
  type PostgresStoreOptions,
} from '../../../../../alert-bridge/outbox/databases/postgres/store.ts';
import { startPostgres, type TestPostgres } from '../../../../runner/postgres.ts';
import { createManualClock, type ManualClock, START_MS } from '../../../support/clocks.ts';
import { MARKET, rules, STACK } from '../store-contract.ts';

/** One server, started when it is first asked for, stopped when the file is done. */
export function sharedServer(t: Test): () => Promise<TestPostgres> {
  let server: Promise<TestPostgres> | undefined;
  t.teardown(async () => (await server)?.stop());
  return () => {
    server ??= startPostgres();
    return server;
  };
}

export interface OpenedBridge {
  readonly db: PostgresConnection;
  readonly store: PostgresStore;
  readonly clock: ManualClock;
  close(): Promise<void>;
}

/** A session beside the bridges' own, for what another one might just be doing. */
export async function openSession(t: Test, url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  t.teardown(() => client.end());
  return client;
}

/** Resolves once some session waits for a lock in this database. */
export async function untilSomebodyWaits(session: Client): Promise<void> {
  for (;;) {
    const { rows } = await session.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}

export const LEASE_MS = 8_000;

/** One bridge's store on the database, closed with the test. Claims keep no pace unless asked to. */
export async function openBridge(
  t: Test,
  url: string,
  wishes: Partial<PostgresStoreOptions> & { readonly afterMs?: number } = {},
): Promise<OpenedBridge> {
  const { afterMs = 0, ...options } = wishes;
  const clock = createManualClock(START_MS + afterMs);
  const db = await openPostgres(url);
  const store = await createPostgresStore(db, {
    ...{ rules: rules(), chats: [MARKET, STACK], clock, leaseMs: LEASE_MS, isPaced: false },
    ...options,
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await store.close();
    isOpen = false;
  };
  t.teardown(close);
  return { db, store, clock, close };
}
