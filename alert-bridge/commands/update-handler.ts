// One incoming update → one answer: finds the person's rights, runs the command or follows the button. Whatever goes wrong,
// the person gets an answer, and the next update is handled.

import { AppError } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Keyboard } from '../format/buttons.ts';
import { EVERYTHING } from '../model/subscription.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import type { BotClient } from '../telegram/bot-client.ts';
import type { Incoming, Place } from '../telegram/incoming.ts';
import type { ButtonServices } from './button-actions.ts';
import { handleCallbackQuery } from './callback-queries.ts';
import type { Command, CommandServices } from './command.ts';
import { helpText } from './help.ts';
import { COMMANDS } from './registry.ts';
import { isEnough, rightsOf, subscriberAt } from './rights.ts';

export const REFUSE_REASONS = ['stranger', 'not_admin'] as const;
export type RefuseReason = (typeof REFUSE_REASONS)[number];

export interface UpdateHandlerOptions {
  readonly client: Pick<BotClient, 'reply' | 'answerCallbackQuery' | 'showKeyboard'>;
  readonly services: CommandServices;
  readonly buttons: ButtonServices;
  readonly adminIds: readonly number[];
  readonly logger: Logger;
  /** The buttons that belong under an alert's message now. */
  readonly buttonsOf: (alert: StoredAlert) => Promise<Keyboard>;
  /** `undefined` while it is not known. */
  readonly username: () => string | undefined;
  readonly onCommand: () => void;
  readonly onRefused: (reason: RefuseReason) => void;
}

/** A command of before an outage must not silence anything now. */
const STALE_MS = 120_000;
/** A stranger is answered once in this time, so that nobody can make the bot shout. */
const REFUSAL_GAP_MS = 60_000;
const MAX_STRANGERS = 1_000;

export function createUpdateHandler(options: UpdateHandlerOptions): (incoming: Incoming) => Promise<void> {
  const { client, services, logger } = options;
  const refusedAt = new Map<string, number>();

  async function identify({ place, person }: Incoming) {
    const subscriber = subscriberAt(place, await services.subscriptions.list());
    return { subscriber, rights: rightsOf(person, subscriber, options.adminIds) };
  }

  async function refuse({ place, person }: Incoming, reason: RefuseReason): Promise<void> {
    options.onRefused(reason);
    const now = services.clock.monotonicMs();
    const last = refusedAt.get(place.chatId);
    if (last !== undefined && now - last < REFUSAL_GAP_MS) return;
    refusedAt.delete(place.chatId);
    refusedAt.set(place.chatId, now);
    const oldest = refusedAt.keys().next();
    if (refusedAt.size > MAX_STRANGERS && !oldest.done) refusedAt.delete(oldest.value);
    const words =
      reason === 'stranger'
        ? 'Sorry, this bot only talks to people it was told about.'
        : 'Sorry, that is for people on the allow-list.';
    await client.reply(place, `${words} Your id is ${person.id}: ask its owner to add it to TELEGRAM_ADMIN_IDS.`);
  }

  async function handleText(incoming: Incoming & { readonly type: 'text' }): Promise<void> {
    const asked = readCommand(incoming.text, options.username());
    // In a group people also talk to each other, and to other bots.
    if (asked === undefined && !incoming.place.isPrivate) return;
    if (asked?.isForOther) return;
    const { subscriber, rights } = await identify(incoming);
    if (rights === 'stranger') return refuse(incoming, 'stranger');
    const command = COMMANDS.find(({ name }) => name === asked?.name);
    if (command === undefined) {
      const sorry = asked ? `I do not know /${asked.name}.` : 'I only understand commands.';
      return client.reply(incoming.place, `${sorry}\n\n${helpText(COMMANDS, rights)}`);
    }
    const { needs, needsInGroup = needs } = command;
    if (!isEnough(rights, incoming.place.isPrivate ? needs : needsInGroup)) return refuse(incoming, 'not_admin');
    if (services.clock.wallNow() - incoming.sentAtMs > STALE_MS) {
      return client.reply(incoming.place, `I was away when you sent /${command.name}. Please send it again.`);
    }
    options.onCommand();
    const chat = subscriber?.chat ?? chatAt(incoming.place);
    const subscription = subscriber?.subscription ?? EVERYTHING;
    const call = {
      words: asked?.words ?? [],
      chat,
      subscription,
      isSubscriber: subscriber !== undefined,
      person: incoming.person,
      rights,
    };
    await client.reply(incoming.place, await answerOf(command, () => command.run(call, services)));
  }

  async function answerOf(command: Command, run: () => Promise<string>): Promise<string> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('SILENCE_')) return `❌ ${error.message}`;
      logger.warn({ err: error, command: command.name }, 'command failed');
      return `❌ /${command.name} did not work: what it needs does not answer. Nothing was changed; try again shortly.`;
    }
  }

  async function handleButton(incoming: Incoming & { readonly type: 'query' }): Promise<void> {
    const { subscriber, rights } = await identify(incoming);
    const chatKey = subscriber?.chat.key ?? incoming.place.chatId;
    const result = await handleCallbackQuery(
      { data: incoming.data, person: incoming.person, rights, chatKey },
      options.buttons,
    ).catch((error: unknown) => {
      logger.warn({ err: error }, 'button failed');
      return { answer: '❌ That did not work. Try again shortly.', alert: undefined, isRefused: false };
    });
    if (result.isRefused) options.onRefused(rights === 'stranger' ? 'stranger' : 'not_admin');
    else options.onCommand();
    await client.answerCallbackQuery(incoming.id, result.answer);
    if (result.alert)
      await client.showKeyboard(incoming.place, incoming.messageId, await options.buttonsOf(result.alert));
  }

  return async (incoming) => {
    try {
      await (incoming.type === 'text' ? handleText(incoming) : handleButton(incoming));
    } catch (error) {
      // Only the answer was lost: the command was carried out. The error holds Telegram's own words.
      logger.warn({ err: error }, 'an answer did not reach telegram');
    }
  };
}

function chatAt({ chatId }: Place) {
  return { key: chatId, chatId, threadId: undefined };
}

interface AskedCommand {
  readonly name: string;
  readonly words: readonly string[];
  readonly isForOther: boolean;
}

function readCommand(text: string, username: string | undefined): AskedCommand | undefined {
  const [, name, bot] = /^\/([A-Za-z]\w{0,31})(?:@(\w+))?(?=\s|$)/.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const [, ...words] = text.trim().split(/\s+/);
  const isForOther = bot !== undefined && username !== undefined && bot.toLowerCase() !== username.toLowerCase();
  return { name: name.toLowerCase(), words, isForOther };
}
