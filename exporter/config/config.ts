// The exporter's configuration: environment → one checked, frozen object. Names and defaults are those of the README.

import Type from 'typebox';
import type { CanonicalSymbol } from '../../common/brands.ts';
import { canonicalBase } from '../../common/canonical-symbols.ts';
import { type Environment, readEnv, throwFaults } from '../../common/env.ts';
import { LOG_LEVELS } from '../../common/logger.ts';
import type { ThresholdOverride } from '../../common/threshold-kinds.ts';
import type { Exchange } from '../events.ts';
import { VENUES } from '../venues/registry.ts';
import { type ConfiguredVenue, type Venue, VenueUrls } from '../venues/venue.ts';
import { parseOverrides } from './threshold-overrides.ts';

const Port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback });

const Schema = Type.Object({
  SYMBOLS: Type.String({ default: 'BTC,ETH,SOL' }),
  MONITORING_LOG_LEVEL: Type.String({ default: 'INFO' }),
  OI_POLL_SECONDS: Type.String({ default: 'auto' }),
  OI_REQUESTS_PER_HOUR: Type.Integer({ minimum: 1, maximum: 100_000, default: 100 }),
  MARKET_DATA_URL: Type.Optional(Type.String()),
  TRADE_JOURNAL_PATH: Type.Optional(Type.String()),
  THRESHOLDS_FILE: Type.Optional(Type.String()),
  EXPORTER_HOST: Type.String({ default: '127.0.0.1' }),
  EXPORTER_PORT: Port(8002),
  LIQUIDATION_RING_SIZE: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1_000 }),
});

export interface ExporterConfig {
  /** `undefined` stands for `ALL`: every perpetual. */
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  readonly exchanges: readonly Exchange[];
  readonly logLevel: string;
  readonly host: string;
  readonly port: number;
  readonly oiPollSeconds: number | 'auto';
  readonly oiRequestsPerHour: number;
  readonly marketDataUrl: string | undefined;
  /** The existing bot's SQLite journal; `undefined` where there is none. */
  readonly tradeJournalPath: string | undefined;
  /** The table of thresholds that the rules are rendered from; `undefined` where nobody said which. */
  readonly thresholdsFile: string | undefined;
  readonly ringSize: number;
  /** The venues of `exchanges`, with the addresses in use. */
  readonly venues: readonly ConfiguredVenue[];
  readonly overrides: readonly ThresholdOverride[];
}

/**
 * @param venues those that `EXCHANGES` may name, and all of them without it
 * @throws AppError CONFIG_INVALID listing every fault at once.
 */
export function loadExporterConfig(environment: Environment, venues: readonly Venue[] = VENUES): ExporterConfig {
  const { values, faults: schemaFaults } = readEnv(Schema, environment);
  const faults = [...schemaFaults];
  const symbols = parseSymbols(values?.SYMBOLS ?? environment.SYMBOLS ?? '', faults);
  const exchanges = parseExchanges(
    environment.EXCHANGES,
    venues.map(({ name }) => name),
    faults,
  );
  const logLevel = parseLogLevel(
    values?.MONITORING_LOG_LEVEL ?? (environment.MONITORING_LOG_LEVEL?.trim() || 'INFO'),
    faults,
  );
  const oiPollSeconds = parsePollSeconds(values?.OI_POLL_SECONDS ?? environment.OI_POLL_SECONDS ?? 'auto', faults);
  const overrides = parseOverrides(environment, faults);
  // Also of venues that are left out: a wrong address is a fault before it is needed.
  const configured = venues.map((venue) => ({ venue, urls: parseAddresses(venue, environment, faults) }));
  const marketData = environment.MARKET_DATA_URL?.trim();
  const marketDataUrl = marketData ? checkUrl('MARKET_DATA_URL', marketData, ['http:', 'https:'], faults) : undefined;
  throwFaults('exporter', faults);
  if (!values) throw new TypeError('a configuration without values must have faults');
  return Object.freeze({
    symbols,
    exchanges,
    logLevel,
    host: values.EXPORTER_HOST,
    port: values.EXPORTER_PORT,
    oiPollSeconds,
    oiRequestsPerHour: values.OI_REQUESTS_PER_HOUR,
    marketDataUrl,
    tradeJournalPath: environment.TRADE_JOURNAL_PATH?.trim() || undefined,
    thresholdsFile: environment.THRESHOLDS_FILE?.trim() || undefined,
    ringSize: values.LIQUIDATION_RING_SIZE,
    venues: exchanges.flatMap((exchange) => configured.find(({ venue }) => venue.name === exchange) ?? []),
    overrides,
  });
}

