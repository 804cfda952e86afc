// The three kinds of rows, each through its reader.
import t from 'tap';
import { loadInstruments } from '../../../backtest/input/instrument-files.ts';
import { createJsonLineReader } from '../../../backtest/input/json-lines.ts';
import { createLiquidationCsvReader } from '../../../backtest/input/liquidation-csv.ts';
import { createOpenInterestCsvReader } from '../../../backtest/input/open-interest-csv.ts';

const findInstrument = loadInstruments([]);
const T = 1_791_565_600_000;

const order = { s: 'BTCUSDT', S: 'SELL', q: '2', p: '90', ap: '100', X: 'FILLED', l: '1', z: '2', T };
const forceOrder = { e: 'forceOrder', E: T + 1_000, o: order };
const bybit = {
  topic: 'allLiquidation.BTCUSDT',
  type: 'snapshot',
  ts: T + 500,
  data: [
    { T, s: 'BTCUSDT', S: 'Buy', v: '2', p: '100' },
    { T: T + 100, s: 'BTCUSDT', S: 'Sell', v: '1', p: '100' },
  ],
};
const okx = {
  arg: { channel: 'liquidation-orders', instType: 'SWAP' },
  data: [
    {
      instId: 'BTC-USDT-SWAP',
      details: [{ bkPx: '100', posSide: 'long', side: 'sell', sz: '200', ts: String(T) }],
    },
  ],
};

const messages = [
  { name: 'a bare order', message: { o: order }, arrival: T, count: 1 },
  { name: 'a forceOrder', message: forceOrder, arrival: T + 1_000, count: 1 },
  {
    name: 'a wrapped forceOrder',
    message: { stream: '!forceOrder@arr', data: forceOrder },
    arrival: T + 1_000,
    count: 1,
  },
  { name: 'a list of orders', message: [forceOrder, forceOrder], arrival: T + 1_000, count: 2 },
  { name: "a recorder's text", message: { raw: JSON.stringify(forceOrder) }, arrival: T + 1_000, count: 1 },
  { name: "Bybit's frame", message: bybit, arrival: T + 500, count: 2 },
  { name: "OKX's frame", message: okx, arrival: T, count: 1 },
] as const;

for (const { name, message, arrival, count } of messages) {
  t.test(`reads ${name}, arrived when it was sent or else happened`, async (t) => {
    const { events, faults } = createJsonLineReader(findInstrument)(JSON.stringify(message));

    t.strictSame(faults, []);
    t.equal(events.length, count);
    t.match(events[0], { type: 'liquidation', symbol: 'BTC', liquidatedSide: 'long', notionalUsd: 200, eventTime: T });
    t.equal(events[0]?.receiveTime, arrival);
  });
}

t.test('passes over acknowledgements, pongs and notices without a fault', async (t) => {
  const read = createJsonLineReader(findInstrument);

  for (const message of [{ result: null, id: 1 }, { op: 'pong' }, { event: 'subscribe', arg: { channel: 'x' } }]) {
    t.strictSame(read(JSON.stringify(message)), { events: [], faults: [] });
  }
});

const faulty = [
  { text: 'not json', reason: /not a JSON object/ },
  { text: '17', reason: /not a JSON object/ },
  { text: '{"hello":1}', reason: /no known venue/ },
  { text: JSON.stringify({ o: { ...order, z: '-1', q: '-1' } }), reason: /size/ },
  { text: JSON.stringify({ o: { ...order, s: 'BTCEUR' } }), reason: /quote_not_usd/ },
  { text: JSON.stringify({ ...okx, data: [{ instId: 'XRP-USDT-SWAP', details: [] }] }), reason: /--instruments FILE/ },
  {
    text: JSON.stringify({ arg: { channel: 'mark-price' }, data: [{ instId: 'BTC-USDT-SWAP', markPx: '1' }] }),
    reason: /does not say when/,
  },
] as const;

for (const { text, reason } of faulty) {
  t.test(`skips ${text.slice(0, 60)} with a reason`, async (t) => {
    const { events, faults } = createJsonLineReader(findInstrument)(text);

    t.equal(events.length, 0);
    t.match(faults[0], reason);
  });
}

