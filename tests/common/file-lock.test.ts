import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isFileLocked, takeFileLock } from '../../common/file-lock.ts';

t.test('a file is locked by one at a time, and is free again afterwards', (t) => {
  const path = join(t.testdir(), 'one.lock');
  const lock = takeFileLock(path);
  t.ok(lock);
  t.equal(takeFileLock(path), undefined);
  t.ok(isFileLocked(path));

  lock?.release();
  t.notOk(isFileLocked(path));
  t.ok(existsSync(path), 'the file stays');
  const again = takeFileLock(path);
  t.ok(again, 'asking did not take it');
  again?.release();
  t.end();
});

t.test('a holder keeps its lock though nothing refers to it, and leaves none behind when it is killed', async (t) => {
  const path = join(t.testdir(), 'one.lock');
  const program = join(import.meta.dirname, 'programs', 'file-lock-holder.ts');
  const holder = spawn(process.execPath, ['--expose-gc', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => holder.kill('SIGKILL'));
  t.equal(String((await once(holder.stdout, 'data'))[0]).trim(), 'locked');
  t.equal(takeFileLock(path), undefined, 'another process has it');

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  t.notOk(isFileLocked(path));
});

t.test('a file that is no lock is named as what it is, and never counts as free', (t) => {
  const path = join(t.testdir(), 'one.lock');
  writeFileSync(path, 'this is no database, and long enough to be sure of it'.repeat(100));
  t.throws(() => takeFileLock(path), { message: /not a database/ });
  t.ok(isFileLocked(path));
  t.end();
});
