import t, { type Test } from 'tap';
import { readSelection } from './selection.ts';

const NAMES = ['lint', 'types'];
const read = (t: Test, ...words: readonly string[]) =>
  readSelection(words, NAMES, t.testdir({ tests: { 'a.test.ts': '', 'helper.ts': '' } }));

t.test('words are steps by name and test files by path', async (t) => {
  t.same(read(t, 'types', 'tests/a.test.ts'), { steps: ['types'], files: ['tests/a.test.ts'], faults: [] });
});

t.test('a path from the root of the machine is one of the project', async (t) => {
  const checkout = t.testdir({ tests: { 'a.test.ts': '' } });

  t.same(readSelection([`${checkout}/tests/a.test.ts`], NAMES, checkout).files, ['tests/a.test.ts']);
});

t.test('a file that is not there is a fault, and so is one that holds no tests', async (t) => {
  t.same(read(t, 'tests/b.test.ts').faults, ['tests/b.test.ts does not exist']);
  t.match(read(t, 'tests/helper.ts').faults, [/tests\/helper\.ts is no test file/]);
  t.match(read(t, 'exporter/main.ts').faults, [/exporter\/main\.ts is no test file/]);
});

t.test('an unknown word is told with the steps there are', async (t) => {
  t.same(read(t, 'lint', 'lynt').faults, ['there is no step lynt: steps are lint, types']);
});
