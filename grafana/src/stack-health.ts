// The dashboard Stack health: the watchers watched. Memory, processor, latency of each stage, feeds, rules, availability.
import { buildDashboard } from './dashboard.ts';
import { stat, timeseries } from './panel.ts';

const FEEDS = 'exchange=~"$exchange"';
const OWN = 'job=~"exporter|alert-bridge"';
// The exporter is scraped by two jobs; one of them stands for it.
const ONCE = 'job!="exporter-alerting"';
const MEGABYTE = 1_048_576;

/** PSS counts shared pages once and is what the budgets mean; a process that does not tell it gives its resident memory. */
const memory = (matcher: string) =>
  `(max by (job) (process_pss_bytes{${matcher}}) or max by (job) (process_resident_memory_bytes{${matcher}}))`;

const p95 = (histogram: string, matcher = '') =>
  `histogram_quantile(0.95, sum by (le) (increase(${histogram}_bucket${matcher}[1h])))`;
const p95OfStage = (stage: string) => p95('alertbridge_stage_latency_seconds', `{stage="${stage}"}`);

const perFeed = (expr: string) => [{ expr, legend: '{{exchange}} {{feed}}' }];

export const stackHealth = () =>
  buildDashboard({
    uid: 'derivatives-stack',
    title: 'Stack health',
    description: 'Whether what watches the market is itself well, against its budgets.',
    from: 'now-6h',
    exchangesOf: 'derivatives_feed_connected',
    marks: 'category="stack",alertname!~"Watchdog|Canary"',
    rows: [
      {
        title: 'Now',
        panels: [
          stat({
            title: 'Feeds connected',
            description: 'Share of the feeds that are open, subscribed and giving data.',
            unit: 'percentunit',
            queries: [
              { expr: `avg(max by (exchange, feed) (derivatives_feed_connected{${FEEDS}}))`, legend: 'connected' },
            ],
            width: 4,
            goodFrom: [0.5, 1],
          }),
          stat({
            title: 'Exporter and bridge',
            description: 'Memory of both together. The budget is 112 MB.',
            unit: 'bytes',
            queries: [{ expr: `sum(${memory(OWN)})`, legend: 'memory' }],
            width: 4,
            badFrom: [100 * MEGABYTE, 112 * MEGABYTE],
          }),
          stat({
            title: 'Whole stack',
            description:
              'Memory of everything that is scraped. The budget is 512 MB with Grafana and the exporters, 256 MB without.',
            unit: 'bytes',
            queries: [{ expr: `sum(${memory(ONCE)})`, legend: 'memory' }],
            width: 4,
            badFrom: [460 * MEGABYTE, 512 * MEGABYTE],
          }),
          stat({
            title: 'Availability, 30 days',
            description: 'Share of scrapes that were answered, the worst of the four services. The target is 99.9 %.',
            unit: 'percentunit',
            queries: [
              {
                expr: 'min(max by (job) (avg_over_time(up{job=~"exporter|alert-bridge|prometheus|alertmanager"}[30d])))',
                legend: 'availability',
              },
            ],
            width: 4,
            goodFrom: [0.99, 0.999],
            decimals: 2,
          }),
          stat({
            title: 'Feed uptime, 30 days',
            description: 'Share of the time that a feed was connected, the worst one. The target is 99.9 %.',
            unit: 'percentunit',
            queries: [
              {
                expr: `min(max by (exchange, feed) (avg_over_time(derivatives_feed_connected{${FEEDS}}[30d])))`,
                legend: 'uptime',
              },
            ],
            width: 4,
            goodFrom: [0.99, 0.999],
            decimals: 2,
          }),
          stat({
            title: 'Error rate, 1 hour',
            description: 'Share of scrapes of every service that failed. The target is 1 %, an alert comes at 5 %.',
            unit: 'percentunit',
            queries: [{ expr: '1 - avg(avg_over_time(up[1h]))', legend: 'errors' }],
            width: 4,
            badFrom: [0.01, 0.05],
            decimals: 2,
          }),
        ],
      },
      {
        title: 'Feeds',
        panels: [
          timeseries({
            title: 'Connected',
            description: '1 while a feed is open, subscribed and giving data.',
            unit: 'none',
            queries: perFeed(`max by (exchange, feed) (derivatives_feed_connected{${FEEDS}})`),
            width: 8,
          }),
          timeseries({
            title: 'Since the last message',
            description: 'Data or a heartbeat that proves the route.',
            unit: 's',
            queries: perFeed(
              `time() - max by (exchange, feed) (derivatives_feed_last_message_timestamp_seconds{${FEEDS}})`,
            ),
            width: 8,
          }),
          timeseries({
            title: 'Reconnects in the last hour',
            description: 'One a day is planned, before the venues cut a connection that is 24 hours old.',
            unit: 'none',
            queries: perFeed(`max by (exchange, feed) (increase(derivatives_feed_reconnects_total{${FEEDS}}[1h]))`),
            width: 8,
          }),
          timeseries({
            title: 'Coverage',
            description: 'Share of the wanted contracts that the venue confirmed.',
            unit: 'percentunit',
            queries: perFeed(
              `max by (exchange, feed) (derivatives_feed_contracts{${FEEDS},state="confirmed"}) / (max by (exchange, feed) (derivatives_feed_contracts{${FEEDS},state="wanted"}) > 0)`,
            ),
            width: 8,
          }),
          timeseries({
            title: 'Messages refused per minute',
            description:
              'Dropped at the boundary, by reason; a few are normal, a steady flow is a change at the venue.',
            unit: 'none',
            queries: [
              {
                expr: `sum by (exchange, reason) (max by (exchange, feed, reason) (rate(derivatives_feed_messages_rejected_total{${FEEDS}}[$__rate_interval]))) * 60`,
                legend: '{{exchange}} {{reason}}',
              },
            ],
            width: 8,
            isStacked: true,
          }),
          timeseries({
            title: 'Clock offset',
            description:
              "This machine's clock minus the venue's. Windows are corrected by it; beyond one second is an alert.",
            unit: 's',
            queries: [
              { expr: `max by (exchange) (derivatives_clock_offset_seconds{${FEEDS}})`, legend: '{{exchange}}' },
              { expr: 'vector(1)', legend: 'limit' },
              { expr: 'vector(-1)', legend: 'limit' },
            ],
            width: 8,
            isSigned: true,
          }),
        ],
      },
      {
        title: 'Latency of each stage',
        panels: [
          timeseries({
            title: 'From event to message, stage by stage',
            description:
              '95th percentile of an hour. Each stage is measured where it ends; the canary comes every five minutes, whether anything happens or not.',
            unit: 's',
            queries: [
              { expr: p95('derivatives_feed_lag_seconds'), legend: '1 event to exporter' },
              { expr: p95('derivatives_scrape_wait_seconds'), legend: '2 exporter to scrape' },
              { expr: p95OfStage('event_to_rule'), legend: '3 event to rule, all before in it' },
              { expr: p95OfStage('rule_to_webhook'), legend: '4 rule to bridge' },
              { expr: p95OfStage('webhook_to_telegram'), legend: '5 bridge to Telegram' },
              { expr: p95OfStage('event_to_telegram'), legend: '6 all of it' },
              { expr: p95('alertbridge_canary_latency_seconds'), legend: 'canary: rule to bridge' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Event to exporter by venue',
            description:
              '95th percentile of an hour. Binance batches by the second, so about one second is normal there.',
            unit: 's',
            queries: [
              {
                expr: `histogram_quantile(0.95, sum by (le, exchange) (increase(derivatives_feed_lag_seconds_bucket{${FEEDS}}[1h])))`,
                legend: '{{exchange}}',
              },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Rule groups, last evaluation',
            description: 'The market groups run every second or two and must stay far below that.',
            unit: 's',
            queries: [
              { expr: 'max by (rule_group) (prometheus_rule_group_last_duration_seconds)', legend: '{{rule_group}}' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Rule evaluations missed or failed, in the last hour',
            description: 'A missed evaluation is a late alert.',
            unit: 'none',
            queries: [
              { expr: 'sum(increase(prometheus_rule_group_iterations_missed_total[1h]))', legend: 'missed' },
              { expr: 'sum(increase(prometheus_rule_evaluation_failures_total[1h]))', legend: 'failed' },
            ],
            width: 12,
            badFrom: [1],
          }),
        ],
      },
      {
        title: 'Processes',
        panels: [
          timeseries({
            title: 'Memory by process',
            description: 'PSS where the process tells it, resident memory otherwise.',
            unit: 'bytes',
            queries: [{ expr: memory(ONCE), legend: '{{job}}' }],
            width: 8,
            isStacked: true,
          }),
          timeseries({
            title: 'Processor by process',
            description: 'Share of one core. Exporter and bridge together should add less than a tenth.',
            unit: 'percentunit',
            queries: [
              {
                expr: `max by (job) (rate(process_cpu_seconds_total{${ONCE}}[$__rate_interval]))`,
                legend: '{{job}}',
              },
            ],
            width: 8,
            isStacked: true,
          }),
          timeseries({
            title: 'Event loop delay',
            description:
              '99th percentile since the last scrape. A process of ours that stands still for 15 s ends itself and is restarted.',
            unit: 's',
            queries: [{ expr: `max by (job) (nodejs_eventloop_lag_p99_seconds{${OWN}})`, legend: '{{job}}' }],
            width: 8,
          }),
          timeseries({
            title: 'Restarts in the last hour',
            description: 'How often a process began anew.',
            unit: 'none',
            queries: [{ expr: `max by (job) (changes(process_start_time_seconds{${ONCE}}[1h]))`, legend: '{{job}}' }],
            width: 8,
          }),
          timeseries({
            title: 'Series in Prometheus',
            description: 'In memory now. More than expected: see METRICS.md.',
            unit: 'none',
            queries: [{ expr: 'max(prometheus_tsdb_head_series)', legend: 'series' }],
            width: 8,
          }),
          timeseries({
            title: 'Prometheus on disk',
            description: 'Blocks and write-ahead log. The oldest data goes when the size limit is reached.',
            unit: 'bytes',
            queries: [
              { expr: 'max(prometheus_tsdb_storage_blocks_bytes)', legend: 'blocks' },
              { expr: 'max(prometheus_tsdb_wal_storage_size_bytes)', legend: 'log' },
            ],
            width: 8,
          }),
          timeseries({
            title: 'Answering',
            description: '1 while Prometheus can read a service. Nothing is drawn for what this profile does not run.',
            unit: 'none',
            queries: [{ expr: `max by (job) (up{${ONCE}})`, legend: '{{job}}' }],
            width: 12,
          }),
          timeseries({
            title: 'Alerts dropped, configuration refused',
            description:
              'Alerts that no Alertmanager took, in the last hour, and 1 while an engine keeps running on its old configuration.',
            unit: 'none',
            queries: [
              { expr: 'sum(increase(prometheus_notifications_dropped_total[1h]))', legend: 'dropped' },
              {
                expr: '1 - min by (job) ({__name__=~"(prometheus|alertmanager)_config_last_reload_successful"})',
                legend: 'refused: {{job}}',
              },
            ],
            width: 12,
            badFrom: [1],
          }),
        ],
      },
    ],
  });
