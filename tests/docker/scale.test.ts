// docker-compose.scale.yml, read without an engine: copies that are alike, the hardening of the main file, and the program
// that makes its secrets. What the containers do: npm run test:scale.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';

const CHECKOUT = join(import.meta.dirname, '..', '..');
const SCRIPT = join(CHECKOUT, 'docker', 'scale', 'secrets.sh');

interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly [key: string]: unknown;
}

const services = (file: string): Readonly<Record<string, Service>> =>
  parse(readFileSync(join(CHECKOUT, file), 'utf8'), { merge: true }).services;

const main = services('docker-compose.observability.yml');
const scale = services('docker-compose.scale.yml');
/** As compose merges the two, as far as these claims go. */
const merged = (name: string): Service => {
  const [below, above] = [main[name] ?? {}, scale[name] ?? {}];
  return { ...below, ...above, environment: { ...below.environment, ...above.environment } };
};
const COPIES = Object.keys(scale).filter((name) => /-\d$/.test(name));

/** What a copy has of its own: addresses, its state, and what another service tells it. */
const OWN_KEYS = /^(ports|volumes|build|networks|depends_on|environment)$/;
const OWN_VARIABLES = /^(REPLICA|PROMETHEUS_URL|ALERTMANAGER_URL|MARKET_DATA_URL)$/;

t.test('a copy differs from the first of its kind only where it must', async (t) => {
  t.same(COPIES, ['exporter-2', 'alert-bridge-2', 'prometheus-2', 'alertmanager-2', 'alertmanager-3']);
  for (const name of COPIES) {
    const first = merged(name.replace(/-\d$/, ''));
    const copy = merged(name);
    for (const key of new Set([...Object.keys(first), ...Object.keys(copy)])) {
      if (!OWN_KEYS.test(key)) t.same(copy[key], first[key], `${name} ${key}`);
    }
    for (const variable of new Set(Object.keys({ ...first.environment, ...copy.environment }))) {
      if (OWN_VARIABLES.test(variable)) continue;
      t.equal(copy.environment?.[variable], first.environment?.[variable], `${name} ${variable}`);
    }
  }
});

t.test('what is added is limited, read-only, pinned, on loopback, and looked after', async (t) => {
  for (const name of [...COPIES, 'postgres', 'victoria-metrics']) {
    const { image, ports = [], ...service } = merged(name);
    t.match(image, /:v?\d+\.\d+/, `${name} is pinned`);
    t.equal(service.read_only, true, `${name} read-only`);
    t.same(service.cap_drop, ['ALL']);
    t.same(service.security_opt, ['no-new-privileges:true']);
    t.equal(service.restart, 'unless-stopped');
    t.ok(service.mem_limit && service.mem_limit === service.memswap_limit && service.cpus, `${name} is limited`);
    t.ok(service.user && !/^0(:|$)/.test(String(service.user)), `${name} is nobody's root`);
    t.match(service.healthcheck, { interval: '30s', retries: 3 });
    for (const port of ports) t.match(port, /^127\.0\.0\.1:/, `${name} ${port}`);
  }
});

t.test('Grafana keeps the data sources of one machine beside the history', async (t) => {
  const sources = (...path: readonly string[]): readonly { readonly uid: string }[] =>
    parse(readFileSync(join(CHECKOUT, ...path), 'utf8')).datasources;
  const scaled = sources('docker', 'scale', 'datasources', 'datasources.yml');

  for (const source of sources('grafana', 'provisioning', 'datasources', 'datasources.yml')) {
    t.same(
      scaled.find(({ uid }) => uid === source.uid),
      source,
    );
  }
  t.ok(scaled.some(({ uid }) => uid === 'history'));
});

t.test('the secrets are made once and stay', async (t) => {
  const { run, read } = prepare(t);

  const first = run();
  const url = read('bridge/database_url');
  const second = run();

  t.match(first, { status: 0, stdout: /made a new password/ });
  t.match(second, { status: 0, stdout: /^scale: the bridges know their database\n$/ });
  t.match(url, /^postgres:\/\/bridge:[A-Za-z0-9]{43}@postgres:5432\/bridge$/);
  t.equal(url, `postgres://bridge:${read('grafana/password')}@postgres:5432/bridge`);
  t.equal(read('bridge/database_url'), url);
});

t.test('a database of their own is taken as it is', async (t) => {
  const { run, read, give } = prepare(t);
  give('database_url', 'postgres://desk:test@db.example:5432/alerts\n');

  t.match(run(), { status: 0 });
  t.equal(read('bridge/database_url'), 'postgres://desk:test@db.example:5432/alerts');
});

t.test('what is no database stops the start with one sentence', async (t) => {
  const { run, give, given } = prepare(t);

  give('database_url', 'mysql://somewhere\n');
  t.match(run(), { status: 1, stderr: /database_url is no URL of a database/ });
  give('database_url', '');
  t.match(run(), { status: 1, stderr: /database_url is no URL of a database/ });
  rmSync(join(given, 'database_url'));
  mkdirSync(join(given, 'database_url'));
  t.match(run(), { status: 1, stderr: /database_url is a directory/ });
});

function prepare(t: Test) {
  const root = t.testdir({ given: {}, bridge: {}, grafana: {} });
  const given = join(root, 'given');
  return {
    given,
    give: (name: string, text: string) => writeFileSync(join(given, name), text),
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    run() {
      const env = { PATH: process.env.PATH, SCALE_GIVEN: given, SCALE_MADE: root };
      const { status, stdout, stderr } = spawnSync('bash', [SCRIPT], { env, encoding: 'utf8' });
      return { status, stdout, stderr };
    },
  };
}
