// The ledger of resources: its limits are those of the compose files, of every service and of no other.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';

const CHECKOUT = dirname(dirname(import.meta.dirname));
const read = (path: string) => readFileSync(join(CHECKOUT, path), 'utf8');

interface Service {
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly profiles?: readonly string[];
  readonly restart?: string;
}
type Limits = Readonly<Record<string, string>>;

const servicesOf = (path: string): Readonly<Record<string, Service>> => parse(read(path), { merge: true }).services;
const main = servicesOf('docker-compose.observability.yml');
const leftOut = Object.entries(servicesOf('docker-compose.core.yml')).flatMap(([name, { profiles }]) =>
  profiles === undefined ? [] : [name],
);
const scale = servicesOf('docker-compose.scale.yml');
const PROFILES: Readonly<Record<string, Readonly<Record<string, Service>>>> = {
  core: Object.fromEntries(Object.entries(main).filter(([name]) => !leftOut.includes(name))),
  full: main,
  scale: Object.fromEntries(
    Object.keys({ ...main, ...scale }).map((name) => [name, { ...main[name], ...scale[name] }]),
  ),
};

const ROW = /^\| ([^|]+) \| ([^|]+) \| (\d+) MB \| ([\d.]+) \| [^|]+ \|$/gm;
const ledger = read('docs/ledgers.md');
const rows = [...ledger.matchAll(ROW)].map(([, processes = '', profiles = '', memory, cores]) => ({
  processes: processes.split(', '),
  profiles: profiles.split(', '),
  limit: `${memory} MB, ${cores}`,
}));

for (const [profile, services] of Object.entries(PROFILES)) {
  t.test(`limits of profile ${profile} are those of the compose files`, async (t) => {
    const written: Limits = Object.fromEntries(
      rows
        .filter(({ profiles }) => profiles.includes(profile))
        .flatMap(({ processes, limit }) => processes.map((name) => [name, limit])),
    );
    const real: Limits = Object.fromEntries(
      Object.entries(services).map(([name, { mem_limit = '', cpus = 0 }]) => [
        name,
        `${mem_limit.replace(/m$/, ' MB')}, ${cpus}`,
      ]),
    );

    t.same(written, real);
  });

  t.test(`the sum of profile ${profile} is what the ledger says`, async (t) => {
    // What runs once has ended before Prometheus starts.
    const lasting = Object.values(services).filter(({ restart }) => restart !== 'no');
    const sum = lasting.reduce((total, { mem_limit = '' }) => total + Number.parseInt(mem_limit, 10), 0);

    const words = `${profile} ${sum.toLocaleString('en')} MB`;

    t.ok(ledger.includes(words), words);
  });
}

t.test('no other document repeats a limit of a container', async (t) => {
  for (const path of ['README.md', 'docs/deployment.md', 'docs/scaling.md', 'docs/performance.md', 'ARCHITECTURE.md']) {
    t.notMatch(read(path), /limit of \d+ MB|limit \d+ MB|\| \d+ MB \| [\d.]+ \|/, path);
  }
});
