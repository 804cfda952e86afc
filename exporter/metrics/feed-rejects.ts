// Counts what was dropped, by venue, feed and reason. Every reason exists at 0 from the start.
import { Counter, type Registry } from 'prom-client';
import { type Exchange, FEED_KINDS, type FeedKind, REJECT_REASONS, type RejectReason } from '../events.ts';

export type CountReject = (exchange: Exchange, feed: FeedKind, reason: RejectReason) => void;

export function registerFeedRejects(registry: Registry, exchanges: readonly Exchange[]): CountReject {
  const counter = new Counter({
    name: 'derivatives_feed_messages_rejected_total',
    help: 'Messages, or entries of one, that were dropped at the boundary, by reason; a contract that is not quoted in dollars or a dollar stablecoin is one of them (quote_not_usd).',
    labelNames: ['exchange', 'feed', 'reason'],
    registers: [registry],
  });
  for (const exchange of exchanges) {
    for (const feed of FEED_KINDS) {
      for (const reason of REJECT_REASONS) counter.inc({ exchange, feed, reason }, 0);
    }
  }
  return (exchange, feed, reason) => counter.inc({ exchange, feed, reason });
}
