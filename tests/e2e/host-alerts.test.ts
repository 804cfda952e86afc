// Every alert about the machine and the existing services fires because its fault was really made: Prometheus with the
// shipped jobs and rules (times divided by twenty), real node_exporter and blackbox_exporter.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Server as TcpServer } from 'node:net';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { findEngines } from '../../engines/find-engines.ts';
import { findStandardExporters, type StandardExporters } from '../runner/standard-exporters.ts';
import { runDrills, watchAlerts } from './drills/drill.ts';
import {
  closeServer,
  createExistingService,
  createTlsRoute,
  describeMachine,
  type HostSite,
  hostDrills,
  probeDrills,
} from './drills/host.ts';
import { shortenRules } from './drills/shortened-rules.ts';
import {
  freePorts,
  fullProfileJobs,
  listen,
  runProgram,
  startStandardExporters,
  writeTargets,
} from './full-profile.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));
const DIVISOR = 20;
/** A probe must have time for a service that is slow. */
const SCRAPE = '3s';
const OPENSSL = 'openssl';
/** Of this container's processor time, in both versions of control groups. */
const QUOTAS = ['/sys/fs/cgroup/cpu.max', '/sys/fs/cgroup/cpu/cpu.cfs_quota_us'];

t.setTimeout(300_000);

const exporters = await findStandardExporters();
const skip = whyNot(exporters);

t.test('every alert about the machine and the existing services fires when its fault is made', { skip }, async (t) => {
  if (!exporters) return;
  const { site, firing } = await startSite(t, exporters);
  const watch = watchAlerts(firing);

  // The faults do not meet: one lane each, and the slowest says how long it takes.
  await Promise.all(
    [...hostDrills.map((drill) => [drill]), probeDrills].map((lane) => runDrills(t, watch, site, lane)),
  );
});

/** The processors of a machine cannot be kept busy by somebody who may use only a part of them. */
function whyNot(found: StandardExporters | undefined): string | false {
  if (!found)
    return 'no node_exporter and blackbox_exporter (apt-get install prometheus-node-exporter prometheus-blackbox-exporter)';
  if (spawnSync(OPENSSL, ['version']).error) return 'no openssl, which makes the certificate of a venue';
  const isLimited = QUOTAS.some((file) => existsSync(file) && !/^(max|-1)/.test(readFileSync(file, 'utf8')));
  return isLimited ? 'this container may not use all processors of its machine, which a drill must' : false;
}

async function startSite(t: Test, programs: StandardExporters) {
  const folder = t.testdir({ rules: {}, store: {} });
  const { key, cert, certFile } = makeCertificate(folder);
  const machine: HostSite['machine'] = { used: { memory: 0.4, '/half': 0.5, '/filling': 0.5, '/full': 0.5 } };
  const node = createServer((_, response) => response.end(describeMachine(machine)));
  const grafana = createServer((_, response) => response.end('grafana_build_info 1\n'));
  const services = { down: createExistingService(), slow: createExistingService(), failing: createExistingService() };
  const routes = { unreachable: createTlsRoute(key, cert), slow: createTlsRoute(key, cert) };
  const open = async (server: Server | TcpServer): Promise<string> => {
    t.teardown(() => closeServer(server));
    return `127.0.0.1:${await listen(server)}`;
  };
  // The real one tells of processors alone: memory and disks of this machine may be as full as they like.
  const exporters = await startStandardExporters(t, programs, { collectors: ['cpu'], trusted: certFile });
  writeTargets(folder, {
    node: [exporters.node, await open(node)],
    blackbox: exporters.blackbox,
    grafana: await open(grafana),
    services: await Promise.all(
      Object.values(services).map(async ({ server }) => `http://${await open(server)}/health`),
    ),
    routes: { unreachable: await open(routes.unreachable.server), slow: await open(routes.slow.server) },
  });
  const [port] = await freePorts(1);
  await startPrometheus(t, folder, exporters.blackbox, `127.0.0.1:${port}`);
  const query = encodeURIComponent('ALERTS{alertstate="firing"}');
  const firing = async (): Promise<ReadonlySet<string>> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${query}`);
    const { data }: { data: { result: readonly { metric: { alertname: string } }[] } } = JSON.parse(
      await answer.text(),
    );
    return new Set(data.result.map(({ metric }) => metric.alertname));
  };
  const site: HostSite = { machine, grafana, blackbox: exporters.blackboxProcess, services, routes };
  return { site, firing };
}

/** With the shipped jobs of the profile `full` and nothing else; the shipped rules with shorter times. */
async function startPrometheus(t: Test, folder: string, blackbox: string, address: string): Promise<void> {
  const config = {
    global: { scrape_interval: SCRAPE, scrape_timeout: SCRAPE, evaluation_interval: '1s' },
    rule_files: ['rules/*.yml'],
    scrape_configs: fullProfileJobs(blackbox),
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const rules = readFileSync(join(CHECKOUT, 'prometheus', 'rules', 'host.yml'), 'utf8');
  writeFileSync(join(folder, 'rules', 'host.yml'), shortenRules(rules, DIVISOR));
  const { prometheus } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: (line) => t.comment(line) });
  runProgram(t, prometheus, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'store')}`,
    `--web.listen-address=${address}`,
  ]);
}

/** For the address of this machine's loopback, its own authority. */
function makeCertificate(folder: string): { key: string; cert: string; certFile: string } {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const wishes = ['-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(OPENSSL, ['req', ...wishes, ...names, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8'), certFile };
}
