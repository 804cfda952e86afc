// What the demo's venues play: a quiet flow, one large liquidation, a cascade that grows through the tiers, an explosion of
// open interest, and the cascade of the README. Prices and sizes are made up; what comes of them is computed by the product.
import { setTimeout as delay } from 'node:timers/promises';
import { BINANCE_CONTRACTS, BYBIT_CONTRACTS, OKX_CONTRACTS } from '../../simulators/venues/contracts.ts';
import type { Venues } from '../../simulators/venues/start-venues.ts';
import type { SimulatorContract, VenueSimulator } from '../../simulators/venues/venue-simulator.ts';
import type { DemoMarket } from './history.ts';

const SYMBOLS = ['BTC', 'ETH', 'SOL'] as const;
type DemoSymbol = (typeof SYMBOLS)[number];

const PRICES: Readonly<Record<DemoSymbol, number>> = { BTC: 82_500, ETH: 3_000, SOL: 150 };
const QUIET_INTERVAL_MS = 700;
const REPEAT_MS = 10 * 60_000;

type VenueName = 'binance' | 'bybit' | 'okx';
const VENUE_NAMES: readonly VenueName[] = ['binance', 'bybit', 'okx'];

const CONTRACTS: Readonly<Record<VenueName, readonly SimulatorContract[]>> = {
  binance: BINANCE_CONTRACTS,
  bybit: BYBIT_CONTRACTS,
  okx: OKX_CONTRACTS,
};

const INSTRUMENTS: Readonly<Record<VenueName, (symbol: DemoSymbol) => string>> = {
  binance: (symbol) => `${symbol}USDT`,
  bybit: (symbol) => `${symbol}USDT`,
  okx: (symbol) => `${symbol}-USDT-SWAP`,
};

/** The markets before the session begins. */
export function demoMarkets(): readonly DemoMarket[] {
  return VENUE_NAMES.flatMap((exchange) =>
    SYMBOLS.map((symbol) => ({
      exchange,
      symbol,
      openInterestBase: contractsOf(exchange, symbol).reduce((sum, contract) => sum + baseUnits(contract), 0),
      priceUsd: PRICES[symbol],
    })),
  );
}

/** Plays until the signal aborts, from the beginning every ten minutes. */
export async function playSession(venues: Venues, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const wait = (ms: number) => delay(ms, undefined, { signal });
  const stage = (line: string) => say(`\n▶ ${line}`);
  const flow = playQuietFlow(venues, signal);
  try {
    while (!signal.aborted) {
      stage('a quiet market: small liquidations now and then, nothing worth a message');
      await wait(4_000);
      stage('Bybit closes a single long of $150K');
      liquidate(venues, 'bybit', 'BTC', 'long', 150_000);
      await wait(6_000);
      stage('ETH begins to cascade: 7 liquidations, $315K');
      cascade(venues, 'ETH', 7, 45_000);
      await wait(8_000);
      stage('… it grows past four times the threshold');
      cascade(venues, 'ETH', 20, 45_000);
      await wait(8_000);
      stage('… and past sixteen times');
      cascade(venues, 'ETH', 66, 45_000);
      await wait(10_000);
      stage('open interest of BTC stands 18 % above that of 15 minutes ago (that past was written by the demo)');
      scaleOpenInterest(venues, 'BTC', 1.18);
      await wait(10_000);
      stage('BTC: 7 liquidations worth $1.2M within 50 ms on three venues');
      for (const [index, venue] of ([...VENUE_NAMES, ...VENUE_NAMES, 'okx'] as const).entries()) {
        liquidate(venues, venue, 'BTC', index < 5 ? 'long' : 'short', 1_200_000 / 7);
      }
      stage('that was the session; it plays again in ten minutes. Ctrl-C ends the demo.');
      await wait(REPEAT_MS);
      scaleOpenInterest(venues, 'BTC', 1);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await flow;
}

/** BTC is left out, so that its messages read as in the README. */
async function playQuietFlow(venues: Venues, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const venue = VENUE_NAMES[turn % 3] ?? 'okx';
    liquidate(
      venues,
      venue,
      turn % 2 === 0 ? 'SOL' : 'ETH',
      turn % 5 < 3 ? 'long' : 'short',
      400 + ((turn * 977) % 4_000),
    );
    await delay(QUIET_INTERVAL_MS * (1 + (turn % 4)), undefined, { signal }).catch(() => undefined);
  }
}

function cascade(venues: Venues, symbol: DemoSymbol, count: number, notionalUsd: number): void {
  for (let index = 0; index < count; index += 1) {
    liquidate(venues, VENUE_NAMES[index % 3] ?? 'okx', symbol, index % 6 === 5 ? 'short' : 'long', notionalUsd);
  }
}

function liquidate(
  venues: Venues,
  venue: VenueName,
  symbol: DemoSymbol,
  side: 'long' | 'short',
  notionalUsd: number,
): void {
  const simulator: VenueSimulator = venues[venue];
  simulator.liquidate({ instrumentId: INSTRUMENTS[venue](symbol), side, price: PRICES[symbol], notionalUsd });
}

function scaleOpenInterest(venues: Venues, symbol: DemoSymbol, factor: number): void {
  for (const venue of VENUE_NAMES) {
    const simulator: VenueSimulator = venues[venue];
    for (const { instrumentId, openInterest } of contractsOf(venue, symbol)) {
      simulator.setOpenInterest(instrumentId, openInterest * factor);
    }
  }
}

/** The contracts that the exporter adds up: perpetual and margined in dollars or in the coin. */
function contractsOf(venue: VenueName, symbol: DemoSymbol): readonly SimulatorContract[] {
  return CONTRACTS[venue].filter(
    ({ base, quote, isPerpetual }) => base === symbol && (quote === 'USDT' || quote === 'USD') && isPerpetual !== false,
  );
}

function baseUnits({ margin, openInterest, contractValue, price }: SimulatorContract): number {
  return margin === 'linear' ? openInterest * contractValue : (openInterest * contractValue) / price;
}
