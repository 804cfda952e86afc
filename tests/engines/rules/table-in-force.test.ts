import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { renderedFrom } from '../../../engines/rules/render-thresholds.ts';
import { bringTableIntoForce, judgeRendering } from '../../../engines/rules/table-in-force.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');
const TABLE = readFileSync(join(CHECKOUT, 'prometheus', 'thresholds.yml'), 'utf8');
const RENDERED = readFileSync(join(CHECKOUT, 'prometheus', 'rules', 'thresholds.yml'), 'utf8');
/** As it was delivered before there was a table. */
const BEFORE = readFileSync(join(CHECKOUT, 'tests', 'fixtures', 'thresholds-as-rules.yml'), 'utf8');

/** A folder `prometheus` with these two files. */
function open(t: Test, table: string | undefined, rules: string | undefined) {
  const folder = t.testdir();
  const files = { table: join(folder, 'thresholds.yml'), rules: join(folder, 'rules', 'thresholds.yml') };
  mkdirSync(join(folder, 'rules'));
  if (table !== undefined) writeFileSync(files.table, table);
  if (rules !== undefined) writeFileSync(files.rules, rules);
  const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  return {
    files,
    bring: () => bringTableIntoForce(folder),
    state: () => judgeRendering(folder),
    table: () => text(files.table),
    rules: () => text(files.rules),
    kept: () => [text(`${files.table}.before`), text(`${files.rules}.before`)],
  };
}

t.test('an edited table is rendered, and said; one that is in force already is left alone', async (t) => {
  const { bring, state, rules, files, kept } = open(t, TABLE.replace('500000 ', '600000 '), RENDERED);
  t.equal(state(), 'stale');

  t.match(bring(), { faults: [], said: [/rules\/thresholds\.yml: rendered from .*thresholds\.yml$/] });

  t.match(rules(), 'or vector(600000)');
  t.equal(state(), 'current');
  const { ino } = statSync(files.rules);
  t.same(bring(), { faults: [], said: [] });
  t.equal(statSync(files.rules).ino, ino, 'nothing is written');
  t.same(kept(), [undefined, undefined]);
});

t.test('without its rendering a table is rendered', async (t) => {
  const { bring, rules } = open(t, TABLE, undefined);
  t.same(bring().faults, []);
  t.equal(rules(), RENDERED);
});

t.test('a faulty table changes nothing and is named with its line', async (t) => {
  const { bring, rules } = open(t, TABLE.replace('500000 ', '5 '), RENDERED);
  t.match(bring(), { faults: [/thresholds\.yml:\d+: BTC cascade_value_usd: 5 is too small/], said: [] });
  t.equal(rules(), RENDERED);
});

t.test('rules of before, as they were delivered, become the delivered table’s without a copy', async (t) => {
  const { bring, state, table, rules, kept } = open(t, TABLE, BEFORE);
  t.equal(state(), 'from before there was a table');

  t.same(bring().faults, []);

  t.equal(table(), TABLE);
  t.equal(rules(), RENDERED);
  t.same(kept(), [undefined, undefined]);
});

/** The five rules of BTC, with the line above them. */
const btc = /^ *# -+ BTC\n[\s\S]*?(?=^ *# -+ ETH$)/m.exec(BEFORE)?.[0] ?? '';

for (const { what, edit, expected } of [
  {
    what: 'numbers that somebody edited',
    edit: BEFORE.replace('or vector(500000)', 'or vector(1.2e6)')
      .replace('or vector(0.15)', 'or vector(0.07)')
      .replace('* 0 + 0.25)', '* 0 + 0.3)')
      .replace('vector(120)', 'vector(150)'),
    expected: TABLE.replace('500000      ', '1200000     ')
      .replace('15 % ', '7 %  ')
      .replace(/(default:\n(.*\n){3}.* )25 %/, '$130 %')
      .replace('120         ', '150         '),
  },
  {
    what: 'a block that somebody added by copying one',
    edit: BEFORE.replace(btc, btc + btc.replaceAll('BTC', 'DOGE')),
    expected: TABLE.replace(/BTC:\n(.*\n){6}/, (block) => block + block.replace('BTC', 'DOGE')),
  },
  {
    what: 'a block that somebody took out',
    edit: BEFORE.replace(btc, ''),
    expected: TABLE.replace(/BTC:\n(.*\n){6}/, ''),
  },
]) {
  t.test(`${what}: read out of the rules of before into the table, with both files kept beside`, async (t) => {
    t.not(edit, BEFORE);
    const { bring, state, table, kept, rules } = open(t, TABLE, edit);
    t.equal(state(), 'from before there was a table');

    t.match(bring(), {
      faults: [],
      said: [/held thresholds of your own: they stand in .*thresholds\.yml now, edit them/],
    });

    t.equal(table(), expected);
    t.same(kept(), [TABLE, edit]);
    t.ok(renderedFrom(rules() ?? ''));
    t.equal(state(), 'current');
  });
}