const HEADER = ['exchange', 'symbol', 'side', 'notional_usd', 'price_usd', 'event_time'];

t.test('reads a liquidation from CSV, the symbol as an asset or as a contract', async (t) => {
  const read = createLiquidationCsvReader(HEADER, findInstrument);

  for (const symbol of ['PEPE', '1000PEPEUSDT']) {
    const { events } = read(`Binance,${symbol},SHORT,1234.5,0.00001,${T}`);
    t.match(events[0], { exchange: 'binance', symbol: 'PEPE', liquidatedSide: 'short', notionalUsd: 1234.5 });
    t.equal(events[0]?.receiveTime, T);
  }
});

t.test('reads a liquidation without a price', async (t) => {
  const read = createLiquidationCsvReader(['exchange', 'symbol', 'side', 'notional_usd', 'event_time'], findInstrument);

  t.match(read(`okx,BTC,long,5,${T}`).events[0], { priceUsd: 0, notionalUsd: 5 });
});

const faultyRows = [
  { row: `kraken,BTC,long,5,1,${T}`, reason: /exchange is "kraken"/ },
  { row: `okx,B C,long,5,1,${T}`, reason: /symbol is "B C"/ },
  { row: `okx,BTC,buy,5,1,${T}`, reason: /side is "buy"/ },
  { row: `okx,BTC,long,-5,1,${T}`, reason: /notional_usd is "-5"/ },
  { row: `okx,BTC,long,5,x,${T}`, reason: /price_usd is "x"/ },
  { row: 'okx,BTC,long,5,1,noon', reason: /event_time is "noon"/ },
  { row: 'okx,BTC,long', reason: /6 fields/ },
] as const;

for (const { row, reason } of faultyRows) {
  t.test(`skips the row ${row} with a reason`, async (t) => {
    const { events, faults } = createLiquidationCsvReader(HEADER, findInstrument)(row);

    t.equal(events.length, 0);
    t.match(faults[0], reason);
  });
}

const nobody = { exchange: undefined, symbol: undefined };
const OI_HEADER = ['t', 'oi', 'oi_usd'];

t.test("takes the contract of open interest from the file's name, in canonical units", async (t) => {
  const read = createOpenInterestCsvReader(OI_HEADER, '/x/binance_1000PEPEUSDT_5m.csv.gz', nobody, findInstrument);

  const { events } = read(`${T},50,2`);

  t.match(events[0], { type: 'open_interest', exchange: 'binance', symbol: 'PEPE', baseQuantity: 50_000 });
  t.match(events[1], { type: 'mark_price', symbol: 'PEPE', priceUsd: 2 / 50_000 });
});

t.test('lets options say whose open interest it is', async (t) => {
  const owner = { exchange: 'okx', symbol: 'btc' } as const;
  const read = createOpenInterestCsvReader(OI_HEADER, 'export.csv', owner, findInstrument);

  t.match(read(`${T},50,5000`).events[0], { exchange: 'okx', symbol: 'BTC', baseQuantity: 50 });
});

for (const file of ['export.csv', 'binance_HELLO.csv', 'kraken_BTCUSDT.csv', 'binance_BTCUSD_PERP.csv']) {
  t.test(`refuses ${file}, whose name does not say whose open interest it is`, async (t) => {
    t.throws(() => createOpenInterestCsvReader(OI_HEADER, file, nobody, findInstrument), {
      code: 'BACKTEST_FILE_UNREADABLE',
      message: /--exchange and --symbol/,
    });
  });
}

for (const row of ['x,1,1', `${T},0,1`, `${T},1,`, `${T},1`]) {
  t.test(`skips the reading ${row}`, async (t) => {
    const read = createOpenInterestCsvReader(OI_HEADER, 'okx_BTC-USDT-SWAP.csv', nobody, findInstrument);

    t.equal(read(row).events.length, 0);
    t.equal(read(row).faults.length, 1);
  });
}
