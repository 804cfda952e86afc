import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadBridgeConfig } from '../../alert-bridge/config.ts';
import { isGroup, parseChat } from '../../alert-bridge/model/chat.ts';

const TOKENS = { BRIDGE_WEBHOOK_TOKEN: 'test-webhook-token' };
const TELEGRAM = { ...TOKENS, TELEGRAM_BOT_TOKEN: '1:test-token', TELEGRAM_CHAT_ID: '100' };

t.test('nothing set gives the defaults, and messages to the terminal', (t) => {
  const config = loadBridgeConfig(TOKENS);
  t.match(config, {
    telegramToken: undefined,
    telegramApiUrl: 'https://api.telegram.org',
    marketChats: [{ key: 'terminal' }],
    stackChats: [{ key: 'terminal' }],
    commands: 'off',
    isEditOn: true,
    isLiquidationOn: true,
    isOpenInterestOn: true,
    rateLimitMs: 60_000,
    maxAlertsPerHour: 10,
    dedupMs: 300_000,
    host: '127.0.0.1',
    port: 8003,
    prometheusUrl: 'http://127.0.0.1:9090',
    environment: 'production',
    dataDir: 'data',
  });
  t.end();
});

t.test('chats are ids, or ids with a topic, each once', (t) => {
  const config = loadBridgeConfig({
    ...TELEGRAM,
    TELEGRAM_CHAT_ID: '100, -1001/7,100,@channel',
    TELEGRAM_STACK_CHAT_ID: '5',
  });
  t.same(config.marketChats, [
    { key: '100', chatId: '100', threadId: undefined },
    { key: '-1001/7', chatId: '-1001', threadId: 7 },
    { key: '@channel', chatId: '@channel', threadId: undefined },
  ]);
  t.same(config.stackChats, [{ key: '5', chatId: '5', threadId: undefined }]);
  t.end();
});

t.test('private chats are admins where nobody is named; groups never are', (t) => {
  t.same(loadBridgeConfig({ ...TELEGRAM, TELEGRAM_CHAT_ID: '100,-1001,@channel' }).adminIds, [100]);
  t.same(loadBridgeConfig({ ...TELEGRAM, TELEGRAM_ADMIN_IDS: '7, 8' }).adminIds, [7, 8]);
  t.end();
});

t.test('every fault is told at once', (t) => {
  const environment = {
    TELEGRAM_BOT_TOKEN: 'not-a-token',
    TELEGRAM_CHAT_ID: 'me,100/x',
    TELEGRAM_STACK_CHAT_ID: '1/2/3',
    TELEGRAM_API_URL: 'ftp://example.org',
    TELEGRAM_COMMANDS: 'webhook',
    TELEGRAM_EDIT: 'maybe',
    MAX_ALERTS_PER_HOUR: '0',
    ALERT_DEDUP_SECONDS: '-1',
    MONITORING_LOG_LEVEL: 'loud',
    BRIDGE_PORT: '99999',
    BRIDGE_WEBHOOK_TOKEN: 'short',
    PROMETHEUS_URL: 'prometheus:9090',
    PUBLIC_GRAFANA_URL: 'https://user:secret@example.org',
    WATCHDOG_URL: 'example.org/its-secret-part',
    BRIDGE_DATABASE_URL: 'nonsense',
  };
  let message = '';
  try {
    loadBridgeConfig(environment);
  } catch (error) {
    message = error instanceof Error ? error.message : '';
  }
  for (const name of Object.keys(environment)) t.ok(message.includes(name), name);
  t.notOk(message.includes('not-a-token'), 'a secret is not repeated');
  t.notOk(message.includes('user:secret'), 'nor are credentials in a URL');
  t.notOk(message.includes('its-secret-part'), 'nor is what would keep the outside quiet');
  t.notMatch(message, /pattern/, 'and no regular expression is shown to people');
  t.end();
});

t.test('a bot token without a chat is a fault', (t) => {
  t.throws(() => loadBridgeConfig({ ...TOKENS, TELEGRAM_BOT_TOKEN: '1:test-token' }), { message: /TELEGRAM_CHAT_ID/ });
  t.end();
});

