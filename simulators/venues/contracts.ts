// What the simulators list: on each venue the three big ones both ways, and one of every kind that trips programs up.
import type { LiquidationOrder, SimulatorContract } from './venue-simulator.ts';

interface Asset {
  readonly base: string;
  readonly price: number;
  readonly openInterestBase: number;
}

const BIG: readonly Asset[] = [
  { base: 'BTC', price: 82_500, openInterestBase: 90_000 },
  { base: 'ETH', price: 3_000, openInterestBase: 2_000_000 },
  { base: 'SOL', price: 150, openInterestBase: 10_000_000 },
];

/** Inverse face values in dollars: 100 for bitcoin and 10 for others on Binance and OKX, 1 on Bybit. */
function faceValue(base: string): number {
  return base === 'BTC' ? 100 : 10;
}

const ODD_PRICES = { pepe: 0.01, inch: 0.35, cow: 0.02, notUsd: 28_000 } as const;

function linear(
  instrumentId: string,
  base: string,
  price: number,
  openInterest: number,
  contractValue = 1,
  quote = 'USDT',
) {
  return { instrumentId, base, quote, margin: 'linear', contractValue, price, openInterest } as const;
}

function inverse(
  instrumentId: string,
  { base, price, openInterestBase }: Asset,
  contractValue: number,
): SimulatorContract {
  const openInterest = Math.round((openInterestBase * price) / contractValue / 10);
  return { instrumentId, base, quote: 'USD', margin: 'inverse', contractValue, price, openInterest };
}

export const BINANCE_CONTRACTS: readonly SimulatorContract[] = [
  ...BIG.map(({ base, price, openInterestBase }) => linear(`${base}USDT`, base, price, openInterestBase)),
  ...BIG.map((asset) => inverse(`${asset.base}USD_PERP`, asset, faceValue(asset.base))),
  linear('1000PEPEUSDT', '1000PEPE', ODD_PRICES.pepe, 5e9),
  linear('1INCHUSDT', '1INCH', ODD_PRICES.inch, 2e7),
  linear('牛来USDT', '牛来', ODD_PRICES.cow, 1e8),
  linear('ETHBTC', 'ETH', 0.036, 1_000, 1, 'BTC'),
  { ...linear('BTCUSDT_261225', 'BTC', 82_900, 3_000), isPerpetual: false },
];

export const BYBIT_CONTRACTS: readonly SimulatorContract[] = [
  ...BIG.map(({ base, price, openInterestBase }) => linear(`${base}USDT`, base, price, openInterestBase * 0.6)),
  ...BIG.map((asset) => inverse(`${asset.base}USD`, asset, 1)),
  linear('1000PEPEUSDT', '1000PEPE', ODD_PRICES.pepe, 2e9),
  linear('1INCHUSDT', '1INCH', ODD_PRICES.inch, 1e7),
  linear('牛来USDT', '牛来', ODD_PRICES.cow, 5e7),
  linear('BTCEUR', 'BTC', ODD_PRICES.notUsd, 10, 1, 'EUR'),
];

/** Linear base units per contract, as OKX says. */
const OKX_CONTRACT_VALUES: Readonly<Record<string, number>> = { BTC: 0.01, ETH: 0.1, SOL: 1 };

export const OKX_CONTRACTS: readonly SimulatorContract[] = [
  ...BIG.map(({ base, price, openInterestBase }) => {
    const contractValue = OKX_CONTRACT_VALUES[base] ?? 1;
    return linear(`${base}-USDT-SWAP`, base, price, (openInterestBase * 0.3) / contractValue, contractValue);
  }),
  ...BIG.map((asset) => inverse(`${asset.base}-USD-SWAP`, asset, faceValue(asset.base))),
  linear('PEPE-USDT-SWAP', 'PEPE', ODD_PRICES.pepe / 1_000, 1e5, 1e7),
  linear('1INCH-USDT-SWAP', '1INCH', ODD_PRICES.inch, 1e7),
  linear('牛来-USDT-SWAP', '牛来', ODD_PRICES.cow, 1e6, 10),
  linear('BTC-EUR-SWAP', 'BTC', ODD_PRICES.notUsd, 10, 0.01, 'EUR'),
  { ...linear('BTC-USDT-261225', 'BTC', 82_900, 1_000, 0.01), isPerpetual: false },
];

/**
 * Contracts of an order (base units where a linear contract is one base unit).
 * @throws Error when the size is not given in exactly one way.
 */
export function contractsOf(order: LiquidationOrder, contract: SimulatorContract): number {
  const { baseQuantity, contracts, notionalUsd, price } = order;
  if ([baseQuantity, contracts, notionalUsd].filter((size) => size !== undefined).length !== 1) {
    throw new Error(`give ${order.instrumentId} one of baseQuantity, contracts and notionalUsd`);
  }
  if (contracts !== undefined) return contracts;
  const base = baseQuantity ?? (notionalUsd ?? 0) / price;
  return contract.margin === 'linear' ? base / contract.contractValue : (base * price) / contract.contractValue;
}

/** A number as venues write it: plain decimals, never an exponent. */
export function decimal(value: number, digits = 10): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
