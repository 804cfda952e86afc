// How the feeds are doing: connected, last heard, coverage; and how they have done: messages, rejects, reconnects.
import type { Registry } from 'prom-client';
import type { FeedStatus } from '../feed.ts';
import { registerCounter, registerGauge } from './snapshot-metric.ts';
import type { MetricsSources, Reading } from './sources.ts';

const LABELS = ['exchange', 'feed'] as const;
type Field = (status: FeedStatus) => number | undefined;

/** What rules need to know about a feed at once. */
export function registerFeedHealth(registry: Registry, reading: () => Reading): void {
  const gauge = (name: string, help: string, field: Field) =>
    registerGauge(registry, { name, help, labelNames: LABELS, read: () => feedSamples(reading().feeds, field) });
  gauge(
    'derivatives_feed_connected',
    '1 while every connection that carries watched symbols is open, subscribed and has given data, else 0; of the others derivatives_feed_contracts tells.',
    ({ connected }) => (connected ? 1 : 0),
  );
  gauge(
    'derivatives_feed_last_message_timestamp_seconds',
    'Receive time of the last data or heartbeat that proves the route, seconds since 1970 on our clock; absent before the first.',
    ({ lastMessageAt }) => seconds(lastMessageAt),
  );
  gauge(
    'derivatives_feed_connected_since_timestamp_seconds',
    'Since when the feed has had no gap, seconds since 1970 on our clock; absent while it is not connected.',
    ({ connectedSince }) => seconds(connectedSince),
  );
  registerGauge(registry, {
    name: 'derivatives_feed_contracts',
    help: 'Contracts of the feed by state: wanted, and confirmed as subscribed by the venue.',
    labelNames: ['exchange', 'feed', 'state'],
    *read() {
      for (const { exchange, feed, coverage } of reading().feeds) {
        yield { labels: { exchange, feed, state: 'wanted' }, value: coverage.wanted };
        yield { labels: { exchange, feed, state: 'confirmed' }, value: coverage.confirmed };
      }
    },
  });
}

/** What explains a feed's state afterwards. */
export function registerFeedHistory(registry: Registry, { feeds }: MetricsSources): void {
  const counter = (name: string, help: string, field: Field) =>
    registerCounter(registry, { name, help, labelNames: LABELS, read: () => feedSamples(feeds(), field) });
  const gauge = (name: string, help: string, field: Field) =>
    registerGauge(registry, { name, help, labelNames: LABELS, read: () => feedSamples(feeds(), field) });
  counter('derivatives_feed_messages_total', 'Messages the feed has received.', ({ messages }) => messages);
  counter('derivatives_feed_reconnects_total', 'Times the feed had to connect anew.', ({ reconnects }) => reconnects);
  gauge(
    'derivatives_feed_circuit_open',
    '1 while the circuit breaker keeps the feed from connecting again, else 0.',
    ({ circuit }) => (circuit === 'open' ? 1 : 0),
  );
  gauge(
    'derivatives_feed_cadence_seconds',
    'Measured seconds between two complete rounds of a polled feed; absent for streams and before the second round.',
    ({ cadenceSeconds }) => cadenceSeconds,
  );
  gauge(
    'derivatives_feed_requests_last_hour',
    'REST requests of the last hour that count against OI_REQUESTS_PER_HOUR.',
    ({ requestsLastHour }) => requestsLastHour,
  );
}

function* feedSamples(feeds: readonly FeedStatus[], field: Field) {
  for (const status of feeds) {
    const value = field(status);
    if (value !== undefined) yield { labels: { exchange: status.exchange, feed: status.feed }, value };
  }
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}
