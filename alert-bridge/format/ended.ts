// The end state of a message: totals, peak and duration.
import { type AlertKind, figure } from '../model/alert.ts';
import type { EpisodeTotals } from '../model/episode-totals.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import { cascadeFigures } from './cascade.ts';
import { contextLines, coverageLine, type RenderContext, venueLine } from './context.ts';
import { formatChange, formatDuration, formatUsd } from './figures.ts';
import { formatLargeLiquidation } from './large-liquidation.ts';
import type { MessageParts } from './message.ts';
import { openInterestFigures } from './open-interest.ts';

/**
 * An alert fires longer than its event lasts: the exporter shows a cascade's last window for 10 s more, and against flicker
 * the rules keep firing for another 60 s. None of this is part of the event's duration.
 */
const LINGER_SECONDS: Readonly<Record<AlertKind, number>> = {
  cascade: 70,
  market_cascade: 70,
  large_liquidation: 0,
  oi_explosion: 60,
  oi_collapse: 60,
  stack: 0,
  other: 0,
};

export function formatEnded(alert: StoredAlert, context: RenderContext, totals?: EpisodeTotals): MessageParts {
  const more = [...contextLines(context), ...coverageLine(alert.peak)];
  const { kind } = alert.facts;
  const lasted = lastedLine(kind, ((alert.endsAt ?? context.nowMs) - alert.startsAt) / 1_000);
  switch (kind) {
    case 'cascade':
    case 'market_cascade':
      return {
        lines: [headline(alert, cascadeTitle(alert)), ...totalLines(totals), ...peakLines(alert, totals), lasted],
        more: [...venueLine(alert.peak, context), ...more],
      };
    case 'large_liquidation':
      return {
        lines: [headline(alert, 'LARGE LIQUIDATION'), ...formatLargeLiquidation(alert, context).lines.slice(1)],
        more,
      };
    case 'oi_explosion':
      return {
        lines: [headline(alert, 'OI EXPLOSION'), ...openInterestFigures(alert), lasted],
        more: [...venueLine(alert.peak, context, formatChange), ...more],
      };
    case 'oi_collapse':
      return {
        lines: [headline(alert, 'OI COLLAPSE'), ...openInterestFigures(alert), lasted],
        more: [...venueLine(alert.peak, context, formatChange), ...more],
      };
    case 'stack':
    case 'other':
      return {
        lines: [`✅ ${[alert.facts.symbol ?? '', alert.facts.name].join(' ').trim()} resolved`, lasted],
        more: [summaryOf(alert), ...more],
      };
  }
}

function lastedLine(kind: AlertKind, stoodSeconds: number): string {
  const seconds = stoodSeconds - LINGER_SECONDS[kind];
  const isOneWindow = (kind === 'cascade' || kind === 'market_cascade') && seconds < 1;
  return isOneWindow ? '⏱ Over within 30 seconds' : `⏱ Lasted ${formatDuration(seconds)}`;
}

function summaryOf(alert: StoredAlert): string {
  const { summary, title, message } = alert.annotations;
  return summary ?? title ?? message ?? '';
}

function cascadeTitle(alert: StoredAlert): string {
  return alert.facts.kind === 'market_cascade' ? 'MARKET-WIDE CASCADE' : 'LIQUIDATION CASCADE';
}

function headline(alert: StoredAlert, title: string): string {
  const tier = alert.facts.tier > 1 ? `×${alert.facts.tier}` : '';
  return `✅ ${[alert.facts.symbol ?? '', title, tier].filter((word) => word !== '').join(' ')} ended`;
}

function totalLines(totals: EpisodeTotals | undefined): readonly string[] {
  if (!totals) return [];
  return [
    `💰 In all: ${formatUsd(totals.longUsd + totals.shortUsd)}`,
    `📉 ${totals.longEvents} longs, ${totals.shortEvents} shorts`,
  ];
}

function peakLines(alert: StoredAlert, totals: EpisodeTotals | undefined): readonly string[] {
  const events = figure(alert.peak.events);
  const notional = figure(alert.peak.notional_usd);
  // Without totals only the largest window is known: it is shown in the lines of the alert itself.
  if (!totals) return cascadeFigures(alert.peak);
  if (events === undefined || notional === undefined) return [];
  return [`⚡ Peak: ${Math.round(events)} in ${figure(alert.peak.window_seconds) ?? 30} s, ${formatUsd(notional)}`];
}
