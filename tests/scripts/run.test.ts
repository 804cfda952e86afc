// The launcher, on projects of a few files and with a stand-in for npm.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { isThere, waitUntil } from '../support/waiting.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));

// Plays `npm ci`: notes that it ran and leaves what npm leaves.
const NPM = `
const fs = require('node:fs');
fs.writeFileSync('npm-ran', process.argv.slice(2).join(' '));
if (fs.existsSync('npm-broken')) process.exit(9);
fs.mkdirSync('node_modules', { recursive: true });
fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

const packages = (version: string) =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version: '1.0.0', optional: true } },
  });

function project(
  t: Test,
  content: { readonly installed?: string; readonly program?: string; readonly isNpmBroken?: boolean },
): string {
  const root = t.testdir({
    'package-lock.json': packages('1.0.0'),
    'npm.cjs': NPM,
    'program.ts': content.program ?? "const words: string[] = process.argv.slice(2); console.log('ran', ...words);",
    scripts: {},
    ...(content.installed ? { node_modules: { '.package-lock.json': content.installed } } : {}),
    ...(content.isNpmBroken ? { 'npm-broken': '' } : {}),
  });
  copyFileSync(join(CHECKOUT, 'scripts', 'run.mjs'), join(root, 'scripts', 'run.mjs'));
  return root;
}

function launch(root: string, ...args: readonly string[]) {
  const env = { ...process.env, npm_execpath: join(root, 'npm.cjs'), npm_lifecycle_event: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'run.mjs'), ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr, hasInstalled: existsSync(join(root, 'npm-ran')) };
}

t.test('installs in a fresh clone, says so, and runs the program with its arguments', async (t) => {
  const result = launch(project(t, {}), 'program.ts', 'one', 'two');

  t.match(result.stdout, /^installing dependencies … .*\nran one two\n$/);
  t.ok(result.hasInstalled);
  t.equal(result.status, 0);
});

for (const { title, installed, hasInstalled } of [
  { title: 'does not install what is there', installed: packages('1.0.0'), hasInstalled: false },
  {
    title: 'does not miss an optional package of another platform',
    installed: JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
    hasInstalled: false,
  },
  { title: 'installs after the lock file has changed', installed: packages('0.9.0'), hasInstalled: true },
  { title: 'installs what is missing', installed: JSON.stringify({ packages: {} }), hasInstalled: true },
  { title: 'installs where an earlier install was cut off', installed: '{"packages":', hasInstalled: true },
]) {
  t.test(title, async (t) => {
    const result = launch(project(t, { installed }), 'program.ts');

    t.equal(result.hasInstalled, hasInstalled);
    t.match(result.stdout, /ran/);
  });
}

t.test('says that the install failed', async (t) => {
  const result = launch(project(t, { isNpmBroken: true }), 'program.ts');

  t.equal(result.status, 1);
  t.match(result.stderr, /dependencies could not be installed \(npm ci ended with code 9\)/);
});

t.test('hands on the exit code of the program', async (t) => {
  const root = project(t, { installed: packages('1.0.0'), program: 'process.exit(5);' });

  t.equal(launch(root, 'program.ts').status, 5);
});

t.test("prefers the project's own Node", async (t) => {
  const root = project(t, { installed: packages('1.0.0'), program: 'console.log(process.env.PATH);' });
  mkdirSync(join(root, 'node_modules', '.bin'));
  symlinkSync(process.execPath, join(root, 'node_modules', '.bin', 'node'));

  const result = launch(root, 'program.ts');

  t.ok(result.stdout.startsWith(join(root, 'node_modules', '.bin')));
});

t.test('asks for a program', async (t) => {
  const result = launch(project(t, {}));

  t.match(result.stderr, /usage:/);
  t.equal(result.status, 1);
});

const WAITING = "process.on('SIGTERM', () => process.exit(0)); console.log(process.pid); setInterval(() => {}, 1000);";

t.test('ends the program with itself when asked to end', async (t) => {
  const root = project(t, { installed: packages('1.0.0'), program: WAITING });
  const launcher = spawn(process.execPath, [join(root, 'scripts', 'run.mjs'), 'program.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(launcher.stdout, 'data');

  launcher.kill('SIGTERM');
  await once(launcher, 'exit');

  t.notOk(isThere(Number(String(line).trim())));
});

t.test('ends the program when npm has been killed', async (t) => {
  const root = project(t, { installed: packages('1.0.0'), program: WAITING });
  // Stands for npm: the parent of the launcher, gone without a word.
  const npm = spawn('/bin/sh', ['-c', '"$0" scripts/run.mjs program.ts & wait', process.execPath], {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(npm.stdout, 'data');

  npm.kill('SIGKILL');

  await waitUntil('the program is gone', () => !isThere(Number(String(line).trim())), 5_000);
  t.pass('gone');
});
