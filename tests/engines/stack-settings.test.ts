import t from 'tap';
import { loadNativeSettings, reachableAt } from '../../engines/stack-settings.ts';

t.test('has the documented defaults', async (t) => {
  t.same(loadNativeSettings({}, '/checkout'), {
    checkout: '/checkout',
    cacheDir: '/checkout/.cache',
    dataDir: '/checkout/data',
    addresses: {
      exporter: { host: '127.0.0.1', port: 8002 },
      'alert-bridge': { host: '127.0.0.1', port: 8003 },
      prometheus: { host: '127.0.0.1', port: 9090 },
      alertmanager: { host: '127.0.0.1', port: 9093 },
    },
    environmentLabel: 'production',
    hasTelegram: false,
  });
});

t.test('lists every fault at once', async (t) => {
  t.throws(() => loadNativeSettings({ PROMETHEUS_PORT: 'x', EXPORTER_PORT: '70000' }, '/checkout'), {
    code: 'CONFIG_INVALID',
    message: /EXPORTER_PORT.+\n.+PROMETHEUS_PORT/,
  });
});

t.test('refuses the same port twice', async (t) => {
  t.throws(() => loadNativeSettings({ PROMETHEUS_PORT: '9093' }, '/checkout'), {
    message: /ALERTMANAGER_PORT: is the same port as PROMETHEUS_PORT \(9093\)/,
  });
});

for (const { environment, hasTelegram } of [
  { environment: { TELEGRAM_BOT_TOKEN: '1:test-token', TELEGRAM_CHAT_ID: '1' }, hasTelegram: true },
  { environment: { TELEGRAM_BOT_TOKEN_FILE: '/some/file', TELEGRAM_CHAT_ID: '1' }, hasTelegram: true },
  { environment: { TELEGRAM_BOT_TOKEN: '1:test-token' }, hasTelegram: false },
  { environment: { TELEGRAM_BOT_TOKEN: ' ', TELEGRAM_CHAT_ID: '1' }, hasTelegram: false },
]) {
  t.test(`knows ${hasTelegram ? 'of' : 'no'} Telegram with ${Object.keys(environment).join(' and ')}`, async (t) => {
    t.equal(loadNativeSettings(environment, '/checkout').hasTelegram, hasTelegram);
  });
}

t.test('reaches a service that listens everywhere on loopback', async (t) => {
  t.equal(reachableAt({ host: '0.0.0.0', port: 1 }), '127.0.0.1:1');
  t.equal(reachableAt({ host: '10.0.0.7', port: 1 }), '10.0.0.7:1');
});
