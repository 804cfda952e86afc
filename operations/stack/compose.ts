// Docker and its compose, whichever of the two commands this machine has. Knows the project's files, not what is in them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { AppError } from '../../common/errors.ts';
import { field } from '../../common/json-shape.ts';
import { type Ran, type RunOptions, runExternal, runOrThrow } from '../external.ts';
import type { Site } from './stack.ts';

export type Profile = 'full' | 'core';

export interface Compose {
  readonly project: string;
  readonly profile: Profile;
  readonly files: readonly string[];
  /** The services of the profile, without those that run once and end. */
  readonly services: readonly string[];
  /** Sum of the memory limits of these services, MB. */
  readonly limitMb: number;
  /** A compose command. @throws AppError with the code given */
  run(args: readonly string[], code: string, options?: RunOptions): Promise<string>;
  /** The same without the existing system: outside its network, and without its address. */
  runAlone(args: readonly string[], code: string, options?: RunOptions): Promise<string>;
  docker(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

const ONCE: ReadonlySet<string> = new Set(['preflight', 'render']);

/** Files by what the environment asks for: the core profile, and the existing system's network. */
function composeFiles(profile: Profile, withExisting: boolean): readonly string[] {
  return [
    'docker-compose.observability.yml',
    ...(profile === 'core' ? ['docker-compose.core.yml'] : []),
    ...(withExisting ? ['docker-compose.existing.yml'] : []),
  ];
}

/** @throws AppError DOCKER_MISSING where this machine has no Docker or no compose for it */
export async function findCompose({ checkout, environment }: Site, profile: Profile): Promise<Compose> {
  const command = await findCommand();
  const project = environment.COMPOSE_PROJECT_NAME?.trim() || 'derivatives-alerts';
  const files = composeFiles(profile, Boolean(environment.MARKET_DATA_URL?.trim()));
  const main: unknown = parse(readFileSync(join(checkout, 'docker-compose.observability.yml'), 'utf8'), {
    merge: true,
  });
  const left = profile === 'core' ? ['grafana', 'node-exporter', 'blackbox-exporter'] : [];
  const declared = Object.entries(field(main, 'services') ?? {}).filter(([name]) => !left.includes(name));
  const services = declared.filter(([name]) => !ONCE.has(name));
  const env = { ...environment };
  const withFiles = (named: readonly string[], args: readonly string[]) => {
    return [...command, '-p', project, ...named.flatMap((file) => ['-f', file]), ...args];
  };
  return {
    project,
    profile,
    files,
    services: services.map(([name]) => name),
    limitMb: services.reduce((sum, [, service]) => sum + megabytes(field(service, 'mem_limit')), 0),
    run: (args, code, options) => runOrThrow(withFiles(files, args), code, { cwd: checkout, env, ...options }),
    runAlone(args, code, options) {
      const alone = withFiles(composeFiles(profile, false), args);
      return runOrThrow(alone, code, { cwd: checkout, env: { ...env, MARKET_DATA_URL: '' }, ...options });
    },
    docker: (args, options) => runExternal(['docker', ...args], { cwd: checkout, env, ...options }),
  };
}

async function findCommand(): Promise<readonly string[]> {
  const [plugin, standalone] = await Promise.all([
    runExternal(['docker', 'compose', 'version'], { timeoutMs: 15_000 }),
    runExternal(['docker-compose', 'version'], { timeoutMs: 15_000 }),
  ]);
  if (plugin.code === 0) return ['docker', 'compose'];
  if (standalone.code === 0) return ['docker-compose'];
  throw new AppError(
    'DOCKER_MISSING',
    'neither "docker compose" nor "docker-compose" works here: install one, or use --native',
  );
}

/** `72m` → 72; what has no limit counts as none. */
export function megabytes(limit: unknown): number {
  const [, amount = '0', unit = 'm'] = /^(\d+)([kmg])b?$/i.exec(String(limit ?? '')) ?? [];
  return Number(amount) * ({ k: 1 / 1_024, m: 1, g: 1_024 }[unit.toLowerCase()] ?? 1);
}
