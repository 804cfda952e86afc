import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readThresholdTable } from '../../../engines/rules/threshold-table.ts';

const PROMETHEUS = join(import.meta.dirname, '..', '..', '..', 'prometheus');
const delivered = readFileSync(join(PROMETHEUS, 'thresholds.yml'), 'utf8');

/** The delivered table with one edit, as a hurried person would make it. */
function edited(from: string | RegExp, to: string): string {
  const text = delivered.replace(from, to);
  if (text === delivered) throw new Error(`the table has no ${from}`);
  return text;
}

const messages = (text: string) => readThresholdTable(text).faults.map(({ message }) => message);

t.test('finds no fault in the delivered tables, and reads them in the units of the rules', async (t) => {
  const { table, faults } = readThresholdTable(delivered);
  t.same(faults, []);
  t.match(table, { default: { oi_change_ratio: 0.25 }, market: { oi_surge_change_ratio: 0.02, cascade_count: 120 } });
  t.same(table?.symbols[0], [
    'BTC',
    { cascade_count: 5, cascade_value_usd: 500_000, single_large_usd: 100_000, oi_change_ratio: 0.15, oi_min_usd: 5e7 },
  ]);
  t.same(messages(readFileSync(join(PROMETHEUS, 'thresholds.quiet.yml'), 'utf8')), []);
});

t.test('names the line of a fault', async (t) => {
  const line = delivered.split('\n').findIndex((text) => text.includes('500000 ')) + 1;

  t.equal(readThresholdTable(edited('500000 ', '-500000 ')).faults[0]?.line, line);
});

t.test('takes a symbol on one line, and a percentage with or without a blank', async (t) => {
  const line =
    'DOGE: { cascade_count: 5, cascade_value_usd: 5e4, single_large_usd: 20000, oi_change: 7.5%, oi_min_usd: 0 }\n';

  t.same(readThresholdTable(line + delivered).table?.symbols[0]?.[1], {
    cascade_count: 5,
    cascade_value_usd: 50_000,
    single_large_usd: 20_000,
    oi_change_ratio: 0.075,
    oi_min_usd: 0,
  });
});

for (const [name, from, to, told] of [
  ['a negative value', '500000 ', '-500000 ', /BTC cascade_value_usd: -500000 is negative: write whole US/],
  ['a share for a percentage', '15 % ', '0.15 ', /BTC oi_change: 0\.15 has no % sign, .*: write 15 % if that/],
  ['a percentage without its sign', '15 % ', '15 ', /BTC oi_change: 15 has no % sign, .*: write 15 % if that/],
  ['a change that is none', '15 % ', '0.01 % ', /BTC oi_change: 0\.01 % is too small .* 15 %/],
  ['a change beyond all', '15 % ', '1500 % ', /BTC oi_change: 1500 % is too large/],
  ['a negative change', '15 % ', '-15 % ', /BTC oi_change: -15 % is negative/],
  ['a decimal comma', '15 % ', '7,5 % ', /BTC oi_change: "7,5 %" is no percentage: .*a point and no comma/],
  ['a percentage of dollars', '500000 ', '50 % ', /BTC cascade_value_usd: "50 %" is no plain number/],
  ['a count of zero', 'count:     5 ', 'count: 0 ', /BTC cascade_count: 0 is too small/],
  ['half a liquidation', 'count:     5 ', 'count: 4.5 ', /BTC cascade_count: 4\.5 is no whole number/],
  ['a few dollars', '100000 ', '100 ', /BTC single_large_usd: 100 is too small/],
  ['more dollars than there are', '100000 ', '1e10 ', /BTC single_large_usd: 1e10 is too large/],
  ['three noughts too many', '50000000 ', '50000000000 ', /BTC oi_min_usd: 50000000000 is too large/],
  ['a number with commas', '500000 ', '500,000 ', /"500,000" is no plain number/],
  ['a number with a unit', '500000 ', '$1M ', /"\$1M" is no plain number/],
  ['a number in quotes', '500000 ', '"500000" ', /BTC cascade_value_usd: "500000" stands in quotes/],
  ['a removed number', '500000 ', '', /BTC cascade_value_usd: the number is missing/],
  ['numbers below a number', '500000 ', '[1, 2] ', /BTC cascade_value_usd: write one number and nothing below/],
  ['an absurd default', /(default:\n.*\n.*usd: )250000/, '$12', /default cascade_value_usd: 2 is too small/],
  ['an absurd market threshold', '600000 ', '6 ', /market cascade_value_usd: 6 is too small/],
  ['an absurd deviation', 'surge_deviations:            6', 'surge_deviations: 0', /market surge_deviations: 0 is too/],
  ['a share for the market’s percentage', '2 % ', '0.02 ', /market oi_surge_change: 0\.02 has no % sign.*: write 2 %/],
  ['a symbol in small letters', 'BTC:', 'btc:', /"btc" is no symbol: write the base asset in capitals, for example/],
  ['a contract', 'BTC:', 'BTCUSDT:', /BTCUSDT is a contract: write its base asset, BTC/],
  ['a listing by the thousand', 'BTC:', '1000PEPE:', /1000PEPE is told as PEPE: write PEPE/],
  ['a symbol that is there twice', 'ETH:', 'BTC:', /^BTC is there twice, first on line \d+: remove one of them/],
  ['a missing part', /(SOL:\n(.*\n){4}).*\n/, '$1', /^SOL oi_min_usd is missing: copy its line from another/],
] as const) {
  t.test(`says what is wrong with ${name}`, async (t) => {
    t.match(messages(edited(from, to))[0], told);
    t.equal(messages(edited(from, to)).length, 1);
  });
}

