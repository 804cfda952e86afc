// npm run stress [-- --seconds 120] [--only NAME]: what the chain does when everything around it goes wrong, and how long it
// takes to recover. Every scenario ends with a cascade that must reach Telegram.
import { dirname } from 'node:path';
import { commandLine } from '../common/command-line.ts';
import { errorText } from '../common/errors.ts';
import { bundleServices } from '../scripts/bundle.ts';
import { describeHost } from './host.ts';
import { SCENARIOS } from './stress/scenarios.ts';

const names = Object.keys(SCENARIOS);
const options = commandLine({
  name: 'npm run stress --',
  purpose: `What the chain does when everything around it goes wrong, and how long it takes to recover, on simulators at loopback only.
Every scenario ends with a cascade that must reach Telegram.`,
  options: {
    seconds: { value: 'N', least: 1, most: 100_000, help: 'for each scenario, 120 by default' },
    only: { value: 'NAME', isRepeatable: true, choices: names, help: names.join('\n') },
  },
  notes: `scripts/validation/stress_test.sh is the same within a bound of time, STRESS_LIMIT_SECONDS (900); it ends with 124 when
the time was up.`,
  examples: ['npm run stress -- --seconds 60', 'scripts/validation/stress_test.sh --only memory-pressure'],
});
const seconds = options.number('seconds') ?? 120;
const only = options.texts('only');
console.log(`${describeHost()}\n${new Date().toISOString()}  npm run stress -- --seconds ${seconds}`);
await bundleServices(dirname(import.meta.dirname));
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`\n${name}`);
  try {
    for (const line of await scenario(seconds)) console.log(`  ${line}`);
  } catch (error) {
    console.log(`  FAILED: ${errorText(error)}`);
    process.exitCode = 1;
  }
}
