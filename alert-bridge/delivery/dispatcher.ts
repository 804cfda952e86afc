// The delivery loop: claims what is due, one message per chat at a time and at Telegram's pace, sends it, and records what
// came of it. Decides nothing itself: order is the outbox's, repeats are the retry policy's, words are the formatter's.
import type { Clock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Delivery, Settlement } from '../outbox/delivery.ts';
import { LOWEST_RANK, type Rank } from '../outbox/priority.ts';
import type { OutboxStore } from '../outbox/store.ts';
import type { Pacer } from '../telegram/pacing.ts';
import type { Attempt, DeliveryAttempt } from './attempt.ts';
import { createOutageBreaker } from './outage-breaker.ts';
import type { WakeSignal } from './wake-signal.ts';

export interface DispatcherOptions {
  readonly store: OutboxStore;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wakeSignal: WakeSignal;
  /** Sends one claimed delivery; never throws. */
  readonly attempt: DeliveryAttempt;
  readonly onSettled: (delivery: Delivery, settlement: Settlement) => void;
}

export interface Dispatcher {
  start(): void;
  /** Claims no more and waits for the sends in flight. */
  stop(): Promise<void>;
}

/** One request a chat, so this many chats wait for slow answers without holding up the others. */
const MAX_IN_FLIGHT = 32;
const MAX_SLEEP_MS = 30_000;
const SETTLE_RETRY_MS = 1_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, pacer, clock, logger, wakeSignal } = options;
  const inFlight = new Map<string, Promise<void>>();
  const breaker = createOutageBreaker(clock);
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  let chats: readonly ChatAddress[] = [];

  /** Telegram may have moved a group to another id: the outbox has the present one. */
  async function readChats(): Promise<void> {
    chats = (await store.chats()).map((chat) => chat.address);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (wakeSignal.beginRound()) await settleSurely(readChats);
      try {
        if (await startNext()) continue;
        await sleep(await idleMs());
      } catch (error) {
        logger.error({ err: error }, 'outbox cannot be read, trying again');
        await sleep(SETTLE_RETRY_MS);
      }
    }
  }

  async function startNext(): Promise<boolean> {
    if (inFlight.size >= MAX_IN_FLIGHT || breaker.waitMs() > 0) return false;
    const free = chats.filter((chat) => !inFlight.has(chat.chatId));
    const open = free.filter((chat) => pacer.waitMs(chat, false) === 0);
    // What a pace keeps for high priority is open to nothing else.
    const delivery =
      (await claim(open, LOWEST_RANK)) ??
      (await claim(
        free.filter((chat) => pacer.waitMs(chat, true) === 0),
        0,
      ));
    if (!delivery) return false;
    pacer.started(delivery.chat);
    const work = deliver(delivery).finally(() => {
      inFlight.delete(delivery.chat.chatId);
      wakeSignal.wake();
    });
    inFlight.set(delivery.chat.chatId, work);
    return true;
  }

  async function claim(chats: readonly ChatAddress[], lowestRank: Rank): Promise<Delivery | undefined> {
    if (chats.length === 0) return undefined;
    return store.claim(
      chats.map((chat) => chat.key),
      clock.now(),
      lowestRank,
    );
  }

  async function deliver(delivery: Delivery): Promise<void> {
    let attempt: Attempt;
    try {
      attempt = await options.attempt(delivery);
    } catch (error) {
      // A fault of ours, in one message: it must not stop the others, nor come back forever.
      logger.error({ err: error, deliveryId: delivery.id }, 'message could not be written');
      attempt = { settlement: { type: 'dead', reason: 'bad_request' }, outcome: undefined };
    }
    const { outcome } = attempt;
    if (outcome) pacer.answered(delivery.chat);
    if (outcome?.type === 'rate_limited') pacer.refused(delivery.chat, outcome.retryAfterSeconds * 1_000);
    if (outcome) breaker.record(outcome);
    if (outcome?.type === 'forbidden')
      await settleSurely(() => store.pauseChat(delivery.chat.key, 'forbidden', clock.now()));
    if (outcome?.type === 'migrated') {
      await settleSurely(() => store.moveChat(delivery.chat.key, outcome.chatId));
      await settleSurely(readChats);
    }
    await settleSurely(() => store.settle(delivery.id, attempt.settlement, clock.now()));
    options.onSettled(delivery, attempt.settlement);
  }

  /** What Telegram did must be recorded: a full disk is waited out, because giving up would send the message again. */
  async function settleSurely(record: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await record();
        return;
      } catch (error) {
        if (error instanceof AppError && error.code === 'OUTBOX_CONFLICT') {
          // This bridge counted as dead; another one has sent the message once more, or will.
          logger.warn({ err: error }, 'what came of a message is no longer ours to record');
          return;
        }
        logger.error({ err: error }, 'outbox cannot be written, trying again');
        if (stopping.signal.aborted) return;
        await clock.sleep(SETTLE_RETRY_MS, stopping.signal).catch(() => {});
      }
    }
  }

  /** How long the loop may sleep, as far as is known now. */
  async function idleMs(): Promise<number> {
    const dueAt = await store.nextDueAt();
    if (dueAt === undefined) return MAX_SLEEP_MS;
    const dueMs = dueAt - clock.now();
    if (dueMs > 0) return dueMs;
    const waits = chats
      .filter((chat) => !inFlight.has(chat.chatId))
      .flatMap((chat) => [pacer.waitMs(chat, true), pacer.waitMs(chat, false)])
      .filter((ms) => ms > 0);
    return Math.max(breaker.waitMs(), Math.min(...waits, 1_000));
  }

  async function sleep(ms: number): Promise<void> {
    if (!stopping.signal.aborted) await wakeSignal.sleep(Math.min(Math.max(1, Math.ceil(ms)), MAX_SLEEP_MS));
  }

  return {
    start() {
      loop = run().catch((error: unknown) => logger.fatal({ err: error }, `delivery loop ended: ${errorText(error)}`));
    },
    async stop() {
      stopping.abort();
      wakeSignal.wake();
      await loop;
      await Promise.all(inFlight.values());
    },
  };
}
