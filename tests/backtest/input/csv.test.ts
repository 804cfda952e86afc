import t from 'tap';
import { parseCsvTime, readCsvRow, splitCsv } from '../../../backtest/input/csv.ts';

const lines = [
  { line: 'a,b,c', fields: ['a', 'b', 'c'] },
  { line: ' a , b ,', fields: ['a', 'b', ''] },
  { line: '"a,b",c', fields: ['a,b', 'c'] },
  { line: '"say ""hi""",c', fields: ['say "hi"', 'c'] },
] as const;

for (const { line, fields } of lines) {
  t.test(`splits ${line}`, async (t) => {
    t.strictSame(splitCsv(line), fields);
  });
}

const times = [
  { text: '1764547500000', time: 1_764_547_500_000 },
  { text: '2025-12-01T00:05:00Z', time: 1_764_547_500_000 },
  { text: '2025-12-01T00:05:00.250Z', time: 1_764_547_500_250 },
  { text: '2025-12-01 00:05:00', time: 1_764_547_500_000 },
  { text: '2025-12-01T01:05:00+01:00', time: 1_764_547_500_000 },
  { text: '1764547500', time: Number.NaN },
  { text: 'yesterday', time: Number.NaN },
  { text: '', time: Number.NaN },
] as const;

for (const { text, time } of times) {
  t.test(`reads the time ${JSON.stringify(text)} as ${time}`, async (t) => {
    t.ok(Object.is(parseCsvTime(text), time));
  });
}

t.test('finds fields by the names in the header, and refuses a row of another length', async (t) => {
  const row = readCsvRow(['x', 'y'], '1,2');

  t.equal(row?.('y'), '2');
  t.equal(row?.('z'), '');
  t.equal(readCsvRow(['x', 'y'], '1,2,3'), undefined);
});
