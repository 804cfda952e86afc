import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { lockData } from '../../supervisor/data-lock.ts';

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

t.test('refuses also where the first did not leave its name', async (t) => {
  const runDir = t.testdir();
  const lock = lockData(runDir);
  t.teardown(() => lock.release());
  rmSync(join(runDir, 'supervisor.pid'));

  t.throws(() => lockData(runDir), { code: 'DATA_IN_USE', message: /^another instance is already running/ });
});
