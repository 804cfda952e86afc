// Against stand-ins for apt-get and dpkg-deb that do what those do, without a network.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { fetchDebianEngines } from '../../engines/debian-engines.ts';
import { standInPackageTools } from './package-tools.ts';

const run = promisify(execFile);

const APT_GET = `#!/bin/sh
echo "$@" >>"$APT_LOG"
for last; do :; done
case "$* " in
  *Dir::State=*) fresh=1 ;;
esac
if [ -n "$APT_NEEDS_LISTS" ] && [ -z "$fresh" ]; then echo "E: Unable to locate package" >&2; exit 100; fi
if [ -n "$APT_BROKEN" ]; then echo "E: could not reach the archive" >&2; echo "E: more" >&2; exit 100; fi
[ "$last" = update ] && exit 0
touch prometheus_1_all.deb prometheus-alertmanager_1_all.deb
`;

// The archive's content: programs that say where they look for their files.
const DPKG_DEB = `#!/bin/sh
[ -z "$DPKG_BROKEN" ] || exit 2
mkdir -p root/usr/bin root/usr/share/prometheus/alertmanager root/usr/share/prometheus/web
echo template >root/usr/share/prometheus/alertmanager/default.tmpl
printf '#!/bin/sh\\n[ "$1" = --help ] && echo "$PROMETHEUS_HELP"; echo "prometheus, version 2.42.0 $*"\\n' >root/usr/bin/prometheus
printf '#!/bin/sh\\necho "promtool, version 2.42.0"\\n' >root/usr/bin/promtool
printf '#!/bin/sh\\ncat /usr/share/prometheus/alertmanager/default.tmpl; echo "alertmanager, version 0.25.0 $*"\\n' >root/usr/bin/prometheus-alertmanager
printf '#!/bin/sh\\necho "amtool, version 0.25.0"\\n' >root/usr/bin/amtool
chmod +x root/usr/bin/*
`;

function prepare(t: Test, environment: Readonly<Record<string, string>> = {}) {
  const tools = standInPackageTools(t, { aptGet: APT_GET, dpkgDeb: DPKG_DEB }, (root) => ({
    APT_LOG: join(root, 'apt.log'),
    PROMETHEUS_HELP: '--web.local-assets',
    ...environment,
  }));
  const { root, cacheDir, lines, log } = tools;
  return { cacheDir, lines, aptLog: join(root, 'apt.log'), fetch: () => fetchDebianEngines(cacheDir, log) };
}

t.test('makes programs that find their files beside themselves', async (t) => {
  const { fetch, cacheDir } = prepare(t);

  const bin = await fetch();

  t.equal(bin, join(cacheDir, 'engines', 'bin'));
  const alertmanager = await run(join(bin, 'alertmanager'), ['--a', 'b c'], { cwd: '/' });
  t.equal(alertmanager.stdout, 'template\nalertmanager, version 0.25.0 --a b c\n');
  const prometheus = await run(join(bin, 'prometheus'), ['--version']);
  t.match(prometheus.stdout, join(cacheDir, 'engines', 'root', 'usr/share/prometheus/web/'));
  t.match((await run(join(bin, 'amtool'), ['--version'])).stdout, /amtool/);
  t.same(readdirSync(cacheDir), ['engines'], 'nothing else is left');
});

t.test('gives Prometheus no flag that it does not know', async (t) => {
  const { fetch } = prepare(t, { PROMETHEUS_HELP: 'other flags' });

  const bin = await fetch();

  t.notMatch(readFileSync(join(bin, 'prometheus'), 'utf8'), 'local-assets');
});

t.test('reads package lists into a private folder on a machine that has none', async (t) => {
  const { fetch, lines, aptLog, cacheDir } = prepare(t, { APT_NEEDS_LISTS: '1' });

  await fetch();

  t.match(lines, [/reading Debian package lists/, /downloading/]);
  const calls = readFileSync(aptLog, 'utf8').trim().split('\n');
  t.match(calls, [/download/, /Dir::State=.+ update/, /Dir::Cache=.+ download/]);
  t.notOk(existsSync(join(cacheDir, 'engines', 'state')));
});

t.test('says what apt-get said', async (t) => {
  const { fetch, cacheDir } = prepare(t, { APT_BROKEN: '1' });

  await t.rejects(fetch(), { message: 'apt-get update: E: could not reach the archive' });

  t.same(readdirSync(cacheDir), [], 'nothing is left');
});

t.test('says that dpkg-deb failed', async (t) => {
  const { fetch } = prepare(t, { DPKG_BROKEN: '1' });

  await t.rejects(fetch(), { message: /^dpkg-deb -x prometheus\S+\.deb: / });
});

t.test('says that apt-get is not there', async (t) => {
  const { fetch } = prepare(t, { PATH: '/no/such/folder' });

  await t.rejects(fetch(), { message: 'apt-get update: not found on this machine' });
});

t.test('lets two callers fetch at the same time', async (t) => {
  const { fetch, cacheDir } = prepare(t);

  const [one, other] = await Promise.all([fetch(), fetch()]);

  t.equal(one, other);
  t.same(readdirSync(cacheDir), ['engines']);
});

t.test('replaces a damaged folder', async (t) => {
  const { fetch, cacheDir } = prepare(t);
  const bin = await fetch();
  writeFileSync(join(bin, 'keep'), '');
  rmSync(join(cacheDir, 'engines', 'root'), { recursive: true });

  await fetch();

  t.ok(existsSync(join(cacheDir, 'engines', 'root', 'usr', 'bin', 'amtool')));
});
