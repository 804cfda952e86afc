// Where an operations program works: the checkout, the environment, and the stack in the mode that was asked for.
import { dirname } from 'node:path';
import type { Options } from '../common/command-line.ts';
import type { Environment } from '../common/env.ts';
import { AppError } from '../common/errors.ts';
import { readUserEnvironment } from '../supervisor/user-environment.ts';
import { findCompose } from './stack/compose.ts';
import { createDockerStack } from './stack/docker-stack.ts';
import { createNativeStack } from './stack/native-stack.ts';
import type { Site, Stack } from './stack/stack.ts';

/** Options that every program with a stack has. */
export const STACK_OPTIONS = {
  native: { help: 'programs on this machine (as npm start), instead of containers' },
  core: { help: 'containers: without Grafana, node and blackbox exporter' },
} as const;

const CHECKOUT = dirname(import.meta.dirname);

export function openSite(shell: Environment = process.env): Site {
  const say = (line: string) => console.log(line);
  return { checkout: CHECKOUT, environment: readUserEnvironment(CHECKOUT, shell, () => undefined), say };
}

/** @throws AppError CONFIG_INVALID, DOCKER_MISSING, or USAGE for an unknown part */
export async function openStack(site: Site, options: Options): Promise<Stack> {
  const isNative = options.flag('native');
  if (isNative && options.flag('core'))
    throw new AppError('USAGE', '--core is for containers; --native is core anyway');
  const stack = isNative
    ? createNativeStack(site)
    : createDockerStack(site, await findCompose(site, options.flag('core') ? 'core' : 'full'));
  const only = options.text('only');
  if (only !== undefined && !stack.parts.includes(only)) {
    throw new AppError('USAGE', `--only: ${JSON.stringify(only)} is none of ${stack.parts.join(', ')}`);
  }
  return stack;
}
