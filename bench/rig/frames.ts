// Liquidation messages as the three venues send them, as text, with times that move on: the recorded ones where they are at
// hand, made-up ones in their shapes else.
import { existsSync } from 'node:fs';
import { seededRandom } from '../../tests/exporter/windows/liquidations.ts';
import { readRecorded } from '../../tests/fixtures/frames/recorded.ts';
import { instrumentIdOf, MARKET_PRICE, symbolNames, type VenueName } from './market.ts';

export interface WireFrame {
  readonly venue: VenueName;
  /** Our clock when it arrives, milliseconds. */
  readonly arrivesAt: number;
  readonly text: string;
}

export interface FrameMix {
  readonly frames: number;
  /** Arrival of the first frame. */
  readonly startMs: number;
  readonly framesPerSecond: number;
  readonly symbols: readonly string[];
  /** Most liquidations in one message of Bybit; OKX carries a quarter of that. */
  readonly mostEvents: number;
  readonly seed: number;
}

/** Of 2,000 frames a second at the worst: 800 of Binance, 1,000 of Bybit, 200 of OKX. */
const SHARE_BINANCE = 0.4;
const SHARE_BYBIT = 0.5;

export function makeFrames(mix: FrameMix): readonly WireFrame[] {
  const random = seededRandom(mix.seed);
  return Array.from({ length: mix.frames }, (_, index) => {
    const arrivesAt = Math.round(mix.startMs + (index * 1_000) / mix.framesPerSecond);
    const share = random();
    const venue = share < SHARE_BINANCE ? 'binance' : share < SHARE_BINANCE + SHARE_BYBIT ? 'bybit' : 'okx';
    const symbol = mix.symbols[Math.floor(random() * mix.symbols.length)] ?? 'BTC';
    return { venue, arrivesAt, text: WRITERS[venue](symbol, arrivesAt, mix.mostEvents, random) };
  });
}

type Random = () => number;
type Writer = (symbol: string, now: number, mostEvents: number, random: Random) => string;

const WRITERS: Readonly<Record<VenueName, Writer>> = {
  binance(symbol, now, _mostEvents, random) {
    const price = decimal(MARKET_PRICE * (0.99 + random() * 0.02), 2);
    const size = decimal(10 ** (random() * 4 - 2), 3);
    const instrumentId = instrumentIdOf('binance', symbol);
    const order = {
      s: instrumentId,
      S: random() < 0.7 ? 'SELL' : 'BUY',
      o: 'LIMIT',
      f: 'IOC',
      q: size,
      p: decimal(Number(price) * 0.99, 2),
      ap: price,
      X: 'FILLED',
      l: size,
      z: size,
      T: now - 1_000,
      ps: instrumentId,
      st: 1,
    };
    return JSON.stringify({ stream: '!forceOrder@arr', data: { e: 'forceOrder', E: now, o: order } });
  },
  bybit(symbol, now, mostEvents, random) {
    const instrumentId = instrumentIdOf('bybit', symbol);
    const data = Array.from({ length: 1 + Math.floor(random() * mostEvents) }, () => ({
      T: now - Math.floor(random() * 500),
      s: instrumentId,
      S: random() < 0.7 ? 'Buy' : 'Sell',
      v: decimal(10 ** (random() * 4 - 2), 3),
      p: decimal(MARKET_PRICE * (0.99 + random() * 0.02), 2),
    }));
    return JSON.stringify({ topic: `allLiquidation.${instrumentId}`, type: 'snapshot', ts: now, data });
  },
  okx(symbol, now, mostEvents, random) {
    const details = Array.from({ length: 1 + Math.floor((random() * mostEvents) / 4) }, () => {
      const isLong = random() < 0.7;
      return {
        bkLoss: '0',
        bkPx: decimal(MARKET_PRICE * (0.99 + random() * 0.02), 2),
        ccy: '',
        posSide: isLong ? 'long' : 'short',
        side: isLong ? 'sell' : 'buy',
        sz: decimal(10 ** (random() * 4 - 1), 2),
        ts: String(now - Math.floor(random() * 400)),
      };
    });
    const family = `${symbol}-USDT`;
    const entry = { details, instFamily: family, instId: instrumentIdOf('okx', symbol), instType: 'SWAP', uly: family };
    return JSON.stringify({ arg: { channel: 'liquidation-orders', instType: 'SWAP' }, data: [entry] });
  },
};

