import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { webhookTokenFile } from '../../supervisor/secrets.ts';

t.test('makes a token once, readable by its owner alone', async (t) => {
  const dataDir = t.testdir();

  const path = webhookTokenFile({}, dataDir);

  const token = readFileSync(path, 'utf8').trim();
  t.match(token, /^[0-9a-f]{64}$/);
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(join(dataDir, 'secrets')).mode & 0o777, 0o700);
  t.equal(readFileSync(webhookTokenFile({}, dataDir), 'utf8').trim(), token);
});

t.test('hands on the token that the environment gives', async (t) => {
  const path = webhookTokenFile({ BRIDGE_WEBHOOK_TOKEN: 'given-by-hand' }, t.testdir());

  t.equal(readFileSync(path, 'utf8'), 'given-by-hand');
  t.equal(statSync(path).mode & 0o777, 0o600);
});

t.test('hands on the token of a file', async (t) => {
  const dataDir = t.testdir({ mine: 'given-in-a-file\n' });

  const path = webhookTokenFile({ BRIDGE_WEBHOOK_TOKEN_FILE: join(dataDir, 'mine') }, dataDir);

  t.equal(readFileSync(path, 'utf8'), 'given-in-a-file');
});

t.test('names a file that cannot be read', async (t) => {
  t.throws(() => webhookTokenFile({ BRIDGE_WEBHOOK_TOKEN_FILE: '/no/such/file' }, t.testdir()), {
    code: 'CONFIG_INVALID',
    message: /BRIDGE_WEBHOOK_TOKEN_FILE: cannot read \/no\/such\/file/,
  });
});
