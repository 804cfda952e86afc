import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { checkRulesOfAnyFile, checkThresholds } from '../../../engines/rules/threshold-check.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');
/** As it was delivered before there was a table, for a person to edit. */
const delivered = readFileSync(join(CHECKOUT, 'tests', 'fixtures', 'thresholds-as-rules.yml'), 'utf8');

/** The delivered file with one edit, as a hurried person would make it. */
function edited(from: string | RegExp, to: string): string {
  const text = delivered.replace(from, to);
  if (text === delivered) throw new Error(`the file has no ${from}`);
  return text;
}

const messages = (text: string) => checkThresholds(text).map(({ message }) => message);

t.test('finds no fault in the delivered files', async (t) => {
  t.same(checkThresholds(delivered), []);
  t.same(checkThresholds(readFileSync(join(CHECKOUT, 'prometheus', 'rules', 'thresholds.yml'), 'utf8')), []);
});

t.test('names the line of a fault', async (t) => {
  const line = delivered.split('\n').findIndex((text) => text.includes('or vector(500000)')) + 1;

  t.equal(checkThresholds(edited('or vector(500000)', 'or vector(-500000)'))[0]?.line, line);
});

for (const [name, from, to, told] of [
  [
    'a negative value',
    'or vector(500000)',
    'or vector(-500000)',
    /BTC cascade_value_usd: -500000 is negative: write whole US/,
  ],
  ['percent for a ratio', 'or vector(0.15)', 'or vector(15)', /BTC oi_change_ratio: 15 is too large .*: 15 % is 0\.15/],
  ['a count of zero', 'or vector(5)', 'or vector(0)', /BTC cascade_count: 0 is too small/],
  ['half a liquidation', 'or vector(5)', 'or vector(4.5)', /BTC cascade_count: 4\.5 is no whole number/],
  ['a few dollars', 'or vector(100000)', 'or vector(100)', /BTC single_large_usd: 100 is too small/],
  ['more dollars than there are', 'or vector(100000)', 'or vector(1e10)', /BTC single_large_usd: 1e10 is too large/],
  [
    'three noughts too many',
    'or vector(50000000)',
    'or vector(50000000000)',
    /BTC oi_min_usd: 50000000000 is too large/,
  ],
  ['a number with commas', 'or vector(500000)', 'or vector(500,000)', /"500,000" is no plain number/],
  ['a number with a unit', 'or vector(500000)', 'or vector($1M)', /"\$1M" is no plain number/],
  ['an absurd default', '* 0 + 250000)', '* 0 + 2)', /default cascade_value_usd: 2 is too small/],
  ['a removed number', ' or vector(500000)', '', /BTC cascade_value_usd: the number is missing/],
  [
    'an override without max',
    'max(derivatives_threshold_override{symbol="BTC", kind="cascade_count"})',
    'derivatives_threshold_override{symbol="BTC", kind="cascade_count"}',
    /BTC cascade_count: the environment could not override this; begin the line with max/,
  ],
  [
    'a default beside blocks',
    'unless on (symbol) symbol:cascade_count:threshold{block="own"}',
    '',
    /default cascade_count: a block of a symbol must win; end it with unless on/,
  ],
  ['an absurd market threshold', 'vector(600000)', 'vector(6)', /market cascade_value_usd: 6 is too small/],
  ['an absurd deviation', 'expr: vector(6)\n', 'expr: vector(0)\n', /market surge_deviations: 0 is too small/],
  [
    'an unknown name',
    'symbol:cascade_count:threshold',
    'symbol:cascade_cout:threshold',
    /unknown name symbol:cascade_cout:threshold: this/,
  ],
  [
    'a symbol in small letters',
    '{ symbol: BTC, block: own }',
    '{ symbol: btc, block: own }',
    /in capitals, for example labels/,
  ],
  ['a missing symbol', '{ symbol: BTC, block: own }', '{ block: own }', /write the base asset in capitals/],
  [
    'a missing block label',
    '{ symbol: BTC, block: own }',
    '{ symbol: BTC }',
    /BTC cascade_count: `block: own` is missing/,
  ],
  [
    'a copied line for another symbol',
    'symbol="BTC", kind="cascade_count"',
    'symbol="ETH", kind="cascade_count"',
    /speaks of ETH cascade_count; write symbol="BTC"/,
  ],
  [
    'a copied line for another kind',
    'symbol="BTC", kind="cascade_count"',
    'symbol="BTC", kind="oi_min_usd"',
    /speaks of BTC oi_min_usd; write/,
  ],
  [
    'a rule that the environment cannot override',
    /max\(derivatives_threshold_override\{symbol="BTC", kind="cascade_count"\}\) or /,
    '0 * vector(1) or ',
    /the environment could not override this/,
  ],
] as const) {
  t.test(`says what is wrong with ${name}`, async (t) => {
    t.match(messages(edited(from, to)), [told]);
  });
}

