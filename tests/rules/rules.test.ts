// The rules as the engines see them: they load, their unit tests pass, and every alert is tested, explained and complete.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { findEngines } from '../../engines/find-engines.ts';
import { renderThresholds } from '../../engines/rules/render-thresholds.ts';
import { parseRuleFile } from '../../engines/rules/rule-file.ts';
import { readThresholdTable } from '../../engines/rules/threshold-table.ts';

const run = promisify(execFile);
const CHECKOUT = join(import.meta.dirname, '..', '..');
const RULES = join(CHECKOUT, 'prometheus', 'rules');
const SECONDS = 1_000;

const ruleFiles = readdirSync(RULES).filter((name) => name.endsWith('.yml'));
const unitTests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.yml'));
const rules = ruleFiles.flatMap((file) => parseRuleFile(readFileSync(join(RULES, file), 'utf8')).rules);
const alerts = rules.filter(({ type }) => type === 'alert');

t.setTimeout(240 * SECONDS);

t.test('the engines accept every file', async (t) => {
  const { promtool, amtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: t.comment });

  await run(promtool, ['check', 'config', '--syntax-only', join(CHECKOUT, 'prometheus', 'prometheus.yml')]);
  await run(promtool, ['check', 'rules', ...ruleFiles.map((file) => join(RULES, file))]);
  const quiet = readFileSync(join(CHECKOUT, 'prometheus', 'thresholds.quiet.yml'), 'utf8');
  const { table } = readThresholdTable(quiet);
  const rendered = join(t.testdir({ 'quiet.yml': table ? renderThresholds(table, quiet) : '' }), 'quiet.yml');
  await run(promtool, ['check', 'rules', rendered]);
  await run(amtool, ['check-config', join(CHECKOUT, 'alertmanager', 'alertmanager.yml')]);
});

t.test('Alertmanager also accepts the receivers that are given as examples', async (t) => {
  const { amtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: t.comment });
  const text = readFileSync(join(CHECKOUT, 'alertmanager', 'alertmanager.yml'), 'utf8');
  const example = text.replace(/(# {3}-|# - name: escalation|^ {2}# {3,}.*_configs:).*/gm, (line) => line);
  const uncommented = example.replace(/(^ {2}# - name: escalation$)[\s\S]*/m, (block) =>
    block.replace(/^ {2}# /gm, '  '),
  );
  const directory = t.testdir({ 'alertmanager.yml': uncommented });

  t.match(uncommented, /^ {2}- name: escalation$/m);
  await run(amtool, ['check-config', join(directory, 'alertmanager.yml')]);
});

for (const name of unitTests) {
  t.test(`the unit tests of ${name} pass`, async (t) => {
    const { promtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: t.comment });

    await t.resolves(run(promtool, ['test', 'rules', join(import.meta.dirname, name)]));
  });
}

t.test('every alert is named by a unit test', async (t) => {
  const texts = unitTests.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');

  for (const { name } of alerts) t.ok(texts.includes(name), name);
});

t.test('every alert has the labels and annotations that routing and messages need, and its runbook', async (t) => {
  for (const { name, labels, annotations } of alerts) {
    t.match(labels.priority?.text, /^(high|medium|low)$/, `${name} priority`);
    t.match(labels.severity?.text, /^(critical|warning|info)$/, `${name} severity`);
    t.match(labels.category?.text, /^(market|stack)$/, `${name} category`);
    t.ok(annotations.summary && annotations.description, `${name} summary and description`);
    t.match(annotations.dashboard_url, /^\/d\/derivatives-[a-z-]+(\?|$)/, `${name} dashboard_url`);
    t.equal(annotations.runbook_url, `docs/runbooks/${name}.md`);
    t.ok(existsSync(join(CHECKOUT, 'docs', 'runbooks', `${name}.md`)), `${name} has a runbook`);
  }
});

t.test('every alert is in the document of alerts', async (t) => {
  const document = readFileSync(join(CHECKOUT, 'docs', 'alerts.md'), 'utf8');

  for (const { name } of alerts) t.ok(document.includes(`](runbooks/${name}.md)`), name);
});

t.test('no label of an alert changes while it fires', async (t) => {
  for (const { name, labels } of alerts) {
    for (const [label, { text }] of Object.entries(labels)) t.notMatch(text, /\{\{/, `${name} ${label}`);
  }
});
