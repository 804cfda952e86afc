import t from 'tap';
import { createTapDigest } from './tap-digest.ts';

function digest(stream: string): readonly string[] {
  const tap = createTapDigest();
  return stream.split('\n').flatMap((line) => tap.add(line));
}

t.test('says one line of a file that passed', async (t) => {
  t.same(
    digest('TAP version 14\n# Subtest: tests/a.test.ts\n    ok 1 - x\n    1..1\nok 1 - tests/a.test.ts # time=3ms\n'),
    ['✓ tests/a.test.ts # time=3ms'],
  );
});

t.test('says what failed in a file, with its details and nothing else', async (t) => {
  const stream = `# Subtest: tests/a.test.ts
    ok 1 - fine
    # Subtest: x
        not ok 1 - should be equal
          ---
          diff: here
          ...
    not ok 2 - x
    1..2
not ok 1 - tests/a.test.ts # time=3ms
ok 2 - tests/b.test.ts`;

  t.same(digest(stream), [
    '✗ tests/a.test.ts # time=3ms',
    '        not ok 1 - should be equal',
    '          ---',
    '          diff: here',
    '          ...',
    '    not ok 2 - x',
    '    1..2',
    '✓ tests/b.test.ts',
  ]);
});

t.test('forgets the beginning of a file that says too much', async (t) => {
  const tap = createTapDigest();
  tap.add('    not ok 1 - early');
  for (let line = 0; line < 200_001; line += 1) tap.add('    ok');
  tap.add('    not ok 2 - late');

  t.same(tap.add('not ok 1 - file'), ['✗ file', '    not ok 2 - late']);
});
