// The stack in containers, by its compose files. Touches its own project and nothing else on the Docker host.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../common/errors.ts';
import { tryListen } from '../../native/preflight.ts';
import { loadNativeSettings } from '../../native/settings.ts';
import { containerSecretsCheck } from '../checks/container-secrets.ts';
import { memoryCheck } from '../checks/memory.ts';
import { rulesCheck } from '../checks/rules.ts';
import { critical, type Finding, ok } from '../finding.ts';
import type { Compose } from './compose.ts';
import { readDatabaseFrom, writeDatabaseTo } from './docker-database.ts';
import type { PartState, Site, Stack } from './stack.ts';

const START_LIMIT_MS = 180_000;
const BUILD_LIMIT_MS = 900_000;

/** @throws AppError CONFIG_INVALID */
export function createDockerStack(site: Site, compose: Compose): Stack {
  const { checkout, environment, say } = site;
  const { dataDir } = loadNativeSettings(environment, checkout);
  const ports = publishedPorts(site, compose);
  const label = ['--filter', `label=com.docker.compose.project=${compose.project}`];

  async function states(): Promise<readonly PartState[]> {
    const format = '{{.Label "com.docker.compose.service"}}\t{{.State}}\t{{.Status}}';
    const { stdout } = await compose.docker(['ps', '-a', ...label, '--format', format]);
    return stdout
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([name = '']) => compose.services.includes(name))
      .map(([name = '', state, status = '']) => {
        const isUp = state === 'running' && !/\(unhealthy\)|\(health: starting\)/.test(status);
        return { name, isUp, detail: status };
      });
  }
  const isRunning = async () => (await states()).some(({ detail }) => detail.startsWith('Up'));

  async function waitUntilHealthy(names: readonly string[], signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
    while (!limit.aborted) {
      const up = (await states()).filter(({ isUp }) => isUp).map(({ name }) => name);
      if (names.every((name) => up.includes(name))) return;
      await delay(1_000, undefined, { signal: limit }).catch(() => undefined);
    }
    const lacking = (await states()).filter(({ name, isUp }) => names.includes(name) && !isUp);
    const words = lacking.map(({ name, detail }) => `${name}: ${detail}`).join('\n') || 'no container was made';
    throw new AppError('START_FAILED', `not healthy in time:\n${words}\nLook at: docker logs, service by service`);
  }

  return {
    mode: 'docker',
    parts: compose.services,
    urls: Object.fromEntries([...ports].map(([name, port]) => [name, `http://127.0.0.1:${port}`])),
    dataDir,
    limitMb: compose.limitMb,
    checks: (only) => [
      async () =>
        (await isRunning()) ? ok('ports', 'the stack runs already and holds them') : checkPorts(ports, only),
      () =>
        memoryCheck({ neededMb: compose.limitMb, why: `limits of profile ${compose.profile}: ${compose.limitMb} MB` }),
      () => containerSecretsCheck(join(checkout, 'docker', 'secrets')),
      async () => {
        await compose.run(['config', '-q'], 'CONFIG_INVALID');
        return ok('configuration', `${compose.files.join(', ')}: accepted by compose`);
      },
      () => rulesCheck(checkout),
    ],
    plan: (only) => [
      `${compose.files.map((file) => `-f ${file}`).join(' ')} up -d --build ${only ?? ''}`.trim(),
      `as project ${compose.project}, profile ${compose.profile}: ${only ?? compose.services.join(', ')}`,
    ],
    isRunning,
    states,
    async start(only, signal, { isBuilding = true } = {}) {
      say(`${isBuilding ? 'building and starting' : 'starting'} ${only ?? 'everything'} …`);
      // Of a running stack the others stay up: compose renews only what is named and has changed.
      const named = only === undefined ? [] : [...((await isRunning()) ? ['--no-deps'] : []), only];
      await compose.run(['up', '-d', ...(isBuilding ? ['--build'] : []), ...named], 'START_FAILED', {
        timeoutMs: BUILD_LIMIT_MS,
        signal,
      });
      await waitUntilHealthy(only === undefined ? compose.services : [only], signal);
    },
    async stopCallingExisting(signal) {
      await compose.runAlone(['up', '-d', '--no-deps', 'exporter'], 'START_FAILED', { signal });
      await waitUntilHealthy(['exporter'], signal);
    },
    async stop(withData) {
      await compose.run(
        ['down', '--remove-orphans', '--timeout', '10', ...(withData ? ['--volumes'] : [])],
        'STOP_FAILED',
      );
    },
    async webhookToken() {
      const script = 'printf %s "$(</secrets/bridge/webhook_token)"';
      return (await compose.run(['exec', '-T', 'alert-bridge', 'bash', '-c', script], 'TOKEN_UNREADABLE')).trim();
    },
    async images() {
      const format = '{{.Label "com.docker.compose.service"}}\t{{.Image}}\t{{.ID}}';
      const { stdout } = await compose.docker(['ps', '-a', '--no-trunc', ...label, '--format', format]);
      const rows = stdout.split('\n').filter((line) => line !== '');
      return Promise.all(
        rows.map(async (row) => {
          const [part = '', image = '', container = ''] = row.split('\t');
          const inspected = await compose.docker(['inspect', '--format', '{{.Image}}', container]);
          return { part, image, id: inspected.stdout.trim() };
        }),
      );
    },
    async restoreImages(images) {
      for (const { part, image, id } of images) {
        const { code } = await compose.docker(['tag', id, image]);
        if (code === 0) continue;
        throw new AppError(
          'IMAGE_MISSING',
          `${image} of ${part} (${id}) is not on this machine any more: build or pull it`,
        );
      }
    },
    copyDatabase: (target) => readDatabaseFrom(compose, target),
    replaceDatabase: (source) => writeDatabaseTo(compose, source),
    async logs() {
      const directory = join(dataDir, 'run');
      const names = (await states()).map(({ name }) => name);
      const files = names.map(async (name) => {
        const path = join(directory, `${name}.container.log`);
        const { stdout } = await compose.docker(['logs', '--tail', '2000', `${compose.project}-${name}-1`]);
        writeFileSync(path, stdout);
        return [name, path] as const;
      });
      return Object.fromEntries(await Promise.all(files));
    },
  };
}

/** Host ports by service, as the compose file publishes them with this environment. */
function publishedPorts({ environment }: Site, { services }: Compose): ReadonlyMap<string, number> {
  const variables: readonly (readonly [name: string, variable: string, fallback: number])[] = [
    ['exporter', 'EXPORTER_PORT', 8002],
    ['alert-bridge', 'BRIDGE_PORT', 8003],
    ['prometheus', 'PROMETHEUS_PORT', 9090],
    ['alertmanager', 'ALERTMANAGER_PORT', 9093],
    ['grafana', 'GRAFANA_PORT', 3000],
  ];
  const present = variables.filter(([name]) => services.includes(name));
  return new Map(
    present.map(([name, variable, fallback]) => [name, Number(environment[variable]?.trim() || fallback)]),
  );
}

async function checkPorts(ports: ReadonlyMap<string, number>, only: string | undefined): Promise<Finding> {
  const taken: string[] = [];
  for (const [name, port] of ports) {
    if (only !== undefined && name !== only) continue;
    if ((await tryListen({ host: '127.0.0.1', port })) !== undefined) taken.push(`${port} (${name})`);
  }
  if (taken.length === 0) return ok('ports', [...ports.values()].join(', '));
  return critical('ports', `in use: ${taken.join(', ')}`, 'stop what listens there, or choose others in .env');
}
