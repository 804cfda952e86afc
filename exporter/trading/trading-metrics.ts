// The series of trading performance. Amounts are in the currency of the journal's account, whichever that is.
import type { Registry } from 'prom-client';
import { registerGauge } from '../metrics/snapshot-metric.ts';
import type { EquityFigures, TradeFigures } from './figures.ts';
import { JOURNAL_STATES } from './journal-state.ts';
import type { TradingPerformance } from './performance.ts';

const GROUP_LABELS = ['strategy', 'symbol'] as const;

type Figure = (figures: TradeFigures) => number | undefined;

/** Name after `trading_` or `trading_group_`, HELP, and where the figure is found. */
const TRADE_FIGURES: readonly (readonly [name: string, help: string, figure: Figure])[] = [
  ['closed_trades', 'Closed trades in the journal (closed_ts and pnl are set).', ({ trades }) => trades],
  ['win_ratio', 'Share of closed trades with a gain (pnl above 0), 0 to 1.', ({ winRatio }) => winRatio],
  [
    'profit_factor',
    'Gross gains divided by gross losses (pnl); absent without a loss.',
    ({ profitFactor }) => profitFactor,
  ],
  [
    'reward_to_risk_ratio',
    'Mean gain of the wins divided by mean loss of the losses (pnl); absent without either.',
    ({ rewardToRisk }) => rewardToRisk,
  ],
  ['pnl', 'Sum of the results (pnl), account currency.', ({ pnl }) => pnl],
  [
    'pnl_drawdown',
    'Largest fall of the cumulated result (pnl) from a high, account currency.',
    ({ drawdown }) => drawdown,
  ],
  [
    'pnl_sharpe_ratio',
    'Sharpe ratio of daily results (pnl), a year of 365 days, no risk-free rate; absent below ten days.',
    ({ sharpe }) => sharpe,
  ],
];

const EQUITY_FIGURES: readonly (readonly [
  name: string,
  help: string,
  figure: (figures: EquityFigures) => number | undefined,
])[] = [
  ['trading_equity', 'Newest equity of the account (equity.equity), account currency.', ({ equity }) => equity],
  [
    'trading_drawdown_ratio',
    'Present fall of equity from its highest point, 0 to 1.',
    ({ drawdownRatio }) => drawdownRatio,
  ],
  [
    'trading_largest_drawdown_ratio',
    'Deepest fall of equity from a high that the journal shows, 0 to 1.',
    ({ largestDrawdownRatio }) => largestDrawdownRatio,
  ],
  [
    'trading_sharpe_ratio',
    'Sharpe ratio of daily returns of equity, a year of 365 days, no risk-free rate; absent below ten returns.',
    ({ sharpe }) => sharpe,
  ],
];

/** @param performance of the last look; `undefined` before the first, and then nothing is exported */
export function registerTradingMetrics(registry: Registry, performance: () => TradingPerformance | undefined): void {
  const plain = (name: string, help: string, value: (performance: TradingPerformance) => number | undefined) =>
    registerGauge(registry, {
      name,
      help,
      labelNames: [],
      *read() {
        const present = performance();
        const found = present && value(present);
        if (found !== undefined) yield { labels: {}, value: found };
      },
    });
  registerGauge(registry, {
    name: 'trading_journal_state',
    help: 'In what condition the journal was found: 1 for the present state, 0 for the others.',
    labelNames: ['state'],
    *read() {
      const present = performance()?.state;
      if (present === undefined) return;
      for (const state of JOURNAL_STATES) yield { labels: { state }, value: state === present ? 1 : 0 };
    },
  });
  plain(
    'trading_journal_skipped_rows',
    'Rows of the journal that could not be understood.',
    ({ skippedRows }) => skippedRows,
  );
  plain('trading_last_trade_timestamp_seconds', 'When the newest trade was closed (closed_ts).', ({ lastTradeAt }) =>
    lastTradeAt === undefined ? undefined : lastTradeAt / 1_000,
  );
  for (const [name, help, figure] of TRADE_FIGURES) {
    plain(`trading_${name}`, help, ({ all }) => all && figure(all));
    registerGauge(registry, {
      name: `trading_group_${name}`,
      help: `By strategy and symbol, the 20 most traded of each: ${help.charAt(0).toLowerCase()}${help.slice(1)}`,
      labelNames: GROUP_LABELS,
      *read() {
        for (const { strategy, symbol, figures } of performance()?.groups ?? []) {
          const value = figure(figures);
          if (value !== undefined) yield { labels: { strategy, symbol }, value };
        }
      },
    });
  }
  for (const [name, help, figure] of EQUITY_FIGURES) plain(name, help, ({ equity }) => equity && figure(equity));
}
