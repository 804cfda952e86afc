// The delivered rules are the rendering of the delivered table, and say what the rules of before said.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { hashThresholdTable } from '../../../common/threshold-table-hash.ts';
import { isGenerated, renderedFrom, renderThresholds } from '../../../engines/rules/render-thresholds.ts';
import { parseRuleFile } from '../../../engines/rules/rule-file.ts';
import { readThresholdTable } from '../../../engines/rules/threshold-table.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');
const tableText = readFileSync(join(CHECKOUT, 'prometheus', 'thresholds.yml'), 'utf8');
const rules = readFileSync(join(CHECKOUT, 'prometheus', 'rules', 'thresholds.yml'), 'utf8');
const before = readFileSync(join(CHECKOUT, 'tests', 'fixtures', 'thresholds-as-rules.yml'), 'utf8');

t.test('the delivered rules are the rendering of the delivered table', async (t) => {
  const { table } = readThresholdTable(tableText);

  t.equal(table && renderThresholds(table, tableText), rules, 'run npm run check:rules and commit what it rendered');
  t.equal(renderedFrom(rules), hashThresholdTable(tableText));
});

t.test('they say what the hand-written rules said, and which table they are', async (t) => {
  const plain = (text: string) =>
    parseRuleFile(text).rules.map(({ type, name, expr, labels, wait, keepFiring }) => ({
      type,
      name,
      expr: expr.text,
      labels: Object.entries(labels).map(([label, { text: value }]) => [label, value]),
      wait,
      keepFiring,
    }));
  const [loaded, ...rest] = plain(rules);

  t.same(rest, plain(before));
  t.match(loaded, { name: 'threshold:table:loaded', labels: [['hash', hashThresholdTable(tableText)]] });
  t.match(rules, /^groups:\n {2}- name: thresholds\n {4}interval: 5s\n/m);
  t.match(before, /^groups:\n {2}- name: thresholds\n {4}interval: 5s\n/m);
});

t.test('says that it is generated, and notices an edit', async (t) => {
  t.ok(isGenerated(rules));
  t.notOk(isGenerated(before));
  t.equal(renderedFrom(before), undefined);
  t.equal(renderedFrom(rules.replace('vector(5)', 'vector(6)')), undefined);
  t.equal(
    renderedFrom(rules.replace(/checksum of what follows: .{12}/, 'checksum of what follows: 000000000000')),
    undefined,
  );
});

t.test('comments, empty lines and line ends make no other table; a number and a name do', async (t) => {
  const hash = hashThresholdTable(tableText);

  t.equal(hashThresholdTable(tableText.replace(/#.*/g, '# mine').replaceAll('\n', '\r\n')), hash);
  t.equal(hashThresholdTable(`\n${tableText}\n# the end`), hash);
  t.not(hashThresholdTable(tableText.replace('500000', '500001')), hash);
  t.not(hashThresholdTable(tableText.replace('SOL', 'DOGE')), hash);
});
