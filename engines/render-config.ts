// The engines' configuration as it must be on this machine: the files of prometheus/ and alertmanager/ name the services of
// the compose file, here they become loopback addresses and paths of the checkout. Rules and templates are used where they
// are, so that an edit and a reload are all it takes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Document, isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap } from 'yaml';
import { AppError } from '../common/errors.ts';
import { type NativeSettings, reachableAt, SERVICE_NAMES, type ServiceName } from './stack-settings.ts';

export interface RenderedConfig {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** The addresses of the compose file; an engine calls itself localhost there. */
const SERVICE_BY_HOST: ReadonlyMap<string, ServiceName> = new Map<string, ServiceName>([
  ['exporter:8002', 'exporter'],
  ['alert-bridge:8003', 'alert-bridge'],
  ['prometheus:9090', 'prometheus'],
  ['localhost:9090', 'prometheus'],
  ['alertmanager:9093', 'alertmanager'],
  ['localhost:9093', 'alertmanager'],
]);

type RenderSettings = Pick<NativeSettings, 'checkout' | 'dataDir' | 'addresses' | 'environmentLabel'>;

/**
 * Writes `run/prometheus.yml` and `run/alertmanager.yml` in the data directory and returns their paths.
 * @param webhookTokenFile what Alertmanager authenticates with at the bridge
 * @throws AppError CONFIG_INVALID when a file cannot be read or is no YAML
 */
export function renderConfig(settings: RenderSettings, webhookTokenFile: string): RenderedConfig {
  const runDir = join(settings.dataDir, 'run');
  mkdirSync(runDir, { recursive: true });
  const rendered = {
    prometheus: join(runDir, 'prometheus.yml'),
    alertmanager: join(runDir, 'alertmanager.yml'),
  };
  const prometheus = readYaml(join(settings.checkout, 'prometheus', 'prometheus.yml'));
  dropForeignJobs(prometheus);
  replaceAddresses(prometheus, settings);
  replaceRulePaths(prometheus, join(settings.checkout, 'prometheus'));
  replaceCredentials(prometheus, webhookTokenFile);
  if (prometheus.hasIn(['global', 'external_labels', 'environment'])) {
    prometheus.setIn(['global', 'external_labels', 'environment'], settings.environmentLabel);
  }
  writeFileSync(rendered.prometheus, prometheus.toString());

  const alertmanager = readYaml(join(settings.checkout, 'alertmanager', 'alertmanager.yml'));
  replaceAddresses(alertmanager, settings);
  replaceTemplatePaths(alertmanager, join(settings.checkout, 'alertmanager'));
  replaceCredentials(alertmanager, webhookTokenFile);
  writeFileSync(rendered.alertmanager, alertmanager.toString(), { mode: 0o600 });
  return rendered;
}

function readYaml(path: string): Document {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('CONFIG_INVALID', `${path} cannot be read`, { cause: error });
  }
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault) throw new AppError('CONFIG_INVALID', `${path} is no valid YAML: ${fault.message}`);
  return document;
}

/**
 * A scrape job for what does not run here goes: one whose every target is another service of the compose file, and one that
 * reads its targets from the files of Docker's profile `full`.
 */
function dropForeignJobs(document: Document): void {
  const jobs = document.get('scrape_configs');
  if (!isSeq(jobs)) return;
  jobs.items = jobs.items.filter((job) => {
    if (!isMap(job) || job.has('file_sd_configs')) return false;
    const hosts = staticTargets(job).map(hostOf);
    return hosts.length === 0 || hosts.some(isReachable);
  });
}

function staticTargets(job: YAMLMap): readonly string[] {
  const targets: string[] = [];
  visit(job, {
    Pair(_key, pair) {
      if (!isScalar(pair.key) || pair.key.value !== 'targets' || !isSeq(pair.value)) return;
      for (const target of pair.value.items) if (isScalar(target)) targets.push(String(target.value));
    },
  });
  return targets;
}

/** `exporter:8002` → `127.0.0.1:8002`, in targets and in URLs, for the four services that run here. */
function replaceAddresses(document: Document, { addresses }: RenderSettings): void {
  const pattern = new RegExp(`(^|//)(${[...SERVICE_BY_HOST.keys()].join('|')})(?=/|$)`);
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      node.value = node.value.replace(pattern, (all, before: string, host: string) => {
        const service = SERVICE_BY_HOST.get(host);
        return service ? `${before}${reachableAt(addresses[service])}` : all;
      });
    },
  });
}

function replaceRulePaths(document: Document, directory: string): void {
  eachItem(document, 'rule_files', (pattern) => join(directory, 'rules', basename(pattern)));
}

function replaceTemplatePaths(document: Document, directory: string): void {
  eachItem(document, 'templates', (pattern) => {
    const folder = basename(dirname(pattern));
    return folder === 'templates' ? join(directory, folder, basename(pattern)) : join(directory, basename(pattern));
  });
}

function eachItem(document: Document, key: string, change: (value: string) => string): void {
  const list = document.get(key);
  if (!isSeq(list)) return;
  for (const item of list.items) if (isScalar(item)) item.value = change(String(item.value));
}

/** Every credential file of ours is the webhook token; one that somebody added for another receiver keeps its path. */
function replaceCredentials(document: Document, webhookTokenFile: string): void {
  visit(document, {
    Pair(_key, pair) {
      if (!isScalar(pair.key) || pair.key.value !== 'credentials_file' || !isScalar(pair.value)) return;
      if (/webhook[-_]token/.test(String(pair.value.value))) pair.value.value = webhookTokenFile;
    },
  });
}

function hostOf(target: string): string {
  return target.replace(/^\w+:\/\//, '').split(/[:/]/)[0] ?? '';
}

/** A bare name is a service of the compose file; whatever somebody added themselves has a dot or is this machine. */
function isReachable(host: string): boolean {
  return host.includes('.') || host === 'localhost' || SERVICE_NAMES.some((name) => name === host);
}
