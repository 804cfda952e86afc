// The configuration for more than one of each: made from that of one machine, current, and accepted by the engines.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { findEngines } from '../../../engines/find-engines.ts';
import { parseRuleFile } from '../../../engines/rules/rule-file.ts';
import { COMPOSE_REPLICAS, scaleAlertmanager, scalePrometheus } from '../../../engines/scale/scale-config.ts';

const run = promisify(execFile);
const CHECKOUT = join(import.meta.dirname, '..', '..', '..');
const SCALE_RULES = join(CHECKOUT, 'prometheus', 'scale', 'rules');
const UNIT_TESTS = join(CHECKOUT, 'tests', 'scale', 'replicas.yml');

const read = (...path: readonly string[]) => readFileSync(join(CHECKOUT, ...path), 'utf8');

t.setTimeout(180_000);

t.test('both files are what the files of one machine give now (npm run scale:config)', async (t) => {
  t.equal(
    read('prometheus', 'scale', 'prometheus.yml'),
    scalePrometheus(read('prometheus', 'prometheus.yml'), COMPOSE_REPLICAS),
  );
  t.equal(
    read('alertmanager', 'scale', 'alertmanager.yml'),
    scaleAlertmanager(read('alertmanager', 'alertmanager.yml'), COMPOSE_REPLICAS),
  );
});

t.test('the engines accept them, and the rules for more than one of each do what they claim', async (t) => {
  const { promtool, amtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: t.comment });

  await t.resolves(run(promtool, ['check', 'config', join(CHECKOUT, 'prometheus', 'scale', 'prometheus.yml')]));
  await t.resolves(run(amtool, ['check-config', join(CHECKOUT, 'alertmanager', 'scale', 'alertmanager.yml')]));
  await t.resolves(run(promtool, ['test', 'rules', UNIT_TESTS]));
});

t.test('which of a pair it is from is on every sample, and on no alert', async (t) => {
  const config = parse(read('prometheus', 'scale', 'prometheus.yml'));

  t.equal(config.global.external_labels.replica, '$' + '{REPLICA}');
  t.same(config.alerting.alert_relabel_configs, [{ regex: 'replica', action: 'labeldrop' }]);
  t.same(config.alerting.alertmanagers[0].static_configs, [{ targets: COMPOSE_REPLICAS.alertmanagers }]);
});

t.test('each Alertmanager tells both bridges, with the same credential', async (t) => {
  const [receiver] = parse(read('alertmanager', 'scale', 'alertmanager.yml')).receivers;
  const [first, second, ...others] = receiver.webhook_configs;

  t.same(others, []);
  t.equal(first.url, 'http://alert-bridge:8003/webhook');
  t.same({ ...second, url: first.url }, first);
  t.equal(second.url, 'http://alert-bridge-2:8003/webhook');
});

t.test('every alert for more than one of each is complete, tested and explained', async (t) => {
  const alerts = readdirSync(SCALE_RULES).flatMap(
    (name) => parseRuleFile(readFileSync(join(SCALE_RULES, name), 'utf8')).rules,
  );

  t.ok(alerts.length >= 3);
  for (const { name, labels, annotations } of alerts) {
    t.equal(labels.category?.text, 'stack');
    t.match(labels.priority?.text, /^(high|medium|low)$/);
    t.match(labels.severity?.text, /^(critical|warning|info)$/);
    t.ok(annotations.summary && annotations.description && annotations.dashboard_url, name);
    t.equal(annotations.runbook_url, `docs/runbooks/${name}.md`);
    t.ok(existsSync(join(CHECKOUT, 'docs', 'runbooks', `${name}.md`)), `${name} has a runbook`);
    t.match(read('tests', 'scale', 'replicas.yml'), name);
    t.match(read('docs', 'scaling.md'), `](runbooks/${name}.md)`);
  }
});

t.test('the configuration that the document gives for other stores is accepted', async (t) => {
  const { promtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: t.comment });
  const blocks = [...read('docs', 'scaling.md').matchAll(/```yaml\n([\s\S]+?)```/g)].map(([, block = '']) => block);
  const [mimirPrometheus = '', mimir = '', bucket = ''] = blocks;
  const changed = { ...parse(read('prometheus', 'scale', 'prometheus.yml')), rule_files: [] };
  const { global, alerting, remote_write } = parse(mimirPrometheus);
  changed.global.external_labels = global.external_labels;
  changed.alerting.alert_relabel_configs = alerting.alert_relabel_configs;
  const folder = t.testdir({ 'prometheus.yml': stringify({ ...changed, remote_write }) });

  await t.resolves(run(promtool, ['check', 'config', join(folder, 'prometheus.yml')]));
  t.equal(parse(mimir).limits.ha_replica_label, '__replica__');
  t.ok(Object.keys(global.external_labels).includes(parse(mimir).limits.ha_cluster_label));
  t.equal(parse(bucket).type, 'FILESYSTEM');
});

t.test('a file that is no configuration is refused in words', async (t) => {
  const refused = (message: RegExp) => ({ code: 'CONFIG_INVALID', message });

  t.throws(() => scalePrometheus('a: [', COMPOSE_REPLICAS), refused(/prometheus.yml cannot be made .+no valid YAML/));
  t.throws(() => scalePrometheus('a: 1', COMPOSE_REPLICAS), refused(/alerting\.alertmanagers is no list/));
  t.throws(
    () => scalePrometheus('alerting: { alertmanagers: [{ timeout: 5s }] }', COMPOSE_REPLICAS),
    refused(/it has no job exporter-alerting/),
  );
  t.throws(() => scaleAlertmanager('receivers: []', COMPOSE_REPLICAS), refused(/the first receiver has no webhook/));
});
