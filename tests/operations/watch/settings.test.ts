import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadWatchSettings } from '../../../operations/watch/settings.ts';
import { TRIGGERS } from '../../../operations/watch/triggers.ts';

const load = (t: Test, environment: Readonly<Record<string, string>>) =>
  loadWatchSettings({ environment, checkout: t.testdirName, say: () => undefined });

t.test('which triggers may act', (t) => {
  for (const [text, names] of [
    ['', ['manual']],
    ['off', ['manual']],
    ['on', TRIGGERS],
    ['ON', TRIGGERS],
    ['breach, Endpoint ,', ['manual', 'breach', 'endpoint']],
  ] as const) {
    t.same(load(t, { AUTO_ROLLBACK: text }).allowed, new Set(names), JSON.stringify(text));
  }
  t.end();
});

t.test('all faults are listed at once, with what is possible', (t) => {
  const environment = {
    AUTO_ROLLBACK: 'breach,logins',
    TELEGRAM_CHAT_ID: 'me',
    TELEGRAM_STACK_CHAT_ID: '200,them',
    MEMORY_TRIGGER_MB: 'much',
  };
  t.throws(() => load(t, environment), {
    code: 'CONFIG_INVALID',
    message:
      /MEMORY_TRIGGER_MB[\s\S]+"logins" is no trigger; write on, off, or some of memory[\s\S]+"me" is no chat[\s\S]+"them"/,
  });
  t.throws(() => load(t, { AUTO_ROLLBACK_TO: '../out' }), { code: 'USAGE' });
  t.end();
});

t.test('people are told where the stack tells them, with the token of the containers where no other is given', (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, 'docker', 'secrets'), { recursive: true });
  writeFileSync(join(folder, 'docker', 'secrets', 'telegram_bot_token'), '1:test-token\n');
  const { telegram, adminIds, target } = load(t, { TELEGRAM_CHAT_ID: '100,-5', TELEGRAM_STACK_CHAT_ID: '200/7' });
  t.match(telegram, { apiUrl: 'https://api.telegram.org', token: '1:test-token' });
  t.same(
    telegram.chats.map(({ key }) => key),
    ['200/7'],
  );
  t.same(adminIds, [100], 'the id of a group gives nobody rights');
  t.equal(target, 'original');
  t.same(load(t, { TELEGRAM_CHAT_ID: '100', TELEGRAM_ADMIN_IDS: '7, 8' }).adminIds, [7, 8]);
  t.equal(load(t, { TELEGRAM_BOT_TOKEN: '2:test-token' }).telegram.token, '2:test-token');
  t.end();
});
