// npm run test:compose: the compose files on a real engine. Brings the whole stack up beside a simulator of the existing
// system, sends a cascade through it to Telegram's simulator, breaks every process in turn, and leaves nothing behind.
// Grafana takes part where its image can be had. Takes about six minutes.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../common/command-line.ts';
import { askEveryPanel, EMPTY_AT_FIRST, EMPTY_FOR_15_MINUTES } from '../grafana/panel-data.ts';
import { openClaims, waitFor } from './claims.ts';
import { docker, findEngine, openProject } from './engine.ts';
import { killAtPeak, killEach, stallOurs } from './faults.ts';
import { checkHardening } from './hardening.ts';
import { hasImage, missingImages } from './images.ts';
import { checkProfile } from './limits.ts';
import { createStackClient } from './stack-client.ts';
import { tableCounts } from './table.ts';

const MAIN = 'docker-compose.observability.yml';
const GRAFANA_IMAGE = 'grafana/grafana:13.2.3';
const OWN_IMAGES = ['derivatives-alerts/exporter:0.1.0', 'derivatives-alerts/alert-bridge:0.1.0'];

commandLine({
  name: 'npm run test:compose --',
  purpose: `The compose files on a real Docker engine, beside simulators, every process broken in turn. Leaves nothing behind. Takes about
six minutes; skipped where no engine answers.`,
});
const engine = findEngine();
if (!engine) {
  console.log('skipped: no Docker engine answers, or neither `docker compose` nor docker-compose is installed');
  process.exit(0);
}

const name = `derivatives-compose-test-${process.pid}`;
const existingNetwork = `${name}-existing`;
const secrets = mkdtempSync(join(tmpdir(), 'compose-secrets-'));
chmodSync(secrets, 0o755);
const tokenFile = join(secrets, 'telegram_bot_token');
const [exporter, bridge, prometheus, alertmanager, grafana, simulators] = await freePorts(6);
const environment = {
  COMPOSE_PROJECT_NAME: name,
  SECRETS_DIR: secrets,
  EXISTING_NETWORK: existingNetwork,
  EXPORTER_PORT: String(exporter),
  BRIDGE_PORT: String(bridge),
  PROMETHEUS_PORT: String(prometheus),
  ALERTMANAGER_PORT: String(alertmanager),
  GRAFANA_PORT: String(grafana),
  SIMULATORS_PORT: String(simulators),
};
const project = openProject(
  engine,
  [MAIN, 'docker-compose.existing.yml', 'tests/compose/docker-compose.test.yml'],
  environment,
);
const client = createStackClient({ prometheus, simulators });
const claims = openClaims();

const missing = await missingImages(project, OWN_IMAGES);
const needed = missing.filter((image) => image !== GRAFANA_IMAGE);
if (needed.length > 0) {
  console.log(`skipped: neither on this machine nor to be pulled: ${needed.join(', ')}`);
  rmSync(secrets, { recursive: true, force: true });
  process.exit(0);
}
const hasGrafana = !missing.includes(GRAFANA_IMAGE);
const services = ['exporter', 'alert-bridge', 'prometheus', 'alertmanager', 'node-exporter', 'blackbox-exporter'];
if (hasGrafana) services.push('grafana');
else console.log(`note: ${GRAFANA_IMAGE} is neither on this machine nor to be pulled; Grafana is left out`);
const imagesBefore = await Promise.all(OWN_IMAGES.map(hasImage));

try {
  await docker('network', 'create', existingNetwork);
  await checkProfile(claims, 'full', openProject(engine, [MAIN], environment), 512);
  await checkProfile(claims, 'core', openProject(engine, [MAIN, 'docker-compose.core.yml'], environment), 256);
  const isBuilt = await claims.claim('both images build, and are smaller than 200 MB', buildImages);
  if (isBuilt) {
    await checkPreflight();
    if (await claims.claim('the stack starts', startStack)) await checkStack();
  }
} finally {
  await tearDown();
}
process.exit(claims.finish());

