// npm run test:scale: docker-compose.scale.yml on a real engine. Brings up more than one of each, sends a cascade through,
// kills one of each while another is played, and leaves nothing behind. Takes about four minutes. Grafana is left out: what
// it needs is the compose test's business.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { commandLine } from '../../common/command-line.ts';
import { openClaims, waitFor } from '../compose/claims.ts';
import { type ContainerFacts, docker, findEngine, openProject, processesOf, signalProcess } from '../compose/engine.ts';
import { checkHardening } from '../compose/hardening.ts';
import { createStackClient } from '../compose/stack-client.ts';
import { queryValues } from '../grafana/panel-data.ts';
import { freePorts } from './free-ports.ts';
import { buildLocalPostgres } from './local-postgres.ts';

const FILES = ['docker-compose.observability.yml', 'docker-compose.scale.yml', 'tests/scale/docker-compose.test.yml'];
const OWN_IMAGES = ['derivatives-alerts/exporter:0.1.0', 'derivatives-alerts/alert-bridge:0.1.0'];
const FIRST_OF_EACH = ['exporter', 'prometheus', 'alertmanager', 'alert-bridge'];
const SERVICES = [
  ...FIRST_OF_EACH,
  ...['exporter-2', 'prometheus-2', 'alertmanager-2', 'alertmanager-3', 'alert-bridge-2'],
  ...['postgres', 'victoria-metrics'],
];
/** What Docker puts before our process as its process 1, by the names it has had. */
const INIT = /init|tini/;

commandLine({
  name: 'npm run test:scale --',
  purpose: `docker-compose.scale.yml on a real Docker engine: one of each is killed while a cascade is played. Leaves nothing behind.
Takes about four minutes; skipped where no engine answers.`,
});
const engine = findEngine();
if (!engine) {
  console.log('skipped: no Docker engine answers, or neither `docker compose` nor docker-compose is installed');
  process.exit(0);
}

const name = `derivatives-scale-test-${process.pid}`;
const secrets = mkdtempSync(join(tmpdir(), 'scale-secrets-'));
chmodSync(secrets, 0o755);
const PORTS = [
  ...['EXPORTER_PORT', 'EXPORTER_2_PORT', 'BRIDGE_PORT', 'BRIDGE_2_PORT', 'PROMETHEUS_PORT', 'PROMETHEUS_2_PORT'],
  ...['ALERTMANAGER_PORT', 'ALERTMANAGER_2_PORT', 'ALERTMANAGER_3_PORT', 'HISTORY_PORT', 'GRAFANA_PORT'],
  'SIMULATORS_PORT',
];
const numbers = await freePorts(PORTS.length);
const ports = Object.fromEntries(PORTS.map((variable, index) => [variable, numbers[index] ?? 0]));
const port = (variable: string) => ports[variable] ?? 0;
const project = openProject(engine, FILES, {
  COMPOSE_PROJECT_NAME: name,
  SECRETS_DIR: secrets,
  TELEGRAM_BOT_TOKEN: '1:test-token',
  ...Object.fromEntries(Object.entries(ports).map(([variable, number]) => [variable, String(number)])),
});
const client = createStackClient({ prometheus: port('PROMETHEUS_PORT'), simulators: port('SIMULATORS_PORT') });
const claims = openClaims();
const imagesBefore = await Promise.all(OWN_IMAGES.map(hasImage));

try {
  if (await claims.claim('the images are there or can be built', buildImages)) {
    if (await claims.claim('more than one of each starts', startStack)) await checkStack();
  }
} finally {
  await claims.claim('it is taken down without a trace', tearDown);
}
process.exit(claims.finish());

async function buildImages(): Promise<string | undefined> {
  const { text: config } = await project.compose('config');
  await buildLocalPostgres(parse(config).services.postgres.image);
  const { code, text } = await project.compose('build', 'exporter', 'alert-bridge', 'preflight');
  return code === 0 ? undefined : text.slice(-2_000);
}

async function startStack(): Promise<string | undefined> {
  await project.compose('up', '-d', 'simulators');
  await waitFor('the simulators', 30_000, async () =>
    (await client.isOk(port('SIMULATORS_PORT'), '/connections')) ? true : undefined,
  );
  const { code, text } = await project.compose('up', '-d', ...SERVICES);
  if (code !== 0) return text.slice(-2_000);
  await everythingWorks();
  return undefined;
}

/** Both exporters on all feeds, both Prometheus reading both, three Alertmanagers in one cluster, both bridges. */
async function everythingWorks(): Promise<void> {
  for (const variable of ['PROMETHEUS_PORT', 'PROMETHEUS_2_PORT']) {
    const value = async (expression: string) =>
      (await queryValues(`http://127.0.0.1:${port(variable)}`, expression))[0];
    await waitFor(`${variable}: six liquidation feeds`, 120_000, async () =>
      (await value('sum(derivatives_feed_connected{feed="liquidations"})')) === 6 ? true : undefined,
    );
    await waitFor(`${variable}: every copy answers`, 120_000, async () =>
      (await value('count(up{job=~"exporter|alert-bridge|prometheus|alertmanager"} == 1)')) === 9 ? true : undefined,
    );
    await waitFor(`${variable}: a cluster of three`, 120_000, async () =>
      (await value('min(alertmanager_cluster_members)')) === 3 ? true : undefined,
    );
  }
}

