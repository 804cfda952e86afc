// The settings of each stage, laid over the user's: whom it asks and whom it tells. Pure.
import type { Environment } from '../../common/env.ts';
import { AppError } from '../../common/errors.ts';
import type { Stage } from './steps.ts';

/** Empty counts as not set, and wins over `.env`. */
const TELLS_NOBODY: Environment = {
  TELEGRAM_BOT_TOKEN: '',
  TELEGRAM_BOT_TOKEN_FILE: '',
  TELEGRAM_CHAT_ID: '',
  TELEGRAM_CHAT_ID_FILE: '',
  TELEGRAM_STACK_CHAT_ID: '',
  TELEGRAM_STACK_CHAT_ID_FILE: '',
  TELEGRAM_ADMIN_IDS: '',
};

/** @throws AppError CONFIG_INVALID where the canary has not exactly one chat to be told to */
export function stageEnvironment(stage: Stage, environment: Environment): Environment {
  switch (stage) {
    case 'isolated':
      return { ...TELLS_NOBODY, MARKET_DATA_URL: '', ENVIRONMENT: 'isolated' };
    case 'integration':
      return { ...TELLS_NOBODY, ENVIRONMENT: 'integration' };
    case 'canary': {
      const chat = canaryChat(environment);
      return {
        TELEGRAM_CHAT_ID: chat,
        TELEGRAM_CHAT_ID_FILE: '',
        TELEGRAM_STACK_CHAT_ID: chat,
        TELEGRAM_STACK_CHAT_ID_FILE: '',
        ENVIRONMENT: 'canary',
      };
    }
    case 'production':
      return {};
  }
}

function canaryChat({ CANARY_CHAT_ID = '' }: Environment): string {
  const chat = CANARY_CHAT_ID.trim();
  if (/^(-?\d+|@\w+)(\/\d+)?$/.test(chat)) return chat;
  throw new AppError(
    'CONFIG_INVALID',
    chat === ''
      ? 'CANARY_CHAT_ID: name the one chat that the canary is told to, in .env or the shell'
      : `CANARY_CHAT_ID: ${JSON.stringify(chat)} is not one chat: a numeric id, or id/thread`,
  );
}
