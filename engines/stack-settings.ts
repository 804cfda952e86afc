// What the supervisor itself must know: where state lives, which ports, whether Telegram is there.
import { join, resolve } from 'node:path';
import Type from 'typebox';
import { type Environment, readEnv, throwFaults } from '../common/env.ts';

export const SERVICE_NAMES = ['exporter', 'alert-bridge', 'prometheus', 'alertmanager'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface NativeSettings {
  readonly checkout: string;
  readonly cacheDir: string;
  readonly dataDir: string;
  readonly addresses: Readonly<Record<ServiceName, Address>>;
  /** External label `environment` of Prometheus. */
  readonly environmentLabel: string;
  readonly hasTelegram: boolean;
}

export const PORT_VARIABLES: Readonly<Record<ServiceName, string>> = {
  exporter: 'EXPORTER_PORT',
  'alert-bridge': 'BRIDGE_PORT',
  prometheus: 'PROMETHEUS_PORT',
  alertmanager: 'ALERTMANAGER_PORT',
};

/** In the checkout. */
export const DEFAULT_DATA_DIR = 'data';

const LOOPBACK = '127.0.0.1';

const Port = (fallback: number) => Type.Integer({ minimum: 1, maximum: 65_535, default: fallback });

const Schema = Type.Object({
  DATA_DIR: Type.String({ default: DEFAULT_DATA_DIR }),
  ENVIRONMENT: Type.String({ default: 'production' }),
  EXPORTER_HOST: Type.String({ default: LOOPBACK }),
  EXPORTER_PORT: Port(8002),
  BRIDGE_HOST: Type.String({ default: LOOPBACK }),
  BRIDGE_PORT: Port(8003),
  PROMETHEUS_PORT: Port(9090),
  ALERTMANAGER_PORT: Port(9093),
});

/**
 * @param checkout the project's root; relative directories count from there
 * @throws AppError CONFIG_INVALID listing every fault
 */
export function loadNativeSettings(environment: Environment, checkout: string): NativeSettings {
  const { values, faults } = readEnv(Schema, environment);
  const duplicates = values ? findDuplicates(values) : [];
  throwFaults('the stack', [...faults, ...duplicates]);
  if (!values) throw new TypeError('settings without values must have faults');
  return Object.freeze({
    checkout,
    cacheDir: join(checkout, '.cache'),
    dataDir: resolve(checkout, values.DATA_DIR),
    addresses: {
      exporter: { host: values.EXPORTER_HOST, port: values.EXPORTER_PORT },
      'alert-bridge': { host: values.BRIDGE_HOST, port: values.BRIDGE_PORT },
      prometheus: { host: LOOPBACK, port: values.PROMETHEUS_PORT },
      alertmanager: { host: LOOPBACK, port: values.ALERTMANAGER_PORT },
    },
    environmentLabel: values.ENVIRONMENT,
    hasTelegram: isSet(environment, 'TELEGRAM_BOT_TOKEN') && isSet(environment, 'TELEGRAM_CHAT_ID'),
  });
}

/** The table of thresholds, from which rules are rendered. */
export function tablePath(checkout: string): string {
  return join(checkout, 'prometheus', 'thresholds.yml');
}

/** The variables that make a stack listen on the ports of these addresses. */
export function portVariables(addresses: NativeSettings['addresses']): Environment {
  return Object.fromEntries(SERVICE_NAMES.map((name) => [PORT_VARIABLES[name], String(addresses[name].port)]));
}

/** Where others on this machine reach a service: one that listens on every address is reached on loopback. */
export function reachableAt({ host, port }: Address): string {
  return `${host === '0.0.0.0' || host === '::' ? LOOPBACK : host}:${port}`;
}

function findDuplicates(values: Readonly<Record<string, unknown>>): readonly string[] {
  const names = Object.values(PORT_VARIABLES);
  return names.flatMap((name, index) => {
    const twin = names.slice(0, index).find((earlier) => values[earlier] === values[name]);
    return twin ? [`${name}: is the same port as ${twin} (${String(values[name])})`] : [];
  });
}

function isSet(environment: Environment, name: string): boolean {
  return Boolean(environment[name]?.trim() || environment[`${name}_FILE`]?.trim());
}
