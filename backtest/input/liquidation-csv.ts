// Liquidations as a table with a header: exchange, symbol, side, notional_usd, event_time, and price_usd where it is known.
import { type CanonicalSymbol, epochMs, usd } from '../../common/brands.ts';
import { canonicalBase } from '../../common/canonical-symbols.ts';
import { type Exchange, SIDES } from '../../exporter/events.ts';
import { readNumber, readTime } from '../../exporter/venues/mapping/numeric.ts';
import { EXCHANGE_NAMES } from '../../exporter/venues/registry.ts';
import { parseCsvTime, readCsvRow } from './csv.ts';
import type { FindInstrument } from './instrument-files.ts';
import { fault, type ReadRow } from './row-reader.ts';

export const LIQUIDATION_COLUMNS = ['exchange', 'symbol', 'side', 'notional_usd', 'event_time'] as const;

export function createLiquidationCsvReader(header: readonly string[], findInstrument: FindInstrument): ReadRow {
  return (text) => {
    const row = readCsvRow(header, text);
    if (!row) return fault(`not the ${header.length} fields of the header`);
    const exchange = EXCHANGE_NAMES.find((name) => name === row('exchange').toLowerCase());
    if (!exchange) return fault(`exchange is ${quote(row('exchange'))}, not one of ${EXCHANGE_NAMES.join(', ')}`);
    const symbol = symbolOf(exchange, row('symbol'), findInstrument);
    if (!symbol) return fault(`symbol is ${quote(row('symbol'))}, neither an asset nor a contract`);
    const side = SIDES.find((name) => name === row('side').toLowerCase());
    if (!side) return fault(`side is ${quote(row('side'))}, not the position that was closed: long or short`);
    const notionalUsd = readNumber(row('notional_usd'));
    if (!(notionalUsd > 0)) return fault(`notional_usd is ${quote(row('notional_usd'))}, not a positive number`);
    const hasPrice = header.includes('price_usd') && row('price_usd') !== '';
    const priceUsd = hasPrice ? readNumber(row('price_usd')) : 0;
    if (!(priceUsd >= 0)) return fault(`price_usd is ${quote(row('price_usd'))}, not a number`);
    const time = readTime(parseCsvTime(row('event_time')));
    if (!(time > 0)) return fault(`event_time is ${quote(row('event_time'))}, neither milliseconds nor an ISO date`);
    const liquidation = {
      type: 'liquidation' as const,
      exchange,
      instrumentId: row('symbol'),
      symbol,
      liquidatedSide: side,
      priceUsd: usd(priceUsd),
      notionalUsd: usd(notionalUsd),
      eventTime: epochMs(time),
      receiveTime: epochMs(time),
    };
    return { events: [liquidation], faults: [] };
  };
}

/** `BTC` as it is, `BTCUSDT` and `1000PEPEUSDT` by what the name says. */
function symbolOf(exchange: Exchange, name: string, findInstrument: FindInstrument): CanonicalSymbol | undefined {
  return (findInstrument(exchange, name.toUpperCase()) ?? canonicalBase(name))?.symbol;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
