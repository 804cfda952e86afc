import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import { lockData } from '../../../scripts/native/data-lock.ts';

t.test('refuses a second instance on the same data, naming the first', async (t) => {
  const runDir = t.testdir();
  const lock = lockData(runDir);

  t.throws(() => lockData(runDir), {
    code: 'DATA_IN_USE',
    message: new RegExp(`another instance \\(process ${process.pid}\\) is already running on .+DATA_DIR`),
  });

  lock.release();
  const again = lockData(runDir);
  again.release();
});

t.test('is free again when its holder was killed', async (t) => {
  const runDir = t.testdir();
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'programs', 'lock-holder.ts'), runDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  t.throws(() => lockData(runDir), { code: 'DATA_IN_USE', message: new RegExp(`process ${holder.pid}`) });

  holder.kill('SIGKILL');
  await once(holder, 'exit');

  const lock = lockData(runDir);
  lock.release();
  t.pass('locked');
});

t.test('does not need to know who the other is', async (t) => {
  const runDir = t.testdir({ 'supervisor.pid': t.fixture('dir', {}) });

  t.throws(() => lockData(runDir), { code: 'EISDIR' }, 'a folder in the way is no lock');
});
