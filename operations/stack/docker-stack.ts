// The stack in containers, by its compose files. Touches its own project and nothing else on the Docker host.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import { makeDirectory } from '../../common/make-directory.ts';
import { loadNativeSettings } from '../../engines/stack-settings.ts';
import { tryListen } from '../../supervisor/preflight.ts';
import { type CheckResult, critical, ok } from '../check-result.ts';
import { containerSecretsCheck } from '../checks/container-secrets.ts';
import { memoryCheck } from '../checks/memory.ts';
import { rulesCheck } from '../checks/rules.ts';
import { call } from '../http-answer.ts';
import { stageInForce } from '../rollout/stage-in-force.ts';
import type { Compose } from './compose.ts';
import { readDatabaseFrom, writeDatabaseTo } from './docker-database.ts';
import type { PartState, Site, Stack } from './stack.ts';

const START_LIMIT_MS = 180_000;
const BUILD_LIMIT_MS = 900_000;
/** What a part answers with 200 when it does its work; the others have no port on this machine. */
const READY_PATHS: Readonly<Record<string, string>> = {
  exporter: '/health',
  'alert-bridge': '/ready',
  prometheus: '/-/ready',
  alertmanager: '/-/ready',
  grafana: '/api/health',
};

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
        return { name, isUp: state === 'running' && !status.includes('(unhealthy)'), detail: status };
      });
  }
  /** By Docker's own labels: the two versions of compose name containers differently. */
  async function containers(): Promise<readonly { readonly part: string; readonly id: string }[]> {
    const format = '{{.Label "com.docker.compose.service"}}\t{{.ID}}';
    const { stdout } = await compose.docker(['ps', '-a', '--no-trunc', ...label, '--format', format]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [part = '', id = ''] = line.split('\t');
        return { part, id };
      });
  }
  const isRunning = async () => (await states()).some(({ detail }) => detail.startsWith('Up'));

  /** Docker asks for health every 30 s only: whoever starts or rolls back asks the parts themselves. */
  async function readyOnes(): Promise<readonly string[]> {
    const up = (await states()).filter(({ isUp }) => isUp).map(({ name }) => name);
    const answers = await Promise.all(
      up.map(async (name) => {
        const [path, port] = [READY_PATHS[name], ports.get(name)];
        if (path === undefined || port === undefined) return name;
        const { status } = await call({ url: `http://127.0.0.1:${port}${path}`, timeoutMs: 2_000 });
        return status === 200 ? name : undefined;
      }),
    );
    return answers.filter((name) => name !== undefined);
  }

  async function waitUntilReady(names: readonly string[], signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
    let ready: readonly string[] = [];
    while (!limit.aborted) {
      ready = await readyOnes();
      if (names.every((name) => ready.includes(name))) return;
      await delay(300, undefined, { signal: limit }).catch(() => undefined);
    }
    const lacking = names.filter((name) => !ready.includes(name));
    const details = new Map((await states()).map(({ name, detail }) => [name, detail]));
    const words = lacking.map((name) => `${name}: ${details.get(name) ?? 'no container was made'}`).join('\n');
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
      () => containerSecretsCheck(secretsDirectory(site)),
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
      await compose.run(['up', '-d', isBuilding ? '--build' : '--no-build', ...named], 'START_FAILED', {
        env: { ...environment, ...stageInForce(dataDir) },
        timeoutMs: BUILD_LIMIT_MS,
        signal,
      });
      await waitUntilReady(only === undefined ? compose.services : [only], signal);
    },
    async stopCallingExisting(signal) {
      await compose.runAlone(['up', '-d', '--no-deps', 'exporter'], 'START_FAILED', { signal });
      await waitUntilReady(['exporter'], signal);
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
      return Promise.all(
        (await containers()).map(async ({ part, id }) => {
          const format = '{{.Image}}\t{{.Config.Image}}';
          const { stdout } = await compose.docker(['inspect', '--format', format, id]);
          const [imageId = '', image = ''] = stdout.trim().split('\t');
          return { part, image, id: imageId };
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
      makeDirectory(directory);
      const files = (await containers()).map(async ({ part, id }) => {
        const path = join(directory, `${part}.container.log`);
        const { stdout, stderr } = await compose.docker(['logs', '--tail', '2000', id]);
        writeFileSync(path, `${stdout}${stderr}`, { mode: 0o600 });
        return [part, path] as const;
      });
      return Object.fromEntries(await Promise.all(files));
    },
  };
}

/** As the compose file mounts it. */
export function secretsDirectory({ environment, checkout }: Pick<Site, 'environment' | 'checkout'>): string {
  return resolve(checkout, environment.SECRETS_DIR?.trim() || join('docker', 'secrets'));
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

async function checkPorts(ports: ReadonlyMap<string, number>, only: string | undefined): Promise<CheckResult> {
  const taken: string[] = [];
  for (const [name, port] of ports) {
    if (only !== undefined && name !== only) continue;
    if ((await tryListen({ host: '127.0.0.1', port })) !== undefined) taken.push(`${port} (${name})`);
  }
  if (taken.length === 0) return ok('ports', [...ports.values()].join(', '));
  return critical('ports', `in use: ${taken.join(', ')}`, 'stop what listens there, or choose others in .env');
}