t.test('says what is wrong with names and nesting', async (t) => {
  t.match(messages(edited('cascade_count: ', 'cascade_cout: ')), [
    /^BTC cascade_count is missing/,
    /^BTC: unknown name cascade_cout: the block of a symbol knows cascade_count, .*oi_change, oi_min_usd$/,
  ]);
  t.match(messages(edited(/(default:\n) {2}cascade_count/, '$1  surge_deviations')), [
    /^default cascade_count is missing/,
    /^default: unknown name surge_deviations: the default block knows/,
  ]);
  t.match(messages(edited('surge_deviations', 'surge')), [
    /^market surge_deviations is missing/,
    /^market: unknown name surge: the block of the whole market knows .*oi_surge_change,/,
  ]);
  t.match(messages(edited('  cascade_value_usd', '  cascade_count: 5\n  cascade_value_usd')), [
    /^BTC cascade_count is there twice, first on line \d+: remove one/,
  ]);
  t.match(messages(edited(/^( {2}.*\n)+/m, 'cascade_count: 5\n')), [
    /^BTC has no numbers below it: indent its lines by two spaces/,
    /^cascade_count belongs to no block: indent it by two spaces below its symbol/,
  ]);
});

t.test('says how the default block is spelled', async (t) => {
  t.match(messages(edited(/^default:/m, 'Default:')), [
    /^default is missing/,
    /^"Default" is no symbol: .* or default or market/,
  ]);
});

t.test('says that the default or the market block is missing', async (t) => {
  t.match(messages(delivered.slice(0, delivered.indexOf('# Serves'))), [
    /^default is missing: copy its block from prometheus\/thresholds\.quiet\.yml/,
    /^market is missing: copy/,
  ]);
});

t.test('says where a file stops being YAML or a table', async (t) => {
  t.match(readThresholdTable(edited('  cascade_count', '\tcascade_count')).faults[0], {
    line: delivered.split('\n').findIndex((text) => text.startsWith('  cascade_count')) + 1,
    message: /begins with a tab: write two spaces instead/,
  });
  t.match(messages(edited('  cascade_value_usd', '   cascade_value_usd'))[0], /^not YAML: /);
  t.match(messages('hello'), [/^no table: write a block for each symbol/]);
  t.match(messages(''), [/^no table/]);
  t.match(messages('groups:\n  - name: a\n'), [/^these are rules, and no table/]);
});
