// Decides which of several bridges leads: the one whose session holds an advisory lock of PostgreSQL. The lock ends with the
// session, and the session with the process. The server disconnects a leader that hangs; by then it no longer leads.
import { Client, type QueryResult } from 'pg';
import type { Clock } from '../../common/clock.ts';
import { errorText } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { lockKey } from '../outbox/databases/postgres/locks.ts';

export interface LeadershipOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Leadership {
  isLeader(): boolean;
  /** Lets another bridge lead. */
  stop(): Promise<void>;
}

const ASK_PERIOD_MS = 1_000;
const QUERY_TIMEOUT_MS = 2_500;
/** The server ends a session that has asked nothing for so long (PostgreSQL 14 and later), and with it the lock. */
const SESSION_IDLE_MS = 6_000;
/** A leader without an answer for so long stops leading, well before the lock is free for the next. */
const BELIEVED_MS = 4_000;

const TRY_TO_HOLD = `SELECT pg_try_advisory_lock(${lockKey('lead')}) AS held`;
const STILL_HELD = 'SELECT TRUE AS held';

export function startLeadership({ url, clock, logger }: LeadershipOptions): Leadership {
  const stopping = new AbortController();
  const { signal } = stopping;
  let confirmedAtMs = Number.NEGATIVE_INFINITY;
  let wasLeader = false;
  let lastTrouble = '';

  const isLeader = () => !signal.aborted && clock.monotonicMs() - confirmedAtMs < BELIEVED_MS;

  function logChange(): void {
    if (isLeader() === wasLeader) return;
    wasLeader = isLeader();
    logger.info(wasLeader ? 'this bridge leads now' : 'this bridge leads no more');
  }

  async function hold(client: Client): Promise<void> {
    await client.connect();
    // Older servers know no such setting; there a leader that hangs is found by the network alone.
    await client.query(`SET idle_session_timeout = ${SESSION_IDLE_MS}`).catch(() => {});
    let isHeld = false;
    while (!signal.aborted) {
      const askedAtMs = clock.monotonicMs();
      const answer: QueryResult = await client.query(isHeld ? STILL_HELD : TRY_TO_HOLD);
      isHeld = answer.rows[0]?.held === true;
      if (isHeld) confirmedAtMs = askedAtMs;
      lastTrouble = '';
      logChange();
      await clock.sleep(ASK_PERIOD_MS, signal).catch(() => {});
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const client = new Client({
        connectionString: url,
        connectionTimeoutMillis: QUERY_TIMEOUT_MS,
        query_timeout: QUERY_TIMEOUT_MS,
        keepAlive: true,
        application_name: 'alert-bridge leadership',
      });
      // A session that ends between two questions is found by the next of them.
      client.on('error', () => {});
      try {
        await hold(client);
      } catch (error) {
        // The lock is the session's: without it another may lead already.
        confirmedAtMs = Number.NEGATIVE_INFINITY;
        if (errorText(error) !== lastTrouble)
          logger.warn({ err: error }, 'leadership cannot be asked for, trying again');
        lastTrouble = errorText(error);
        logChange();
      }
      await client.end().catch(() => {});
      await clock.sleep(ASK_PERIOD_MS, signal).catch(() => {});
    }
  }

  const running = run();
  return {
    isLeader,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
