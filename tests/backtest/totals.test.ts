import t from 'tap';
import { formatTable } from '../../backtest/table.ts';
import { countAlerts } from '../../backtest/totals.ts';

const DAY = 86_400_000;
const T = Date.UTC(2026, 0, 5);

function fired(alert: string, day: number, labels: Readonly<Record<string, string>> = {}) {
  return { alert, labels, firedAt: T + day * DAY };
}

function session(days: number) {
  return { start: T, end: T + days * DAY, segments: [], hasLiquidations: true };
}

t.test('counts per day, alert, symbol and tier, side by side, and in all', async (t) => {
  const shipped = [fired('Large', 0, { symbol: 'BTC', tier: '1' }), fired('Large', 1, { symbol: 'BTC', tier: '1' })];
  const quiet = [fired('Large', 1, { symbol: 'BTC', tier: '1' }), fired('Wide', 1)];

  const rows = countAlerts([shipped, quiet], [session(2)]);

  t.strictSame(
    rows.map(({ day, alert, counts }) => [day, alert, ...counts]),
    [
      ['2026-01-05', 'Large BTC ×1', '1', '0'],
      ['2026-01-06', 'Large BTC ×1', '1', '1'],
      ['2026-01-06', 'Wide', '0', '1'],
      ['total', 'Large BTC ×1', '2', '1'],
      ['total', 'Wide', '0', '1'],
    ],
  );
});

t.test('gives a rate per week of recorded time, not of the calendar', async (t) => {
  const rows = countAlerts([[fired('Wide', 0), fired('Wide', 1), fired('Wide', 2)]], [session(7), session(7)]);

  t.strictSame(rows.at(-1), { day: 'per week', alert: 'Wide', counts: ['1.50'] });
});

t.test('puts text to the left and numbers to the right', async (t) => {
  const table = formatTable(
    [
      ['a', 'count'],
      ['long name', '7'],
    ],
    new Set([1]),
  );

  t.equal(table, 'a          count\nlong name      7');
});
