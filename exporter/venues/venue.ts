// What the exporter must know of a venue, in one object. Each venue's folder exports one; `registry.ts` lists them.
import type { ContractList, MapContext } from '../catalogue/contract-list.ts';
import type { Instrument } from '../catalogue/instruments.ts';
import type { Exchange, MappedMessage } from '../events.ts';
import type { NamedContract } from './mapping/contract-name.ts';
import type { VenueProtocol } from './venue-protocol.ts';

export interface Venue {
  /** The `exchange` label, lower case; also what `EXCHANGES` accepts. */
  readonly name: Exchange;
  /** As people write it: `OKX`. */
  readonly displayName: string;
  /** Only a sample of its liquidations is published: a count is a lower bound, and messages say so. */
  readonly isSampled: boolean;
  /** Where it is reached, by what for. There is always `websocket` and `rest`. */
  readonly addresses: Readonly<Record<string, VenueAddress>>;
  /** Codes of an answer that comes with HTTP status 200 and says "too many requests". */
  readonly throttleCodes: readonly string[];
  /** A contract that counts towards the venue's open interest. Asked only for perpetuals that are quoted in dollars. */
  isCovered(contract: Instrument): boolean;
  /** Every contract needs a call of its own for its open interest, so a budget bounds how many can be covered. */
  readonly needsCallPerContract: boolean;
  /** The stream of a covered contract brings its mark price, so prices are asked for only while it is down. */
  readonly streamsMarkPrices: boolean;
  /**
   * A text frame in the one shape in which the venue sends its liquidations by the thousand, as JSON.parse would give it;
   * `undefined` for any other text, which JSON.parse then reads.
   */
  parseKnownFrame(text: string): unknown;
  /** A websocket message that is data → events. Pure: no I/O, no clock, no state. */
  mapMessage(message: unknown, context: MapContext): MappedMessage;
  /** What a contract's name alone says of it, for back-tests; `undefined` where that is too little. */
  readContractName(name: string): NamedContract | undefined;
  /** Whether a message that does not say whose it is has this venue's shape, for back-tests. */
  isOwnMessage(message: unknown): boolean;
  /** How to connect, subscribe and keep alive. @param bases the addresses in use for `websocket` */
  protocol(bases: readonly string[]): VenueProtocol;
  rest(urls: VenueUrls): VenueRest;
}

/** One address of a venue: the variable that overrides it, and the venue's own. `websocket` may list several, with commas. */
export interface VenueAddress {
  readonly variable: string;
  readonly url: string;
}

/** One REST request, and how its answer is read. */
export interface RestCall {
  readonly url: string;
  map(answer: unknown, context: MapContext): MappedMessage;
}

export interface VenueRest {
  /** The lists that together name every contract of the venue. */
  readonly contractLists: readonly ContractList[];
  /** One round of open interest over these contracts. */
  openInterest(contracts: readonly Instrument[]): readonly RestCall[];
  /** All mark prices. */
  readonly markPrices: readonly RestCall[];
}

/** The addresses of a venue that are in use. */
export class VenueUrls {
  /** Addresses that are not the venue's own, as `VARIABLE=url`: a testnet looks like the real thing. */
  readonly overrides: readonly string[];
  readonly #urls: ReadonlyMap<string, readonly string[]>;

  constructor(urls: Readonly<Record<string, readonly string[]>>, overrides: readonly string[] = []) {
    this.#urls = new Map(Object.entries(urls));
    this.overrides = overrides;
  }

  /** All addresses for one purpose, to be tried in turn. @throws RangeError for a purpose that has none */
  all(purpose: string): readonly string[] {
    const urls = this.#urls.get(purpose);
    if (!urls) throw new RangeError(`no address for ${purpose}`);
    return urls;
  }

  /** The first of them. @throws RangeError for a purpose that has none */
  first(purpose: string): string {
    const [url] = this.all(purpose);
    if (url === undefined) throw new RangeError(`no address for ${purpose}`);
    return url;
  }
}

/** A venue at its own addresses. */
export function ownUrls({ addresses }: Pick<Venue, 'addresses'>): VenueUrls {
  return new VenueUrls(
    Object.fromEntries(Object.entries(addresses).map(([purpose, { url }]) => [purpose, url.split(',')])),
  );
}

/** A venue as it is configured. */
export interface ConfiguredVenue {
  readonly venue: Venue;
  readonly urls: VenueUrls;
}

/** Deeply equal to `JSON.parse(text)` for every text, and faster for known frames. @throws SyntaxError where it throws */
export function parseFrame({ parseKnownFrame }: Pick<Venue, 'parseKnownFrame'>, text: string): unknown {
  return parseKnownFrame(text) ?? JSON.parse(text);
}
