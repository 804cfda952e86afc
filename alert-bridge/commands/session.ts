// Polls updates and has them answered, in order within each chat. Ends for good on a conflict, because two pollers of one
// token take each other's updates; sending goes on.
import type { Clock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { BotClient } from '../telegram/bot-client.ts';
import { type Incoming, readUpdate } from '../telegram/incoming.ts';
import { pollUpdates } from '../telegram/updates.ts';
import { COMMANDS } from './registry.ts';

export interface SessionOptions {
  readonly client: BotClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Never throws. */
  readonly handle: (incoming: Incoming) => Promise<void>;
  /** Called once, when listening has ended though nobody stopped it. */
  readonly onEnded: (reason: 'conflict' | 'unauthorized') => void;
}

export interface Session {
  /** Whether a pressed button would be heard. */
  isListening(): boolean;
  username(): string | undefined;
  stop(): Promise<void>;
}

/** Chats whose answers may be under way at a time; further updates wait at Telegram. */
const MAX_CHATS = 16;

export function startSession({ client, clock, logger, handle, onEnded }: SessionOptions): Session {
  const stopping = new AbortController();
  const { signal } = stopping;
  const chats = new Map<string, Promise<void>>();
  let isListening = true;
  let username: string | undefined;
  let lastTrouble = '';

  function take(incoming: Incoming): void {
    const { chatId } = incoming.place;
    const work = (chats.get(chatId) ?? Promise.resolve()).then(() => handle(incoming));
    chats.set(chatId, work);
    void work.finally(() => {
      if (chats.get(chatId) === work) chats.delete(chatId);
    });
  }

  async function introduce(): Promise<void> {
    username = await client.username(signal);
    await client.publishCommands(COMMANDS.map(({ name, summary }) => ({ command: name, description: summary })));
  }

  async function listen(): Promise<void> {
    introduce().catch((error: unknown) => logger.debug({ err: error }, 'bot could not introduce itself'));
    const onTrouble = (error: unknown) => {
      if (errorText(error) !== lastTrouble) logger.warn({ err: error }, 'commands cannot be fetched, trying again');
      lastTrouble = errorText(error);
    };
    for await (const update of pollUpdates({ source: client, clock, signal, onTrouble })) {
      lastTrouble = '';
      const incoming = readUpdate(update);
      if (incoming) take(incoming);
      while (chats.size >= MAX_CHATS) await Promise.race(chats.values());
    }
  }

  const running = listen().catch((error: unknown) => {
    isListening = false;
    if (signal.aborted) return;
    const code = error instanceof AppError ? error.code : undefined;
    if (code === 'TG_CONFLICT') logger.error({ err: error }, 'commands are off: another program polls with this token');
    else logger.error({ err: error }, 'commands are off');
    onEnded(code === 'TG_CONFLICT' ? 'conflict' : 'unauthorized');
  });

  return {
    isListening: () => isListening && !signal.aborted,
    username: () => username,
    async stop() {
      stopping.abort();
      await running;
      await client.close();
      await Promise.all(chats.values());
    },
  };
}