async function buildImages(): Promise<string | undefined> {
  const { code, text } = await project.compose('build', 'exporter', 'alert-bridge', 'preflight');
  if (code !== 0) return text.slice(-2_000);
  for (const image of OWN_IMAGES) {
    const megabytes = Number((await docker('image', 'inspect', '-f', '{{.Size}}', image)).text) / 1_000_000;
    console.log(`       ${image}: ${megabytes.toFixed(0)} MB`);
    if (megabytes >= 200) return `${image} has ${megabytes.toFixed(0)} MB`;
  }
  return undefined;
}

async function checkPreflight(): Promise<void> {
  const refuses = (title: string, sentence: string) =>
    claims.claim(title, async () => {
      const { code } = await project.compose('up', '-d', 'exporter');
      const { text } = await project.compose('logs', '--no-color', 'preflight');
      const started = (await project.compose('ps', '-q', 'exporter')).text.trim();
      const isRunning = started !== '' && (await project.inspect('exporter')).State.Status === 'running';
      await project.compose('rm', '-fs', 'preflight', 'exporter');
      if (code === 0 || isRunning) return 'it started';
      return text.includes(sentence) ? undefined : `the sentence is missing in: ${text}`;
    });
  writeFileSync(tokenFile, '1:test-token\n');
  chmodSync(tokenFile, 0o600);
  await refuses(
    'a secret that its container cannot read stops the start with one sentence',
    'docker/secrets/telegram_bot_token cannot be read by the containers (user 10001)',
  );
  chmodSync(tokenFile, 0o644);
  writeFileSync(tokenFile, '');
  await refuses('an empty secret stops the start with one sentence', 'docker/secrets/telegram_bot_token is empty');
  writeFileSync(tokenFile, '1:test-token\n');
}

async function startStack(): Promise<string | undefined> {
  // The market is there before its watchers are, as it will be.
  await project.compose('up', '-d', 'simulators');
  await waitFor('the simulators', 30_000, async () =>
    (await client.isOk(simulators, '/connections')) ? true : undefined,
  );
  const { code, text } = await project.compose('up', '-d', ...services);
  if (code !== 0) return text.slice(-2_000);
  await waitFor('three liquidation feeds', 60_000, async () => {
    const feeds = await client.query('sum(derivatives_feed_connected{feed="liquidations"})');
    return feeds[0] === 3 ? true : undefined;
  });
  return undefined;
}

async function checkStack(): Promise<void> {
  await claims.claim('a cascade on three venues is one message on Telegram', () => cascadeArrives('BTC', 1_200_000));
  await claims.claim('every container is healthy within 90 s', async () => {
    await waitFor('health', 90_000, async () => {
      const facts = await Promise.all(services.map((service) => project.inspect(service)));
      return facts.every(({ State }) => State.Health?.Status === 'healthy') ? true : undefined;
    });
    return undefined;
  });
  await checkHardening(claims, project, services);
  await claims.claim(
    'exporter and blackbox exporter alone are in the existing network, under aliases of ours',
    existingOnly,
  );
  await claims.claim('an edited table of thresholds counts after one command; a faulty one is refused', () =>
    tableCounts(project, process.cwd(), client.query),
  );
  await claims.claim('the existing service is probed from outside', async () => {
    await waitFor('a probe', 60_000, async () =>
      (await client.query('probe_success{job="probe-service"}'))[0] === 1 ? true : undefined,
    );
    return undefined;
  });
  const readiness = {
    exporter: () => client.isOk(exporter, '/ready'),
    'alert-bridge': () => client.isOk(bridge, '/ready'),
    prometheus: () => client.isOk(prometheus, '/-/ready'),
    alertmanager: () => client.isOk(alertmanager, '/-/ready'),
    'node-exporter': async () => true,
    'blackbox-exporter': async () => true,
    ...(hasGrafana ? { grafana: () => client.isOk(grafana, '/api/health') } : {}),
  };
  await killEach(claims, project, readiness);
  await stallOurs(claims, project, readiness);
  await claims.claim('after all that a cascade still arrives, and nothing twice', () => cascadeArrives('ETH', 315_000));
  await claims.claim('every panel of the dashboards has data', everyPanel);
  await claims.claim('no container came near its limit', memoryPeaks);
  await killAtPeak(claims, project, () => askEveryPanel(client.query), readiness.prometheus);
}

