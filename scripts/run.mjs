// Starts one of the project's TypeScript programs from a fresh clone: `node scripts/run.mjs supervisor/main.ts [ARGS]`.
// Plain JavaScript for Node 18 and newer, without dependencies, because it runs before any are installed. It installs
// what the lock file asks for and hands over to the Node that came with it. (.npmrc switches install scripts off, and npm
// then skips prestart and pretest too; hence this file.)
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED_MAJOR = 26;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

const [program, ...args] = process.argv.slice(2);
if (program === undefined) fail('usage: node scripts/run.mjs PROGRAM.ts [ARGUMENTS]');
if (!isInstalled()) install();
run(findNode(), [join(root, program), ...args]);

/** npm leaves a lock file of its own in node_modules, last of all: it says what is really there, complete or not at all. */
function isInstalled() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) fail('package-lock.json cannot be read: is this a complete clone of the project?');
  if (present === undefined) return false;
  return Object.keys(wanted).every((path) => {
    if (path === '') return true;
    const found = present[path];
    if (found === undefined) return wanted[path].optional === true || wanted[path].devOptional === true;
    return found.version === wanted[path].version;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  console.log('installing dependencies … (npm ci, once after every change of package-lock.json)');
  const npm = process.env.npm_execpath;
  const command = npm?.endsWith('js') ? [process.execPath, npm] : ['npm'];
  const result = spawnSync(command[0], [...command.slice(1), 'ci', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) {
    fail(
      `the dependencies could not be installed (npm ci ${result.error ? result.error.message : `ended with code ${result.status}`}).\n` +
        'Look at the lines above; without a connection to the npm registry use Docker on a machine that has one: README.md.',
    );
  }
}

/** The Node of the lock file; any other that is new enough where the lock file has none for this platform. */
function findNode() {
  const own = join(bin, 'node');
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath;
  return fail(
    `Node ${WANTED_MAJOR} is needed; the lock file has none for ${process.platform}-${process.arch} and this is Node ${process.versions.node}.\n` +
      `Install Node ${WANTED_MAJOR} (https://nodejs.org) and start again, or use Docker: README.md.`,
  );
}

function run(node, argv) {
  const child = spawn(node, argv, {
    cwd: root,
    // The channel is a leash: the program sees it close when this process dies, however it dies.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal signals the whole group itself; a second SIGINT from here would read as impatience.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  if (process.env.npm_lifecycle_event !== undefined) watchNpm(child);
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** npm killed with SIGKILL tells nobody: its child is handed to another parent, and that is the sign. */
function watchNpm(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 500);
  timer.unref();
}

/** @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
