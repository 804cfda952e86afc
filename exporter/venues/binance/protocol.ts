// Binance: one connection on the routed `/market` path carries the liquidations of USD-M and COIN-M and, as proof that the
// route lives, mark prices. The coin-margined host's own stream is never opened: it repeats the very same orders.

import type { CanonicalSymbol } from '../../../common/brands.ts';
import { asRecord, textOf } from '../../../common/json-shape.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { ControlFrame, VenueProtocol } from '../venue-protocol.ts';

const LIQUIDATIONS = '!forceOrder@arr';
/** Keeps the URL short; further watched contracts have their prices by REST. */
const MAX_CONTROL_STREAMS = 50;

/**
 * Mark prices of the watched linear perpetuals. Coin-margined ones are documented on their own host only, so their prices
 * come by REST. Stream names are lower case; a wrong one is acknowledged and silent.
 */
function controlStreams(instruments: readonly Instrument[], symbols: ReadonlySet<CanonicalSymbol>): readonly string[] {
  return instruments
    .filter(({ isPerpetual, isUsdQuoted, margin, symbol }) => {
      return isPerpetual && isUsdQuoted && margin === 'linear' && symbols.has(symbol);
    })
    .slice(0, MAX_CONTROL_STREAMS)
    .map(({ instrumentId }) => `${encodeURIComponent(instrumentId.toLowerCase())}@markPrice@1s`);
}

function readControl(message: unknown): ControlFrame | undefined {
  const frame = asRecord(message);
  if (!frame || 'stream' in frame || 'e' in frame) return undefined;
  // The form of today, and the older one with `code` and `msg` at the top.
  const error = asRecord(frame.error) ?? (typeof frame.code === 'number' ? frame : undefined);
  if (error) {
    const text = textOf(error.msg) ?? 'request refused';
    return { type: 'rejected', requestId: textOf(frame.id), topic: undefined, isAlreadySubscribed: false, text };
  }
  if (!('result' in frame)) return undefined;
  return { type: 'acknowledged', requestId: textOf(frame.id), topic: undefined };
}

/**
 * @param bases websocket bases with the routed path, `wss://fstream.binance.com/market`
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams (copy read 2026-11-20)
 */
export function binanceProtocol(bases: readonly string[]): VenueProtocol {
  return {
    exchange: 'binance',
    plan(instruments, controlSymbols) {
      if (instruments.length === 0) return [];
      // Streams stand in the URL, so nothing has to be asked for and there is no acknowledgement to lose.
      const streams = [LIQUIDATIONS, ...controlStreams(instruments, controlSymbols)].join('/');
      const urls = bases.map((base) => `${base}/stream?streams=${streams}`);
      return [
        { name: 'market', urls, controlTopics: [], topics: [], carriesWatched: true, contracts: instruments.length },
      ];
    },
    batchSize: 1,
    subscribeFrame: (id, params) => JSON.stringify({ method: 'SUBSCRIBE', params, id: Number(id) }),
    readControl,
    barePong: undefined,
    // The venue pings; the websocket library answers.
    keepAlive: undefined,
    // The venue cuts at 24 h.
    lifetimeMs: (23 * 60 + 50) * 60_000,
    mayReplay: false,
  };
}