function parseSymbols(text: string, faults: string[]): readonly CanonicalSymbol[] | undefined {
  const names = list(text);
  if (names.some((name) => name.toUpperCase() === 'ALL')) return undefined;
  const symbols = new Set<CanonicalSymbol>();
  for (const name of names) {
    const contract = /^(.{2,})USD[CT]$/i.exec(name);
    // 1000PEPE is how some venues sell PEPE.
    const symbol = contract ? undefined : canonicalBase(name)?.symbol;
    if (symbol !== undefined) symbols.add(symbol);
    else if (contract)
      faults.push(`SYMBOLS: ${JSON.stringify(name)} is a contract; name its base asset, ${contract[1]}`);
    else {
      faults.push(
        `SYMBOLS: ${JSON.stringify(name)} is no base asset; write for example SYMBOLS=BTC,ETH,SOL or SYMBOLS=ALL`,
      );
    }
  }
  if (symbols.size === 0 && faults.length === 0) faults.push('SYMBOLS: name at least one base asset, or ALL');
  return [...symbols];
}

function parseExchanges(text: string | undefined, known: readonly Exchange[], faults: string[]): readonly Exchange[] {
  const names = list(text?.trim() || known.join(','));
  const chosen = new Set<Exchange>();
  for (const name of names) {
    const exchange = known.find((candidate) => candidate === name.toLowerCase());
    if (exchange !== undefined) chosen.add(exchange);
    else faults.push(`EXCHANGES: ${JSON.stringify(name)} is not one of ${known.join(', ')}`);
  }
  if (names.length === 0) faults.push(`EXCHANGES: name at least one of ${known.join(', ')}`);
  return [...chosen];
}

function parseLogLevel(text: string, faults: string[]): string {
  const level = text.toLowerCase();
  if (!LOG_LEVELS.some((known) => known === level)) {
    faults.push(`MONITORING_LOG_LEVEL: ${JSON.stringify(text)} is not one of ${LOG_LEVELS.join(', ')}`);
  }
  return level;
}

function parsePollSeconds(text: string, faults: string[]): number | 'auto' {
  if (text.toLowerCase() === 'auto') return 'auto';
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 1 && seconds <= 300) return seconds;
  faults.push(`OI_POLL_SECONDS: must be "auto" or 1 to 300 seconds (it is ${JSON.stringify(text)})`);
  return 'auto';
}

function parseAddresses({ addresses }: Venue, environment: Environment, faults: string[]): VenueUrls {
  const overrides: string[] = [];
  const urls = Object.entries(addresses).map(([purpose, { variable, url: own }]) => {
    const text = environment[variable]?.trim() || own;
    const protocols = purpose === 'websocket' ? ['ws:', 'wss:'] : ['http:', 'https:'];
    const parsed = list(text).map((url) => checkUrl(variable, url, protocols, faults));
    if (parsed.length === 0) faults.push(`${variable}: ${JSON.stringify(text)} names no URL`);
    if (text !== own) overrides.push(`${variable}=${parsed.join(',')}`);
    return [purpose, parsed] as const;
  });
  return new VenueUrls(Object.fromEntries(urls), overrides);
}

/** Without a trailing slash: a doubled slash in a path is answered with 403 by Binance. */
function checkUrl(name: string, text: string, protocols: readonly string[], faults: string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !protocols.includes(url.protocol)) {
    const wanted = protocols.map((protocol) => `${protocol}//`).join(' or ');
    faults.push(`${name}: ${JSON.stringify(text)} is not a URL that begins with ${wanted}`);
  } else if (url.username || url.password) {
    faults.push(`${name}: must not contain credentials`);
  }
  return text.replace(/\/+$/, '');
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
