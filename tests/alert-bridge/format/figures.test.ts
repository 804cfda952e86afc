import t from 'tap';
import {
  formatChange,
  formatClock,
  formatDuration,
  formatPrice,
  formatShare,
  formatUsd,
} from '../../../alert-bridge/format/figures.ts';
import { cut, keepFitting, wrap } from '../../../alert-bridge/format/length.ts';
import { START_MS } from '../support/clocks.ts';

t.test('dollars are written in two or three figures', (t) => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '$0'],
    [0.5, '$0.50'],
    [950, '$950'],
    [999.4, '$999'],
    [999.9, '$1K'],
    [1_000, '$1K'],
    [1_250, '$1.3K'],
    [150_000, '$150K'],
    [99_940, '$99.9K'],
    [99_960, '$100K'],
    [999_400, '$999K'],
    [999_960, '$1M'],
    [1_200_000, '$1.2M'],
    [400_000_000, '$400M'],
    [2_500_000_000, '$2.5B'],
    [-400_000_000, '-$400M'],
    [3.2e12, '$3.2T'],
  ];
  for (const [amount, text] of cases) t.equal(formatUsd(amount), text);
  t.end();
});

t.test('a price keeps the decimals that its size needs', (t) => {
  t.equal(formatPrice(82_500), '$82,500');
  t.equal(formatPrice(143.268), '$143.27');
  t.equal(formatPrice(0.000021344), '$0.00002134');
  t.end();
});

t.test('changes carry their sign, shares do not', (t) => {
  t.equal(formatChange(0.18), '+18%');
  t.equal(formatChange(-0.042), '-4.2%');
  t.equal(formatChange(0.05), '+5%');
  t.equal(formatShare(0.0123), '1.2%');
  t.equal(formatShare(0.0004), '0.04%');
  t.equal(formatShare(0.5), '50%');
  t.end();
});

t.test('durations are told in the two largest units', (t) => {
  const cases: readonly (readonly [number, string])[] = [
    [-5, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [100, '1 min 40 s'],
    [3_600, '1 h'],
    [3_720, '1 h 2 min'],
    [259_200, '3 days'],
  ];
  for (const [seconds, text] of cases) t.equal(formatDuration(seconds), text);
  t.end();
});

t.test('a clock time carries its day where it is another day', (t) => {
  t.equal(formatClock(START_MS, START_MS + 60_000), '12:00 UTC');
  t.equal(formatClock(START_MS - 86_400_000, START_MS), '2026-11-19 12:00 UTC');
  t.end();
});

t.test('a cut never splits a character that people see as one', (t) => {
  t.equal(cut('abc', 3), 'abc');
  t.equal(cut('abcd', 3), 'ab…');
  t.equal(cut('ab👩‍👩‍👧‍👦cd', 6), 'ab…');
  t.end();
});

t.test('words wrap, and a word longer than a line is broken', (t) => {
  t.same(wrap('aa bb cc', 5), ['aa bb', 'cc']);
  t.same(wrap('abcdefgh ij', 4), ['abcd', 'efgh', 'ij']);
  t.same(wrap('x 👩‍👩‍👧‍👦', 4), ['x …']);
  t.end();
});

t.test('lines that do not fit give way to an ellipsis', (t) => {
  t.same(keepFitting(['aaaa', 'bbbb', 'cccc'], 9), ['aaaa', '…']);
  t.same(keepFitting(['aaaa', 'bbbb', 'cccc'], 11), ['aaaa', 'bbbb', '…']);
  t.same(keepFitting(['aaaa', 'bbbb'], 9), ['aaaa', 'bbbb']);
  t.end();
});
