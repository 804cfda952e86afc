// The dashboards as committed: no drift from their source, the rules of grafana/dashboard-linter, and expressions that parse.
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { findEngines } from '../../engines/find-engines.ts';
import { generateDashboards, renderDashboard } from '../../grafana/src/dashboards.ts';
import { ALERT_PANELS } from './alert-panels.ts';
import { panelQueries, panels } from './expressions.ts';

const checkout = dirname(dirname(import.meta.dirname));
const folder = join(checkout, 'grafana', 'dashboards');
const generated = generateDashboards();

// Of Grafana's list; a dashboard that needs another one adds it here.
const KNOWN_UNITS = ['none', 'short', 'percentunit', 'currencyUSD', 'bytes', 'Bps', 's'];

// https://grafana.com/docs/grafana/latest/administration/provisioning/: the keys that mean something here.
const DATASOURCE_KEYS = [
  'name',
  'uid',
  'type',
  'access',
  'orgId',
  'url',
  'isDefault',
  'editable',
  'version',
  'jsonData',
];
const PROVIDER_KEYS = [
  ...['name', 'orgId', 'folder', 'folderUid', 'type', 'disableDeletion', 'allowUiUpdates', 'updateIntervalSeconds'],
  'options',
];

t.test('the committed dashboards are what their source generates', async (t) => {
  const committed = globSync('**/*.json', { cwd: folder }).sort();
  t.same(committed, generated.map(({ path }) => path).sort(), 'no file is missing or left over');
  for (const { path, dashboard } of generated) {
    const text = readFileSync(join(folder, path), 'utf8');
    t.equal(text, renderDashboard(dashboard), `${path} is up to date (else: npm run dashboards)`);
  }
});

for (const { path, dashboard } of generated) {
  t.test(`${path} holds to the rules of dashboard-linter`, async (t) => {
    const { uid, editable, templating, graphTooltip } = JSON.parse(renderDashboard(dashboard));
    const [datasource, ...choices] = templating.list;
    t.match(uid, /^derivatives-[a-z-]+$/, 'has the uid that alerts link to');
    t.equal(editable, false, 'cannot be edited in place');
    t.equal(graphTooltip, 1, 'shares its crosshair');
    t.match(datasource, { type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus' });
    for (const choice of choices) {
      t.match(choice, { type: 'query', refresh: 2, includeAll: true, multi: true, datasource: { uid: '$datasource' } });
    }
    for (const panel of panels(dashboard)) {
      t.ok(panel.title && panel.description, `${panel.title || panel.id} has a title and a description`);
      t.ok(KNOWN_UNITS.includes(panel.unit), `${panel.title} has a unit of Grafana's (${panel.unit})`);
      t.ok(panel.targets.length > 0, `${panel.title} asks something`);
      for (const target of [panel, ...panel.targets]) {
        t.equal(target.datasourceUid, '$datasource', `${panel.title} asks the chosen data source`);
      }
    }
  });

  t.test(`${path} has no two panels with one number or in one place`, async (t) => {
    const placed = panels(dashboard);
    t.equal(new Set(placed.map(({ id }) => id)).size, placed.length, 'numbers are unique');
    for (const [index, { title, gridPos: a }] of placed.entries()) {
      t.ok(a.x + a.w <= 24, `${title} ends within the width`);
      for (const { title: other, gridPos: b } of placed.slice(index + 1)) {
        const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        if (!isApart) t.fail(`${title} lies over ${other}`);
      }
    }
  });
}

t.test('rates span $__rate_interval, and every counter is a rate or an increase that is then aggregated', async (t) => {
  for (const { dashboard, panel, template } of panelQueries()) {
    const name = `${dashboard} / ${panel}`;
    for (const [, range] of template.matchAll(/\bi?rate\([^[]*\[([^\]]+)\]/g)) t.equal(range, '$__rate_interval', name);
    for (const { index } of template.matchAll(/\b\w+_total\b/g)) {
      const before = template.slice(0, index);
      t.match(before, /\b(rate|increase)\($/, `${name}: a counter is a rate or an increase`);
      t.match(before, /\b(sum|avg|min|max)\b/, `${name}: and is aggregated`);
    }
  }
});

t.test('every alert links to the panel that shows what it says', async (t) => {
  const titles = new Map(
    generated.flatMap(({ dashboard }) => panels(dashboard).map(({ id, title }) => [`${dashboard.uid} ${id}`, title])),
  );
  for (const file of globSync('prometheus/rules/*.yml', { cwd: checkout })) {
    const { groups } = parse(readFileSync(join(checkout, file), 'utf8'), { merge: true });
    for (const { alert, annotations } of groups.flatMap((group: { rules: unknown[] }) => group.rules)) {
      if (!alert) continue;
      const [, uid, id] = /^\/d\/([a-z-]+)\?(?:.+&)?viewPanel=(\d+)$/.exec(annotations.dashboard_url) ?? [];
      t.equal(titles.get(`${uid} ${id}`), ALERT_PANELS[alert], `${alert} → ${annotations.dashboard_url}`);
    }
  }
});

t.test('provisioning names the data source and the folder that the dashboards count on', async (t) => {
  const read = (file: string) => parse(readFileSync(join(checkout, 'grafana', 'provisioning', file), 'utf8'));
  const { datasources } = read('datasources/datasources.yml');
  t.same(
    datasources.map(({ uid, type, editable }: Record<string, unknown>) => ({ uid, type, editable })),
    [
      { uid: 'prometheus', type: 'prometheus', editable: false },
      { uid: 'alertmanager', type: 'alertmanager', editable: false },
    ],
  );
  const [provider] = read('dashboards/dashboards.yml').providers;
  t.match(provider, {
    allowUiUpdates: false,
    options: { path: '/etc/grafana/dashboards', foldersFromFilesStructure: true },
  });
});

t.test('provisioning uses no key that Grafana does not know', async (t) => {
  const unknown = (entries: readonly object[], known: readonly string[]) =>
    entries.flatMap((entry) => Object.keys(entry)).filter((key) => !known.includes(key));
  const read = (file: string) => parse(readFileSync(join(checkout, 'grafana', 'provisioning', file), 'utf8'));
  const sources = read('datasources/datasources.yml');
  const dashboards = read('dashboards/dashboards.yml');

  t.same(unknown([sources], ['apiVersion', 'prune', 'deleteDatasources', 'datasources']), []);
  t.same(unknown(sources.datasources, DATASOURCE_KEYS), []);
  t.same(unknown([dashboards], ['apiVersion', 'providers']), []);
  t.same(unknown(dashboards.providers, PROVIDER_KEYS), []);
});

t.test('every expression parses', { timeout: 120_000 }, async (t) => {
  const { promtool } = await findEngines({ cacheDir: join(checkout, '.cache'), log: () => undefined });
  const scratch = mkdtempSync(join(tmpdir(), 'dashboards-'));
  t.teardown(() => rmSync(scratch, { recursive: true, force: true }));
  const file = join(scratch, 'panels.yml');
  const rules = panelQueries().map(({ expr }, index) => ({ record: `panel:query_${index}:value`, expr }));
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));

  const answer = execFileSync(promtool, ['check', 'rules', '--lint=none', file], { encoding: 'utf8' });

  t.match(answer, new RegExp(`SUCCESS: ${rules.length} rules found`));
});
