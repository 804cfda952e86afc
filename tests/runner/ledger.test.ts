// The ledger of `npm test`: every step is in it, and the whole stays under half an hour.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { describeTime, readStepTimes } from './ledger.ts';
import { testSteps } from './steps.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));
const LIMIT_SECONDS = 30 * 60;

t.test('the ledger names every step in order, and no other', async (t) => {
  const times = readStepTimes(readFileSync(join(CHECKOUT, 'docs', 'ledgers.md'), 'utf8'));

  t.same(
    [...times.keys()],
    testSteps(CHECKOUT).map(({ name }) => name),
  );
});

t.test('all steps take less than 30 minutes together', async (t) => {
  const times = readStepTimes(readFileSync(join(CHECKOUT, 'docs', 'ledgers.md'), 'utf8'));
  const seconds = [...times.values()].reduce((sum, time) => sum + time, 0);

  t.ok(seconds > 60 && seconds < LIMIT_SECONDS, `${seconds} s`);
});

t.test('times are read in minutes and seconds, and written the same way', async (t) => {
  const times = readStepTimes('| step | usual time |\n| `types` | 4 s | x |\n| `rule-mutants` | 6 min 12 s | y |\n');

  t.same(
    [...times],
    [
      ['types', 4],
      ['rule-mutants', 372],
    ],
  );
  t.same([describeTime(4), describeTime(372), describeTime(undefined)], ['4 s', '6 min 12 s', 'not measured']);
});