t.test('says how a listing by the thousand is told', async (t) => {
  t.match(
    messages(edited(/BTC/g, '1000PEPE')),
    Array.from({ length: 5 }, () => /1000PEPE \w+: 1000PEPE is told as PEPE; write PEPE in all its places/),
  );
});

t.test('says that a part of a block is missing', async (t) => {
  const text = edited(/ {6}- record: symbol:oi_min_usd:threshold\n {8}labels: \{ symbol: SOL.*\n.*\n/, '');

  t.match(messages(text), [/^SOL oi_min_usd is missing: copy its rule/]);
});

t.test('says that nobody would be served by the default block', async (t) => {
  const text = edited(/ {6}- record: symbol:watched:group\n( {8}.*\n| {10}.*\n)+/, '');

  t.match(messages(text), [/^watched group is missing: copy its rule/]);
});

t.test('says that the default or the market block is missing', async (t) => {
  const text = delivered.slice(
    0,
    delivered.indexOf('      # ---------------------------------------------------------------- default'),
  );

  t.equal(messages(text).filter((message) => /^default \w+ is missing/.test(message)).length, 5);
  t.equal(messages(text).filter((message) => /^market \w+ is missing/.test(message)).length, 6);
});

t.test('says that a block is there twice, and where it was first', async (t) => {
  const block = delivered.slice(delivered.indexOf('      # A cascade'), delivered.indexOf('      # ------', 2_000));
  const text = delivered.replace(block, block + block);

  t.equal(messages(text).length, 5);
  t.match(messages(text)[0], /^BTC cascade_count is there twice, first on line \d+: remove one/);
});

t.test('says where a file stops being YAML or a rule file', async (t) => {
  t.match(checkThresholds(edited('    rules:', '   rules:'))[0]?.message, /^not YAML: /);
  t.match(checkThresholds('hello'), [{ line: 1, message: /`groups:` is missing/ }]);
  t.match(checkThresholds('groups:\n  - name: a\n'), [{ line: 2, message: /without `rules:`/ }]);
  t.match(checkThresholds('groups:\n  - rules:\n      - hello\n      - record: a\n'), [
    { line: 3, message: /needs `record:` or `alert:`/ },
    { line: 4, message: /needs `record:`/ },
  ]);
});

t.test('a copy of the file is judged whatever it is called', async (t) => {
  const told = checkRulesOfAnyFile(edited('or vector(500000)', 'or vector(-500000)'));
  t.match(told, [{ message: /BTC cascade_value_usd: -500000 is negative/ }]);
  t.same(checkRulesOfAnyFile(delivered), []);
  t.match(checkRulesOfAnyFile('groups:\n  - {}'), [{ line: 2, message: 'a group without `rules:`' }]);
});

t.test('of another file the thresholds alone are judged, and none is missing', async (t) => {
  const rule = (name: string, value: string) =>
    `{ record: '${name}', labels: { symbol: DOGE, block: own }, expr: 'max(derivatives_threshold_override{symbol="DOGE", kind="cascade_count"}) or vector(${value})' }`;
  const file = (...rules: readonly string[]) => `groups:\n  - name: mine\n    rules: [${rules.join(',')}]\n`;
  const threshold = 'symbol:cascade_count:threshold';

  t.same(checkRulesOfAnyFile(file(rule(threshold, '7'), rule('desk:something:else', '-7'))), []);
  t.match(checkRulesOfAnyFile(file(rule(threshold, '-7'))), [{ message: /DOGE cascade_count: -7 is negative/ }]);
  t.match(checkRulesOfAnyFile(file(rule(threshold, '7'), rule(threshold, '8'))), [{ message: /is there twice/ }]);
});