function decimal(value: number, digits: number): string {
  return value.toFixed(digits);
}

const RECORDED_ORDERS = 'liquidations/binance_usdm_forceorder_orders.jsonl.gz';
const RECORDED_FRAMES: readonly (readonly [VenueName, string])[] = [
  ['binance', 'frames/binance_forceorder_frames.jsonl'],
  ['bybit', 'frames/bybit_allliquidation_frames.jsonl'],
  ['okx', 'frames/okx_liquidation_orders_frames.jsonl'],
];

/** Recorded messages of the three venues, or `undefined` where ../shared/data is absent. */
export function readRecordedFrames(): ReadonlyMap<VenueName, readonly string[]> | undefined {
  if (!existsSync(new URL('../../../shared/data/', import.meta.url))) return undefined;
  const recorded = new Map(
    RECORDED_FRAMES.map(([venue, path]) => [
      venue,
      lines(path).map((line) => inEnvelope(String(JSON.parse(line).raw))),
    ]),
  );
  const orders = lines(RECORDED_ORDERS).map((line) => {
    const { o } = JSON.parse(line);
    return JSON.stringify({ stream: '!forceOrder@arr', data: { e: 'forceOrder', E: o.T + 1_000, o } });
  });
  // So that no venue is drowned by the many orders of one.
  recorded.set('binance', [...(recorded.get('binance') ?? []), ...orders]);
  return recorded;
}

/** As on the combined stream that the exporter reads; some of Binance's were recorded without it. */
function inEnvelope(text: string): string {
  return text.startsWith('{"e":') ? `{"stream":"!forceOrder@arr","data":${text}}` : text;
}

function lines(path: string): readonly string[] {
  return readRecorded(path).trim().split('\n');
}

/** Times in milliseconds as the venues write them: thirteen digits, in `T`, `E`, `ts`. */
const TIME = /"(T|E|ts)":("?)\d{13}("?)/g;

/** The recorded messages over and over in the venues' shares, their times moved to their arrival. */
export function replayFrames(
  recorded: ReadonlyMap<VenueName, readonly string[]>,
  mix: Omit<FrameMix, 'symbols' | 'mostEvents'>,
): readonly WireFrame[] {
  const random = seededRandom(mix.seed);
  return Array.from({ length: mix.frames }, (_, index) => {
    const arrivesAt = Math.round(mix.startMs + (index * 1_000) / mix.framesPerSecond);
    const share = random();
    const venue = share < SHARE_BINANCE ? 'binance' : share < SHARE_BINANCE + SHARE_BYBIT ? 'bybit' : 'okx';
    const texts = recorded.get(venue) ?? [];
    const text = texts[Math.floor(random() * texts.length)] ?? '';
    return { venue, arrivesAt, text: text.replace(TIME, `"$1":$2${arrivesAt}$3`) };
  });
}

/** Every contract that these frames name, so that nothing is dropped for being unknown. */
export function instrumentsNamed(frames: readonly WireFrame[]): ReadonlyMap<VenueName, ReadonlySet<string>> {
  const named = new Map<VenueName, Set<string>>();
  for (const { venue, text } of frames) {
    const ids = named.get(venue) ?? new Set();
    for (const match of text.matchAll(/"(?:s|instId)":"([^"]+)"/g)) ids.add(match[1] ?? '');
    named.set(venue, ids);
  }
  return named;
}

export const DEFAULT_SYMBOLS = symbolNames(3);
