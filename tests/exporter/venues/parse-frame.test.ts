// The promise of parse-frame: for every text the answer of JSON.parse, or its error.
import fc from 'fast-check';
import t from 'tap';
import { parseKnownFrame as parseBinanceFrame } from '../../../exporter/venues/binance/liquidation-frame.ts';
import { parseKnownFrame as parseBybitFrame } from '../../../exporter/venues/bybit/liquidation-frame.ts';
import { parseKnownFrame as parseOkxFrame } from '../../../exporter/venues/okx/liquidation-frame.ts';
import { VENUES } from '../../../exporter/venues/registry.ts';
import { parseFrame as parseFrameOf } from '../../../exporter/venues/venue.ts';
import { readRecorded, skipWithoutRecordings } from '../../fixtures/frames/recorded.ts';

const T = 1_791_565_602_120;
// biome-ignore-start format: a message reads best on one line
const order = {
  s: 'BTCUSDT',
  S: 'SELL',
  o: 'LIMIT',
  f: 'IOC',
  q: '2',
  p: '70000',
  ap: '80000.5',
  X: 'FILLED',
  l: '0.1',
  z: '1.5',
  T,
};
const binance = (o: unknown) => ({ stream: '!forceOrder@arr', data: { e: 'forceOrder', E: T + 900, o } });
const entry = { T, s: 'BTCUSDT', S: 'Buy', v: '0.006', p: '82396.90' };
const bybit = (data: unknown) => ({ topic: 'allLiquidation.BTCUSDT', type: 'snapshot', ts: T, data });
const detail = { bkLoss: '0', bkPx: '82655.7', ccy: '', posSide: 'long', side: 'sell', sz: '8.55', ts: String(T) };
const okx = (details: unknown) => ({
  arg: { channel: 'liquidation-orders', instType: 'SWAP' },
  data: [{ details, instFamily: 'BTC-USDT', instId: 'BTC-USDT-SWAP', instType: 'SWAP', uly: 'BTC-USDT' }],
});
// biome-ignore-end format: a message reads best on one line

/** As each venue's connection reads it; they must agree. */
function parseFrame(text: string): unknown {
  const [first, ...others] = VENUES.map((venue) => parseFrameOf(venue, text));
  for (const other of others) t.strictSame(other, first);
  return first;
}

const KNOWN: readonly (readonly [string, (text: string) => unknown, unknown])[] = [
  ['Binance of 2026', parseBinanceFrame, binance({ ...order, ps: 'BTCUSDT', st: 1 })],
  ['Binance, coin-margined', parseBinanceFrame, binance({ ...order, s: 'BTCUSD_PERP', ps: 'BTCUSD', st: 2 })],
  ['Binance before', parseBinanceFrame, binance(order)],
  ['Binance, a contract of another alphabet', parseBinanceFrame, binance({ ...order, s: '币安人生USDT' })],
  ['Bybit, one', parseBybitFrame, bybit([entry])],
  ['Bybit, three', parseBybitFrame, bybit([entry, { ...entry, S: 'Sell' }, entry])],
  ['OKX, one', parseOkxFrame, okx([detail])],
  ['OKX, two', parseOkxFrame, okx([detail, { ...detail, posSide: 'short', side: 'buy' }])],
  ['OKX with the request’s id', parseOkxFrame, { id: '7', ...okx([detail]) }],
];

t.test('a liquidation as the venues send it is read by its pattern, and as JSON.parse reads it', async (t) => {
  for (const [name, parse, message] of KNOWN) {
    const text = JSON.stringify(message);
    t.strictSame(parse(text), message, name);
    t.equal(JSON.stringify(parseFrame(text)), text, `${name}: the order of the fields too`);
  }
});

