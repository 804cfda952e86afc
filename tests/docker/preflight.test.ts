// The checks before the stack, run as the container runs them: which secrets are made, which taken over, which refused.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';

const SCRIPT = join(dirname(dirname(import.meta.dirname)), 'docker', 'image', 'preflight.sh');

interface Run {
  readonly code: number | null;
  readonly text: string;
}

function prepare(t: Test, given: Readonly<Record<string, string>> = {}) {
  const root = t.testdir({ given, made: { bridge: {}, grafana: {} } });
  const run = (environment: Readonly<Record<string, string>> = {}): Run => {
    const { status, stdout, stderr } = spawnSync('/bin/bash', [SCRIPT], {
      env: { PREFLIGHT_GIVEN: join(root, 'given'), PREFLIGHT_MADE: join(root, 'made'), ...environment },
      encoding: 'utf8',
    });
    return { code: status, text: stdout + stderr };
  };
  return {
    run,
    given: join(root, 'given'),
    made: (name: string) => readFileSync(join(root, 'made', name), 'utf8'),
    path: (name: string) => join(root, 'made', name),
  };
}

t.test('makes the webhook token and the Grafana password, and keeps them the next time', async (t) => {
  const { run, made, path } = prepare(t);

  const first = run();

  t.equal(first.code, 0, first.text);
  const token = made('bridge/webhook_token');
  const password = made('grafana/grafana_admin_password');
  t.match(token, /^[A-Za-z0-9]{43}$/);
  t.match(password, /^[A-Za-z0-9]{43}$/);
  t.not(token, password);
  t.equal(statSync(path('bridge/webhook_token')).mode & 0o007, 0, 'others cannot read it');
  t.notMatch(first.text, token, 'the log does not hold it');

  t.equal(run().code, 0);
  t.equal(made('bridge/webhook_token'), token);
});

t.test('takes over what is given, without the line end, and forgets it when it is taken back', async (t) => {
  const { run, made, given } = prepare(t, {
    telegram_bot_token: '1:test-token\n',
    webhook_token: 'given-by-operator\n',
  });

  t.equal(run({ TELEGRAM_CHAT_ID: '100' }).code, 0);
  t.equal(made('bridge/telegram_bot_token'), '1:test-token');
  t.equal(made('bridge/webhook_token'), 'given-by-operator');

  rmSync(join(given, 'telegram_bot_token'));
  t.equal(run().code, 0);
  t.equal(made('bridge/telegram_bot_token'), '');
});

t.test('says every fault in one sentence each, and fails', async (t) => {
  const { run, given } = prepare(t, { telegram_bot_token: '', grafana_admin_password: 'admin\n' });
  mkdirSync(join(given, 'webhook_token'));

  const { code, text } = run();

  t.equal(code, 1);
  const faults = text.split('\n').filter((line) => line.startsWith('preflight: docker/secrets'));
  t.match(faults, [
    /webhook_token is a directory: put a file there/,
    /telegram_bot_token is empty: write the secret into it/,
    /grafana_admin_password is "admin": choose another/,
  ]);
});

t.test('refuses a token without a chat, and a token given twice', async (t) => {
  const { run } = prepare(t, { telegram_bot_token: '1:test-token\n' });

  t.match(run().text, 'there is a Telegram bot token but no chat: set TELEGRAM_CHAT_ID in .env');
  t.match(
    run({ TELEGRAM_BOT_TOKEN: '2:test-token', TELEGRAM_CHAT_ID: '100' }).text,
    'TELEGRAM_BOT_TOKEN is set and docker/secrets/telegram_bot_token exists: keep one of them',
  );
});

t.test('names a file that the containers cannot read', { skip: isRoot() && 'root can read everything' }, async (t) => {
  const { run, given } = prepare(t);
  writeFileSync(join(given, 'telegram_bot_token'), '1:test-token', { mode: 0o000 });

  const { code, text } = run({ TELEGRAM_CHAT_ID: '100' });

  t.equal(code, 1);
  t.match(text, 'docker/secrets/telegram_bot_token cannot be read by the containers (user 10001)');
});

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
