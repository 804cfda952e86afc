// Every command tells its help and does nothing else, and refuses what it does not know in one sentence.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { EXIT } from '../../operations/exit-codes.ts';

t.setTimeout(240_000);

const CHECKOUT = dirname(dirname(import.meta.dirname));
const LEFT_OUT = /^(node_modules|\.git|\.cache|\.tap|data|dist|reports)$/;
/** Programs of others: their help is their own. */
const FOREIGN = new Set(['lint', 'typecheck', 'knip']);
/** They take names as they come. */
const TAKES_WORDS = new Set(['check:rules', 'backtest', 'tests/runner/mutants.ts', 'tests/runner/rule-mutants.ts']);
const LIMIT_MS = 60_000;
const USAGE_CODE = 2;
/** Fewer than the whole: the machine is shared with other tests. */
const AT_ONCE = 2;

interface CommandLine {
  readonly name: string;
  /** For a shell. */
  readonly line: string;
}

const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(CHECKOUT, 'package.json'), 'utf8'),
).scripts;
const commands: readonly CommandLine[] = [
  ...Object.entries(scripts).map(([name, line]) => ({ name, line })),
  ...globSync('scripts/**/*.sh', { cwd: CHECKOUT }).map((path) => ({ name: path, line: path })),
  ...['approve', 'reject', 'deploy', 'check', 'status'].map((name) => ({
    name: `rollout ${name}`,
    line: `${scripts.rollout} ${name}`,
  })),
  ...['bench/disk.ts', 'bench/programs/latency.ts', 'tests/runner/mutants.ts', 'tests/runner/rule-mutants.ts'].map(
    (path) => ({
      name: path,
      line: `node scripts/run.mjs ${path}`,
    }),
  ),
];

/** A clone without what is made: whatever a command writes shows at once. */
const root = mkdtempSync(join(tmpdir(), 'derivatives-alerts-help-'));
const clone = join(root, 'clone');
t.teardown(() => rmSync(root, { recursive: true, force: true }));
for (const entry of readdirSync(CHECKOUT).filter((name) => !LEFT_OUT.test(name))) {
  cpSync(join(CHECKOUT, entry), join(clone, entry), { recursive: true });
}
symlinkSync(join(CHECKOUT, 'node_modules'), join(clone, 'node_modules'));
/** Carried by every process that comes of a command. */
const MARK = `HELP_TEST=${randomUUID()}`;

t.test('every command answers --help with its help, starts nothing and writes nothing', async (t) => {
  const before = filesOf(clone);

  await inTurns(commands, async ({ name, line }) => {
    // What tap puts into every process of Node to follow it is not for the programs of others.
    const { code, stdout, stderr } = await run(`${FOREIGN.has(name) ? 'NODE_OPTIONS= ' : ''}${line} --help`);
    t.equal(code, 0, `${name} --help ends with 0: ${stderr}`);
    if (FOREIGN.has(name)) return;
    t.match(stdout, /^Usage: .+\n\n[\s\S]+--help +show this, and do nothing/, name);
    t.equal(stderr, '', name);
    if (isOperation(name)) t.match(stdout, /\nExit codes:\n/, name);
    if (/stress/.test(name)) t.match(stdout, /STRESS_LIMIT_SECONDS/, name);
  });

  t.same(filesOf(clone), before);
  t.same(processesLeft(), []);
});

t.test('every command refuses an option or a word that it does not know, in one sentence', async (t) => {
  const before = filesOf(clone);
  const own = commands.filter(({ name }) => !FOREIGN.has(name));

  await inTurns(own, async ({ name, line }) => {
    const wrong = TAKES_WORDS.has(name) ? '--nonsense' : 'nonsense';
    const { code, stdout, stderr } = await run(`${line} ${wrong}`);
    const what = `${name} ${wrong}: ${stdout}${stderr}`;
    t.equal(code, isOperation(name) ? EXIT.usage : USAGE_CODE, what);
    t.match(stderr, /^[^\n]*nonsense[^\n]*\n$/, what);
    t.equal(stdout, '', what);
  });

  t.same(filesOf(clone), before);
  t.same(processesLeft(), []);
});

/** Programs whose exit codes tell a script how things stand, so that 2 has a meaning already. */
function isOperation(name: string): boolean {
  return /^(rollout|watch:rollback|scripts\/)/.test(name) && !name.includes('stress');
}

async function inTurns(list: readonly CommandLine[], work: (command: CommandLine) => Promise<void>): Promise<void> {
  const queue = list.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const command of queue) await work(command);
    }),
  );
}

function run(line: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [variable = '', value = ''] = MARK.split('=');
  const env = {
    PATH: `${join(CHECKOUT, 'node_modules', '.bin')}:${process.env.PATH}`,
    HOME: root,
    DATA_DIR: join(root, 'clone', 'data'),
    [variable]: value,
  };
  return new Promise((resolve) => {
    execFile('sh', ['-c', line], { cwd: clone, env, timeout: LIMIT_MS }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Path, size and time of change of each file. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const { size, mtimeMs } = statSync(path);
      return `${path} ${size} ${mtimeMs}`;
    })
    .toSorted();
}

/** On Linux; elsewhere there is nothing to ask. */
function processesLeft(): readonly string[] {
  return globSync('/proc/[0-9]*/environ').flatMap((path) => {
    try {
      return readFileSync(path, 'utf8').includes(MARK) ? [readFileSync(join(dirname(path), 'cmdline'), 'utf8')] : [];
    } catch {
      return [];
    }
  });
}
