// The bridge's configuration: environment → one checked, frozen object. Names and defaults are those of the README.
import Type from 'typebox';
import { type Environment, readEnv, throwFaults } from '../common/env.ts';
import { LOG_LEVELS } from '../common/logger.ts';
import { resolveWebhookToken } from '../common/webhook-token.ts';
import { type ChatAddress, parseChat, TERMINAL_CHAT } from './model/chat.ts';

const Port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback });
const Switch = (fallback: 'true' | 'false') =>
  Type.String({
    pattern: '^([Tt]rue|TRUE|[Ff]alse|FALSE|1|0|on|off|yes|no)$',
    description: 'true or false',
    default: fallback,
  });

const Schema = Type.Object({
  TELEGRAM_BOT_TOKEN: Type.Optional(
    Type.String({ pattern: '^\\d+:[\\w-]+$', description: 'a token as @BotFather gives it, digits:letters' }),
  ),
  TELEGRAM_CHAT_ID: Type.Optional(Type.String()),
  TELEGRAM_STACK_CHAT_ID: Type.Optional(Type.String()),
  TELEGRAM_API_URL: Type.String({ default: 'https://api.telegram.org' }),
  TELEGRAM_COMMANDS: Type.String({ pattern: '^(off|polling)$', description: 'off or polling', default: 'off' }),
  TELEGRAM_ADMIN_IDS: Type.Optional(
    Type.String({ pattern: '^\\d+(\\s*,\\s*\\d+)*$', description: 'user ids, numbers with commas between them' }),
  ),
  TELEGRAM_EDIT: Switch('true'),
  ENABLE_LIQUIDATION_ALERTS: Switch('true'),
  ENABLE_OI_ALERTS: Switch('true'),
  ALERT_RATE_LIMIT_SECONDS: Type.Number({ minimum: 0, maximum: 86_400, default: 60 }),
  MAX_ALERTS_PER_HOUR: Type.Integer({ minimum: 1, maximum: 1_000, default: 10 }),
  ALERT_DEDUP_SECONDS: Type.Number({ minimum: 0, maximum: 86_400, default: 300 }),
  MONITORING_LOG_LEVEL: Type.String({ default: 'INFO' }),
  BRIDGE_HOST: Type.String({ default: '127.0.0.1' }),
  BRIDGE_PORT: Port(8003),
  BRIDGE_WEBHOOK_TOKEN: Type.Optional(Type.String({ minLength: 8 })),
  BRIDGE_WEBHOOK_TOKEN_PREVIOUS: Type.Optional(Type.String({ minLength: 8 })),
  PROMETHEUS_PORT: Port(9090),
  PROMETHEUS_URL: Type.Optional(Type.String()),
  ALERTMANAGER_PORT: Port(9093),
  ALERTMANAGER_URL: Type.Optional(Type.String()),
  PUBLIC_GRAFANA_URL: Type.Optional(Type.String()),
  PUBLIC_BRIDGE_URL: Type.Optional(Type.String()),
  PUBLIC_ALERTMANAGER_URL: Type.Optional(Type.String()),
  BRIDGE_DATABASE_URL: Type.Optional(Type.String()),
  WATCHDOG_URL: Type.Optional(Type.String()),
  ENVIRONMENT: Type.String({ default: 'production', maxLength: 30 }),
  DATA_DIR: Type.String({ default: 'data' }),
});

const SECRETS = [
  'TELEGRAM_BOT_TOKEN',
  'BRIDGE_WEBHOOK_TOKEN',
  'BRIDGE_WEBHOOK_TOKEN_PREVIOUS',
  'BRIDGE_DATABASE_URL',
  'WATCHDOG_URL',
] as const;
const URL_NAMES = [
  'TELEGRAM_API_URL',
  'PROMETHEUS_URL',
  'ALERTMANAGER_URL',
  'PUBLIC_GRAFANA_URL',
  'PUBLIC_BRIDGE_URL',
  'PUBLIC_ALERTMANAGER_URL',
] as const;

/** Public addresses that links in messages may point to; absent means no link. */
export interface PublicUrls {
  readonly grafana: string | undefined;
  readonly bridge: string | undefined;
  readonly alertmanager: string | undefined;
}

export interface BridgeConfig {
  /** `undefined`: messages go to the terminal and to the page. */
  readonly telegramToken: string | undefined;
  readonly telegramApiUrl: string;
  readonly marketChats: readonly ChatAddress[];
  readonly stackChats: readonly ChatAddress[];
  readonly commands: 'off' | 'polling';
  readonly adminIds: readonly number[];
  readonly isEditOn: boolean;
  readonly isLiquidationOn: boolean;
  readonly isOpenInterestOn: boolean;
  readonly rateLimitMs: number;
  readonly maxAlertsPerHour: number;
  readonly dedupMs: number;
  readonly logLevel: string;
  readonly host: string;
  readonly port: number;
  /** The present token first, then the previous one during a rotation. */
  readonly webhookTokens: readonly string[];
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly publicUrls: PublicUrls;
  readonly environment: string;
  readonly dataDir: string;
  /** PostgreSQL under several bridges, with its password; `undefined`: SQLite in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** An outside dead man's switch that the heartbeat is posted to; a secret. */
  readonly watchdogUrl: string | undefined;
}

