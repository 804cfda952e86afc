// npm run scale:config: writes the configuration for more than one of each from that of one machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from '../../common/command-line.ts';
import { COMPOSE_REPLICAS, scaleAlertmanager, scalePrometheus } from './scale-config.ts';

commandLine({
  name: 'npm run scale:config --',
  purpose:
    'Writes prometheus/scale and alertmanager/scale, the configuration for more than one of each, from that of one machine.',
});
const CHECKOUT = dirname(dirname(import.meta.dirname));

for (const [folder, scale] of [
  ['prometheus', scalePrometheus],
  ['alertmanager', scaleAlertmanager],
] as const) {
  const source = readFileSync(join(CHECKOUT, folder, `${folder}.yml`), 'utf8');
  const target = join(folder, 'scale', `${folder}.yml`);
  writeFileSync(join(CHECKOUT, target), scale(source, COMPOSE_REPLICAS));
  console.log(`wrote ${target}`);
}
