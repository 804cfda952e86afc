// Every recorded frame, verbatim but for its times, which are moved to now: the newest becomes this moment. What each must
// count as stands here by hand arithmetic, so that nothing of the product computes its own expectation.

import type { Venues } from '../../simulators/venues/start-venues.ts';
import type { SimulatorContract } from '../../simulators/venues/venue-simulator.ts';
import { readRecorded } from '../fixtures/frames/recorded.ts';
import { baseOf, coinOf, type PlayedEvent } from './recorded-orders.ts';

/** Files of `frames/` whose lines are websocket messages, and the venue that sends them. */
const FILES: readonly (readonly [file: string, venue: 'binance' | 'bybit' | 'okx'])[] = [
  ['binance_forceorder_frames.jsonl', 'binance'],
  ['binance_coinm_forceorder_frames.jsonl', 'binance'],
  ['bybit_allliquidation_frames.jsonl', 'bybit'],
  ['okx_liquidation_orders_frames.jsonl', 'okx'],
  // The withdrawn topic in its three shapes: refused, never a wrong number.
  ['bybit_liquidation_old_topic_frames.jsonl', 'bybit'],
  // Binance's testnet and a clone: one contract that is listed, and one that is not and must be refused.
  ['binance_like_testnet_and_aster_frames.jsonl', 'binance'],
];
/** Listed nowhere, so that nothing may be counted for it. */
const UNLISTED = 'PAIRUSDT';
/** Pongs, acknowledgements and an error that nobody asked for: no data, and no reason to lose a connection. */
const CONTROL_FILE = 'control_frames.jsonl';

/** Base units (linear) or dollars (inverse) in one contract of OKX, for the contracts of the recorded frames. */
const OKX_VALUES: Readonly<Record<string, number>> = {
  'BTC-USDT-SWAP': 0.01,
  'MUBARAK-USDT-SWAP': 10,
  'CNPY-USDT-SWAP': 10,
  'MINA-USDT-SWAP': 1,
  'XRP-USD-230929': 10,
  'IOST-USDT-SWAP': 1_000,
};

type Json = Readonly<Record<string, unknown>>;

/** Sends each to the connections that carry its kind; returns what they must count as, by venue. */
export function playFrames(venues: Venues, now: number): readonly PlayedEvent[] {
  for (const raw of rawFrames(CONTROL_FILE)) venues[raw.includes('"event"') ? 'okx' : 'bybit'].sendRaw(raw);
  return FILES.flatMap(([file, venue]) =>
    rawFrames(file).flatMap((raw) => {
      const times = [...raw.matchAll(/(?<!\d)1[3-9]\d{11}(?!\d)/g)].map(([digits]) => Number(digits));
      const shift = now - Math.max(...times);
      const moved = raw.replace(/(?<!\d)1[3-9]\d{11}(?!\d)/g, (digits) => String(Number(digits) + shift));
      venues[venue].sendRaw(moved, ({ path, topics }) => {
        // Bybit sends a topic on the connection that asked for it; of the withdrawn one any that carries linear contracts.
        const topic = /"topic":"(allLiquidation\.[^"]+)"/.exec(moved)?.[1];
        return topic === undefined ? !path.endsWith('/inverse') : topics.has(topic);
      });
      return eventsOf(venue, JSON.parse(moved));
    }),
  );
}

/** What the simulators must list so that the frames can be read. */
export function contractsOfFrames(venue: 'binance' | 'bybit' | 'okx'): readonly SimulatorContract[] {
  const ids = new Set(
    FILES.filter(([, owner]) => owner === venue).flatMap(([file]) =>
      rawFrames(file).flatMap((raw) => [...raw.matchAll(/"(?:s|instId)":"([^"]+)"/g)].map(([, id]) => id ?? '')),
    ),
  );
  return [...ids].filter((id) => id !== UNLISTED).map((instrumentId) => contractOf(venue, instrumentId));
}

function contractOf(venue: 'binance' | 'bybit' | 'okx', instrumentId: string): SimulatorContract {
  const common = { instrumentId, price: 1, openInterest: 1_000 };
  if (venue === 'okx') {
    const [base = '', quote = '', end] = instrumentId.split('-');
    const contractValue = OKX_VALUES[instrumentId] ?? Number.NaN;
    return {
      ...common,
      base,
      quote,
      margin: quote === 'USD' ? 'inverse' : 'linear',
      contractValue,
      isPerpetual: end === 'SWAP',
    };
  }
  const dated = /^(\w+)USD_\d+$/.exec(instrumentId);
  if (dated?.[1])
    return { ...common, base: dated[1], quote: 'USD', margin: 'inverse', contractValue: 100, isPerpetual: false };
  return { ...common, base: baseOf(instrumentId), quote: 'USDT', margin: 'linear', contractValue: 1 };
}

function rawFrames(file: string): readonly string[] {
  return readRecorded(`frames/${file}`)
    .trim()
    .split('\n')
    .map((line) => String(JSON.parse(line).raw));
}

function eventsOf(venue: 'binance' | 'bybit' | 'okx', frame: Json): readonly PlayedEvent[] {
  const event = (symbol: string, isLong: boolean, usd: number, time: unknown): PlayedEvent => ({
    exchange: venue,
    symbol: coinOf(symbol),
    side: isLong ? 'long' : 'short',
    usd,
    time: Number(time),
    isLate: false,
  });
  if (venue === 'binance') {
    const { o } = record(frame.data ?? frame);
    const { s, S, z, ap, T } = record(o);
    if (s === UNLISTED) return [];
    const { base, margin, contractValue } = contractOf('binance', String(s));
    const usd = margin === 'linear' ? Number(z) * Number(ap) : Number(z) * contractValue;
    return [event(base, S === 'SELL', usd, T)];
  }
  if (venue === 'bybit') {
    if (!String(frame.topic).startsWith('allLiquidation.')) return [];
    return list(frame.data).map(({ s, S, v, p, T }) => event(baseOf(String(s)), S === 'Buy', Number(v) * Number(p), T));
  }
  return list(frame.data).flatMap(({ instId, details }) =>
    list(details).map(({ posSide, bkPx, sz, ts }) => {
      const { base, margin, contractValue } = contractOf('okx', String(instId));
      const usd = Number(sz) * contractValue * (margin === 'linear' ? Number(bkPx) : 1);
      return event(base, posSide === 'long', usd, ts);
    }),
  );
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}
