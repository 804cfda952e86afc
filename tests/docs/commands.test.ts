// The commands of the documents: each names what there is, and those that can be run here are run, in a clone of their own beside
// a simulator of the existing system. What cannot says why, in the document or below.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { EXIT } from '../../operations/exit-codes.ts';
import { openWorld, type World } from '../e2e/proof/world.ts';
import { type Documented, extractCommands, wordsOf } from './commands/extract.ts';
import { programOf } from './commands/programs.ts';

t.setTimeout(600_000);

const CHECKOUT = dirname(dirname(import.meta.dirname));
const DOCUMENTS = [
  ...['README.md', 'rollout/README.md', 'CONTRIBUTING.md'],
  ...['docs/deployment.md', 'docs/rollback.md', 'docs/validation.md'],
];
/** Whose words are the machine's own: nothing of ours to compare them with. */
const FOREIGN = /^(docker|docker-compose|git|cp|sudo|alias|stack|curl|systemctl|export|cd|ssh|ln)$/;
/** Made shorter or harmless; what they say and refuse is the same. */
const SHORTER: readonly (readonly [command: RegExp, more: readonly string[]])[] = [
  [/capture_baseline|regression_check/, ['--samples', '3', '--pause-ms', '0']],
  [/start_monitoring|stop_monitoring|rollback\.sh .*--to|rollout -- deploy/, ['--dry-run']],
];
const RUN_ELSEWHERE: readonly (readonly [command: RegExp, where: string])[] = [
  [/^npm (start|run demo|test)\b/, 'tests/e2e/start.test.ts and every run of the tests'],
  [/^npm run (proof|stress|bench|soak|reload|backtest|test:\w+)/, 'each has a test or a step of its own'],
  [
    /stress_test|validate_system|--interleave|--drill full|rollout -- check/,
    'tests/e2e/proof.test.ts, deployment.test.ts',
  ],
  [/--watch|watch:rollback|--seal|--edit/, 'tests/operations/watch'],
];

const scripts: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(join(CHECKOUT, 'package.json'), 'utf8'),
).scripts;
const documents = DOCUMENTS.map((path) => [path, extractCommands(readFileSync(join(CHECKOUT, path), 'utf8'))] as const);

for (const [path, commands] of documents) {
  t.test(`${path} names programs and options that there are`, async (t) => {
    for (const { line, command } of commands) t.equal(faultOf(command), undefined, `${path}:${line}: ${command}`);
  });
}

t.test('the commands of operation run as they are written', async (t) => {
  const world = await openWorld(1);
  t.teardown(() => world.close());
  const done = new Set<string>();
  for (const path of ['docs/validation.md', 'docs/rollback.md', 'docs/deployment.md']) {
    const commands = documents.find(([name]) => name === path)?.[1] ?? [];
    for (const documented of commands.filter(isRunHere)) {
      if (done.has(documented.command)) continue;
      done.add(documented.command);
      const { code, output } = await run(world, documented.command);
      const where = `${path}:${documented.line}: ${documented.command}`;
      t.not(code, EXIT.usage, `${where}\n${output}`);
      t.notMatch(output, /\n {4}at |node:internal/, `${where} ends with a sentence, not with a stack trace`);
    }
  }
});

t.test('reads blocks, comments, quotes and markers', async (t) => {
  const text =
    '```sh\nnpm test   # all\n```\n<!-- not run here: no engine -->\n```bash\ndocker ps\n```\n\n    git push "a b"\n    prose\n';
  t.same(extractCommands(text), [
    { line: 2, command: 'npm test', notRunBecause: undefined },
    { line: 6, command: 'docker ps', notRunBecause: 'no engine' },
    { line: 9, command: 'git push "a b"', notRunBecause: undefined },
  ]);
  t.same(wordsOf('a --b "c d" e'), ['a', '--b', 'c d', 'e']);
  t.match(faultOf('npm run nothing'), /no script/);
  t.match(faultOf('scripts/deployment/rollback.sh --nowhere'), /--nowhere/);
  t.match(faultOf('scripts/deployment/gone.sh'), /is not there/);
  t.match(faultOf('docker compose -f gone.yml up'), /gone\.yml/);
  t.match(faultOf('frobnicate'), /frobnicate/);
});

function isRunHere({ command, notRunBecause }: Documented): boolean {
  const [first = ''] = wordsOf(command);
  return (
    notRunBecause === undefined && !FOREIGN.test(first) && !RUN_ELSEWHERE.some(([pattern]) => pattern.test(command))
  );
}

/** What is wrong with a command as it is written; `undefined` when nothing is. */
function faultOf(command: string): string | undefined {
  const words = wordsOf(command).filter((word) => !/^[A-Z_]+=/.test(word));
  const [first = '', second = '', third = ''] = words;
  const files = words.flatMap((word, index) => (words[index - 1] === '-f' && /\.ya?ml$/.test(word) ? [word] : []));
  const missing = files.find((file) => !existsSync(join(CHECKOUT, file)));
  if (missing !== undefined) return `${missing} is not there`;
  if (first.startsWith('scripts/') && !existsSync(join(CHECKOUT, first))) return `${first} is not there`;
  const script = first === 'npm' ? (second === 'run' ? third : second) : undefined;
  if (script !== undefined && !(script in scripts) && script !== 'ci') return `no script ${script}`;
  if (script === undefined && !first.startsWith('scripts/') && !FOREIGN.test(first) && first !== 'node') {
    return `what is ${first}?`;
  }
  const program = programOf(words);
  if (program === undefined) return script === 'rollout' ? 'no such command of rollout' : undefined;
  const options = words.filter((word) => /^--\w/.test(word)).map((word) => word.slice(2).split('=')[0] ?? '');
  const unknown = options.filter((option) => !(option in (program.options ?? {})) && option !== 'help');
  return unknown.length === 0 ? undefined : `no option --${unknown.join(', --')}`;
}

async function run(world: World, command: string): Promise<{ readonly code: number; readonly output: string }> {
  const more = SHORTER.filter(([pattern]) => pattern.test(command)).flatMap(([, options]) => options);
  const words = wordsOf(command.replaceAll('http://localhost:8001', world.existing.url));
  const given = words.map((word) => (word === 'NAME' ? 'before-my-change' : word));
  const added = more.filter((option, index) => {
    const name = option.startsWith('--') ? option : (more[index - 1] ?? '');
    return !given.includes(name);
  });
  const [first = '', , third = '', , ...rest] = given;
  const ran =
    third === 'rollout' && first === 'npm'
      ? await world.rollout([...rest, ...added])
      : await world.run(...programAndArguments(given, added));
  return { code: ran.code, output: `${ran.stdout}${ran.stderr}` };
}

/** An npm script is run by what package.json says it is. */
function programAndArguments(given: readonly string[], added: readonly string[]): readonly [string, readonly string[]] {
  const [first = '', , name = '', , ...rest] = given;
  if (first !== 'npm') return [first, [...given.slice(1), ...added]];
  throw new Error(`npm run ${name} ${rest.join(' ')}: say in RUN_ELSEWHERE where it is run`);
}
