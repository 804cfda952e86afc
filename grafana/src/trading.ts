// The dashboard Trading: how the existing bot trades, read from its journal, against its targets. It knows no rule of ours.
import { buildDashboard } from './dashboard.ts';
import { stat, timeseries } from './panel.ts';

const target = (name: string) => ({ expr: `trading:${name}:target`, legend: 'limit' });

const perStrategy = (figure: string) => [
  { expr: `max by (strategy, symbol) (trading_group_${figure}{symbol=~"$symbol"})`, legend: '{{strategy}} {{symbol}}' },
];

export const trading = () =>
  buildDashboard({
    uid: 'derivatives-trading',
    title: 'Trading',
    description: "The existing bot's closed trades and equity, read only. Empty where TRADE_JOURNAL_PATH is not set.",
    from: 'now-30d',
    symbolsOf: 'trading_group_closed_trades',
    marks: 'alertname=~"Trading.+"',
    rows: [
      {
        title: 'All closed trades, against the targets',
        panels: [
          stat({
            title: 'Win rate',
            description: 'Share of closed trades that ended with a gain. The target is 80 %.',
            unit: 'percentunit',
            queries: [{ expr: 'max(trading_win_ratio)', legend: 'won' }],
            width: 4,
            goodFrom: [0.7, 0.8],
            empty: 'no journal',
          }),
          stat({
            title: 'Profit factor',
            description: 'All gains by all losses. The target is 2.',
            unit: 'none',
            queries: [{ expr: 'max(trading_profit_factor)', legend: 'factor' }],
            width: 4,
            goodFrom: [1, 2],
            decimals: 2,
            empty: 'no journal',
          }),
          stat({
            title: 'Reward to risk',
            description: 'Mean win by mean loss. The target is 3.',
            unit: 'none',
            queries: [{ expr: 'max(trading_reward_to_risk_ratio)', legend: 'ratio' }],
            width: 4,
            goodFrom: [2, 3],
            decimals: 2,
            empty: 'no journal',
          }),
          stat({
            title: 'Drawdown now',
            description: 'How far equity is below its highest point. The limit is 5 %.',
            unit: 'percentunit',
            queries: [{ expr: 'max(trading_drawdown_ratio)', legend: 'drawdown' }],
            width: 4,
            badFrom: [0.03, 0.05],
            decimals: 1,
            empty: 'no journal',
          }),
          stat({
            title: 'Sharpe ratio',
            description: 'Of the equity curve. The target is 1.5.',
            unit: 'none',
            queries: [{ expr: 'max(trading_sharpe_ratio)', legend: 'sharpe' }],
            width: 4,
            goodFrom: [1, 1.5],
            decimals: 2,
            empty: 'no journal',
          }),
          stat({
            title: 'Closed trades',
            description: 'Figures of fewer than 20 are chance.',
            unit: 'none',
            queries: [{ expr: 'max(trading_closed_trades)', legend: 'trades' }],
            width: 4,
            empty: 'no journal',
          }),
        ],
      },
      {
        title: 'Over time',
        panels: [
          timeseries({
            title: 'Equity',
            description: 'In the currency of the account, as the journal has it.',
            unit: 'short',
            queries: [{ expr: 'max(trading_equity)', legend: 'equity' }],
            width: 12,
            empty: 'no journal',
          }),
          timeseries({
            title: 'Profit and loss',
            description: 'Sum over all closed trades, in the currency of the account.',
            unit: 'short',
            queries: [{ expr: 'max(trading_pnl)', legend: 'profit and loss' }],
            width: 12,
            isSigned: true,
            empty: 'no journal',
          }),
          timeseries({
            title: 'Win rate over time',
            description: 'Over all trades closed until then.',
            unit: 'percentunit',
            queries: [{ expr: 'max(trading_win_ratio)', legend: 'won' }, target('win_ratio')],
            width: 12,
            empty: 'no journal',
          }),
          timeseries({
            title: 'Drawdown over time',
            description: 'Below the highest equity; the largest one of the whole journal beside it.',
            unit: 'percentunit',
            queries: [
              { expr: 'max(trading_drawdown_ratio)', legend: 'now' },
              { expr: 'max(trading_largest_drawdown_ratio)', legend: 'largest' },
              target('drawdown_ratio'),
            ],
            width: 12,
            empty: 'no journal',
          }),
        ],
      },
      {
        title: 'By strategy and symbol',
        panels: [
          timeseries({
            title: 'Win rate by strategy and symbol',
            description: 'The 20 most traded of each, the rest as other.',
            unit: 'percentunit',
            queries: perStrategy('win_ratio'),
            width: 12,
            empty: 'no journal',
          }),
          timeseries({
            title: 'Profit and loss by strategy and symbol',
            description: 'Sum over closed trades, in the currency of the account.',
            unit: 'short',
            queries: perStrategy('pnl'),
            width: 12,
            isSigned: true,
            empty: 'no journal',
          }),
        ],
      },
    ],
  });
