// Telegram's limits among several bridges. The database keeps them, where messages are claimed; this pacer only knows when
// another claim is worth while.
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import type { PostgresStore } from '../outbox/databases/postgres/store.ts';
import { FRESH_CHAT, isPaced, paceWaitMs } from '../outbox/pace.ts';
import type { Pacer } from '../telegram/pacing.ts';

/** For claims, from what the last one saw. A claim takes its slot in the database itself. */
export function createSharedPacer(store: Pick<PostgresStore, 'pace'>, clock: Clock): Pacer {
  return {
    waitMs(chat, isHigh) {
      const seen = store.pace();
      if (seen === undefined || !isPaced(chat)) return 0;
      const at = seen.at + clock.monotonicMs() - seen.seenAtMs;
      return paceWaitMs(seen.overall, seen.chats.get(chat.chatId) ?? FRESH_CHAT, chat, at, isHigh);
    },
    started: () => {},
    answered: () => {},
    refused: () => {},
  };
}

/** For answers to commands: they are sent at once, because somebody waits, and messages of the outbox give way to them. */
export function createReplyPacer(
  store: Pick<PostgresStore, 'takeSlot'>,
  logger: Logger,
): Pick<Pacer, 'started' | 'answered'> {
  return {
    started(chat) {
      store.takeSlot(chat).catch((error: unknown) => logger.debug({ err: error }, 'an answer was not counted'));
    },
    answered: () => {},
  };
}
