import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { spawnWithParentWatch } from '../../common/parent-watch.ts';
import { isThere, waitUntil } from '../support/waiting.ts';

const call = (command: string, ...args: string[]) => ({ command, args, env: process.env, cwd: process.cwd() });

for (const { title, script } of [
  { title: 'ends the program when its supervisor is killed', script: 'sleep 600' },
  {
    title: 'ends a program that ignores SIGTERM when its supervisor is killed',
    script: "trap '' TERM; while :; do sleep 0.2; done",
  },
]) {
  t.test(title, async (t) => {
    const holderFile = join(import.meta.dirname, 'programs', 'parent-watch-holder.ts');
    const holder = spawn(process.execPath, [holderFile, '/bin/sh', '-c', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(holder.stdout, 'data');
    const pid = Number(String(line).trim());
    t.ok(isThere(pid), 'the program runs');

    holder.kill('SIGKILL');

    await waitUntil('the program is gone', () => !isThere(pid), 8_000);
    await waitUntil('its whole group is gone', () => !isThere(-pid), 8_000);
  });
}

t.test('passes on output and exit code, and leaves no shell behind', async (t) => {
  const program = spawnWithParentWatch(call('/bin/sh', '-c', 'echo said; echo complained >&2; exit 7'));

  const [said, complained, ending] = await Promise.all([text(program.stdout), text(program.stderr), program.ended]);

  t.equal(said, 'said\n');
  t.equal(complained, 'complained\n');
  t.same(ending, { code: 7, signal: undefined });
  await waitUntil('the leash is gone', () => !isThere(-program.pid));
});

t.test('hands arguments over untouched', async (t) => {
  const program = spawnWithParentWatch(call('/bin/echo', 'a b', '$HOME', "it's"));

  t.equal(await text(program.stdout), "a b $HOME it's\n");
});

t.test('sends a signal to the program itself', async (t) => {
  const program = spawnWithParentWatch(call('/bin/sleep', '600'));
  program.stdout.resume();

  program.kill('SIGTERM');

  t.same(await program.ended, { code: undefined, signal: 'SIGTERM' });
});

t.test('reports a program that does not exist as exit code 127', async (t) => {
  const program = spawnWithParentWatch(call('/no/such/program'));

  const [complaint, ending] = await Promise.all([text(program.stderr), program.ended]);

  t.match(complaint, /\/no\/such\/program/);
  t.equal(ending.code, 127);
});

t.test('refuses where no process can be made', async (t) => {
  t.throws(() => spawnWithParentWatch({ ...call('/bin/true'), cwd: '/no/such/folder' }), { code: 'SPAWN_FAILED' });
});