t.test('what differs by one character is no known shape', async (t) => {
  const text = JSON.stringify(binance(order));
  const known = JSON.stringify(bybit([entry]));
  const cases: readonly (readonly [string, (text: string) => unknown, string])[] = [
    ['an escape', parseBinanceFrame, text.replace('BTCUSDT', 'BTC\\u0055SDT')],
    ['an escaped quote before the end', parseBinanceFrame, text.replace('"l":"0.1"', '"l":"0.1\\"')],
    ['a control character', parseBinanceFrame, text.replace('BTCUSDT', 'BTC\nUSDT')],
    ['a space', parseBinanceFrame, text.replace('"S":', '"S": ')],
    ['a field twice', parseBinanceFrame, text.replace('"X":', '"s":"ETHUSDT","X":')],
    ['another kind of order', parseBinanceFrame, text.replace('LIMIT', 'MARKET')],
    ['a time that begins with 0', parseBinanceFrame, text.replace(String(T), `0${String(T).slice(1)}`)],
    ['something behind the end', parseBinanceFrame, `${text}}`],
    ['something before the beginning', parseBybitFrame, ` ${known}`],
    ['no entry', parseBybitFrame, JSON.stringify(bybit([]))],
    ['a comma too many', parseBybitFrame, known.replace(']}', ',]}')],
    ['two rows', parseOkxFrame, JSON.stringify({ ...okx([detail]), data: [...okx([]).data, ...okx([]).data] })],
    ['no details', parseOkxFrame, JSON.stringify(okx([]))],
    ['a list cut short', parseOkxFrame, JSON.stringify(okx([detail])).slice(0, -20)],
  ];
  for (const [name, parse, changed] of cases) t.equal(parse(changed), undefined, name);
});

/** What JSON.parse or its stand-in says, so that the two can be compared. */
function outcome(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    return { isSyntaxError: error instanceof SyntaxError };
  }
}

const texts = KNOWN.map(([, , message]) => JSON.stringify(message));
/** Pieces that a careless pattern would let through. */
const piece = fc.oneof(
  fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '\\u0041',
    ',',
    '{',
    '}',
    ']',
    '0',
    '.',
    ' ',
    '\n',
    '\u2028',
    '\ud800',
    '"s":"X",',
    '}}}',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const edited = fc
  .tuple(fc.constantFrom(...texts), fc.nat(400), fc.nat(4), piece)
  .map(([text, at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed));

t.test('whatever is done to a known message, the answer is that of JSON.parse', async (t) => {
  fc.assert(
    fc.property(edited, (text) => {
      return JSON.stringify(outcome(parseFrame, text)) === JSON.stringify(outcome(JSON.parse, text));
    }),
    { numRuns: 8_000 },
  );
  t.pass('in 8,000 texts');
});

t.test('whatever the venue writes into its texts, the answer is that of JSON.parse', async (t) => {
  const value = fc.string({ unit: 'binary', maxLength: 12 });
  const messages = fc.oneof(
    fc.record({ s: value, q: value, ap: value, ps: value }).map((odd) => binance({ ...order, ...odd, st: 1 })),
    fc.array(fc.record({ s: value, v: value, p: value }).map((odd) => ({ ...entry, ...odd }))).map(bybit),
    fc.array(fc.record({ bkPx: value, ccy: value, sz: value }).map((odd) => ({ ...detail, ...odd }))).map(okx),
  );
  fc.assert(
    fc.property(messages, (message) => {
      const text = JSON.stringify(message);
      return JSON.stringify(parseFrame(text)) === text;
    }),
    { numRuns: 2_000 },
  );
  t.pass('in 2,000 messages');
});

t.test('every recorded message reads as JSON.parse reads it', { skip: skipWithoutRecordings }, async (t) => {
  const NAMES = [
    'binance_forceorder_frames',
    'binance_coinm_forceorder_frames',
    'binance_like_testnet_and_aster_frames',
    'bybit_allliquidation_frames',
    'bybit_liquidation_old_topic_frames',
    'okx_liquidation_orders_frames',
    'control_frames',
  ];
  for (const name of NAMES) {
    for (const line of readRecorded(`frames/${name}.jsonl`).trim().split('\n')) {
      const text = String(JSON.parse(line).raw);
      t.strictSame(outcome(parseFrame, text), outcome(JSON.parse, text), text.slice(0, 60));
    }
  }
});
