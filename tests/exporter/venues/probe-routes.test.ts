import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { parseDocument } from 'yaml';
import { probeRoutes } from '../../../exporter/venues/probe-routes.ts';
import { VENUES } from '../../../exporter/venues/registry.ts';

const FILE = new URL('../../../prometheus/targets/routes.yml', import.meta.url);

t.test('the routes that Prometheus probes are those of the registry, and Telegram', async (t) => {
  const text = readFileSync(FILE, 'utf8');
  const header = text.split('\n').filter((line) => line.startsWith('#'));
  const routes = [...probeRoutes(VENUES), { targets: ['api.telegram.org:443'], labels: { route: 'telegram' } }];
  const lines = routes.map(
    ({ targets, labels }) => `- targets: ['${targets[0]}']\n  labels: { route: ${labels.route} }`,
  );
  const wanted = `${[...header, ...lines].join('\n')}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(FILE, wanted);
  t.same(
    parseDocument(readFileSync(FILE, 'utf8')).toJS(),
    routes,
    'run with UPDATE_GOLDEN=1 and review the difference',
  );
});
