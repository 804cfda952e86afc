// What a contract is, read off its name. Only for back-tests, where nobody can ask the venue for its list: live, a contract
// that is not in the list is unknown. An instruments file (`instrument-files.ts`) goes before this.
import type { Instrument } from '../../exporter/catalogue/instruments.ts';
import type { Exchange } from '../../exporter/events.ts';
import { CatalogueBuilder } from '../../exporter/venues/mapping/catalogue-builder.ts';
import { VENUES } from '../../exporter/venues/registry.ts';

/** `undefined` where the name says too little. */
export function instrumentFromName(exchange: Exchange, instrumentId: string): Instrument | undefined {
  const named = VENUES.find(({ name }) => name === exchange)?.readContractName(instrumentId);
  if (named === undefined) return undefined;
  const builder = new CatalogueBuilder(exchange);
  builder.add({ instrumentId, ...named });
  return builder.instruments[0];
}
