// Both services' own checks of their configuration, so that their faults show before anything starts.
import { loadBridgeConfig } from '../alert-bridge/config.ts';
import type { Environment } from '../common/env.ts';
import { loadExporterConfig } from '../exporter/config/config.ts';

export const configLoaders: readonly ((environment: Environment) => unknown)[] = [
  loadExporterConfig,
  checkBridgeConfig,
];

/** With a stand-in for the token that is made later, so that a check writes nothing. */
function checkBridgeConfig(environment: Environment): unknown {
  const token = environment.BRIDGE_WEBHOOK_TOKEN?.trim() || environment.BRIDGE_WEBHOOK_TOKEN_FILE?.trim();
  return loadBridgeConfig(token ? environment : { ...environment, BRIDGE_WEBHOOK_TOKEN: 'made-at-first-start' });
}
