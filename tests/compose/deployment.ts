// npm run test:deployment: the scripts of scripts/deployment in their Docker mode on a real engine, in a copy of the
// checkout: start, look, renew a part, roll back to a point in under 30 s, roll back automatically, and a host as it was
// before. Profile core, and venues that nobody answers for. Takes about three minutes, most of them building.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../common/command-line.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { PORT_VARIABLES, SERVICE_NAMES } from '../../engines/stack-settings.ts';
import { EXIT, type ExitCode } from '../../operations/exit-codes.ts';
import { type Ran, runExternal } from '../../operations/external.ts';
import { openClaims } from './claims.ts';
import { CHECKOUT, docker, findEngine } from './engine.ts';
import { BASE_IMAGE, hasImage } from './images.ts';

const OWN_IMAGES = ['derivatives-alerts/exporter:0.1.0', 'derivatives-alerts/alert-bridge:0.1.0'];
const NEEDED_IMAGES = [BASE_IMAGE, 'prom/prometheus:v3.14.0', 'prom/alertmanager:v0.34.0'];
const LEFT_OUT = /\/(node_modules|\.git|\.cache|\.tap|data|dist|reports)$|\/docker\/secrets\/(?!README)/;
const NOWHERE = { ws: 'ws://127.0.0.1:9', http: 'http://127.0.0.1:9' };
const LIMIT_SECONDS = 30;
const options = commandLine({
  name: 'npm run test:deployment --',
  purpose: `The scripts of scripts/deployment in their Docker mode on a real engine, in a copy of the checkout. Takes about three minutes,
most of them building; skipped where no engine answers.`,
  options: { 'no-build': { help: 'where the images are there already and no registry of packages can be reached' } },
});
const START = ['start_monitoring', ...(options.flag('no-build') ? ['--no-build'] : [])] as const;

const obstacle = await findObstacle();
if (obstacle !== undefined) {
  console.log(`skipped: ${obstacle}`);
  process.exit(0);
}

const project = `derivatives-deployment-test-${process.pid}`;
const scratch = mkdtempSync(join(tmpdir(), 'deployment-test-'));
const checkout = join(scratch, 'checkout');
cpSync(CHECKOUT, checkout, { recursive: true, filter: (path) => !LEFT_OUT.test(path) });
symlinkSync(join(CHECKOUT, 'node_modules'), join(checkout, 'node_modules'));
const addresses = await freeAddresses();
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  // Which engine is meant.
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /^DOCKER_(HOST|CONTEXT|CONFIG|TLS)/.test(name))),
  // Both builders must do; the classic one is everywhere.
  DOCKER_BUILDKIT: '0',
  COMPOSE_DOCKER_CLI_BUILD: '0',
  COMPOSE_PROJECT_NAME: project,
  DATA_DIR: join(scratch, 'data'),
  AUTO_ROLLBACK: 'breach',
  ...Object.fromEntries(SERVICE_NAMES.map((service) => [PORT_VARIABLES[service], String(addresses[service].port)])),
  ...{ BINANCE_WS_URL: NOWHERE.ws, BINANCE_REST_URL: NOWHERE.http, BINANCE_COINM_REST_URL: NOWHERE.http },
  ...{ BYBIT_WS_URL: NOWHERE.ws, BYBIT_REST_URL: NOWHERE.http, OKX_WS_URL: NOWHERE.ws, OKX_REST_URL: NOWHERE.http },
};
const claims = openClaims();
const had = await Promise.all(OWN_IMAGES.map(hasImage));

try {
  if (await claims.claim('start is green after one authenticated test webhook', start)) await checkDeployment();
} finally {
  await claims.claim('stop leaves the host as it was before the start', leavesNothing);
  rmSync(scratch, { recursive: true, force: true });
  for (const [index, image] of OWN_IMAGES.entries()) if (!had[index]) await docker('rmi', image).catch(() => undefined);
}
process.exit(claims.finish());

