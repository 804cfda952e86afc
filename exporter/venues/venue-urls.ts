// Where a venue is reached.

export interface VenueUrls {
  readonly websocket: readonly string[];
  readonly rest: string;
  /** Binance's coin-margined host; the same as `rest` elsewhere. */
  readonly coinMarginedRest: string;
  /** Hosts that differ from the defaults, shown in logs and `/health`: a testnet looks like the real thing. */
  readonly overrides: readonly string[];
}
