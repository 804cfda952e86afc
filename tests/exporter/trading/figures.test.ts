// Every figure against one worked out by hand; the workings stand beside it.
import t from 'tap';
import { equityFigures, sharpeOf, tradeFigures } from '../../../exporter/trading/figures.ts';
import { readTime } from '../../../exporter/trading/trade.ts';

const DAY_MS = 86_400_000;
const trades = (...results: readonly number[]) =>
  results.map((pnl, index) => ({ strategy: 'none', symbol: 'BTC', closedAt: index * DAY_MS, pnl }));

t.test('trades give the figures worked out by hand', async (t) => {
  // Wins 100 + 300 + 50 = 450 (mean 150), losses 50 + 100 = 150 (mean 75), one break-even.
  // Cumulated: 100, 50, 350, 350, 250, 300; the highest is 350, the fall from it 100.
  t.same(tradeFigures(trades(100, -50, 300, 0, -100, 50)), {
    trades: 6,
    winRatio: 0.5,
    profitFactor: 3,
    rewardToRisk: 2,
    pnl: 300,
    drawdown: 100,
    sharpe: undefined,
  });
});

t.test('a figure that would be a guess is absent', async (t) => {
  t.match(tradeFigures([]), { trades: 0, winRatio: undefined, profitFactor: undefined, pnl: 0, drawdown: 0 });
  t.match(tradeFigures(trades(10, 20)), { winRatio: 1, profitFactor: undefined, rewardToRisk: undefined });
  t.match(tradeFigures(trades(-10, -20)), { winRatio: 0, profitFactor: 0, rewardToRisk: undefined, drawdown: 30 });
});

t.test('trades are put in order before a fall is looked for', async (t) => {
  t.equal(tradeFigures(trades(-50, 100, -20).toReversed()).drawdown, 50);
});

t.test('a Sharpe ratio is mean by deviation of daily values times the root of 365', async (t) => {
  // Five days of 1, five of 3: mean 2, sample deviation sqrt(10 / 9) = 1.0540926; 2 / 1.0540926 * sqrt(365) = 36.249138.
  t.ok(Math.abs((sharpeOf([1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) ?? 0) - 36.249138) < 1e-6);
  t.equal(sharpeOf([1, 3, 1, 3, 1, 3, 1, 3, 1]), undefined, 'nine days say nothing');
  t.equal(sharpeOf(Array.from({ length: 10 }, () => 0.1)), undefined, 'nor do ten that are alike');
});

t.test('a day without a trade counts as one without a result', async (t) => {
  // 11 days: 22 on the first and the last, 0 between. Mean 4; deviation sqrt((2*18^2 + 9*4^2) / 10) = sqrt(79.2).
  const [first, last] = [trades(22)[0], { strategy: 'none', symbol: 'BTC', closedAt: 10 * DAY_MS, pnl: 22 }];
  const { sharpe = 0 } = tradeFigures(first === undefined ? [last] : [first, last]);
  t.ok(Math.abs(sharpe - (4 / Math.sqrt(79.2)) * Math.sqrt(365)) < 1e-9);
});

t.test('one absurd date makes no endless list of days', async (t) => {
  t.equal(
    tradeFigures([...trades(1, 2), { strategy: 'none', symbol: 'BTC', closedAt: 8e15, pnl: 3 }]).sharpe,
    undefined,
  );
});

t.test('equity gives the present and the deepest fall', async (t) => {
  const points = [1_000, 1_200, 900, 1_100, 1_250, 1_225].map((equity, day) => ({ at: day * DAY_MS, equity }));
  // 1,200 to 900 is 25 %; 1,250 to 1,225 is 2 %.
  t.same(equityFigures(points), { equity: 1_225, drawdownRatio: 0.02, largestDrawdownRatio: 0.25, sharpe: undefined });
  t.equal(equityFigures([]), undefined);
});

t.test('daily returns of equity take the last point of each day', async (t) => {
  // Closes double and halve by turns: returns 1, -0.5, …; ten of them, mean 0.25, sample deviation sqrt(5.625 / 9).
  const points = Array.from({ length: 11 }, (_, day) => [
    { at: day * DAY_MS, equity: 777 },
    { at: day * DAY_MS + 1_000, equity: day % 2 === 0 ? 1_000 : 2_000 },
  ]).flat();
  const { sharpe = 0 } = equityFigures(points) ?? {};
  t.ok(Math.abs(sharpe - (0.25 / Math.sqrt(5.625 / 9)) * Math.sqrt(365)) < 1e-9);
});

t.test('an account that begins at nothing has no return and no ratio from there', async (t) => {
  t.same(
    equityFigures([
      { at: 0, equity: 0 },
      { at: DAY_MS, equity: 0 },
    ]),
    {
      equity: 0,
      drawdownRatio: 0,
      largestDrawdownRatio: 0,
      sharpe: undefined,
    },
  );
});

for (const [value, expected] of [
  [1_790_000_000, 1_790_000_000_000],
  [1_790_000_000_123, 1_790_000_000_123],
  ['2026-11-20 09:30:00', Date.UTC(2026, 10, 20, 9, 30)],
  ['2026-11-20T09:30:00', Date.UTC(2026, 10, 20, 9, 30)],
  ['2026-11-20T09:30:00+02:00', Date.UTC(2026, 10, 20, 7, 30)],
  ['yesterday', undefined],
  ['', undefined],
  [0, undefined],
  [-5, undefined],
  [Number.NaN, undefined],
  [null, undefined],
] as const) {
  t.equal(readTime(value), expected, `${JSON.stringify(value)} as a time`);
}
