// The command line and environment of each of the four programs.
import { join } from 'node:path';
import type { Environment } from '../common/env.ts';
import type { Engines } from '../engines/find-engines.ts';
import type { RenderedConfig } from '../engines/render-config.ts';
import { type NativeSettings, reachableAt, type ServiceName, tablePath } from '../engines/stack-settings.ts';
import { bundlePath } from '../scripts/bundle.ts';
import type { ServiceSpec } from './service.ts';

// Measured on the demo: exporter and bridge together need 118 MB with these, 124 MB without (both not minified).
// The last two let go of code that has not run for two collections, and collect when there is nothing to do: 1.5 MB a service.
export const NODE_FLAGS = [
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--v8-pool-size=0',
  '--bytecode-old-age=2',
  '--memory-reducer-for-small-heaps',
];
/**
 * What is freed goes back to the system: the compiler's working memory comes in pieces of 8 to 32 kB that otherwise stay behind.
 * Measured on the exporter at 1,000 liquidations a minute: 55 MB instead of 63 MB. The images have the same in their Dockerfile.
 */
export const NODE_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '16384',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_TOP_PAD_: '16384',
};

/** Engines get no secrets, and collect garbage early: they share a machine with what people trade on. */
const PROMETHEUS_ENVIRONMENT = { GOGC: '50', GOMEMLIMIT: '256MiB' };
const ALERTMANAGER_ENVIRONMENT = { GOGC: '50', GOMEMLIMIT: '64MiB' };

const BRIDGE_ONLY = /^(TELEGRAM_|BRIDGE_WEBHOOK_TOKEN|BRIDGE_DATABASE_URL)/;
const ENGINE_NEEDS = /^(PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|GO[A-Z]+|SSL_CERT_\w+|https?_proxy|no_proxy)$/i;

export interface CommandInput {
  readonly settings: NativeSettings;
  readonly engines: Engines;
  readonly config: RenderedConfig;
  readonly environment: Environment;
  readonly webhookTokenFile: string;
}

/** What to start, by name. */
export function serviceSpecs(input: CommandInput): Readonly<Record<ServiceName, ServiceSpec>> {
  const { settings, engines, config, environment } = input;
  const { checkout, dataDir, addresses } = settings;
  const common = { cwd: checkout, logDir: join(dataDir, 'logs') };
  const node = (name: ServiceName, env: Environment): ServiceSpec => ({
    ...common,
    name,
    command: process.execPath,
    args: [...NODE_FLAGS, bundlePath(checkout, name)],
    env: { ...env, ...NODE_ENVIRONMENT, DATA_DIR: dataDir },
  });
  return {
    exporter: node('exporter', {
      ...keep(environment, (name) => !BRIDGE_ONLY.test(name)),
      THRESHOLDS_FILE: tablePath(checkout),
    }),
    'alert-bridge': node('alert-bridge', bridgeEnvironment(input)),
    prometheus: {
      ...common,
      name: 'prometheus',
      command: engines.prometheus,
      args: [
        `--config.file=${config.prometheus}`,
        `--storage.tsdb.path=${join(dataDir, 'prometheus')}`,
        '--storage.tsdb.retention.time=15d',
        '--rules.alert.resend-delay=10s',
        `--web.listen-address=${addressOf(settings, 'prometheus')}`,
        // Without an outside address links in alerts would carry the host's name, which its loopback does not answer to.
        `--web.external-url=http://${reachableAt(addresses.prometheus)}/`,
      ],
      env: { ...PROMETHEUS_ENVIRONMENT, ...keep(environment, (name) => ENGINE_NEEDS.test(name)) },
    },
    alertmanager: {
      ...common,
      name: 'alertmanager',
      command: engines.alertmanager,
      args: [
        `--config.file=${config.alertmanager}`,
        `--storage.path=${join(dataDir, 'alertmanager')}`,
        // Empty switches clustering off: a single instance has no business on a public port.
        '--cluster.listen-address=',
        `--web.listen-address=${addressOf(settings, 'alertmanager')}`,
        `--web.external-url=http://${reachableAt(addresses.alertmanager)}/`,
      ],
      env: { ...ALERTMANAGER_ENVIRONMENT, ...keep(environment, (name) => ENGINE_NEEDS.test(name)) },
    },
  };
}

function bridgeEnvironment({ settings, environment, webhookTokenFile }: CommandInput): Environment {
  const { addresses } = settings;
  const token = environment.BRIDGE_WEBHOOK_TOKEN?.trim() || environment.BRIDGE_WEBHOOK_TOKEN_FILE?.trim();
  return {
    ...environment,
    PROMETHEUS_URL: environment.PROMETHEUS_URL?.trim() || `http://${reachableAt(addresses.prometheus)}`,
    ALERTMANAGER_URL: environment.ALERTMANAGER_URL?.trim() || `http://${reachableAt(addresses.alertmanager)}`,
    ...(token ? {} : { BRIDGE_WEBHOOK_TOKEN_FILE: webhookTokenFile }),
  };
}

function addressOf({ addresses }: NativeSettings, name: ServiceName): string {
  const { host, port } = addresses[name];
  return `${host}:${port}`;
}

function keep(environment: Environment, isWanted: (name: string) => boolean): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isWanted(name)));
}
