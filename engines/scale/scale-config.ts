// The engines' configuration for more than one of each: made from the files of one machine, so that there is one truth.
// A pair of exporters is scraped, a pair of Prometheus tells three Alertmanagers, each of those tells both bridges.
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { AppError } from '../../common/errors.ts';

/** Addresses of each kind, `host:port`, as the engines reach them. */
export interface Replicas {
  readonly exporters: readonly string[];
  readonly bridges: readonly string[];
  readonly prometheuses: readonly string[];
  readonly alertmanagers: readonly string[];
  /** Where history is written to. */
  readonly history: string;
}

/** The services of docker-compose.scale.yml. */
export const COMPOSE_REPLICAS: Replicas = {
  exporters: ['exporter:8002', 'exporter-2:8002'],
  bridges: ['alert-bridge:8003', 'alert-bridge-2:8003'],
  prometheuses: ['prometheus:9090', 'prometheus-2:9090'],
  alertmanagers: ['alertmanager:9093', 'alertmanager-2:9093', 'alertmanager-3:9093'],
  history: 'victoria-metrics:8428',
};

const GENERATED = ` Generated from the file of one machine by \`npm run scale:config\`: edit that one, not this.
 What is different, and why: docs/scaling.md.`;

/** What only the rules need from one second to the next; nobody looks at it months later. */
const NOT_KEPT = 'derivatives_liquidation_(burst|market_burst)_.+|slot:.+';

/**
 * @param text `prometheus/prometheus.yml`
 * @returns the file that both of a pair read, one folder deeper; `REPLICA` in their environment tells them apart
 * @throws AppError CONFIG_INVALID where the text is no YAML or lacks a job that has to be there twice
 */
export function scalePrometheus(text: string, replicas: Replicas): string {
  const document = read(text, 'prometheus.yml');
  // Which of the pair a sample is from, for engines that tell copies apart by it.
  document.setIn(['global', 'external_labels', 'replica'], '$' + '{REPLICA}');
  // The same alert of either must be one alert: nothing that tells the two apart may be in its labels.
  document.setIn(['alerting', 'alert_relabel_configs'], [{ regex: 'replica', action: 'labeldrop' }]);
  retarget(document, ['alerting', 'alertmanagers'], replicas.alertmanagers);
  for (const [job, targets] of [
    ['exporter-alerting', replicas.exporters],
    ['exporter', replicas.exporters],
    ['alert-bridge', replicas.bridges],
    ['prometheus', replicas.prometheuses],
    ['alertmanager', replicas.alertmanagers],
  ] as const) {
    retargetJob(document, job, targets);
  }
  const history = { job_name: 'victoria-metrics', static_configs: [{ targets: [replicas.history] }] };
  document.addIn(['scrape_configs'], apart(document, history));
  document.set('remote_write', [remoteWrite(replicas.history)]);
  document.set('rule_files', ['../rules/*.yml', 'rules/*.yml']);
  eachTargetFile(document, (path) => `../${path}`);
  document.commentBefore = GENERATED;
  return print(document);
}

/**
 * @param text `alertmanager/alertmanager.yml`
 * @returns the file that all three read: whichever of them tells, tells both bridges, and those share what they know
 * @throws AppError CONFIG_INVALID where the text is no YAML or has no receiver with one webhook
 */
export function scaleAlertmanager(text: string, { bridges }: Replicas): string {
  const document = read(text, 'alertmanager.yml');
  const path = ['receivers', 0, 'webhook_configs'];
  const webhook = document.getIn([...path, 0]);
  if (!isMap(webhook)) throw fault('alertmanager.yml', 'the first receiver has no webhook');
  const { url, ...rest } = document.toJS().receivers[0].webhook_configs[0];
  const urlOf = (bridge: string) => String(url).replace(/\/\/[^/]+/, `//${bridge}`);
  document.setIn(
    path,
    document.createNode(
      bridges.map((bridge) => ({ url: urlOf(bridge), ...rest })),
      { aliasDuplicateObjects: false },
    ),
  );
  const rule = apart(document, {
    source_matchers: ['alertname="ReplicaDown"', 'job="alert-bridge"'],
    target_matchers: ['alertname="AlertmanagerNotificationsFailing"'],
  });
  rule.commentBefore = ' That Alertmanager cannot reach the one bridge that is down is no second piece of news.';
  document.addIn(['inhibit_rules'], rule);
  document.commentBefore = GENERATED;
  return print(document);
}

/** With an empty line before it, like the other items of its list. */
function apart(document: Document, value: object): Node {
  const node = document.createNode(value);
  node.spaceBefore = true;
  return node;
}

function remoteWrite(history: string): object {
  return {
    url: `http://${history}/api/v1/write`,
    // Copies that are alike in every label are merged there (`-dedup.minScrapeInterval`); so the label has to go.
    write_relabel_configs: [
      { source_labels: ['__name__'], regex: NOT_KEPT, action: 'drop' },
      { regex: 'replica', action: 'labeldrop' },
    ],
    // A history that is down costs memory in Prometheus for what waits: a bound that fits its limit.
    queue_config: { capacity: 2_500, max_shards: 4, max_samples_per_send: 1_000 },
  };
}

function retargetJob(document: Document, name: string, targets: readonly string[]): void {
  const jobs = document.get('scrape_configs');
  const at = isSeq(jobs) ? jobs.items.findIndex((job) => isMap(job) && job.get('job_name') === name) : -1;
  if (at < 0) throw fault('prometheus.yml', `it has no job ${name}`);
  document.setIn(['scrape_configs', at, 'static_configs'], [{ targets: [...targets] }]);
}

function retarget(document: Document, path: readonly string[], targets: readonly string[]): void {
  if (!isSeq(document.getIn(path))) throw fault('prometheus.yml', `${path.join('.')} is no list`);
  document.setIn([...path, 0, 'static_configs'], [{ targets: [...targets] }]);
}

function eachTargetFile(document: Document, change: (path: string) => string): void {
  const jobs = document.get('scrape_configs');
  const listed = isSeq(jobs) ? jobs.items.filter((job): job is YAMLMap => isMap(job)) : [];
  for (const job of listed) {
    const files = job.getIn(['file_sd_configs', 0, 'files']);
    if (isSeq(files)) for (const file of files.items) if (isScalar(file)) file.value = change(String(file.value));
  }
}

function read(text: string, name: string): Document {
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error) throw fault(name, `it is no valid YAML: ${error.message}`);
  return document;
}

function fault(name: string, what: string): AppError {
  return new AppError('CONFIG_INVALID', `${name} cannot be made for more than one of each: ${what}`);
}

function print(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