t.test('a point from before there was a table brings its numbers back', async (t) => {
  const { bring, table, kept } = open(t, undefined, BEFORE.replace('vector(120)', 'vector(150)'));
  t.match(bring(), { faults: [], said: [/held thresholds of your own/] });
  t.match(table(), / 150 /);
  t.equal(kept()[0], undefined);
});

t.test('nothing at all is said', async (t) => {
  t.match(open(t, undefined, undefined).bring().faults, [/thresholds\.yml is missing: restore it, or copy/]);
});

for (const { what, edit, told } of [
  {
    what: 'a rule that somebody wrote by hand',
    edit: `${BEFORE}      - record: desk:something:sum\n        expr: sum(up)\n`,
    told: /thresholds\.yml:\d+: unknown name desk:something:sum/,
  },
  {
    what: 'an expression that no table can say',
    edit: BEFORE.replace('vector(600000)', 'vector(hour() * 100000 + 600000)'),
    told: /thresholds\.yml:\d+: market cascade_value_usd: "hour\(\) \* 100000 \+ 600000" is no plain number/,
  },
  {
    what: 'another judgement of who is watched',
    edit: BEFORE.replace(
      'group by (symbol) (derivatives_watched_symbol)',
      'group by (symbol) (derivatives_mark_price_usd)',
    ),
    told: /thresholds\.yml:\d+: symbol:watched:group: a table cannot say what this rule says/,
  },
  {
    what: 'a syntax error',
    edit: BEFORE.replace('    rules:', '   rules:'),
    told: /thresholds\.yml:\d+: not YAML/,
  },
  {
    what: 'a number that makes no sense',
    edit: BEFORE.replace('or vector(0.15)', 'or vector(15)'),
    told: /thresholds\.yml:\d+: BTC oi_change_ratio: 15 is too large/,
  },
]) {
  t.test(`${what} in the rules of before is refused with the steps that mend it`, async (t) => {
    t.not(edit, BEFORE);
    const { bring, state, table, rules, files } = open(t, TABLE, edit);
    t.equal(state(), 'edited');

    t.match(bring(), {
      faults: [
        told,
        /was edited by hand, and its numbers cannot be moved into .* Mend that; or write your numbers into/,
      ],
      said: [],
    });

    t.equal(table(), TABLE);
    t.equal(rules(), edit);
    rmSync(files.rules);
    t.same(bring().faults, [], 'the last step helps');
    t.equal(rules(), RENDERED);
  });
}

t.test('numbers written into generated rules move into the table that these are from', async (t) => {
  const { bring, state, table } = open(t, TABLE, RENDERED.replace('or vector(500000)', 'or vector(600000)'));
  t.equal(state(), 'edited');
  t.match(bring(), { faults: [], said: [/held thresholds of your own/] });
  t.match(table(), 'cascade_value_usd: 600000 ');
});

t.test('where both were edited a person decides', async (t) => {
  const rules = RENDERED.replace('or vector(500000)', 'or vector(600000)');
  const opened = open(t, TABLE.replace('500000 ', '700000 '), rules);
  t.match(opened.bring(), {
    faults: [/was edited by hand, and .* was edited too: write what is to count into/],
    said: [],
  });
  t.equal(opened.rules(), rules);
});

t.test('a comment in generated rules is no edit worth keeping', async (t) => {
  const { bring, rules, kept } = open(t, TABLE, `${RENDERED}# mine\n`);
  t.match(bring(), { faults: [], said: [/rendered from/] });
  t.equal(rules(), RENDERED);
  t.same(kept(), [undefined, undefined]);
});

t.test('says that it may not write', async (t) => {
  const { bring, files, table } = open(t, TABLE.replace('500000 ', '600000 '), RENDERED);
  mkdirSync(`${files.rules}.new`);
  t.match(bring(), {
    faults: [/rules\/thresholds\.yml cannot be written \(.*\): do it as the user who owns the folder/],
  });
  t.match(table(), '600000 ');
});
