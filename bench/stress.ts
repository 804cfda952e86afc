// npm run stress [-- --seconds 120] [--only NAME]: what the chain does when everything around it goes wrong, and how long it
// takes to recover. Every scenario ends with a cascade that must reach Telegram.
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { errorText } from '../common/errors.ts';
import { bundleServices } from '../scripts/bundle.ts';
import { describeHost } from './host.ts';
import { SCENARIOS } from './stress/scenarios.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '120' }, only: { type: 'string', multiple: true, default: [] } },
});
const seconds = Number(values.seconds);
const names = Object.keys(SCENARIOS);
const unknown = values.only.filter((name) => !names.includes(name));
if (!(seconds > 0) || unknown.length > 0) {
  console.error(`usage: npm run stress -- [--seconds 120] [--only ${names.join('|')}]`);
  process.exit(1);
}
console.log(`${describeHost()}\n${new Date().toISOString()}  npm run stress -- --seconds ${seconds}`);
await bundleServices(dirname(import.meta.dirname));
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (values.only.length > 0 && !values.only.includes(name)) continue;
  console.log(`\n${name}`);
  try {
    for (const line of await scenario(seconds)) console.log(`  ${line}`);
  } catch (error) {
    console.log(`  FAILED: ${errorText(error)}`);
    process.exitCode = 1;
  }
}
