// npm start: the whole chain on this machine, in the foreground.
import { dirname } from 'node:path';
import { loadBridgeConfig } from '../../alert-bridge/config.ts';
import type { Environment } from '../../common/env.ts';
import { loadExporterConfig } from '../../exporter/config.ts';
import { runInForeground } from './foreground.ts';
import { runStack } from './stack.ts';
import { readUserEnvironment } from './user-environment.ts';

const checkout = dirname(dirname(import.meta.dirname));
const say = (line: string) => console.log(line);

await runInForeground((signal) =>
  runStack({
    checkout,
    environment: readUserEnvironment(checkout, process.env, say),
    say,
    configLoaders: [loadExporterConfig, checkBridgeConfig],
    signal,
  }),
);

/** With a stand-in for the token that is made later, so that a check writes nothing. */
function checkBridgeConfig(environment: Environment): unknown {
  const token = environment.BRIDGE_WEBHOOK_TOKEN || environment.BRIDGE_WEBHOOK_TOKEN_FILE;
  return loadBridgeConfig(token ? environment : { ...environment, BRIDGE_WEBHOOK_TOKEN: 'made-at-first-start' });
}
