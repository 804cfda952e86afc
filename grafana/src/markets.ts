// The dashboard Markets: liquidations by side, venue and symbol, and the 30 s windows against their thresholds.
import { buildDashboard } from './dashboard.ts';
import { stat, table, timeseries } from './panel.ts';

const CHOSEN = 'exchange=~"$exchange",symbol=~"$symbol"';

/** Two exporters report the same market: the larger of both, never their sum. */
const flow = (by: string, range = '$__rate_interval') =>
  `sum by (${by}) (max by (exchange, symbol, side) (rate(derivatives_liquidation_notional_usd_total{${CHOSEN}}[${range}]))) * 60`;

const ofDay = (matcher = '') =>
  `sum(max by (exchange, symbol, side) (increase(derivatives_liquidation_notional_usd_total{${CHOSEN}${matcher}}[24h])))`;

const window = (what: string) =>
  `sum by (symbol) (max by (exchange, symbol, side) (derivatives_liquidation_window_${what}{${CHOSEN}}))`;

const limit = (name: string) => ({ expr: `symbol:${name}:threshold{symbol=~"$symbol"}`, legend: 'limit {{symbol}}' });

export const markets = () =>
  buildDashboard({
    uid: 'derivatives-markets',
    title: 'Markets',
    description:
      'Liquidations as the venues report them. Binance shows the largest order per symbol and second, OKX not all.',
    from: 'now-3h',
    symbolsOf: 'derivatives_watched_symbol',
    exchangesOf: 'derivatives_feed_connected',
    marks: 'alertname=~"LiquidationCascade|MarketWideCascade",symbol=~"$symbol|"',
    rows: [
      {
        title: 'Last 24 hours',
        panels: [
          stat({
            title: 'Cascades',
            description: 'Cascade alerts of the last 24 hours, each tier counted once for each time it began.',
            unit: 'none',
            queries: [
              {
                expr: 'sum(changes(ALERTS_FOR_STATE{alertname="LiquidationCascade",symbol=~"$symbol"}[24h]) + 1) or vector(0)',
                legend: 'cascades',
              },
            ],
            width: 6,
          }),
          stat({
            title: 'Liquidated',
            description: 'Notional of all reported liquidations of the chosen symbols, stablecoins at par.',
            unit: 'currencyUSD',
            queries: [{ expr: ofDay(), legend: 'liquidated' }],
            width: 6,
          }),
          stat({
            title: 'Share of longs',
            description: 'Share of the notional that was long positions. Empty when nothing was liquidated.',
            unit: 'percentunit',
            queries: [{ expr: `${ofDay(',side="long"')} / (${ofDay()} > 0)`, legend: 'longs' }],
            width: 6,
            empty: 'none yet',
          }),
          stat({
            title: 'Largest single liquidation',
            description: 'The largest one of the chosen symbols and venues.',
            unit: 'currencyUSD',
            queries: [
              {
                expr: `max(max_over_time(derivatives_liquidation_window_largest_usd{${CHOSEN}}[24h]))`,
                legend: 'largest',
              },
            ],
            width: 6,
            empty: 'none yet',
          }),
        ],
      },
      {
        title: 'Flow',
        panels: [
          timeseries({
            title: 'Liquidated per minute by side',
            description: 'The side is the position that was closed: longs die when the price falls.',
            unit: 'currencyUSD',
            queries: [{ expr: flow('side'), legend: '{{side}}' }],
            width: 12,
            isStacked: true,
          }),
          timeseries({
            title: 'Liquidated per minute by venue',
            description: 'A venue that is silent here while the others are busy: see the dashboard Stack health.',
            unit: 'currencyUSD',
            queries: [{ expr: flow('exchange'), legend: '{{exchange}}' }],
            width: 12,
            isStacked: true,
          }),
          timeseries({
            title: 'Liquidated per minute by symbol',
            description: 'Notional per minute of each chosen symbol, all venues.',
            unit: 'currencyUSD',
            queries: [{ expr: flow('symbol'), legend: '{{symbol}}' }],
            width: 12,
            isStacked: true,
          }),
          timeseries({
            title: 'Liquidations per minute by symbol',
            description: 'How many were reported per minute. Binance reports at most one per symbol and second.',
            unit: 'none',
            queries: [
              {
                expr: `sum by (symbol) (max by (exchange, symbol, side) (rate(derivatives_liquidations_total{${CHOSEN}}[$__rate_interval]))) * 60`,
                legend: '{{symbol}}',
              },
            ],
            width: 12,
          }),
        ],
      },
      {
        title: '30 second windows against their thresholds',
        panels: [
          timeseries({
            title: 'Liquidations in 30 s',
            description: 'A cascade needs this many and the value beside it, in the same 30 seconds.',
            unit: 'none',
            queries: [{ expr: window('events'), legend: '{{symbol}}' }, limit('cascade_count')],
            width: 8,
          }),
          timeseries({
            title: 'Notional in 30 s',
            description: 'A cascade needs this value and the count beside it, in the same 30 seconds.',
            unit: 'currencyUSD',
            queries: [{ expr: window('notional_usd'), legend: '{{symbol}}' }, limit('cascade_value_usd')],
            width: 8,
          }),
          timeseries({
            title: 'Largest single liquidation in 30 s',
            description: 'Nothing is drawn while there was none. Above the limit it is an alert of its own.',
            unit: 'currencyUSD',
            queries: [
              {
                expr: `max by (symbol) (derivatives_liquidation_window_largest_usd{${CHOSEN}})`,
                legend: '{{symbol}}',
              },
              limit('single_large_usd'),
            ],
            width: 8,
          }),
          timeseries({
            title: 'Whole market, liquidations in 30 s',
            description: 'Over every symbol that the venues send, watched or not.',
            unit: 'none',
            queries: [
              {
                expr: 'sum(max by (exchange, side) (derivatives_liquidation_market_window_events{exchange=~"$exchange"}))',
                legend: 'all symbols',
              },
              { expr: 'market:cascade_count:threshold', legend: 'limit' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Whole market, notional in 30 s',
            description: 'Over every symbol that the venues send, watched or not.',
            unit: 'currencyUSD',
            queries: [
              {
                expr: 'sum(max by (exchange, side) (derivatives_liquidation_market_window_notional_usd{exchange=~"$exchange"}))',
                legend: 'all symbols',
              },
              { expr: 'market:cascade_value_usd:threshold', legend: 'limit' },
            ],
            width: 12,
          }),
          table({
            title: 'Market alerts of the last 24 hours',
            description: 'How often each began. What was sent of them: dashboard Alerts and delivery.',
            unit: 'none',
            queries: [
              {
                expr: 'sum by (alertname, symbol, tier) (changes(ALERTS_FOR_STATE{category="market",symbol=~"$symbol|"}[24h]) + 1)',
                legend: '{{alertname}} {{symbol}} {{tier}}',
              },
            ],
            width: 24,
            empty: 'no market alert in 24 hours',
          }),
        ],
      },
    ],
  });
