// More than one of each on one machine: exporters, Prometheus, an Alertmanager cluster and bridges as real processes with the
// configuration that the compose file mounts, between simulators for the venues and for Telegram.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findEngines } from '../../engines/find-engines.ts';
import { type Replicas, scalePrometheus } from '../../engines/scale/scale-config.ts';
import { startTelegramSimulator, type TelegramSimulator } from '../../simulators/telegram/telegram-simulator.ts';
import { startVenues, type Venues } from '../../simulators/venues/start-venues.ts';
import { MARKET_CHAT, STACK_CHAT } from '../e2e/stack.ts';
import { queryValues } from '../grafana/panel-data.ts';
import { waitUntil } from '../support/waiting.ts';
import { type AlertmanagerCluster, CHECKOUT, startAlertmanagers, WEBHOOK_TOKEN } from './alertmanagers.ts';
import { freePorts } from './free-ports.ts';
import { answers, type Member, startMember } from './member.ts';

export interface Estate {
  readonly venues: Venues;
  readonly telegram: TelegramSimulator;
  readonly exporters: readonly Member[];
  readonly prometheuses: readonly Member[];
  readonly cluster: AlertmanagerCluster;
  readonly bridges: readonly Member[];
  /** Values of an instant query at one of the pair. */
  query(prometheus: Member, expression: string): Promise<readonly number[]>;
  /** @throws Error naming what did not come, with the last words of everybody */
  waitFor(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void>;
  /** Resolves when a member of a pair answers and does its work, as at its first start. */
  waitForWork(member: Member): Promise<void>;
}

export interface EstateWishes {
  /** What the bridges share; one of them alone has SQLite. */
  readonly databaseUrl: string;
  /** `host:port` of the store for history; nothing listens there where absent. */
  readonly history?: string;
}

const LIMIT_MS = 90_000;
/** What a program needs to run, and to tell what it covered. */
const PASSED_ON = /^(PATH|HOME|TZ|LANG|TMPDIR|NODE_\w+|_TAPJS_\w+)$/;
const passedOn = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));

/** Resolves when both exporters see all feeds, both Prometheus see both of them, and the cluster is one. */
export async function startEstate(t: Test, wishes: EstateWishes): Promise<Estate> {
  const folder = t.testdir();
  const venues = await startVenues();
  t.teardown(() => venues.close());
  const telegram = await startTelegramSimulator();
  t.teardown(() => telegram.close());
  const ports = await freePorts(9);
  const at = (from: number, to: number) => ports.slice(from, to).map((port) => `127.0.0.1:${port}`);
  const replicas: Replicas = {
    exporters: at(0, 2),
    bridges: at(2, 4),
    prometheuses: at(4, 6),
    alertmanagers: at(6, 9),
    history: wishes.history ?? '127.0.0.1:1',
  };

  const bridges = replicas.bridges.map((address, index) =>
    startNode(t, `alert-bridge-${index + 1}`, 'alert-bridge', address, {
      ...telegramEnvironment(telegram),
      BRIDGE_PORT: portOf(address),
      BRIDGE_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
      BRIDGE_DATABASE_URL: wishes.databaseUrl,
      PROMETHEUS_URL: `http://${replicas.prometheuses[index]}`,
      ALERTMANAGER_URL: `http://${replicas.alertmanagers[index]}`,
      DATA_DIR: join(folder, `alert-bridge-${index + 1}`),
    }),
  );
  const exporters = replicas.exporters.map((address, index) =>
    startNode(t, `exporter-${index + 1}`, 'exporter', address, {
      ...venues.environment(),
      EXPORTER_PORT: portOf(address),
      OI_POLL_SECONDS: '5',
      OI_REQUESTS_PER_HOUR: '100000',
      DATA_DIR: join(folder, `exporter-${index + 1}`),
    }),
  );
  const cluster = await startAlertmanagers(t, {
    folder: join(folder, 'cluster'),
    size: 3,
    bridges: replicas.bridges,
    ports: replicas.alertmanagers.map((address) => Number(portOf(address))),
  });
  const prometheuses = await startPrometheuses(t, join(folder, 'prometheus'), replicas);

  const everybody = [...exporters, ...prometheuses, ...cluster.members, ...bridges];
  const estate: Estate = {
    venues,
    telegram,
    exporters,
    prometheuses,
    cluster,
    bridges,
    query: ({ url }, expression) => queryValues(url, expression),
    waitFor: (what, isTrue) => waitUntil(`${what}\n${lastWords(everybody)}`, isTrue, LIMIT_MS),
    async waitForWork(member) {
      if (prometheuses.includes(member)) await seesBoth(member);
      else if (exporters.includes(member)) await Promise.all(prometheuses.map(seesBoth));
      else {
        const path = bridges.includes(member) ? '/health' : '/-/ready';
        await estate.waitFor(`${member.name} answers`, () => answers(`${member.url}${path}`));
      }
    },
  };
  const seesBoth = (prometheus: Member) =>
    estate.waitFor(`${prometheus.name} sees six feeds of two exporters, and the thresholds`, async () => {
      const [feeds = 0] = await estate.query(prometheus, 'count(derivatives_feed_connected == 1)').catch(() => []);
      const [limits = 0] = await estate.query(prometheus, 'count(symbol:cascade_count:threshold)').catch(() => []);
      return feeds === 12 && limits >= 3;
    });
  for (const bridge of bridges) await estate.waitForWork(bridge);
  for (const prometheus of prometheuses) await estate.waitForWork(prometheus);
  await cluster.waitForSize(3);
  return estate;
}

