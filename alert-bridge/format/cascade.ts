// Liquidation cascades, of one symbol and market-wide: the five lines of the contract first, then the context.
import { figure, type Texts } from '../model/alert.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import {
  contextLines,
  coverageLine,
  priceLines,
  type RenderContext,
  readList,
  tierMark,
  venueLine,
} from './context.ts';
import { cleanLine } from './escape.ts';
import { formatUsd, plural } from './figures.ts';
import { KEEP_TOGETHER } from './length.ts';
import type { MessageParts } from './message.ts';

export function formatCascade(alert: StoredAlert, context: RenderContext): MessageParts {
  const { peak } = alert;
  const { symbol = '', tier } = alert.facts;
  return {
    lines: [
      `${tierMark(tier)} ${[symbol, 'LIQUIDATION CASCADE', ...tierSuffix(tier)].filter((word) => word !== '').join(' ')}`,
      ...cascadeFigures(peak),
      '⚠️ Potential price impact expected',
    ],
    more: [
      ...contextLines(context),
      ...coverageLine(peak, figure(peak.events)),
      ...venueLine(peak, context),
      ...largestLine(peak),
      ...priceLines(alert.annotations),
    ],
  };
}

export function formatMarketCascade(alert: StoredAlert, context: RenderContext): MessageParts {
  const { peak } = alert;
  const { tier } = alert.facts;
  const symbols = readList(peak.symbols).map(([name, value]) => `${name}${KEEP_TOGETHER}${formatUsd(value)}`);
  return {
    lines: [
      `${tierMark(tier)} ${['MARKET-WIDE CASCADE', ...tierSuffix(tier)].join(' ')}`,
      ...cascadeFigures(peak),
      '⚠️ Potential price impact expected',
    ],
    more: [
      ...contextLines(context),
      ...(symbols.length > 0 ? [`🪙 ${symbols.join(', ')}`] : []),
      ...largestLine(peak),
      ...venueLine(peak, context),
      ...coverageLine(peak, figure(peak.events)),
    ],
  };
}

/** Count, dollars and split; a line whose figure is missing is left out. */
export function cascadeFigures(figures: Texts): readonly string[] {
  const events = figure(figures.events);
  const notional = figure(figures.notional_usd);
  const longs = figure(figures.long_events);
  const shorts = figure(figures.short_events);
  const seconds = figure(figures.window_seconds) ?? 30;
  return [
    ...(events === undefined ? [] : [`⚡ ${plural(Math.round(events), 'liquidation')} in ${seconds} seconds`]),
    ...(notional === undefined ? [] : [`💰 Total: ${formatUsd(notional)} liquidated`]),
    ...(longs === undefined || shorts === undefined
      ? []
      : [`📉 ${plural(Math.round(longs), 'long')}, ${plural(Math.round(shorts), 'short')}`]),
  ];
}

/** The largest single one; of a market-wide cascade also whose. */
function largestLine(figures: Texts): readonly string[] {
  const largest = figure(figures.largest_usd);
  const symbol = cleanLine(figures.largest_symbol ?? '');
  return largest === undefined || largest <= 0
    ? []
    : [[`🔥 Largest ${formatUsd(largest)}`, symbol].filter((word) => word !== '').join(' ')];
}

function tierSuffix(tier: number): readonly string[] {
  return tier > 1 ? [`×${tier}`] : [];
}
