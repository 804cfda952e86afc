// npm run dashboards: writes grafana/dashboards from the TypeScript beside this file.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from '../../common/command-line.ts';
import { generateDashboards, renderDashboard } from './dashboards.ts';

commandLine({
  name: 'npm run dashboards --',
  purpose: 'Writes grafana/dashboards from grafana/src. The generated files are part of the repository.',
});
const folder = join(dirname(import.meta.dirname), 'dashboards');
for (const { path, dashboard } of generateDashboards()) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, renderDashboard(dashboard));
  process.stdout.write(`wrote ${file}\n`);
}
