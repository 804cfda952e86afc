// What would stop the stack is found before anything starts, and each obstacle is one sentence that says how to remove it.
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AppError, errorText } from '../common/errors.ts';
import { makeDirectory } from '../common/make-directory.ts';
import { prepareRules } from '../engines/rules/check-files.ts';
import {
  type Address,
  type NativeSettings,
  PORT_VARIABLES,
  SERVICE_NAMES,
  type ServiceName,
} from '../engines/stack-settings.ts';

const STATE_FOLDERS = ['run', 'logs', 'bridge', 'prometheus', 'alertmanager', 'secrets'];

/**
 * Runs every loader of configuration and gathers the faults of all, each once.
 * @throws AppError CONFIG_INVALID
 */
export function checkConfigurations(loaders: readonly (() => unknown)[]): void {
  const faults = new Set<string>();
  for (const load of loaders) {
    try {
      load();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const listed = error.message.split('\n').filter((line) => line.startsWith('  - '));
      for (const fault of listed.length > 0 ? listed : [`  - ${error.message}`]) faults.add(fault);
    }
  }
  if (faults.size === 0) return;
  const count = faults.size === 1 ? '1 fault' : `${faults.size} faults`;
  throw new AppError('CONFIG_INVALID', `nothing was started: ${count} in the configuration\n${[...faults].join('\n')}`);
}

/**
 * The rules as `npm run reload` prepares and judges them, thresholds that make no sense included: Prometheus would take those.
 * @param say told what was done to the files
 * @throws AppError RULES_INVALID listing every fault
 */
export async function checkRules(promtool: string, checkout: string, say?: (line: string) => void): Promise<void> {
  const { faults, said } = await prepareRules(promtool, join(checkout, 'prometheus'));
  for (const line of said) say?.(line);
  if (faults.length === 0) return;
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  throw new AppError(
    'RULES_INVALID',
    `nothing was started: ${count} in the rules\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
  );
}

/** @throws AppError DATA_UNWRITABLE when the directory cannot be made or written to. */
export function prepareDataDirectory(dataDir: string): void {
  try {
    for (const folder of STATE_FOLDERS) {
      const path = join(dataDir, folder);
      makeDirectory(path, folder === 'secrets' ? 0o700 : 0o755);
      accessSync(path, constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw new AppError(
      'DATA_UNWRITABLE',
      `the data directory ${dataDir} cannot be written to (${errorText(error)}). ` +
        'Give this user the right to write there, or choose another place: DATA_DIR=/some/where npm start',
      { cause: error },
    );
  }
}

/** @throws AppError PORT_UNAVAILABLE listing every port that cannot be had. */
export async function checkPorts(
  { addresses }: Pick<NativeSettings, 'addresses'>,
  names: readonly ServiceName[] = SERVICE_NAMES,
): Promise<void> {
  const obstacles: string[] = [];
  for (const name of names) {
    const obstacle = await tryListen(addresses[name]);
    if (obstacle !== undefined) obstacles.push(describeObstacle(name, addresses[name], obstacle));
  }
  if (obstacles.length > 0) throw new AppError('PORT_UNAVAILABLE', obstacles.join('\n'));
}

/** The error code that listening there gives; `undefined` when the port is free. */
export function tryListen({ host, port }: Address): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function describeObstacle(name: ServiceName, { host, port }: Address, code: string): string {
  const variable = PORT_VARIABLES[name];
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} (${name}) on ${host} is already in use. Stop what listens there, or choose another: ${variable}=${port < 60_000 ? port + 1_000 : port - 1_000} npm start`;
    case 'EACCES':
      return `port ${port} (${name}) may not be opened by this user. Choose one above 1023: ${variable}=${10_000 + port} npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} (${name}) is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of its addresses`;
    default:
      return `port ${port} (${name}) on ${host} cannot be opened: ${code}`;
  }
}
