// What the watcher may do, and whom it tells: from the same environment as the stack.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import { type ChatAddress, parseChat } from '../../alert-bridge/model/chat.ts';
import { readEnv, throwFaults } from '../../common/env.ts';
import { checkPointName, ORIGINAL } from '../points/point-name.ts';
import { secretsDirectory } from '../stack/docker-stack.ts';
import type { Site } from '../stack/stack.ts';
import { isTrigger, TRIGGERS, type Trigger } from './triggers.ts';

const Schema = Type.Object({
  AUTO_ROLLBACK: Type.String({ default: 'off' }),
  AUTO_ROLLBACK_TO: Type.String({ default: ORIGINAL }),
  MEMORY_TRIGGER_MB: Type.Optional(Type.Integer({ minimum: 1 })),
  EXISTING_NETWORK: Type.String({ default: 'crypto-assistant_crypto-network' }),
  MARKET_DATA_URL: Type.Optional(Type.String()),
  ENVIRONMENT: Type.String({ default: 'production' }),
  TELEGRAM_API_URL: Type.String({ default: 'https://api.telegram.org' }),
  TELEGRAM_BOT_TOKEN: Type.Optional(Type.String({ pattern: '^\\d+:[\\w-]+$' })),
  TELEGRAM_CHAT_ID: Type.Optional(Type.String()),
  TELEGRAM_STACK_CHAT_ID: Type.Optional(Type.String()),
  TELEGRAM_ADMIN_IDS: Type.Optional(Type.String({ pattern: '^\\d+(\\s*,\\s*\\d+)*$' })),
});

export interface WatchSettings {
  /** Triggers that may act by themselves; by hand always may. */
  readonly allowed: ReadonlySet<Trigger>;
  /** `original`, or the name of a roll-back point. */
  readonly target: string;
  readonly memoryTriggerMb: number | undefined;
  readonly existingNetwork: string;
  readonly existingUrl: string | undefined;
  readonly environment: string;
  readonly telegram: TelegramSettings;
  /** User ids that may silence. */
  readonly adminIds: readonly number[];
}

export interface TelegramSettings {
  readonly apiUrl: string;
  /** `undefined`: what would be told is printed and reported only. */
  readonly token: string | undefined;
  readonly chats: readonly ChatAddress[];
}

/** @throws AppError CONFIG_INVALID listing every fault */
export function loadWatchSettings({ environment, checkout }: Site): WatchSettings {
  // In containers the token lies in a file of its own; the watcher tells people itself, so it needs it too.
  const secret = join(secretsDirectory({ environment, checkout }), 'telegram_bot_token');
  const isGiven = Boolean(environment.TELEGRAM_BOT_TOKEN?.trim() || environment.TELEGRAM_BOT_TOKEN_FILE?.trim());
  const withToken = isGiven || !existsSync(secret) ? environment : { ...environment, TELEGRAM_BOT_TOKEN_FILE: secret };
  const { values, faults: schemaFaults } = readEnv(Schema, withToken, ['TELEGRAM_BOT_TOKEN']);
  const faults = [...schemaFaults];
  const allowed = parseTriggers(environment.AUTO_ROLLBACK?.trim() ?? '', faults);
  const chats = parseChats('TELEGRAM_CHAT_ID', environment.TELEGRAM_CHAT_ID, faults);
  const stackChats = parseChats('TELEGRAM_STACK_CHAT_ID', environment.TELEGRAM_STACK_CHAT_ID, faults);
  throwFaults('the roll-back watcher', faults);
  if (!values) throw new TypeError('settings without values must have faults');
  const admins = values.TELEGRAM_ADMIN_IDS?.split(',') ?? chats.map(({ chatId }) => chatId);
  return {
    allowed,
    target: values.AUTO_ROLLBACK_TO === ORIGINAL ? ORIGINAL : checkPointName(values.AUTO_ROLLBACK_TO),
    memoryTriggerMb: values.MEMORY_TRIGGER_MB,
    existingNetwork: values.EXISTING_NETWORK,
    existingUrl: values.MARKET_DATA_URL?.replace(/\/+$/, ''),
    environment: values.ENVIRONMENT,
    telegram: {
      apiUrl: values.TELEGRAM_API_URL.replace(/\/+$/, ''),
      token: values.TELEGRAM_BOT_TOKEN,
      chats: stackChats.length > 0 ? stackChats : chats,
    },
    adminIds: admins.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0),
  };
}

/** `on` is all of them, `off` or nothing is none, else their names. */
function parseTriggers(text: string, faults: string[]): ReadonlySet<Trigger> {
  if (/^on$/i.test(text)) return new Set(TRIGGERS);
  const allowed = new Set<Trigger>(['manual']);
  if (/^(off)?$/i.test(text)) return allowed;
  for (const name of text.split(',').map((item) => item.trim().toLowerCase())) {
    if (isTrigger(name)) allowed.add(name);
    else if (name !== '') {
      faults.push(
        `AUTO_ROLLBACK: ${JSON.stringify(name)} is no trigger; write on, off, or some of ${TRIGGERS.join(', ')}`,
      );
    }
  }
  return allowed;
}

function parseChats(name: string, text: string | undefined, faults: string[]): readonly ChatAddress[] {
  const items = (text ?? '').split(',').map((item) => item.trim());
  return items.flatMap((item) => {
    if (item === '') return [];
    const chat = parseChat(item);
    if (chat === undefined) faults.push(`${name}: ${JSON.stringify(item)} is no chat; write an id, or id/thread`);
    return chat ?? [];
  });
}
