// A delivery → its message: picks the words for the kind and phase. The one door of this room.

import { assertNever } from '../../common/errors.ts';
import type { EpisodeTotals } from '../model/episode-totals.ts';
import type { Delivery, StoredAlert } from '../outbox/delivery.ts';
import { judgeLateness, type Present } from '../outbox/lateness.ts';
import { formatCascade, formatMarketCascade } from './cascade.ts';
import type { RenderContext } from './context.ts';
import { formatDigest } from './digest.ts';
import { formatEnded } from './ended.ts';
import { formatGeneric } from './generic.ts';
import { formatLargeLiquidation } from './large-liquidation.ts';
import { alertLinks, type PublicLinks } from './links.ts';
import { composeMessage, type MessageParts, type MessageText } from './message.ts';
import { formatOpenInterest } from './open-interest.ts';

export interface RenderSettings {
  /** Names of venues as people write them, by `exchange` label. */
  readonly venueNames: ReadonlyMap<string, string>;
  readonly environment: string;
  readonly publicUrls: PublicLinks;
}

export function renderDelivery(
  delivery: Delivery,
  present: Present,
  settings: RenderSettings,
  totals?: EpisodeTotals,
): MessageText {
  const { subject } = delivery;
  const context: RenderContext = {
    lateSeconds: lateSeconds(delivery, present),
    isResend: delivery.isResend,
    nowMs: present.now,
    venueNames: settings.venueNames,
  };
  switch (subject.type) {
    case 'alert': {
      const isOver = delivery.phase === 'resolved' || subject.alert.status === 'resolved';
      const parts = isOver ? formatEnded(subject.alert, context, totals) : formatLive(subject.alert, context, settings);
      return composeMessage({ ...parts, links: alertLinks(subject.alert, settings.publicUrls) });
    }
    case 'digest':
      return composeMessage(formatDigest(subject.digest, context));
    case 'notice': {
      const lines = subject.text.split('\n');
      return composeMessage({
        lines: lines.slice(0, 1),
        more: [...lines.slice(1), ...(delivery.isResend ? ['🔁 Sent again after a restart'] : [])],
      });
    }
  }
}

function formatLive(alert: StoredAlert, context: RenderContext, { environment }: RenderSettings): MessageParts {
  const { kind } = alert.facts;
  switch (kind) {
    case 'cascade':
      return formatCascade(alert, context);
    case 'market_cascade':
      return formatMarketCascade(alert, context);
    case 'large_liquidation':
      return formatLargeLiquidation(alert, context);
    case 'oi_explosion':
    case 'oi_collapse':
      return formatOpenInterest(alert, context);
    case 'stack':
    case 'other':
      return formatGeneric(alert, context, environment);
    default:
      return assertNever(kind);
  }
}

/** Late is what reached the chat late: an edit keeps the lateness of the first message. */
function lateSeconds({ subject, target }: Delivery, present: Present): number | undefined {
  if (subject.type !== 'alert') return undefined;
  const notifiedAt = target?.notifiedAt;
  const reading = notifiedAt === undefined ? present : { now: notifiedAt, wallNow: notifiedAt };
  const lateness = judgeLateness(subject.alert.facts.kind, subject.alert.facts.eventAt, reading);
  return lateness.type === 'in_time' ? undefined : lateness.seconds;
}
