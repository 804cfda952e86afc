// `BTC-USD-SWAP`: inverse. `BTC-USDT-SWAP`: linear, in contracts whose size the name does not say, so only the sizes below
// are known, and every other contract needs the venue's list.
import { hundredOrTenUsd, inverse, linear, type NamedContract } from '../mapping/contract-name.ts';

/** Base units in one contract (`ctVal` of the list of instruments). */
const USDT_CONTRACTS: Readonly<Record<string, number>> = { BTC: 0.01, ETH: 0.1, SOL: 1 };

export function readContractName(name: string): NamedContract | undefined {
  const [, base, quote, kind] = /^(.+)-([A-Z0-9]+)-(SWAP|\d{6})$/u.exec(name) ?? [];
  if (base === undefined || quote === undefined) return undefined;
  const isPerpetual = kind === 'SWAP';
  if (quote === 'USD') return inverse(base, isPerpetual, hundredOrTenUsd(base));
  const contractValue = quote === 'USDT' ? USDT_CONTRACTS[base] : undefined;
  return contractValue === undefined ? undefined : linear(base, quote, isPerpetual, contractValue);
}
