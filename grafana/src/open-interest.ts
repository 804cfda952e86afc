// The dashboard Open interest: by venue, its change against thresholds and against the market's own habit, and the price.
import { buildDashboard } from './dashboard.ts';
import { stat, timeseries } from './panel.ts';

const CHOSEN = 'exchange=~"$exchange",symbol=~"$symbol"';
const SYMBOL = 'symbol=~"$symbol"';

export const openInterest = () =>
  buildDashboard({
    uid: 'derivatives-open-interest',
    title: 'Open interest',
    description: 'One side counted. A venue whose figures are stale is left out, here and in the alerts.',
    from: 'now-6h',
    symbolsOf: 'derivatives_watched_symbol',
    exchangesOf: 'derivatives_feed_connected',
    marks: 'alertname=~"OpenInterest.+",symbol=~"$symbol"',
    rows: [
      {
        title: 'Now',
        panels: [
          stat({
            title: 'Open interest',
            description: 'Of the chosen symbols and venues, at the mark price.',
            unit: 'currencyUSD',
            queries: [
              {
                expr: `sum by (symbol) (max by (exchange, symbol) (derivatives_open_interest_usd{${CHOSEN}}))`,
                legend: '{{symbol}}',
              },
            ],
            width: 12,
          }),
          stat({
            title: 'Venues that have a vote',
            description: 'Fresh now and 15 minutes ago. Below two nothing can be confirmed, and an alert says so.',
            unit: 'none',
            queries: [
              {
                expr: `count by (symbol) (exchange:open_interest_change_ratio:15m{${SYMBOL}}) or max by (symbol) (derivatives_watched_symbol{${SYMBOL}}) * 0`,
                legend: '{{symbol}}',
              },
            ],
            width: 12,
            goodFrom: [2, 3],
          }),
        ],
      },
      {
        title: 'Level',
        panels: [
          timeseries({
            title: 'Open interest by venue, US dollars',
            description: 'Moves with the price as well: for positioning look at the coins.',
            unit: 'currencyUSD',
            queries: [
              {
                expr: `max by (exchange, symbol) (derivatives_open_interest_usd{${CHOSEN}})`,
                legend: '{{symbol}} {{exchange}}',
              },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Open interest by venue, coins',
            description: 'Base units over the covered contracts. A gap: one of them was stale.',
            unit: 'short',
            queries: [
              {
                expr: `max by (exchange, symbol) (derivatives_open_interest_base{${CHOSEN}})`,
                legend: '{{symbol}} {{exchange}}',
              },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Total against the least that counts',
            description: 'Of the voting venues. Below the limit no explosion or collapse is reported.',
            unit: 'currencyUSD',
            queries: [
              { expr: `symbol:open_interest_usd:voting{${SYMBOL}}`, legend: '{{symbol}}' },
              { expr: `symbol:oi_min_usd:threshold{${SYMBOL}}`, legend: 'limit {{symbol}}' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Mark price',
            description: 'Of each venue.',
            unit: 'currencyUSD',
            queries: [
              {
                expr: `max by (exchange, symbol) (derivatives_mark_price_usd{${CHOSEN}})`,
                legend: '{{symbol}} {{exchange}}',
              },
            ],
            width: 12,
            isSigned: true,
          }),
        ],
      },
      {
        title: 'Change in 15 minutes',
        panels: [
          timeseries({
            title: 'All voting venues, against the threshold',
            description: 'Change in coins. Empty for the first 15 minutes.',
            unit: 'percentunit',
            queries: [
              { expr: `symbol:open_interest_change_ratio:15m{${SYMBOL}}`, legend: '{{symbol}}' },
              { expr: `symbol:oi_change_ratio:threshold{${SYMBOL}}`, legend: 'limit {{symbol}}' },
              { expr: `-symbol:oi_change_ratio:threshold{${SYMBOL}}`, legend: 'limit {{symbol}}' },
            ],
            width: 12,
            isSigned: true,
          }),
          timeseries({
            title: 'Venue by venue',
            description: 'At least two venues must each reach the threshold.',
            unit: 'percentunit',
            queries: [
              { expr: `exchange:open_interest_change_ratio:15m{${CHOSEN}}`, legend: '{{symbol}} {{exchange}}' },
            ],
            width: 12,
            isSigned: true,
          }),
          timeseries({
            title: 'Price change in 15 minutes',
            description:
              'Rising open interest with a rising price is new longs pressing, with a falling one new shorts.',
            unit: 'percentunit',
            queries: [{ expr: `symbol:mark_price_change_ratio:15m{${SYMBOL}}`, legend: '{{symbol}}' }],
            width: 12,
            isSigned: true,
          }),
          timeseries({
            title: 'Distance from the habit of 24 hours',
            description:
              'Change in 15 minutes less its mean, in standard deviations of the last day. Beyond the limit it is a surge. Empty for six hours.',
            unit: 'none',
            queries: [
              {
                expr: `(symbol:open_interest_change_ratio:15m{${SYMBOL}} - symbol:open_interest_change_ratio:avg24h) / (symbol:open_interest_change_ratio:stddev24h > 0)`,
                legend: '{{symbol}}',
              },
              { expr: 'market:surge_deviations:threshold', legend: 'limit' },
            ],
            width: 12,
            isSigned: true,
          }),
        ],
      },
      {
        title: 'Momentum and trend',
        panels: [
          timeseries({
            title: 'Momentum, 1 hour',
            description: 'Change in coins in an hour. Empty for the first hour.',
            unit: 'percentunit',
            queries: [{ expr: `symbol:open_interest_momentum_ratio:1h{${SYMBOL}}`, legend: '{{symbol}}' }],
            width: 12,
            isSigned: true,
          }),
          timeseries({
            title: 'Trend, 24 hours',
            description: 'Change in coins in a day. Empty for the first day.',
            unit: 'percentunit',
            queries: [{ expr: `symbol:open_interest_trend_ratio:24h{${SYMBOL}}`, legend: '{{symbol}}' }],
            width: 12,
            isSigned: true,
          }),
          timeseries({
            title: 'As the existing service reports it',
            description:
              'For comparison, only with MARKET_DATA_URL. It counts both sides on Bybit: its figure there is twice ours.',
            unit: 'currencyUSD',
            queries: [
              {
                expr: `max by (exchange, symbol) (derivatives_open_interest_existing_usd{${CHOSEN}})`,
                legend: '{{symbol}} {{exchange}}',
              },
            ],
            width: 24,
            empty: 'no existing service',
          }),
        ],
      },
    ],
  });
