import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { findEngines } from '../../engines/find-engines.ts';

const program = (version: string) => `#!/bin/sh\necho "program, version ${version} (branch: test)"\n`;

/** Writes programs that answer `--version`; `broken` ones cannot run. */
function install(directory: string, names: readonly string[], content = program('2.42.0+ds')): string {
  for (const name of names) {
    const path = join(directory, name);
    writeFileSync(path, content);
    chmodSync(path, 0o755);
  }
  return directory;
}

const ALL = ['prometheus', 'promtool', 'alertmanager', 'amtool'];
const silent = () => undefined;
const never = () => Promise.reject(new Error('must not be fetched'));

t.test('takes the programs from PATH, with their versions', async (t) => {
  const directory = install(t.testdir(), ALL);

  const engines = await findEngines({ cacheDir: t.testdirName, log: silent, searchPath: directory, fetch: never });

  t.equal(engines.prometheus, join(directory, 'prometheus'));
  t.equal(engines.amtool, join(directory, 'amtool'));
  t.same(engines.versions, { prometheus: '2.42.0', promtool: '2.42.0', alertmanager: '2.42.0', amtool: '2.42.0' });
});

t.test("knows Alertmanager by Debian's name", async (t) => {
  const directory = install(t.testdir(), ['prometheus', 'promtool', 'prometheus-alertmanager', 'amtool']);

  const engines = await findEngines({ cacheDir: t.testdirName, log: silent, searchPath: directory, fetch: never });

  t.equal(engines.alertmanager, join(directory, 'prometheus-alertmanager'));
});

t.test('passes over a program that does not run', async (t) => {
  const root = t.testdir({ broken: {}, sound: {} });
  const broken = install(join(root, 'broken'), ALL, '\u0000not a program for this machine');
  const mute = install(join(root, 'broken'), ['promtool'], '#!/bin/sh\necho nothing\n');
  const sound = install(join(root, 'sound'), ALL);

  const engines = await findEngines({
    cacheDir: root,
    log: silent,
    searchPath: `${broken}:${mute}:${sound}`,
    fetch: never,
  });

  t.equal(engines.prometheus, join(sound, 'prometheus'));
  t.equal(engines.promtool, join(sound, 'promtool'));
});

t.test('fetches what is missing, and says so', async (t) => {
  const root = t.testdir({ path: {}, fetched: {} });
  install(join(root, 'path'), ['prometheus', 'promtool']);
  const lines: string[] = [];

  const engines = await findEngines({
    cacheDir: root,
    log: (line) => lines.push(line),
    searchPath: join(root, 'path'),
    fetch: async () => install(join(root, 'fetched'), ALL),
  });

  t.match(lines, [/fetching alertmanager, amtool from Debian's packages/]);
  t.equal(engines.prometheus, join(root, 'path', 'prometheus'));
  t.equal(engines.alertmanager, join(root, 'fetched', 'alertmanager'));
});

t.test('names the ways out where nothing can be fetched', async (t) => {
  const root = t.testdir();
  const fetch = () => Promise.reject(new Error('apt-get download: not found on this machine'));

  await t.rejects(findEngines({ cacheDir: root, log: silent, searchPath: root, fetch }), {
    code: 'ENGINE_MISSING',
    message:
      /prometheus, promtool, alertmanager, amtool not found on PATH.+not found on this machine[\s\S]+apt-get install[\s\S]+Docker/,
  });
});

t.test('says which program is missing where the fetched ones do not run', async (t) => {
  const root = t.testdir();
  const fetch = async () => install(root, ['prometheus', 'promtool', 'amtool']);

  await t.rejects(findEngines({ cacheDir: root, log: silent, searchPath: '', fetch }), {
    message: /^alertmanager not found on PATH, and fetching Debian's packages did not work\./,
  });
});

t.test('finds real programs for several callers at once', { timeout: 300_000 }, async (t) => {
  const cacheDir = join(import.meta.dirname, '..', '..', '.cache');

  const found = await Promise.all([
    findEngines({ cacheDir, log: t.comment }),
    findEngines({ cacheDir, log: t.comment }),
  ]);

  t.same(found[0], found[1]);
  t.ok(existsSync(found[0].prometheus));
  t.match(found[0].versions.alertmanager, /^0\.\d+\.\d+$/);
  t.same(existsSync(cacheDir) ? readdirSync(cacheDir).filter((name) => name.startsWith('engines-')) : [], []);
});