async function checkDeployment(): Promise<void> {
  const rules = join(checkout, 'prometheus', 'rules', 'thresholds.yml');
  const before = readFileSync(rules, 'utf8');
  await claims.claim('health check names every part, whatever compose calls its container', namesParts);
  await claims.claim('a point is taken of the running stack, with images, database and logs', async () => {
    const faults = await wants(EXIT.ok, 'rollback', '--create', 'good');
    const [manifest, bridgeLog] = ['manifest.json', 'logs/alert-bridge.log'].map((file) =>
      readFileSync(join(env.DATA_DIR, 'rollback', 'good', file), 'utf8'),
    );
    const kept: unknown = JSON.parse(manifest ?? '');
    const text = JSON.stringify(kept);
    if (!text.includes('"integrity":"ok"')) return 'its database is not sound';
    if (!/"part":"exporter","image":"derivatives-alerts\/exporter:0\.1\.0","id":"sha256:/.test(text))
      return `images: ${text}`;
    return faults ?? (bridgeLog === '' ? 'its log is empty' : undefined);
  });
  await claims.claim('a part is renewed and the others stay up', async () => {
    const startedAt = await prometheusStartedAt();
    const faults = await wants(EXIT.ok, ...START, '--only', 'alert-bridge');
    return faults ?? ((await prometheusStartedAt()) === startedAt ? undefined : 'Prometheus was restarted');
  });
  await claims.claim(`roll-back to a point, data too, takes less than ${LIMIT_SECONDS} s`, async () => {
    appendFileSync(rules, '# a change that nobody wants\n');
    const { code, stdout, stderr } = await deploy('rollback', '--to', 'good', '--with-data');
    const seconds = /rolled back to good in (\d+\.\d) s/.exec(stdout)?.[1];
    if (code !== EXIT.ok || seconds === undefined) return `code ${code}: ${stdout}${stderr}`;
    console.log(`       ${seconds} s`);
    if (readFileSync(rules, 'utf8') !== before) return 'the rule is still changed';
    return Number(seconds) < LIMIT_SECONDS ? undefined : `it took ${seconds} s`;
  });
  await claims.claim('the watcher sees nothing to do on a healthy stack', () =>
    wants(EXIT.ok, 'rollback', '--watch', '--once'),
  );
  await claims.claim('a change of the configuration that nobody announced is rolled back automatically', async () => {
    appendFileSync(join(checkout, 'alertmanager', 'alertmanager.yml'), '# announced by nobody\n');
    const { code, stdout, stderr } = await deploy('rollback', '--watch', '--once');
    const seconds = /The stack was stopped in (\d+\.\d) s/.exec(stdout)?.[1];
    if (code !== EXIT.critical || seconds === undefined) return `code ${code}: ${stdout}${stderr}`;
    console.log(`       ${seconds} s`);
    if (Number(seconds) >= LIMIT_SECONDS) return `it took ${seconds} s`;
    return (await ownThings('ps -a -q')) === '' ? undefined : 'a container is left';
  });
}

function start(): Promise<string | undefined> {
  return wants(EXIT.ok, ...START);
}

async function leavesNothing(): Promise<string | undefined> {
  const faults = await wants(EXIT.ok, 'stop_monitoring', '--remove-data');
  const left = await Promise.all(['ps -a -q', 'volume ls -q', 'network ls -q'].map((list) => ownThings(list)));
  return faults ?? (left.every((text) => text === '') ? undefined : `left: ${left.join(' ')}`);
}

/** No venue answers, so the exporter is not well; that is not what is looked at here. */
async function namesParts(): Promise<string | undefined> {
  const { stdout } = await deploy('health_check', '--json');
  const { findings }: { readonly findings: readonly { readonly name: string; readonly level: string }[] } =
    JSON.parse(stdout);
  const levels = new Map(findings.map(({ name, level }) => [name, level]));
  const unwell = ['alert-bridge', 'prometheus', 'alertmanager'].filter(
    (part) => !/ok|warning/.test(levels.get(part) ?? ''),
  );
  return unwell.length === 0 && levels.has('exporter') ? undefined : stdout;
}

async function prometheusStartedAt(): Promise<string> {
  const [id = ''] = (await ownThings('ps -q', '--filter', 'label=com.docker.compose.service=prometheus')).split('\n');
  return (await docker('inspect', '--format', '{{.State.StartedAt}}', id)).text;
}

async function ownThings(list: string, ...filters: readonly string[]): Promise<string> {
  return (await docker(...list.split(' '), '--filter', `name=${project}`, ...filters)).text.trim();
}

/** What it printed, where it ended with another code. */
async function wants(wanted: ExitCode, script: string, ...args: readonly string[]): Promise<string | undefined> {
  const { code, stdout, stderr } = await deploy(script, ...args);
  return code === wanted ? undefined : `code ${code}, wanted ${wanted}: ${stdout}${stderr}`;
}

function deploy(script: string, ...args: readonly string[]): Promise<Ran> {
  const path = join(checkout, 'scripts', 'deployment', `${script}.sh`);
  return runExternal([path, '--core', ...args], { env, timeoutMs: 600_000 });
}

async function findObstacle(): Promise<string | undefined> {
  if (!findEngine()) return 'no Docker engine answers, or neither `docker compose` nor docker-compose is installed';
  for (const image of NEEDED_IMAGES) {
    const isHad =
      (await hasImage(image)) ||
      (await runExternal(['docker', 'pull', '-q', image], { timeoutMs: 300_000 })).code === 0;
    if (!isHad) return `${image} is neither here nor to be had`;
  }
  return undefined;
}
