// `BTCUSDT`, `BTCUSDT-27DEC24`, `BTCPERP` and `BTC-27DEC24` (USDC): sizes in base units. `BTCUSD`, `BTCUSDZ24`: inverse,
// sizes in dollars.
import { contractOfPair, linear, type NamedContract, splitPair } from '../mapping/contract-name.ts';

export function readContractName(name: string): NamedContract | undefined {
  const [, usdcBase] = /^(.+)PERP$/u.exec(name) ?? /^([^-]+?)-\d{1,2}[A-Z]{3}\d{2}$/u.exec(name) ?? [];
  if (usdcBase !== undefined && !splitPair(usdcBase)) return linear(usdcBase, 'USDC', name.endsWith('PERP'));
  const [, pair = name] = /^(.+USD)[A-Z]\d{2}$/u.exec(name) ?? /^([^-]+)-/u.exec(name) ?? [];
  return contractOfPair(pair, pair === name, () => 1);
}
