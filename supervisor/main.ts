// npm start: the whole chain on this machine, in the foreground.
import { dirname } from 'node:path';
import { runInForeground } from './foreground.ts';
import { configLoaders } from './service-configs.ts';
import { runStack } from './stack.ts';
import { readUserEnvironment } from './user-environment.ts';

const checkout = dirname(import.meta.dirname);
const say = (line: string) => console.log(line);

await runInForeground((signal) =>
  runStack({ checkout, environment: readUserEnvironment(checkout, process.env, say), say, configLoaders, signal }),
);
