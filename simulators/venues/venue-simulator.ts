// What a simulator of a venue is to a test or the demo: a real server on loopback that one can tell what to do.
import type { Exchange } from '../../exporter/events.ts';

export interface SimulatorContract {
  readonly instrumentId: string;
  /** As the venue writes it: `1000PEPE`. */
  readonly base: string;
  readonly quote: string;
  readonly margin: 'linear' | 'inverse';
  /** Linear: the venue's base units in one contract. Inverse: US dollars in one contract. */
  readonly contractValue: number;
  readonly price: number;
  /** Contracts; on venues that count in base units (Binance and Bybit linear) base units. One side. */
  readonly openInterest: number;
  readonly isPerpetual?: boolean;
}

/** One forced close. Its size is given in exactly one of the three ways. */
export interface LiquidationOrder {
  readonly instrumentId: string;
  /** The position that is closed. */
  readonly side: 'long' | 'short';
  readonly price: number;
  /** The venue's own base units (of `1000PEPE`: thousands). */
  readonly baseQuantity?: number;
  readonly contracts?: number;
  readonly notionalUsd?: number;
  /** Venue clock, milliseconds; now when absent. */
  readonly eventTime?: number;
}

export interface SimulatorOptions {
  readonly port?: number;
  /** The venue's clock minus the host's. */
  readonly clockOffsetMs?: number;
  /** How often control streams speak; 0 is never. */
  readonly controlIntervalMs?: number;
  readonly contracts?: readonly SimulatorContract[];
}

export interface SimulatorConnection {
  readonly path: string;
  /** What it subscribed to, in the venue's words. */
  readonly topics: ReadonlySet<string>;
  /** Text frames as they arrived, pings among them. */
  readonly received: readonly string[];
}

export interface SimulatorRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface RestFailure {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  /** How many requests fail; all until `failRest(undefined)` when absent. */
  readonly times?: number;
  readonly body?: string;
  /** Only requests whose path, with its query, contains this. */
  readonly path?: string;
}

export interface VenueSimulator {
  readonly exchange: Exchange;
  readonly websocketUrl: string;
  readonly restUrl: string;
  /** Binance's coin-margined base; the same as `restUrl` elsewhere. */
  readonly coinMarginedRestUrl: string;
  /** Open connections, oldest first. */
  readonly connections: readonly SimulatorConnection[];
  /** Connections that were ever accepted. */
  readonly accepted: number;
  /** REST requests since the start, oldest first. */
  readonly requests: readonly SimulatorRequest[];
  /** Sends orders as the venue would, one frame per instrument (one in all on OKX); returns the frames sent. */
  liquidate(...orders: readonly LiquidationOrder[]): number;
  /** Lists another contract from the next catalogue answer on. */
  list(contract: SimulatorContract): void;
  setOpenInterest(instrumentId: string, openInterest: number): void;
  setMarkPrice(instrumentId: string, price: number): void;
  /** Sends a frame verbatim to every open connection, or to those for which `isMeant` holds. */
  sendRaw(frame: string | Buffer, isMeant?: (connection: SimulatorConnection) => boolean): void;
  /** Sockets stay open and take subscriptions, nothing is sent any more: no data, no pong. */
  mute(muted?: boolean): void;
  /** Ends every connection: at once without a code, else with a close frame. */
  cut(code?: number, reason?: string): void;
  /** Ends the connection that was opened first. */
  cutOldest(): void;
  /** Answers websocket handshakes with an HTTP status instead. */
  refuseHandshakes(failure: RestFailure | undefined): void;
  failRest(failure: RestFailure | undefined): void;
  /** The variables that point the exporter here. */
  environment(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}
