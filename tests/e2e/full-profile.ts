// What Docker's profile `full` adds to the chain, on this machine: real node_exporter and blackbox_exporter, and the shipped
// scrape jobs that read their targets from files. Whatever was started here ends with the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { parse } from 'yaml';
import type { StandardExporters } from '../runner/standard-exporters.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));

export interface RunningExporters {
  /** `host:port` of each. */
  readonly node: string;
  readonly blackbox: string;
  readonly blackboxProcess: ChildProcess;
}

interface ExporterWishes {
  /** Of node_exporter; what the rules and dashboards use where absent. */
  readonly collectors?: readonly string[];
  /** File of the authority that blackbox_exporter trusts instead of the machine's. */
  readonly trusted?: string;
}

const COLLECTORS = ['cpu', 'diskstats', 'filesystem', 'meminfo'];

export async function startStandardExporters(
  t: Test,
  { nodeExporter, blackboxExporter }: StandardExporters,
  { collectors = COLLECTORS, trusted }: ExporterWishes = {},
): Promise<RunningExporters> {
  const [nodePort, blackboxPort] = await freePorts(2);
  const node = `127.0.0.1:${nodePort}`;
  const blackbox = `127.0.0.1:${blackboxPort}`;
  const chosen = ['--collector.disable-defaults', ...collectors.map((name) => `--collector.${name}`)];
  runProgram(t, nodeExporter, [`--web.listen-address=${node}`, ...chosen]);
  const modules = `--config.file=${join(CHECKOUT, 'docker', 'blackbox', 'blackbox.yml')}`;
  const blackboxProcess = runProgram(
    t,
    blackboxExporter,
    [`--web.listen-address=${blackbox}`, modules],
    trusted === undefined ? {} : { SSL_CERT_FILE: trusted },
  );
  return { node, blackbox, blackboxProcess };
}

/** A scrape job as Prometheus reads it. */
export type ScrapeJob = Readonly<Record<string, unknown>>;

/** The shipped jobs of the profile, all at the interval of the whole file. Their targets are files: `writeTargets`. */
export function fullProfileJobs(blackbox: string): readonly ScrapeJob[] {
  const text = readFileSync(join(CHECKOUT, 'prometheus', 'prometheus.yml'), 'utf8');
  const jobs: readonly ScrapeJob[] = parse(text.replaceAll('blackbox-exporter:9115', blackbox)).scrape_configs;
  return jobs
    .filter((job) => 'file_sd_configs' in job)
    .map((job) => Object.fromEntries(Object.entries(job).filter(([key]) => key !== 'scrape_interval')));
}

export interface Targets {
  readonly node: readonly string[];
  readonly blackbox: string;
  readonly grafana: string;
  /** URLs. */
  readonly services: readonly string[];
  readonly routes: Readonly<Record<string, string>>;
}

/** @param folder that of Prometheus' configuration file */
export function writeTargets(folder: string, { node, blackbox, grafana, services, routes }: Targets): void {
  const files = {
    'node.yml': [{ targets: node }],
    'blackbox.yml': [{ targets: [blackbox] }],
    'grafana.yml': [{ targets: [grafana] }],
    'existing/services.yml': [{ targets: services }],
    'routes.yml': Object.entries(routes).map(([route, target]) => ({ targets: [target], labels: { route } })),
  };
  mkdirSync(join(folder, 'targets', 'existing'), { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(folder, 'targets', file), JSON.stringify(content));
  }
}

export function runProgram(
  t: Test,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' });
  t.teardown(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return child;
}

/** Free at this moment, held open together so that they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map(listen));
  for (const server of servers) server.close();
  return ports;
}

/** On any free port of loopback; returns it. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
