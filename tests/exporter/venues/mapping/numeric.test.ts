import fc from 'fast-check';
import t from 'tap';
import { isZero, readNumber, readTime } from '../../../../exporter/venues/mapping/numeric.ts';

t.test('reads the decimals that venues send', async (t) => {
  for (const [value, expected] of [
    ['0.190', 0.19],
    ['82651.90', 82_651.9],
    ['0', 0],
    ['0.000', 0],
    ['007', 7],
    ['999999999999999', 999_999_999_999_999],
    ['9999999999999999', 10_000_000_000_000_000],
    ['0.00000000000001', 1e-14],
    ['2216113.01000000309', 2_216_113.010000003],
    ['1939251795.54769270396321', 1_939_251_795.5476928],
    ['1e-7', 1e-7],
    ['1.5E+3', 1_500],
    [12, 12],
    [0, 0],
    [0.5, 0.5],
  ] as const) {
    t.equal(readNumber(value), expected, String(value));
  }
});

t.test('refuses what is no number, though Number() would take it', async (t) => {
  const texts = [
    '',
    ' ',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '.',
    '1.2.3',
    '-1',
    '+1',
    '0x10',
    '0b1',
    '1_000',
    '1,000',
    'Infinity',
    'NaN',
  ];
  const long = [
    '1e400',
    '1e',
    'e5',
    '1e1000000',
    '9'.repeat(65),
    `0.${'0'.repeat(70)}1`,
    '١٢',
    'None',
    '123456789012345.',
    '12345678901234567x',
  ];
  const others: readonly unknown[] = [
    true,
    null,
    undefined,
    [],
    ['1'],
    {},
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n,
    { valueOf: () => 1 },
  ];
  for (const value of [...texts, ...long, ...others]) {
    t.ok(Number.isNaN(readNumber(value)), typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
});

t.test('reads every plain decimal as the engine does, to the last bit', async () => {
  const digits = fc.stringMatching(/^[0-9]{1,12}$/);
  fc.assert(
    fc.property(
      digits,
      digits,
      (whole, fraction) => readNumber(`${whole}.${fraction}`) === Number(`${whole}.${fraction}`),
    ),
    { numRuns: 20_000 },
  );
});

t.test('takes milliseconds between 2015 and 2100 for a time', async (t) => {
  t.equal(readTime(1_791_565_602_120), 1_791_565_602_120);
  t.equal(readTime('1791565602120'), 1_791_565_602_120);
  for (const value of [
    0,
    1_420_070_399_999,
    4_102_444_800_000,
    1_791_565_602,
    1_791_565_602_120_000,
    '',
    'x',
    null,
    -1,
  ]) {
    t.ok(Number.isNaN(readTime(value)), String(value));
  }
});

t.test('says of a figure whether it is zero, however that is written', (t) => {
  for (const zero of [0, '0', '0.000', '0e5', '00']) t.ok(isZero(zero), JSON.stringify(zero));
  for (const other of [1, '1', '9.5', '0.001', '100', '', 'None', '-0', '/', ':', undefined, null]) {
    t.notOk(isZero(other), JSON.stringify(other));
  }
  t.end();
});
