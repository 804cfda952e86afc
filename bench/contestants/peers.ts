// The two libraries that people would use instead, doing the same work: tardis-dev's mapping to normalised liquidations, and
// ccxt's websocket handlers. They are installed beside this folder alone and loaded only here.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { VenueName } from '../rig/market.ts';
import type { Contestant } from './contestant.ts';

const FOLDER = join(import.meta.dirname, '..', 'peers');

/** Installs what `peers/package-lock.json` asks for. @returns why not, where that fails */
export function installPeers(): string | undefined {
  if (existsSync(join(FOLDER, 'node_modules', '.package-lock.json'))) return undefined;
  const npm = process.env.npm_execpath;
  const command = npm?.endsWith('js') ? [process.execPath, npm] : ['npm'];
  const result = spawnSync(command[0] ?? 'npm', [...command.slice(1), 'ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: FOLDER,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (result.status === 0) return undefined;
  return `the peers could not be installed (npm ci in bench/peers): ${(result.stderr || String(result.error)).trim().slice(0, 150)}`;
}

/** What is used of tardis-dev: https://github.com/tardis-dev/tardis-node */
interface TardisMapper {
  map(message: unknown, localTimestamp: Date): Iterable<unknown> | undefined;
}
interface Tardis {
  normalizeLiquidations(exchange: string, localTimestamp: Date): TardisMapper;
}

const TARDIS_NAMES: Readonly<Record<VenueName, string>> = {
  binance: 'binance-futures',
  bybit: 'bybit',
  okx: 'okex-swap',
};

export function createTardis(): Contestant {
  const tardis: Tardis = createRequire(join(FOLDER, 'package.json'))('tardis-dev');
  // The mapper depends on the time, because venues changed their words; the present one is what we compare with.
  const present = new Date();
  const mapper = (venue: VenueName) => tardis.normalizeLiquidations(TARDIS_NAMES[venue], present);
  const mappers: Readonly<Record<VenueName, TardisMapper>> = {
    binance: mapper('binance'),
    bybit: mapper('bybit'),
    okx: mapper('okx'),
  };
  let events = 0;
  return {
    take({ venue, text, arrivesAt }) {
      const mapped = mappers[venue].map(JSON.parse(text), new Date(arrivesAt));
      if (mapped) for (const event of mapped) if (event) events += 1;
    },
    events: () => events,
  };
}

/** What is used of ccxt: https://github.com/ccxt/ccxt */
interface CcxtExchange {
  handleLiquidation(client: unknown, message: unknown): void;
}
type CcxtModule = Readonly<{ pro: Readonly<Record<VenueName, new () => CcxtExchange>> }>;

export function createCcxt(): Contestant {
  const ccxt: CcxtModule = createRequire(join(FOLDER, 'package.json'))('ccxt');
  const exchanges: Readonly<Record<VenueName, CcxtExchange>> = {
    binance: new ccxt.pro.binance(),
    bybit: new ccxt.pro.bybit(),
    okx: new ccxt.pro.okx(),
  };
  let events = 0;
  const client = {
    // Called twice for each liquidation: for all, and for its symbol.
    resolve() {
      events += 0.5;
    },
  };
  return {
    take({ venue, text }) {
      const message = JSON.parse(text);
      exchanges[venue].handleLiquidation(client, venue === 'binance' ? message.data : message);
    },
    events: () => events,
  };
}
