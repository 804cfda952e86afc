// The environment of the demo: everything of the user's that could reach the outside or change the play is left out.
import { join } from 'node:path';
import type { Environment } from '../../common/env.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { loadNativeSettings, portVariables, SERVICE_NAMES } from '../../engines/stack-settings.ts';
import { tryListen } from '../preflight.ts';

/** Of the user's environment only what says how this machine is, where state goes and how much to log. */
const KEPT = /^(PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|NODE_\w+|NO_COLOR|MONITORING_LOG_LEVEL|\w+_PORT)$/;

/**
 * @param simulators variables that point the exporter and the bridge at the simulators
 * @param say told when the usual ports are taken and others are used
 */
export async function demoEnvironment(
  user: Environment,
  simulators: Environment,
  checkout: string,
  say: (line: string) => void,
): Promise<Environment> {
  const environment: Environment = {
    ...Object.fromEntries(Object.entries(user).filter(([name]) => KEPT.test(name))),
    // A folder of its own, also below a directory of the user's: the demo empties it at each start.
    DATA_DIR: join(user.DATA_DIR?.trim() || 'data', 'demo'),
    ENVIRONMENT: 'demo',
    // The simulators have no budget, and the demo no five minutes to wait for the next look.
    OI_POLL_SECONDS: '5',
    OI_REQUESTS_PER_HOUR: '100000',
    ...simulators,
  };
  return (await arePortsFree(environment, checkout)) ? environment : { ...environment, ...(await otherPorts(say)) };
}

async function arePortsFree(environment: Environment, checkout: string): Promise<boolean> {
  const { addresses } = loadNativeSettings(environment, checkout);
  for (const name of SERVICE_NAMES) if ((await tryListen(addresses[name])) !== undefined) return false;
  return true;
}

async function otherPorts(say: (line: string) => void): Promise<Environment> {
  say('the usual ports are in use, perhaps by a running stack: the demo takes others');
  const addresses = await freeAddresses();
  return portVariables(addresses);
}