t.test('secrets may come from files; a rotation has two', (t) => {
  const folder = t.testdir({ bot: '1:test-token\n', old: 'test-webhook-old\n', outside: 'https://example.org/ping\n' });
  const config = loadBridgeConfig({
    ...TOKENS,
    TELEGRAM_BOT_TOKEN_FILE: join(folder, 'bot'),
    TELEGRAM_CHAT_ID: '100',
    BRIDGE_WEBHOOK_TOKEN_PREVIOUS_FILE: join(folder, 'old'),
    WATCHDOG_URL_FILE: join(folder, 'outside'),
  });
  t.equal(config.watchdogUrl, 'https://example.org/ping');
  t.equal(config.telegramToken, '1:test-token');
  t.same(config.webhookTokens, ['test-webhook-token', 'test-webhook-old']);
  t.end();
});

t.test('a webhook token that nobody gave is made once, and kept for our eyes only', (t) => {
  const folder = t.testdir();
  const [first] = loadBridgeConfig({ DATA_DIR: folder }).webhookTokens;
  const [second] = loadBridgeConfig({ DATA_DIR: folder }).webhookTokens;
  const path = join(folder, 'secrets', 'webhook-token');
  t.equal(first, second);
  t.equal(readFileSync(path, 'utf8').trim(), first);
  t.equal(statSync(path).mode & 0o777, 0o600);
  writeFileSync(path, '');
  t.throws(() => loadBridgeConfig({ DATA_DIR: folder }), { code: 'CONFIG_INVALID', message: /delete it/ });
  t.throws(() => loadBridgeConfig({ DATA_DIR: join(path, 'x') }), {
    code: 'CONFIG_INVALID',
    message: /BRIDGE_WEBHOOK_TOKEN/,
  });
  t.end();
});

t.test('switches take the usual words, addresses lose their last slash', (t) => {
  const config = loadBridgeConfig({
    ...TELEGRAM,
    TELEGRAM_EDIT: 'off',
    ENABLE_OI_ALERTS: 'FALSE',
    ENABLE_LIQUIDATION_ALERTS: '1',
    PUBLIC_BRIDGE_URL: 'https://example.org/',
    PROMETHEUS_URL: 'http://prometheus:9090/',
  });
  t.match(config, {
    isEditOn: false,
    isOpenInterestOn: false,
    isLiquidationOn: true,
    publicUrls: { bridge: 'https://example.org' },
    prometheusUrl: 'http://prometheus:9090',
  });
  t.end();
});

t.test('negative ids and channel names are groups', (t) => {
  t.ok(isGroup('-100'));
  t.ok(isGroup('@channel'));
  t.notOk(isGroup('100'));
  t.equal(parseChat('12 34'), undefined);
  t.end();
});

t.test('a database address is PostgreSQL’s, may come from a file, and is never repeated', (t) => {
  const url = 'postgres://desk:pass%40word@db.example.org:5432/alerts?sslmode=require';
  t.equal(loadBridgeConfig({ ...TOKENS, BRIDGE_DATABASE_URL: url }).databaseUrl, url);
  t.equal(loadBridgeConfig(TOKENS).databaseUrl, undefined);
  const path = join(t.testdir(), 'url');
  writeFileSync(path, `${url}\n`);
  t.equal(loadBridgeConfig({ ...TOKENS, BRIDGE_DATABASE_URL_FILE: path }).databaseUrl, url);
  for (const wrong of [
    'mysql://desk:secret-word@db/alerts',
    'desk:secret-word@db',
    'postgres://desk:secret-word@db/',
  ]) {
    try {
      loadBridgeConfig({ ...TOKENS, BRIDGE_DATABASE_URL: wrong });
      t.fail(`${wrong} is taken`);
    } catch (error) {
      t.match(String(error), /BRIDGE_DATABASE_URL: .*postgres:\/\/user:password@host/);
      t.notMatch(String(error), /secret-word/);
    }
  }
  t.end();
});
