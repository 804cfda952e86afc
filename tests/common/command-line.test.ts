import t from 'tap';
import { type Command, describeCommand, parseCommandLine } from '../../common/command-line.ts';

const COMMAND = {
  name: 'npm run x --',
  purpose: 'Does x.',
  options: {
    quick: { help: 'shorter' },
    only: { value: 'NAME', isRepeatable: true, choices: ['a', 'b'], help: 'one of them\na or b' },
    count: { value: 'N', least: 1, most: 9, help: 'how often' },
    out: { value: 'FILE', help: 'where' },
  },
  words: 'FILE...',
  notes: 'Ends with 1 on any fault.',
  examples: ['npm run x -- --quick'],
} as const satisfies Command;

const parse = (...args: readonly string[]) => parseCommandLine(COMMAND, args);

t.test('help names the command, what it does, every option, and examples', async (t) => {
  t.equal(
    describeCommand(COMMAND),
    `Usage: npm run x -- [OPTIONS] FILE...

Does x.

  --quick      shorter
  --only NAME  one of them
               a or b
  --count N    how often
  --out FILE   where
  --help       show this, and do nothing

Ends with 1 on any fault.

Examples:
  npm run x -- --quick`,
  );
});

t.test('options and words are read in any order', async (t) => {
  const options = parse('f', '--only', 'a', '--quick', '--only=b', '--count', '3', 'g');

  t.same(options.words, ['f', 'g']);
  t.same([options.flag('quick'), options.texts('only'), options.number('count')], [true, ['a', 'b'], 3]);
  t.same([options.text('out'), options.texts('out')], [undefined, []]);
});

t.test('what is not given is not there', async (t) => {
  const options = parse();

  t.same(
    [options.flag('quick'), options.number('count'), options.text('only'), options.isHelp],
    [false, undefined, undefined, false],
  );
});

t.test('help is heard beside what would be refused', async (t) => {
  t.ok(parse('--help').isHelp);
  t.ok(parse('-h').isHelp);
  t.ok(parse('--count', '99', '--help').isHelp);
});

for (const { args, sentence } of [
  { args: ['--fast'], sentence: "Unknown option '--fast'; see npm run x -- --help" },
  { args: ['--out'], sentence: "Option '--out <value>' argument missing; see npm run x -- --help" },
  { args: ['--quick=yes'], sentence: "Option '--quick' does not take an argument; see npm run x -- --help" },
  { args: ['--only', 'c'], sentence: '--only is one of a, b (it is "c"); see npm run x -- --help' },
  { args: ['--only', 'a', '--only', 'c'], sentence: '--only is one of a, b (it is "c"); see npm run x -- --help' },
  { args: ['--count', '10'], sentence: '--count must be a number from 1 to 9 (it is "10"); see npm run x -- --help' },
  { args: ['--count', ''], sentence: '--count must be a number from 1 to 9 (it is ""); see npm run x -- --help' },
  { args: ['--count', 'x'], sentence: '--count must be a number from 1 to 9 (it is "x"); see npm run x -- --help' },
]) {
  t.test(`refuses ${args.join(' ')} in one sentence`, async (t) => {
    t.throws(() => parse(...args), { code: 'USAGE', message: sentence });
  });
}

t.test('a command that takes no words refuses one', async (t) => {
  t.throws(() => parseCommandLine({ name: 'x', purpose: 'Does x.' }, ['stray']), {
    code: 'USAGE',
    message: /^Unexpected argument 'stray'; see x --help$/,
  });
});
