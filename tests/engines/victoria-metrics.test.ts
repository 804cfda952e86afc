// Against stand-ins for apt-get and dpkg-deb that do what those do, without a network.
import { chmodSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import t, { type Test } from 'tap';
import { findVictoriaMetrics } from '../../engines/victoria-metrics.ts';
import { standInPackageTools } from './package-tools.ts';

const APT_GET = `#!/bin/sh
if [ -n "$APT_BROKEN" ]; then echo "E: could not reach the archive" >&2; exit 100; fi
touch victoria-metrics_1_amd64.deb
`;
const PROGRAM = '#!/bin/sh\\n[ "$1" = -version ]\\n';
const DPKG_DEB = `#!/bin/sh
mkdir -p root/usr/bin
printf '${PROGRAM}' >root/usr/bin/victoria-metrics
chmod +x root/usr/bin/victoria-metrics
`;

function prepare(t: Test, environment: Readonly<Record<string, string>> = {}) {
  const tools = standInPackageTools(t, { aptGet: APT_GET, dpkgDeb: DPKG_DEB }, () => environment);
  const { root, cacheDir, lines, log } = tools;
  return {
    cacheDir,
    lines,
    find: (mayFetch: boolean, searchPath = join(root, 'other')) =>
      findVictoriaMetrics({ cacheDir, log, mayFetch, searchPath }),
  };
}

t.test('fetches the package once, and finds it again without fetching', async (t) => {
  const { find, cacheDir, lines } = prepare(t);

  const fetched = await find(true);
  const again = await find(false);

  t.equal(fetched, join(cacheDir, 'victoria-metrics', 'root', 'usr', 'bin', 'victoria-metrics'));
  t.equal(again, fetched);
  t.match(lines, [/fetching VictoriaMetrics/]);
  t.same(readdirSync(cacheDir), ['victoria-metrics'], 'nothing else is left');
});

t.test('prefers what is on PATH, and passes over what does not run', async (t) => {
  const { find } = prepare(t);
  const folder = t.testdir({
    broken: { 'victoria-metrics': '#!/bin/sh\nexit 1\n' },
    good: { 'victoria-metrics-prod': '#!/bin/sh\nexit 0\n' },
  });
  const broken = join(folder, 'broken', 'victoria-metrics');
  const good = join(folder, 'good', 'victoria-metrics-prod');
  for (const path of [broken, good]) chmodSync(path, 0o755);

  t.equal(await find(false, [join(folder, 'broken'), join(folder, 'good')].join(delimiter)), good);
});

t.test('is content without it, and says why it could not be fetched', async (t) => {
  const { find, lines, cacheDir } = prepare(t, { APT_BROKEN: '1' });

  t.equal(await find(false), undefined);
  t.same(lines, []);
  t.equal(await find(true), undefined);

  t.match(lines.at(-1), 'VictoriaMetrics could not be fetched: apt-get update: E: could not reach the archive');
  t.same(readdirSync(cacheDir), [], 'nothing is left');
});