function startNode(
  t: Test,
  name: string,
  service: 'exporter' | 'alert-bridge',
  address: string,
  environment: Readonly<Record<string, string>>,
): Member {
  return startMember(t, name, `http://${address}`, {
    command: process.execPath,
    args: [join(CHECKOUT, service, 'main.ts')],
    env: { ...passedOn, MONITORING_LOG_LEVEL: 'warn', ENVIRONMENT: 'test', ...environment },
    cwd: CHECKOUT,
  });
}

async function startPrometheuses(t: Test, folder: string, replicas: Replicas): Promise<readonly Member[]> {
  const { prometheus } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: (line) => t.comment(line) });
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, 'prometheus.yml');
  const source = readFileSync(join(CHECKOUT, 'prometheus', 'prometheus.yml'), 'utf8');
  const config = scalePrometheus(source, replicas)
    .replace('- ../rules/', `- ${join(CHECKOUT, 'prometheus', 'rules')}/`)
    .replace('- rules/', `- ${join(CHECKOUT, 'prometheus', 'scale', 'rules')}/`);
  writeFileSync(configFile, config);
  return replicas.prometheuses.map((address, index) =>
    startMember(t, `prometheus-${index + 1}`, `http://${address}`, {
      command: prometheus,
      args: [
        `--config.file=${configFile}`,
        '--enable-feature=expand-external-labels',
        `--storage.tsdb.path=${join(folder, `data-${index + 1}`)}`,
        '--rules.alert.resend-delay=10s',
        `--web.listen-address=${address}`,
        `--web.external-url=http://${address}/`,
      ],
      env: { PATH: process.env.PATH, GOGC: '50', ENVIRONMENT: 'test', REPLICA: `replica-${index + 1}` },
      cwd: folder,
    }),
  );
}

function telegramEnvironment(telegram: TelegramSimulator): Readonly<Record<string, string>> {
  return {
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_CHAT_ID: MARKET_CHAT,
    TELEGRAM_STACK_CHAT_ID: STACK_CHAT,
    TELEGRAM_API_URL: telegram.url,
    ALERT_RATE_LIMIT_SECONDS: '0',
  };
}

function portOf(address: string): string {
  return address.split(':').at(-1) ?? '';
}

function lastWords(members: readonly Member[]): string {
  return members.map(({ name, lastLines }) => `${name}: ${lastLines.slice(-4).join(' | ')}`).join('\n');
}
