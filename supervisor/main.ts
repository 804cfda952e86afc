// npm start: the whole chain on this machine, in the foreground.
import { dirname } from 'node:path';
import { commandLine } from '../common/command-line.ts';
import { runInForeground } from './foreground.ts';
import { configLoaders } from './service-configs.ts';
import { runStack } from './stack.ts';
import { readUserEnvironment } from './user-environment.ts';

commandLine({
  name: 'npm start --',
  purpose: `Runs the whole chain on this machine, in the foreground: exporter, Prometheus, Alertmanager and alert bridge. Ctrl-C
stops it. Settings are environment variables and the file .env; .env.example names them.`,
  examples: ['npm start', 'SYMBOLS=BTC,ETH npm start'],
});
const checkout = dirname(import.meta.dirname);
const say = (line: string) => console.log(line);

await runInForeground((signal) =>
  runStack({ checkout, environment: readUserEnvironment(checkout, process.env, say), say, configLoaders, signal }),
);
