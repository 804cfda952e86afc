// The dashboard Alerts and delivery: what fires, what reached people and how fast, and why anything did not.
import { buildDashboard } from './dashboard.ts';
import { stat, timeseries } from './panel.ts';

const LATENCY = 'alertbridge_delivery_latency_seconds';

/** Counters of one bridge; with several under one database each counts its own work, so they add up. */
const perHour = (metric: string, by: string) => ({
  expr: `sum by (${by}) (increase(${metric}[1h]))`,
  legend: `{{${by}}}`,
});

const latency = (quantile: number) => ({
  expr: `histogram_quantile(${quantile}, sum by (le) (increase(${LATENCY}_bucket[1h])))`,
  legend: `p${quantile * 100}`,
});

export const delivery = () =>
  buildDashboard({
    uid: 'derivatives-delivery',
    title: 'Alerts and delivery',
    description: 'From a firing alert to a message on a phone. The messages themselves: the page of the bridge.',
    from: 'now-6h',
    marks: 'category="stack",alertname!~"Watchdog|Canary",symbol=""',
    rows: [
      {
        title: 'Now',
        panels: [
          stat({
            title: 'Firing, market',
            description: 'Market alerts that fire now.',
            unit: 'none',
            queries: [{ expr: 'count(ALERTS{alertstate="firing",category="market"}) or vector(0)', legend: 'market' }],
            width: 4,
          }),
          stat({
            title: 'Firing, stack',
            description: 'Alerts about the stack itself that fire now, the heartbeat left out.',
            unit: 'none',
            queries: [
              {
                expr: 'count(ALERTS{alertstate="firing",category="stack",alertname!~"Watchdog|Canary"}) or vector(0)',
                legend: 'stack',
              },
            ],
            width: 4,
            badFrom: [1],
          }),
          stat({
            title: 'Delivered in time, 24 hours',
            description:
              'First messages that Telegram had within 5 seconds of the start of the alert. Empty when none was sent.',
            unit: 'percentunit',
            queries: [
              {
                expr: `sum(increase(${LATENCY}_bucket{le=~"5|5\\\\.0"}[24h])) / (sum(increase(${LATENCY}_count[24h])) > 0)`,
                legend: 'within 5 s',
              },
            ],
            width: 4,
            goodFrom: [0.99, 0.999],
            decimals: 2,
            empty: 'nothing sent',
          }),
          stat({
            title: 'Delivered, 30 days',
            description: 'Of all that was to be sent, what did not fail or expire. The target is 99.9 %.',
            unit: 'percentunit',
            queries: [
              {
                expr: '1 - sum(increase(alertbridge_notifications_failed_total[30d])) / (sum(increase(alertbridge_notifications_total[30d])) > 0)',
                legend: 'delivered',
              },
            ],
            width: 4,
            goodFrom: [0.99, 0.999],
            decimals: 2,
            empty: 'nothing sent',
          }),
          stat({
            title: 'Waiting',
            description: 'Messages in the outbox that are still to be sent.',
            unit: 'none',
            queries: [
              {
                expr: 'sum(max by (state) (alertbridge_outbox_messages{state=~"pending|claimed"}))',
                legend: 'waiting',
              },
            ],
            width: 4,
            badFrom: [100, 1_000],
          }),
          stat({
            title: 'Last heartbeat',
            description:
              'Time since the heartbeat came through Prometheus and Alertmanager. After 90 s people are told.',
            unit: 's',
            queries: [{ expr: 'time() - max(alertbridge_heartbeat_timestamp_seconds)', legend: 'heartbeat' }],
            width: 4,
            badFrom: [60, 90],
            empty: 'none yet',
          }),
        ],
      },
      {
        title: 'What happened to alerts',
        panels: [
          timeseries({
            title: 'Notifications by priority, in the last hour',
            description: 'Each alert counted once for each chat.',
            unit: 'none',
            queries: [perHour('alertbridge_notifications_total', 'priority')],
            width: 8,
          }),
          timeseries({
            title: 'Held back by reason, in the last hour',
            description: 'Duplicates, quotas, quiet hours and the like. What a quota holds back is in a digest.',
            unit: 'none',
            queries: [perHour('alertbridge_notifications_suppressed_total', 'reason')],
            width: 8,
            isStacked: true,
          }),
          timeseries({
            title: 'Failed by reason, in the last hour',
            description: 'Ended without being known as delivered; the bridge page says which.',
            unit: 'none',
            queries: [perHour('alertbridge_notifications_failed_total', 'reason')],
            width: 8,
            isStacked: true,
            badFrom: [1],
          }),
        ],
      },
      {
        title: 'How fast',
        panels: [
          timeseries({
            title: 'From the start of an alert to Telegram',
            description: 'Quantiles over an hour of first messages; nothing is drawn when none was sent.',
            unit: 's',
            queries: [latency(0.5), latency(0.95), latency(0.99), { expr: 'vector(5)', legend: 'limit' }],
            width: 12,
          }),
          timeseries({
            title: 'Oldest waiting message',
            description: 'How long it has waited; 0 while none waits.',
            unit: 's',
            queries: [
              {
                expr: '(time() - min(alertbridge_outbox_oldest_message_timestamp_seconds > 0)) or vector(0)',
                legend: 'waiting',
              },
              { expr: 'vector(60)', legend: 'limit' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Outbox by state',
            description:
              'Every alert and chat is in exactly one state; final ones count while the history is kept. "database answers" is 0 while a bridge cannot read them.',
            unit: 'none',
            queries: [
              { expr: 'max by (state) (alertbridge_outbox_messages)', legend: '{{state}}' },
              { expr: 'min(alertbridge_outbox_up)', legend: 'database answers' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Requests to Telegram per minute',
            description: 'Sends and edits, and those that did not succeed.',
            unit: 'none',
            queries: [
              { expr: 'sum(rate(alertbridge_telegram_requests_total[$__rate_interval])) * 60', legend: 'requests' },
              {
                expr: 'sum(rate(alertbridge_telegram_requests_failed_total[$__rate_interval])) * 60',
                legend: 'failed',
              },
            ],
            width: 12,
          }),
        ],
      },
      {
        title: 'Was it worth it',
        panels: [
          stat({
            title: 'Called useful, 30 days',
            description: 'Share of the votes under messages and on the page that were 👍. The target is 80 %.',
            unit: 'percentunit',
            queries: [
              {
                expr: 'sum(increase(alertbridge_feedback_total{verdict="useful"}[30d])) / (sum(increase(alertbridge_feedback_total[30d])) > 0)',
                legend: 'useful',
              },
            ],
            width: 6,
            goodFrom: [0.6, 0.8],
            empty: 'no votes yet',
          }),
          stat({
            title: 'Seen and escalated, 24 hours',
            description: 'Alerts that somebody said to have seen, and those told once more because nobody had.',
            unit: 'none',
            queries: [
              { expr: 'sum(increase(alertbridge_acknowledgements_total[24h]))', legend: 'seen' },
              { expr: 'sum(increase(alertbridge_escalations_total[24h]))', legend: 'escalated' },
            ],
            width: 6,
            decimals: 0,
          }),
          timeseries({
            title: 'Price after the alert, median of 7 days',
            description:
              'How far the mark price was from its level at the alert, in either direction. Empty until an alert is old enough.',
            unit: 'percentunit',
            queries: [
              {
                expr: 'histogram_quantile(0.5, sum by (le, kind, horizon) (increase(alertbridge_price_move_ratio_bucket[7d])))',
                legend: '{{kind}} after {{horizon}}',
              },
            ],
            width: 12,
            empty: 'no alert is old enough',
          }),
        ],
      },
      {
        title: 'On the way to the bridge',
        panels: [
          timeseries({
            title: 'Webhooks per minute',
            description:
              'Accepted means stored durably. Refused: wrong credential, no valid payload, or a full outbox.',
            unit: 'none',
            queries: [
              { expr: 'sum(rate(alertbridge_webhooks_total[$__rate_interval])) * 60', legend: 'accepted' },
              {
                expr: 'sum by (reason) (rate(alertbridge_webhooks_rejected_total[$__rate_interval])) * 60',
                legend: 'refused: {{reason}}',
              },
            ],
            width: 8,
          }),
          timeseries({
            title: 'Alertmanager to the bridge, failures per minute',
            description: 'Attempts that failed; Alertmanager repeats them.',
            unit: 'none',
            queries: [
              {
                expr: 'sum(rate(alertmanager_notifications_failed_total{integration="webhook"}[$__rate_interval])) * 60',
                legend: 'failed',
              },
            ],
            width: 8,
            badFrom: [1],
          }),
          timeseries({
            title: 'Received again, sent again, in the last hour',
            description:
              'Received again: repeated webhooks or a second Alertmanager, harmless. Sent again: after a crash, possible duplicates.',
            unit: 'none',
            queries: [
              { expr: 'sum(increase(alertbridge_alerts_redelivered_total[1h]))', legend: 'received again' },
              { expr: 'sum(increase(alertbridge_notifications_resent_total[1h]))', legend: 'sent again' },
            ],
            width: 8,
          }),
          timeseries({
            title: 'Alerts and silences in Alertmanager',
            description: 'Active, suppressed by a silence or an inhibition, and silences in force.',
            unit: 'none',
            queries: [
              { expr: 'max by (state) (alertmanager_alerts)', legend: 'alerts {{state}}' },
              { expr: 'max(alertmanager_silences{state="active"})', legend: 'silences in force' },
            ],
            width: 24,
          }),
        ],
      },
    ],
  });