/** @throws AppError CONFIG_INVALID listing every fault at once. */
export function loadBridgeConfig(environment: Environment): BridgeConfig {
  const { values, faults: schemaFaults } = readEnv(Schema, environment, SECRETS);
  const faults = [...schemaFaults];
  for (const name of URL_NAMES) checkUrl(name, environment[name]?.trim(), faults);
  const chats = parseChats('TELEGRAM_CHAT_ID', environment.TELEGRAM_CHAT_ID, faults);
  const stackChats = parseChats('TELEGRAM_STACK_CHAT_ID', environment.TELEGRAM_STACK_CHAT_ID, faults);
  const givenLevel = environment.MONITORING_LOG_LEVEL?.trim() || 'info';
  const logLevel = givenLevel.toLowerCase();
  if (!LOG_LEVELS.some((known) => known === logLevel)) {
    faults.push(`MONITORING_LOG_LEVEL: ${JSON.stringify(givenLevel)} is not one of ${LOG_LEVELS.join(', ')}`);
  }
  const hasToken = Boolean(environment.TELEGRAM_BOT_TOKEN?.trim() || environment.TELEGRAM_BOT_TOKEN_FILE?.trim());
  if (hasToken && chats.length === 0 && !environment.TELEGRAM_CHAT_ID?.trim()) {
    faults.push(
      'TELEGRAM_CHAT_ID: a bot token is set but no chat; name at least one, for example TELEGRAM_CHAT_ID=123456',
    );
  }
  checkWatchdogUrl(values?.WATCHDOG_URL ?? environment.WATCHDOG_URL?.trim(), faults);
  checkDatabaseUrl(values?.BRIDGE_DATABASE_URL ?? (environment.BRIDGE_DATABASE_URL?.trim() || undefined), faults);
  throwFaults('alert-bridge', faults);
  if (!values) throw new TypeError('a configuration without values must have faults');
  const marketChats = hasToken ? chats : [TERMINAL_CHAT];
  const trimmed = (url: string | undefined) => url?.replace(/\/+$/, '');
  return Object.freeze({
    telegramToken: values.TELEGRAM_BOT_TOKEN,
    telegramApiUrl: values.TELEGRAM_API_URL.replace(/\/+$/, ''),
    marketChats,
    stackChats: hasToken && stackChats.length > 0 ? stackChats : marketChats,
    commands: values.TELEGRAM_COMMANDS === 'polling' ? 'polling' : 'off',
    adminIds: adminIds(values.TELEGRAM_ADMIN_IDS, chats),
    isEditOn: isOn(values.TELEGRAM_EDIT),
    isLiquidationOn: isOn(values.ENABLE_LIQUIDATION_ALERTS),
    isOpenInterestOn: isOn(values.ENABLE_OI_ALERTS),
    rateLimitMs: values.ALERT_RATE_LIMIT_SECONDS * 1_000,
    maxAlertsPerHour: values.MAX_ALERTS_PER_HOUR,
    dedupMs: values.ALERT_DEDUP_SECONDS * 1_000,
    logLevel,
    host: values.BRIDGE_HOST,
    port: values.BRIDGE_PORT,
    webhookTokens: [
      values.BRIDGE_WEBHOOK_TOKEN ?? resolveWebhookToken(values.DATA_DIR),
      ...(values.BRIDGE_WEBHOOK_TOKEN_PREVIOUS ? [values.BRIDGE_WEBHOOK_TOKEN_PREVIOUS] : []),
    ],
    prometheusUrl: trimmed(values.PROMETHEUS_URL) ?? `http://127.0.0.1:${values.PROMETHEUS_PORT}`,
    alertmanagerUrl: trimmed(values.ALERTMANAGER_URL) ?? `http://127.0.0.1:${values.ALERTMANAGER_PORT}`,
    publicUrls: {
      grafana: trimmed(values.PUBLIC_GRAFANA_URL),
      bridge: trimmed(values.PUBLIC_BRIDGE_URL),
      alertmanager: trimmed(values.PUBLIC_ALERTMANAGER_URL),
    },
    environment: values.ENVIRONMENT,
    dataDir: values.DATA_DIR,
    databaseUrl: values.BRIDGE_DATABASE_URL,
    watchdogUrl: values.WATCHDOG_URL,
  });
}

function isOn(text: string): boolean {
  return ['true', '1', 'on', 'yes'].includes(text.toLowerCase());
}

function parseChats(name: string, text: string | undefined, faults: string[]): readonly ChatAddress[] {
  const chats = new Map<string, ChatAddress>();
  for (const item of (text ?? '').split(',').map((part) => part.trim())) {
    if (item === '') continue;
    const chat = parseChat(item);
    if (chat) chats.set(chat.key, chat);
    else faults.push(`${name}: ${JSON.stringify(item)} is no chat; write a numeric id, or id/thread for a topic`);
  }
  return [...chats.values()];
}

function checkUrl(name: string, text: string | undefined, faults: string[]): void {
  if (!text) return;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    faults.push(`${name}: ${JSON.stringify(text)} is not a URL that begins with http:// or https://`);
  } else if (url.username || url.password) {
    faults.push(`${name}: must not contain credentials`);
  }
}

/** Never repeats the value: whoever knows it can keep the outside quiet. */
function checkWatchdogUrl(text: string | undefined, faults: string[]): void {
  if (!text || (/^https?:/i.test(text) && URL.canParse(text))) return;
  faults.push('WATCHDOG_URL: is no URL that begins with http:// or https://');
}

/** Never repeats the value: its password is in it. */
function checkDatabaseUrl(text: string | undefined, faults: string[]): void {
  if (text === undefined) return;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1) return;
  faults.push(
    'BRIDGE_DATABASE_URL: is no address of a database; write postgres://user:password@host:5432/database (characters such as @ and / in the password as %40 and %2F)',
  );
}

/** A private chat's id is its user's id; a group's id gives nobody rights. */
function adminIds(text: string | undefined, chats: readonly ChatAddress[]): readonly number[] {
  const ids = text ? text.split(',') : chats.map((chat) => chat.chatId).filter((id) => /^\d+$/.test(id));
  return ids.map(Number);
}
