// The checks before a start, and the frame of every command.
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { AppError } from '../../../common/errors.ts';
import { describeCheckResults, ok, warning, worstOf } from '../../../operations/check-result.ts';
import { containerSecretsCheck } from '../../../operations/checks/container-secrets.ts';
import { diskCheck, readDisk } from '../../../operations/checks/disk.ts';
import { existingServiceCheck } from '../../../operations/checks/existing-service.ts';
import { memoryCheck, readAvailableMb } from '../../../operations/checks/memory.ts';
import { rulesCheck } from '../../../operations/checks/rules.ts';
import { execute, type Program } from '../../../operations/command-line.ts';
import { runExternal, runOrThrow } from '../../../operations/external.ts';
import { megabytes } from '../../../operations/stack/compose.ts';
import { answering } from '../answering.ts';

for (const [availableMb, level] of [
  [115, 'ok'],
  [114, 'critical'],
] as const) {
  t.test(`${availableMb} MB for limits of 100 MB is ${level}`, async (t) => {
    t.match(await memoryCheck({ neededMb: 100, why: 'a test', availableMb }), { level, detail: /115 MB wanted/ });
  });
}

for (const [freeMb, usedRatio, level] of [
  [5_000, 0.5, 'ok'],
  [5_000, 0.85, 'warning'],
  [5_000, 0.91, 'critical'],
  [1_000, 0.1, 'critical'],
] as const) {
  t.test(`${freeMb} MB free at ${usedRatio} used is ${level}`, async (t) => {
    t.equal((await diskCheck('/x', () => ({ freeMb, usedRatio }))).level, level);
  });
}

t.test('this machine has figures', async (t) => {
  t.ok(readAvailableMb() > 0);
  const { freeMb, usedRatio } = readDisk(join(t.testdir(), 'not', 'yet'));
  t.ok(freeMb > 0 && usedRatio > 0 && usedRatio < 1);
});

t.test('the existing service is healthy only where it says so', async (t) => {
  const look = async (status: number, body: unknown) =>
    existingServiceCheck({ MARKET_DATA_URL: `${await answering(t, { '/health': [status, body] })}/` });
  t.match(await look(200, { status: 'healthy' }), { level: 'ok' });
  t.match(await look(200, { status: 'degraded' }), { level: 'critical', detail: /says status "degraded"/ });
  t.match(await look(500, {}), { level: 'critical', detail: /status 500/ });
  t.match(await existingServiceCheck({}), { level: 'skipped' });
});

t.test('a secret must be readable by the containers, and by few others', async (t) => {
  const folder = t.testdir({ 'README.md': '' });
  const secret = join(folder, 'webhook_token');
  t.match(await containerSecretsCheck(folder), { level: 'ok', detail: /none given/ });
  writeFileSync(secret, 'token');
  chmodSync(secret, 0o400);
  t.match(await containerSecretsCheck(folder), { level: 'critical', detail: /cannot read/, mend: /chown 10001/ });
  chmodSync(secret, 0o444);
  t.match(await containerSecretsCheck(folder), { level: 'warning', detail: /everybody/ });
  if (process.getuid?.() === 0) {
    chownSync(secret, 10_001, 0);
    chmodSync(secret, 0o400);
    t.match(await containerSecretsCheck(folder), { level: 'ok' });
  }
  t.match(await containerSecretsCheck(join(folder, 'nowhere')), { level: 'critical' });
});

t.test('rules are looked at without any engine', async (t) => {
  const rule = (value: string) =>
    `groups: [{ name: a, rules: [{ record: 'symbol:nothing:threshold', expr: vector(${value}) }] }]`;
  const checkout = t.testdir({ prometheus: { rules: { 'thresholds.yml': rule('5') } } });

  t.match(await rulesCheck(join(import.meta.dirname, '..', '..', '..')), { level: 'ok', detail: /^\d+ files/ });
  t.match(await rulesCheck(checkout), { level: 'critical', detail: /thresholds\.yml:1: unknown name symbol:nothing/ });
});

t.test('limits of compose are read in its units', async (t) => {
  t.same(['72m', '1g', '512k', '64MB', undefined, ''].map(megabytes), [72, 1_024, 0.5, 64, 0, 0]);
});

t.test('the worst finding counts, the first of several', async (t) => {
  const findings = [ok('a', 'x'), warning('b', 'y', 'mend it'), warning('c', 'z', 'mend it')];
  t.equal(worstOf(findings)?.name, 'b');
  t.equal(worstOf([]), undefined);
  t.match(describeCheckResults(findings), /^✓ a +x\n! b +y\n +→ mend it/);
});

t.test('another program’s failure is told by its own words', async (t) => {
  t.match(await runExternal(['sh', '-c', 'cat; exit 3'], { input: 'in' }), { code: 3, stdout: 'in' });
  t.equal((await runExternal(['no-such-program'])).code, 127);
  t.equal((await runExternal(['sleep', '5'], { timeoutMs: 20 })).code, 124);
  await t.rejects(runOrThrow(['sh', '-c', 'echo why >&2; exit 1'], 'X'), { code: 'X', message: /why/ });
  await t.rejects(runOrThrow(['false'], 'X'), { message: /ended with code 1/ });
});

t.test('a command ends with the exit code of what happened', async (t) => {
  const said: string[] = [];
  t.capture(console, 'error', (line: string) => void said.push(line));
  t.capture(console, 'log', (line: string) => void said.push(line));
  const run = (args: readonly string[], work: Program['run'] = async () => 0) =>
    execute(
      { name: 'x', purpose: '', options: { n: { value: 'N', least: 1, most: 9, help: '' } }, run: work },
      args,
      new AbortController().signal,
    );
  const fail = (code: string) => run([], () => Promise.reject(new AppError(code, `because ${code}`)));
  t.equal(await run(['--help']), 0);
  t.equal(await run(['--nonsense']), 64);
  t.equal(await fail('START_REFUSED'), 4);
  t.equal(await fail('START_FAILED'), 5);
  const number = (text: string) => run(['--n', text], async (options) => (options.number('n') === 5 ? 0 : 1));
  t.same([await number('5'), await number('10'), await number('')], [0, 64, 64]);
  await t.rejects(
    run([], () => Promise.reject(new TypeError('a bug'))),
    TypeError,
  );
  t.match(said.join('\n'), /Exit codes[\s\S]+because START_FAILED/);
});
