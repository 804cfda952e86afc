// `BTCUSDT`, `BTCUSDT_250328`: base and quote, sizes in base units. A quote in USD (`BTCUSD_PERP`) means coin-margined.
import { contractOfPair, hundredOrTenUsd, type NamedContract } from '../mapping/contract-name.ts';

export function readContractName(name: string): NamedContract | undefined {
  const [, pair = name, expiry] = /^(.+)_(PERP|\d{6})$/u.exec(name) ?? [];
  return contractOfPair(pair, expiry === undefined || expiry === 'PERP', hundredOrTenUsd);
}
