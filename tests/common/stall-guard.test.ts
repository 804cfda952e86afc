import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const GUARD = fileURLToPath(new URL('../../common/stall-guard.ts', import.meta.url));

/** A process with a guard of half a second that then does what the code says. */
async function run(code: string) {
  const program = `import { startStallGuard } from ${JSON.stringify(GUARD)};\nconst guard = startStallGuard({ limitSeconds: 0.5 });\n${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stderr, [exitCode, signal]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { stderr, exitCode, signal };
}

t.test('ends a process whose event loop stands still, and says why', async (t) => {
  const { stderr, signal } = await run('setTimeout(() => { for (;;); }, 100);');

  t.equal(signal, 'SIGKILL');
  t.match(JSON.parse(stderr.trim()), { level: 'fatal', msg: /event loop stalled/, limitSeconds: 0.5 });
});

t.test('leaves a process alone whose event loop turns', async (t) => {
  const { exitCode, signal } = await run('setTimeout(() => process.exit(7), 1_500);');

  t.same([exitCode, signal], [7, null]);
});

t.test('does not keep a process alive by itself', async (t) => {
  t.equal((await run('')).exitCode, 0);
});

t.test('a guard that was stopped watches no more', async (t) => {
  const busy = 'guard.stop(); const end = Date.now() + 1_500; while (Date.now() < end);';

  t.equal((await run(busy)).exitCode, 0);
});

t.test('says so and lets the process run where there is no shell to watch with', async (t) => {
  const code = 'process.on("exit", () => {}); setTimeout(() => process.exit(3), 300);';
  const program = `process.env.PATH = '/nowhere';
import { startStallGuard } from ${JSON.stringify(GUARD)};
startStallGuard({ onUnavailable: (error) => console.error(error.code) });
${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

  t.match(stderr, /ENOENT/);
  t.equal(exitCode, 3);
});
