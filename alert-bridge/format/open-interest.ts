// Open interest that explodes, or collapses: the explosion's mirror.
import { figure } from '../model/alert.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import { contextLines, coverageLine, priceLines, type RenderContext, venueLine } from './context.ts';
import { formatChange, formatUsd } from './figures.ts';
import type { MessageParts } from './message.ts';

interface Wording {
  readonly title: string;
  readonly mark: string;
  readonly trend: string;
  readonly verb: string;
  readonly meaning: string;
}

const EXPLOSION: Wording = {
  title: 'OI EXPLOSION',
  mark: '🚨',
  trend: '📈',
  verb: 'increase',
  meaning: '⚡ Institutional positioning detected',
};
const COLLAPSE: Wording = {
  title: 'OI COLLAPSE',
  mark: '📉',
  trend: '📉',
  verb: 'decrease',
  meaning: '⚡ Institutional unwinding detected',
};

export function formatOpenInterest(alert: StoredAlert, context: RenderContext): MessageParts {
  const { title, mark, meaning } = wordingOf(alert);
  return {
    lines: [
      `${mark} ${[alert.facts.symbol ?? '', title].filter((word) => word !== '').join(' ')}`,
      ...openInterestFigures(alert),
      meaning,
    ],
    more: [
      ...contextLines(context),
      ...coverageLine(alert.peak),
      ...venueLine(alert.peak, context, formatChange),
      ...priceLines(alert.annotations),
    ],
  };
}

/** Change, dollars and confirmation; a line whose figure is missing is left out. */
export function openInterestFigures(alert: StoredAlert): readonly string[] {
  const { peak } = alert;
  const { trend, verb } = wordingOf(alert);
  const change = figure(peak.change_ratio);
  const from = figure(peak.from_usd);
  const to = figure(peak.to_usd);
  const confirming = figure(peak.confirming);
  const voting = figure(peak.voting);
  return [
    ...(change === undefined ? [] : [`${trend} ${formatChange(change)} ${verb} in 15 minutes`]),
    ...(from === undefined || to === undefined
      ? []
      : [`💰 ${formatUsd(from)} → ${formatUsd(to)} (${signedUsd(to - from)})`]),
    ...(confirming === undefined || voting === undefined ? [] : [`🏦 ${confirming}/${voting} exchanges confirming`]),
  ];
}

function wordingOf(alert: StoredAlert): Wording {
  return alert.facts.kind === 'oi_collapse' ? COLLAPSE : EXPLOSION;
}

function signedUsd(amount: number): string {
  return `${amount >= 0 ? '+' : ''}${formatUsd(amount)}`;
}
