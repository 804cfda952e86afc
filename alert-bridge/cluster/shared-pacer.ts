// Telegram's limits as a bridge among several sees them: they are kept where claims are made, in the database; here it is
// only known when another look is worth while.
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import type { PostgresStore } from '../outbox/databases/postgres/store.ts';
import { FRESH_CHAT, isPaced, paceWaitMs } from '../outbox/pace.ts';
import type { Pacer } from '../telegram/pacing.ts';

/** For claims: what was seen at the last one. A claim takes its slot itself, and so does the end of one. */
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

/** For answers to commands: somebody waits for them, so they go at once, and what the outbox sends waits for them. */
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
