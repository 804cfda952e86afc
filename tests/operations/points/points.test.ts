// Roll-back points of a stack that does not run: taken, verified, damaged, restored, pruned.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openConnection } from '../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { hashText } from '../../../operations/points/checksum.ts';
import { createPoint } from '../../../operations/points/create.ts';
import { drill } from '../../../operations/points/drill.ts';
import { withoutSecrets, withSecretsOf } from '../../../operations/points/env-file.ts';
import { describePoints } from '../../../operations/points/list.ts';
import { listPoints, readManifest } from '../../../operations/points/manifest.ts';
import { prunePoints } from '../../../operations/points/prune.ts';
import { restorePoint } from '../../../operations/points/restore.ts';
import { verifyPoint } from '../../../operations/points/verify.ts';
import { createNativeStack } from '../../../operations/stack/native-stack.ts';
import type { Site } from '../../../operations/stack/stack.ts';
import { scratchCheckout } from '../scratch-checkout.ts';

const never = new AbortController().signal;

async function openScratch(t: Test) {
  const checkout = scratchCheckout(t);
  const site: Site = {
    checkout,
    environment: { DATA_DIR: join(checkout, 'data'), TELEGRAM_BOT_TOKEN: '1:test-token' },
    say: () => undefined,
  };
  const stack = createNativeStack(site);
  const outbox = join(stack.dataDir, 'bridge', 'outbox.sqlite');
  mkdirSync(join(stack.dataDir, 'bridge'), { recursive: true });
  await openConnection(outbox).close();
  const take = (name: string) => createPoint(site, stack, { name, reason: 'for the test' });
  return { site, stack, checkout, outbox, take };
}

t.test('a point brings back changed, removed and added files, keeps secrets, and can be undone', async (t) => {
  const { site, stack, checkout, take } = await openScratch(t);
  const rules = join(checkout, 'prometheus', 'rules', 'thresholds.yml');
  const added = join(checkout, 'prometheus', 'rules', 'added.yml');
  const secret = join(checkout, 'docker', 'secrets', 'webhook_token');
  const before = readFileSync(rules, 'utf8');
  writeFileSync(join(checkout, '.env'), 'SYMBOLS=BTC\nTELEGRAM_BOT_TOKEN=1:test-token\n');
  writeFileSync(secret, 'first-token');
  const manifest = await take('good');

  appendFileSync(rules, '# changed');
  const table = join(checkout, 'prometheus', 'thresholds.yml');
  const tableBefore = readFileSync(table, 'utf8');
  writeFileSync(table, tableBefore.replace('500000 ', '600000 '));
  writeFileSync(added, 'groups: []');
  rmSync(join(checkout, 'alertmanager', 'alertmanager.yml'));
  writeFileSync(join(checkout, '.env'), 'SYMBOLS=ETH\nTELEGRAM_BOT_TOKEN=2:test-token\n');
  writeFileSync(secret, 'second-token');
  const report = await restorePoint(site, stack, { name: 'good', withData: false }, never);

  t.equal(readFileSync(rules, 'utf8'), before);
  t.equal(readFileSync(table, 'utf8'), tableBefore);
  t.notOk(existsSync(added));
  t.ok(existsSync(join(checkout, 'alertmanager', 'alertmanager.yml')));
  t.equal(readFileSync(join(checkout, '.env'), 'utf8'), 'SYMBOLS=BTC\nTELEGRAM_BOT_TOKEN=2:test-token\n');
  t.equal(readFileSync(secret, 'utf8'), 'second-token', 'a secret is nobody’s to roll back');
  t.equal(report.outbox, undefined, 'and data is left alone');
  t.ok(manifest.secrets.includes('webhook_token') && manifest.secrets.includes('TELEGRAM_BOT_TOKEN'));
  for (const { path } of manifest.files) {
    t.notMatch(readFileSync(join(stack.dataDir, 'rollback', 'good', path), 'latin1'), /test-token|first-token/, path);
  }

  await restorePoint(site, stack, { name: report.undoPoint, withData: false }, never);
  t.ok(existsSync(added), 'the roll-back itself is rolled back');
});

t.test('data is restored where it is asked for, and by itself where it is damaged', async (t) => {
  const { site, stack, outbox, take } = await openScratch(t);
  await take('good');
  const asked = await restorePoint(site, stack, { name: 'good', withData: true }, never);
  t.same(asked.outbox, { expired: 0, takenOver: {}, lost: undefined });

  writeFileSync(outbox, 'this was an outbox once, before the disk broke. '.repeat(200));
  const damaged = await restorePoint(site, stack, { name: 'good', withData: false }, never);
  t.match(damaged.outbox?.lost, /not a database/);
  await openConnection(outbox).close();
});

