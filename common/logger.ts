// pino, set up once: JSON lines on standard output, secrets redacted wherever they might stand.
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const SECRET_PATHS = [
  'token',
  '*.token',
  'secret',
  '*.secret',
  'password',
  '*.password',
  'authorization',
  '*.authorization',
  'headers.authorization',
  '*.headers.authorization',
];

/** `/bot<token>/` in a URL, and a bare bot token as Telegram writes them. */
const BOT_TOKEN = /\b(?:bot)?\d{5,}:[\w-]{20,}/g;

/** Replaces anything that looks like a bot token in a text that is about to be logged or stored. */
export function maskSecrets(text: string): string {
  return text.replace(BOT_TOKEN, 'bot<secret>');
}

/**
 * @param level any of pino's levels, in any case
 * @param destination for tests; standard output otherwise
 */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level: level.toLowerCase(),
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '<secret>' },
    serializers: { err: serializeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return maskSecrets(String(error));
  const { code } = error as { readonly code?: unknown };
  return {
    name: error.name,
    message: maskSecrets(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
    stack: maskSecrets(error.stack ?? ''),
  };
}
