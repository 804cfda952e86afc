import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { loadInstruments } from '../../../backtest/input/instrument-files.ts';
import { readFiles } from '../../../backtest/input/read-files.ts';
import { exchangesIn, MAX_FAULTS } from '../../../backtest/input/recording.ts';

const T = 1_791_565_600_000;

function options(instruments: readonly string[] = []) {
  const owner = { exchange: undefined, symbol: undefined };
  return { owner, findInstrument: loadInstruments(instruments), onProgress: () => undefined };
}

function bareOrder(time: number): string {
  return JSON.stringify({ o: { s: 'BTCUSDT', S: 'SELL', q: '2', p: '100', T: time } });
}

t.test('reads files of every kind, packed or not, into one recording in the order of arrival', async (t) => {
  const folder = t.testdir({
    'orders.jsonl': `${bareOrder(T + 2_000)}\n\n${bareOrder(T)}\n`,
    'table.csv': `\uFEFFexchange,symbol,side,notional_usd,event_time\r\nokx,BTC,long,5,${T + 1_000}\r\n`,
  });
  const packed = join(folder, 'bybit_BTCUSDT.csv');
  writeFileSync(packed, gzipSync(`t,oi,oi_usd\n${T},10,1000`));
  const heard: number[] = [];

  const recording = await readFiles(
    ['orders.jsonl', 'table.csv', 'bybit_BTCUSDT.csv'].map((name) => join(folder, name)),
    {
      ...options(),
      onProgress: (done, total) => heard.push(done / total),
    },
  );

  t.strictSame(
    recording.liquidations.map(({ receiveTime }) => receiveTime - T),
    [0, 1_000, 2_000],
  );
  t.equal(recording.state.length, 2);
  t.strictSame([...exchangesIn(recording)].sort(), ['binance', 'bybit', 'okx']);
  t.equal(recording.faultCount, 0);
  t.equal(heard.at(-1), 1);
});

t.test('reports a malformed row with its file and line and reads on', async (t) => {
  const folder = t.testdir({ 'orders.jsonl': `${bareOrder(T)}\n{broken\n\n${bareOrder(T)}\n{"x":1}` });
  const file = join(folder, 'orders.jsonl');

  const { liquidations, faults } = await readFiles([file], options());

  t.equal(liquidations.length, 2);
  t.match(faults, [
    { file, line: 2, reason: /not a JSON object/ },
    { file, line: 5, reason: /no known venue/ },
  ]);
});

t.test('keeps a bounded number of faults and counts all', async (t) => {
  const folder = t.testdir({ 'orders.jsonl': `${bareOrder(T)}\n${'{x\n'.repeat(MAX_FAULTS + 5)}` });

  const { faults, faultCount } = await readFiles([join(folder, 'orders.jsonl')], options());

  t.equal(faults.length, MAX_FAULTS);
  t.equal(faultCount, MAX_FAULTS + 5);
});

t.test('refuses a file of an unknown kind, naming the accepted ones', async (t) => {
  const folder = t.testdir({ 'notes.csv': 'date,price\n1,2\n' });

  const refusal = readFiles([join(folder, 'notes.csv')], options());

  await t.rejects(refusal, {
    code: 'BACKTEST_FILE_UNREADABLE',
    message: /notes\.csv .*JSON lines.*exchange,symbol.*t,oi/s,
  });
});

t.test('names the file that is not there, cut off or no text', async (t) => {
  const folder = t.testdir({ 'long.jsonl': `{${'x'.repeat(1_000_001)}` });
  const cut = join(folder, 'cut.jsonl.gz');
  const packed = gzipSync(`${bareOrder(T)}\n`.repeat(10_000));
  writeFileSync(cut, packed.subarray(0, packed.length - 20));

  for (const file of [join(folder, 'none.jsonl'), cut, join(folder, 'long.jsonl')]) {
    await t.rejects(readFiles([file], options()), { code: 'BACKTEST_FILE_UNREADABLE', message: new RegExp(file) });
  }
});

t.test("prefers a venue's own list of contracts to their names", async (t) => {
  const row = { instId: 'XRP-USDT-SWAP', instFamily: 'XRP-USDT', instType: 'SWAP', ctType: 'linear', state: 'live' };
  const answer = {
    code: '0',
    data: [{ ...row, ctVal: '100', ctMult: '1', ctValCcy: 'XRP', settleCcy: 'USDT', uly: 'XRP-USDT' }],
  };
  const details = [{ bkPx: '2', posSide: 'short', side: 'buy', sz: '3', ts: String(T) }];
  const frame = { arg: { channel: 'liquidation-orders' }, data: [{ instId: 'XRP-USDT-SWAP', details }] };
  const folder = t.testdir({ 'okx.json': JSON.stringify(answer), 'frames.jsonl': JSON.stringify(frame) });

  const { liquidations } = await readFiles([join(folder, 'frames.jsonl')], options([join(folder, 'okx.json')]));

  t.match(liquidations, [{ symbol: 'XRP', notionalUsd: 600 }]);
});

t.test('refuses a list of contracts that is none', async (t) => {
  const folder = t.testdir({ 'a.json': '{"hello":1}', 'b.json': '{' });

  for (const name of ['a.json', 'b.json', 'c.json']) {
    t.throws(() => loadInstruments([join(folder, name)]), {
      code: 'BACKTEST_FILE_UNREADABLE',
      message: new RegExp(name),
    });
  }
});