async function cascadeArrives(symbol: string, usd: number): Promise<string | undefined> {
  await waitFor('the feeds', 60_000, async () =>
    (await client.query('min(derivatives_feed_connected{feed="liquidations"})'))[0] === 1 ? true : undefined,
  );
  const about = async () =>
    (await client.messages()).filter(
      ({ chatId, text }) => chatId === '100' && text.includes(`${symbol} LIQUIDATION CASCADE`),
    );
  await client.cascade(symbol, 5, 2, usd);
  const found = await waitFor(`the message about ${symbol}`, 15_000, async () => (await about()).at(0));
  if (!found.text.includes('⚡ 7 liquidations in 30 seconds')) return `it says: ${found.text}`;
  const count = (await about()).length;
  return count === 1 ? undefined : `${count} messages`;
}

async function existingOnly(): Promise<string | undefined> {
  const faults: string[] = [];
  for (const service of services) {
    const { Networks } = (await project.inspect(service)).NetworkSettings;
    const joined = Networks[existingNetwork];
    const alias = { exporter: 'derivatives-alerts-exporter', 'blackbox-exporter': 'derivatives-alerts-blackbox' }[
      service
    ];
    if (alias === undefined && joined) faults.push(`${service} joined`);
    if (alias !== undefined && !joined?.Aliases?.includes(alias)) faults.push(`${service} is not there as ${alias}`);
  }
  return faults.length === 0 ? undefined : faults.join('; ');
}

/** What was restarted last needs two scrapes before its rates are there. */
/** A panel has been seen with data once it had some at any look: those of the last 30 s empty again before others fill. */
async function everyPanel(): Promise<string | undefined> {
  let neverFilled: readonly string[] | undefined;
  let total = 0;
  const unexpected = () =>
    (neverFilled ?? []).filter(
      (panel) => !(panel in EMPTY_AT_FIRST) && !EMPTY_FOR_15_MINUTES.includes(panel) && !panel.startsWith('Trading / '),
    );
  await waitFor('the panels', 90_000, async () => {
    const answers = await askEveryPanel(client.query);
    total = answers.total;
    neverFilled = answers.empty.filter((panel) => neverFilled?.includes(panel) ?? true);
    return unexpected().length === 0 ? true : undefined;
  }).catch(() => 0);
  if (!neverFilled) return 'Prometheus answered none of them';
  console.log(
    `       ${total - neverFilled.length} of ${total} panels have had data; empty: ${neverFilled.join(', ')}`,
  );
  return unexpected().length === 0 ? undefined : `empty: ${unexpected().join(', ')}`;
}

async function memoryPeaks(): Promise<string | undefined> {
  const ids = await Promise.all(services.map(async (service) => (await project.inspect(service)).Id));
  const { text } = await docker('stats', '--no-stream', '--format', '{{.MemPerc}} {{.MemUsage}} {{.Name}}', ...ids);
  console.log(text.replaceAll(/^/gm, '       ').trimEnd());
  const near = text.split('\n').filter((line) => Number.parseFloat(line) > 85);
  return near.length === 0 ? undefined : near.join('; ');
}

async function tearDown(): Promise<void> {
  await claims.claim('it is taken down without a trace', async () => {
    await project.compose('down', '-v', '--remove-orphans', '-t', '10');
    await docker('network', 'rm', existingNetwork);
    rmSync(secrets, { recursive: true, force: true });
    for (const [index, image] of OWN_IMAGES.entries()) if (!imagesBefore[index]) await docker('rmi', image);
    if (!imagesBefore[0]) await docker('image', 'prune', '-f', '--filter', 'label=derivatives-alerts.stage=build');
    const left = await Promise.all(
      ['ps -a -q', 'volume ls -q', 'network ls -q'].map(async (list) =>
        (await docker(...list.split(' '), '--filter', `name=${name}`)).text.trim(),
      ),
    );
    return left.every((text) => text === '') ? undefined : `left: ${left.join(' ')}`;
  });
}

/** Free ones at this moment, held open together so that they differ. */
async function freePorts(count: 6): Promise<readonly [number, number, number, number, number, number]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address ? address.port : 0);
          });
        }),
    ),
  );
  for (const server of servers) server.close();
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = ports;
  return [a, b, c, d, e, f];
}
