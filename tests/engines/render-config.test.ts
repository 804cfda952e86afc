import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { findEngines } from '../../engines/find-engines.ts';
import { renderConfig } from '../../engines/render-config.ts';

const run = promisify(execFile);
const CHECKOUT = dirname(dirname(import.meta.dirname));
const at = (port: number) => ({ host: '127.0.0.1', port });
const ADDRESSES = {
  exporter: { host: '0.0.0.0', port: 1002 },
  'alert-bridge': at(1003),
  prometheus: at(1090),
  alertmanager: at(1093),
};

const PROMETHEUS = `
global:
  external_labels: { environment: "\${ENVIRONMENT}" }
rule_files: [rules/*.yml]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ["alertmanager:9093"] }]
scrape_configs:
  - job_name: exporter
    static_configs: [{ targets: ["exporter:8002"] }]
  - job_name: prometheus
    static_configs: [{ targets: ["localhost:9090"] }]
  - job_name: grafana
    static_configs: [{ targets: ["grafana:3000"] }]
  - job_name: node
    file_sd_configs: [{ files: [targets/node.yml] }]
  - job_name: mine
    static_configs: [{ targets: ["10.0.0.5:9100"] }]
    authorization: { credentials_file: /my/own }
`;
const ALERTMANAGER = `
route: { receiver: bridge }
templates: [templates/*.tmpl, other.tmpl]
receivers:
  - name: bridge
    webhook_configs:
      - url: http://alert-bridge:8003/webhook
        http_config: { authorization: { credentials_file: /run/secrets/webhook_token } }
  - name: elsewhere
    webhook_configs: [{ url: "https://example.org/exporter:8002x" }]
`;

function render(t: Test, prometheus = PROMETHEUS, alertmanager = ALERTMANAGER) {
  const checkout = t.testdir({
    prometheus: { 'prometheus.yml': prometheus },
    alertmanager: { 'alertmanager.yml': alertmanager },
  });
  const dataDir = join(checkout, 'data');
  const paths = renderConfig({ checkout, dataDir, addresses: ADDRESSES, environmentLabel: 'trial' }, '/token');
  const read = (path: string) => parse(readFileSync(path, 'utf8'));
  return { checkout, paths, prometheus: read(paths.prometheus), alertmanager: read(paths.alertmanager) };
}

t.test('points Prometheus at the services of this machine', async (t) => {
  const { prometheus, checkout } = render(t);

  t.same(prometheus.rule_files, [join(checkout, 'prometheus', 'rules', '*.yml')]);
  t.same(prometheus.alerting.alertmanagers[0].static_configs[0].targets, ['127.0.0.1:1093']);
  t.equal(prometheus.global.external_labels.environment, 'trial');
  t.same(
    prometheus.scrape_configs.map(
      (job: { readonly static_configs: readonly { readonly targets: unknown }[] }) => job.static_configs[0]?.targets,
    ),
    [['127.0.0.1:1002'], ['127.0.0.1:1090'], ['10.0.0.5:9100']],
  );
});

t.test('scrapes what somebody added themselves, and nothing of Docker that does not run here', async (t) => {
  const { prometheus } = render(t);

  t.same(
    prometheus.scrape_configs.map((job: { readonly job_name: string }) => job.job_name),
    ['exporter', 'prometheus', 'mine'],
  );
  t.equal(prometheus.scrape_configs[2].authorization.credentials_file, '/my/own');
});

t.test('points Alertmanager at the bridge with its token', async (t) => {
  const { alertmanager, checkout, paths } = render(t);
  const [bridge, elsewhere] = alertmanager.receivers;

  t.equal(bridge.webhook_configs[0].url, 'http://127.0.0.1:1003/webhook');
  t.equal(bridge.webhook_configs[0].http_config.authorization.credentials_file, '/token');
  t.equal(elsewhere.webhook_configs[0].url, 'https://example.org/exporter:8002x');
  t.same(alertmanager.templates, [
    join(checkout, 'alertmanager', 'templates', '*.tmpl'),
    join(checkout, 'alertmanager', 'other.tmpl'),
  ]);
  t.equal(statSync(paths.alertmanager).mode & 0o777, 0o600);
});

t.test('leaves a file without any of this as it is', async (t) => {
  const { prometheus, alertmanager } = render(t, 'global: {}', 'route: {}');

  t.same(prometheus, { global: {} });
  t.same(alertmanager, { route: {} });
});

t.test('names the file that is no YAML, and the one that is missing', async (t) => {
  t.throws(() => render(t, 'a: [', 'route: {}'), {
    code: 'CONFIG_INVALID',
    message: /prometheus\.yml is no valid YAML/,
  });
  const settings = { checkout: '/no/such/checkout', dataDir: t.testdir(), addresses: ADDRESSES, environmentLabel: 'x' };
  t.throws(() => renderConfig(settings, '/token'), { message: /prometheus\.yml cannot be read/ });
});

t.test('renders the shipped files into what promtool and amtool accept', { timeout: 120_000 }, async (t) => {
  const dataDir = t.testdir();
  const token = join(dataDir, 'token');
  writeFileSync(token, 'test-token');
  const engines = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: t.comment });

  const paths = renderConfig({ checkout: CHECKOUT, dataDir, addresses: ADDRESSES, environmentLabel: 'trial' }, token);

  const prometheus = await run(engines.promtool, ['check', 'config', paths.prometheus]);
  t.match(prometheus.stdout, /is valid prometheus config/);
  const alertmanager = await run(engines.amtool, ['check-config', paths.alertmanager]);
  t.match(alertmanager.stdout, /SUCCESS/);
});
