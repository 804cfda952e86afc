// One large liquidation.
import { figure } from '../model/alert.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import { contextLines, coverageLine, priceLines, type RenderContext, tierMark, venueName } from './context.ts';
import { formatPrice, formatUsd } from './figures.ts';
import type { MessageParts } from './message.ts';

export function formatLargeLiquidation(alert: StoredAlert, context: RenderContext): MessageParts {
  const { peak } = alert;
  const { symbol = '', tier } = alert.facts;
  const notional = figure(peak.notional_usd);
  const price = figure(peak.price_usd);
  const words = [
    notional === undefined ? '' : formatUsd(notional),
    side(peak.side),
    price === undefined || price <= 0 ? '' : `at ${formatPrice(price)}`,
    peak.exchange ? `on ${venueName(peak.exchange, context)}` : '',
  ].filter((word) => word !== '');
  return {
    lines: [
      `${tierMark(tier, '🔥')} ${[symbol, 'LARGE LIQUIDATION', tier > 1 ? `×${tier}` : ''].filter((word) => word !== '').join(' ')}`,
      ...(words.length === 0 ? [] : [`💰 ${words.join(' ')}`]),
    ],
    more: [...contextLines(context), ...priceLines(alert.annotations), ...coverageLine(peak)],
  };
}

/** The position that was closed; the rule may also pass a label of its own. */
function side(text: string | undefined): string {
  return text === 'long' || text === 'short' ? text : '';
}