t.test('a point that was touched is refused', async (t) => {
  const { site, stack, take } = await openScratch(t);
  await take('good');
  const folder = join(stack.dataDir, 'rollback', 'good');
  const [manifest, rules] = [join(folder, 'manifest.json'), join(folder, 'files', 'prometheus', 'rules', 'stack.yml')];
  t.same(
    verifyPoint(stack.dataDir, 'good').map(({ level }) => level),
    ['ok', 'ok'],
  );

  const text = readFileSync(rules, 'utf8');
  writeFileSync(rules, `${text} `);
  t.match(verifyPoint(stack.dataDir, 'good')[0], { level: 'critical', detail: /stack\.yml was changed/ });
  await t.rejects(restorePoint(site, stack, { name: 'good', withData: false }, never), { code: 'POINT_DAMAGED' });
  rmSync(rules);
  t.match(verifyPoint(stack.dataDir, 'good')[0]?.detail, /stack\.yml is missing/);
  writeFileSync(rules, text);
  writeFileSync(`${rules}.added`, '');
  t.match(verifyPoint(stack.dataDir, 'good')[0]?.detail, /added was added/);
  appendFileSync(manifest, ' ');
  t.throws(() => verifyPoint(stack.dataDir, 'good'), { code: 'POINT_DAMAGED' });
});

t.test('names are checked, and a name is taken once', async (t) => {
  const { stack, take } = await openScratch(t);
  await take('good');
  await t.rejects(take('good'), { code: 'POINT_EXISTS' });
  for (const name of ['', '../out', 'original', '.hidden', 'a b', 'x'.repeat(65)]) {
    await t.rejects(take(name), { code: 'USAGE' }, JSON.stringify(name));
  }
  t.throws(() => readManifest(stack.dataDir, 'other'), { code: 'POINT_UNKNOWN', message: /known: good/ });
});

t.test('automatic points go by count and age, named ones stay', async (t) => {
  const { stack, take } = await openScratch(t);
  await take('by-hand');
  for (const name of ['auto-1', 'auto-2', 'auto-3', 'auto-4', 'auto-5']) await take(name);
  const manifest = join(stack.dataDir, 'rollback', 'auto-1', 'manifest.json');
  const aged = readFileSync(manifest, 'utf8').replace(/"createdAt": "\d{4}/, '"createdAt": "2001');
  writeFileSync(manifest, aged);
  writeFileSync(manifest.replace('.json', '.sha256'), hashText(aged));
  const said: string[] = [];
  t.same(
    prunePoints(stack.dataDir, (line) => said.push(line), { keep: 10, maxAgeDays: 30 }),
    ['auto-1'],
    'by age',
  );
  t.same(
    prunePoints(stack.dataDir, (line) => said.push(line), { keep: 3, maxAgeDays: 30 }),
    ['auto-2'],
    'by count',
  );
  t.equal(said.length, 2);
  t.same(
    listPoints(stack.dataDir).map(({ name }) => name),
    ['by-hand', 'auto-3', 'auto-4', 'auto-5'],
  );
  t.match(describePoints(listPoints(stack.dataDir)), /by-hand .+ native .+ data, schema \d+ .+ MB {2}for the test/);
  t.match(describePoints([]), /no roll-back points yet/);
});

t.test('a quick drill says whether a point would work, and leaves nothing', async (t) => {
  const { site, stack, checkout, take } = await openScratch(t);
  await take('good');
  writeFileSync(join(checkout, 'prometheus', 'rules', 'broken.yml'), 'groups: [{ name: x, rules: [{ expr: "((" }] }]');
  await take('broken');
  const levels = async (name: string) => {
    const findings = await drill(site, { dataDir: stack.dataDir, name, isFull: false }, never);
    return findings.map(({ level }) => level);
  };
  t.same(await levels('good'), ['ok', 'ok', 'ok', 'ok']);
  t.same(await levels('broken'), ['ok', 'ok', 'critical', 'ok']);
});

t.test('secrets leave an env file and come back from the present one', async (t) => {
  const text =
    '# comment\nSYMBOLS=BTC\nexport TELEGRAM_BOT_TOKEN=1:test-token\nGRAFANA_ADMIN_PASSWORD=x\nBRIDGE_WEBHOOK_TOKEN_PREVIOUS=y\n';
  t.equal(withoutSecrets(text), '# comment\nSYMBOLS=BTC\n');
  t.equal(withSecretsOf('SYMBOLS=BTC\n', 'A=1\nTELEGRAM_BOT_TOKEN=z'), 'SYMBOLS=BTC\nTELEGRAM_BOT_TOKEN=z\n');
  t.equal(withSecretsOf('SYMBOLS=BTC\n', ''), 'SYMBOLS=BTC\n');
});
