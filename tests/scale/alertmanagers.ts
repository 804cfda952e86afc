// A cluster of Alertmanagers on loopback, with the shipped configuration and the flags of the compose file, behind a gate that
// can cut one of them off.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { parse } from 'yaml';
import { findEngines } from '../../engines/find-engines.ts';
import { COMPOSE_REPLICAS, scaleAlertmanager } from '../../engines/scale/scale-config.ts';
import { waitUntil } from '../support/waiting.ts';
import { freePorts } from './free-ports.ts';
import { type GossipGate, openGossipGate } from './gossip-gate.ts';
import { answers, type Member, startMember } from './member.ts';

export const CHECKOUT = join(import.meta.dirname, '..', '..');
export const WEBHOOK_TOKEN = 'test-webhook-token';

export interface AlertmanagerCluster {
  readonly members: readonly Member[];
  readonly gate: GossipGate;
  /** Members that one of them sees, itself among them; 0 while it does not answer. */
  seenBy(member: Member): Promise<number>;
  /** Resolves when each that lives sees this many. @throws Error when that takes too long */
  waitForSize(size: number, among?: readonly Member[]): Promise<void>;
}

export interface ClusterWishes {
  /** Below the test's own folder. */
  readonly folder: string;
  readonly size: number;
  /** `host:port` of the bridges that each of them tells. */
  readonly bridges: readonly string[];
  /** How long members wait for the one before them in their order; as in the compose file where absent. */
  readonly peerTimeoutMs?: number;
  /** Where they listen; free ports where absent. */
  readonly ports?: readonly number[];
}

const SEEN_WITHIN_MS = 60_000;

export async function startAlertmanagers(t: Test, wishes: ClusterWishes): Promise<AlertmanagerCluster> {
  const { folder, size, bridges } = wishes;
  const { alertmanager } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: (line) => t.comment(line) });
  const httpPorts = wishes.ports ?? (await freePorts(size));
  const gossipPorts = await freePorts(size);
  const gate = await openGossipGate(t, gossipPorts);
  mkdirSync(folder, { recursive: true });
  const tokenFile = join(folder, 'webhook_token');
  const configFile = join(folder, 'alertmanager.yml');
  writeFileSync(tokenFile, WEBHOOK_TOKEN);
  const source = readFileSync(join(CHECKOUT, 'alertmanager', 'alertmanager.yml'), 'utf8');
  const config = scaleAlertmanager(source, { ...COMPOSE_REPLICAS, bridges });
  writeFileSync(configFile, config.replaceAll('/run/secrets/webhook_token', tokenFile));

  const members = httpPorts.map((port, index) =>
    startMember(t, `alertmanager-${index + 1}`, `http://127.0.0.1:${port}`, {
      command: alertmanager,
      args: [
        `--config.file=${configFile}`,
        `--storage.path=${join(folder, `alertmanager-${index + 1}`)}`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--web.external-url=http://127.0.0.1:${port}/`,
        `--cluster.listen-address=127.0.0.1:${gossipPorts[index]}`,
        `--cluster.advertise-address=127.0.0.1:${gate.outsidePorts[index]}`,
        ...gate.outsidePorts.filter((_, peer) => peer !== index).map((peer) => `--cluster.peer=127.0.0.1:${peer}`),
        ...timingFlags(wishes.peerTimeoutMs),
      ],
      env: { PATH: process.env.PATH, GOGC: '50' },
      cwd: folder,
    }),
  );
  const cluster: AlertmanagerCluster = {
    members,
    gate,
    async seenBy({ url }) {
      const response = await fetch(`${url}/api/v2/status`).catch(() => undefined);
      const status: { readonly cluster?: { readonly status: string; readonly peers?: readonly unknown[] } } =
        (await response?.json().catch(() => ({}))) ?? {};
      return status.cluster?.status === 'ready' ? (status.cluster.peers?.length ?? 0) : 0;
    },
    async waitForSize(wanted, among = members) {
      await waitUntil(
        `each sees ${wanted}; ${among.map(({ name, lastLines }) => `${name}: ${lastLines.slice(-5).join(' | ')}`).join('\n')}`,
        async () => (await Promise.all(among.map(cluster.seenBy))).every((seen) => seen === wanted),
        SEEN_WITHIN_MS,
      );
    },
  };
  await waitUntil(
    'every Alertmanager answers',
    async () => (await Promise.all(members.map(({ url }) => answers(`${url}/-/ready`)))).every(Boolean),
    SEEN_WITHIN_MS,
  );
  return cluster;
}

/** How patient members are with each other, as the compose file has it. */
function timingFlags(peerTimeoutMs?: number): readonly string[] {
  const compose = parse(readFileSync(join(CHECKOUT, 'docker-compose.scale.yml'), 'utf8'));
  const flags: readonly unknown[] = compose.services.alertmanager.command;
  return flags
    .map(String)
    .filter((flag) => /^--cluster\.[\w-]+(timeout|interval)=/.test(flag))
    .map((flag) =>
      peerTimeoutMs === undefined ? flag : flag.replace(/(?<=peer-timeout=).+/, `${peerTimeoutMs / 1_000}s`),
    );
}