async function checkStack(): Promise<void> {
  await claims.claim('a cascade is one message on Telegram', () => cascadeArrives('BTC', 1_200_000));
  await claims.claim('every container is healthy within 120 s', async () => {
    await waitFor('health', 120_000, async () => {
      const facts = await Promise.all(SERVICES.map((service) => project.inspect(service)));
      return facts.every(({ State }) => State.Health?.Status === 'healthy') ? true : undefined;
    });
    return undefined;
  });
  await checkHardening(claims, project, SERVICES);
  await claims.claim('the history has what both of the pair saw, once', async () => {
    const history = `http://127.0.0.1:${port('HISTORY_PORT')}`;
    await waitFor('two exporters in the history', 60_000, async () =>
      (await queryValues(history, 'count(up{job="exporter-alerting"} == 1)'))[0] === 2 ? true : undefined,
    );
    return (await queryValues(history, 'count({replica!=""})')).length === 0 ? undefined : 'it holds both copies';
  });
  const before = await Promise.all(FIRST_OF_EACH.map((service) => project.inspect(service)));
  await claims.claim('one of each is killed in a cascade, and it is one message', async () => {
    const killed = Promise.all(before.map(({ Id }) => killContainer(Id)));
    const verdict = await cascadeArrives('ETH', 315_000);
    await killed;
    return verdict;
  });
  await claims.claim('all of them are back within two minutes, and nothing was told twice', async () => {
    await waitFor('another life of each', 120_000, async () => {
      const now = await Promise.all(FIRST_OF_EACH.map((service) => project.inspect(service)));
      const isBack = ({ State }: ContainerFacts, index: number) =>
        State.Status === 'running' && State.StartedAt !== before[index]?.State.StartedAt;
      return now.every(isBack) ? true : undefined;
    });
    await everythingWorks();
    const counts = await Promise.all(['BTC', 'ETH'].map(async (symbol) => (await about(symbol)).length));
    return counts.every((count) => count === 1) ? undefined : `messages: ${counts.join(', ')}`;
  });
  await claims.claim('no container came near its limit', memoryPeaks);
}

/** From within, as a crash would: `docker kill` would switch restarts off. */
async function killContainer(id: string): Promise<void> {
  for (const { pid, name: program } of await processesOf(id)) {
    if (!INIT.test(program)) await signalProcess(pid, 'SIGKILL');
  }
}

async function about(symbol: string) {
  return (await client.messages()).filter(
    ({ chatId, text }) => chatId === '100' && text.includes(`${symbol} LIQUIDATION CASCADE`),
  );
}

async function cascadeArrives(symbol: string, usd: number): Promise<string | undefined> {
  await client.cascade(symbol, 5, 2, usd);
  const found = await waitFor(`the message about ${symbol}`, 30_000, async () => (await about(symbol)).at(0));
  if (!found.text.includes('⚡ 7 liquidations in 30 seconds')) return `it says: ${found.text}`;
  const count = (await about(symbol)).length;
  return count === 1 ? undefined : `${count} messages`;
}

async function memoryPeaks(): Promise<string | undefined> {
  const ids = await Promise.all(SERVICES.map(async (service) => (await project.inspect(service)).Id));
  const { text } = await docker('stats', '--no-stream', '--format', '{{.MemPerc}} {{.MemUsage}} {{.Name}}', ...ids);
  console.log(text.replaceAll(/^/gm, '       ').trimEnd());
  const near = text.split('\n').filter((line) => Number.parseFloat(line) > 85);
  return near.length === 0 ? undefined : near.join('; ');
}

async function tearDown(): Promise<string | undefined> {
  await project.compose('down', '-v', '--remove-orphans', '-t', '10');
  rmSync(secrets, { recursive: true, force: true });
  for (const [index, image] of OWN_IMAGES.entries()) if (!imagesBefore[index]) await docker('rmi', image);
  if (!imagesBefore[0]) await docker('image', 'prune', '-f', '--filter', 'label=derivatives-alerts.stage=build');
  const left = await Promise.all(
    ['ps -a -q', 'volume ls -q', 'network ls -q'].map(async (list) =>
      (await docker(...list.split(' '), '--filter', `name=${name}`)).text.trim(),
    ),
  );
  return left.every((text) => text === '') ? undefined : `left: ${left.join(' ')}`;
}

async function hasImage(image: string): Promise<boolean> {
  return docker('image', 'inspect', image).then(
    () => true,
    () => false,
  );
}
