// Bybit v5 REST answers → contracts, open interest, mark prices. Sizes are base units (linear) or US dollars (inverse), so
// one contract is worth 1 of either.

import { isList, isRecord, type JsonRecord } from '../../../common/json-shape.ts';
import type { CatalogueAnswer, MapContext } from '../../catalogue/contract-list.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { MappedMessage } from '../../events.ts';
import { CatalogueBuilder } from '../mapping/catalogue-builder.ts';
import { describe, describeAnswer, saysOtherwise } from '../mapping/describe.ts';
import { MessageBuilder } from '../mapping/message-builder.ts';

type Market = 'linear' | 'inverse';

const CONTRACT_TYPES: ReadonlyMap<unknown, Pick<Instrument, 'margin' | 'isPerpetual'>> = new Map([
  ['LinearPerpetual', { margin: 'linear', isPerpetual: true }],
  ['LinearFutures', { margin: 'linear', isPerpetual: false }],
  ['InversePerpetual', { margin: 'inverse', isPerpetual: true }],
  ['InverseFutures', { margin: 'inverse', isPerpetual: false }],
]);

/**
 * `GET /v5/market/instruments-info`, one page. Contracts that do not trade are left out without a word.
 * @see https://bybit-exchange.github.io/docs/v5/market/instrument
 */
export function mapInstruments(answer: unknown, market: Market): CatalogueAnswer {
  const builder = new CatalogueBuilder('bybit');
  const result = resultOf(answer);
  if (result === undefined) {
    builder.rejectShape(`instruments-info: ${describeAnswer(answer)}`);
    return builder;
  }
  // An empty cursor is the last page.
  builder.nextCursor = typeof result.cursor === 'string' && result.cursor !== '' ? result.cursor : undefined;
  for (const row of result.rows) {
    if (isRecord(row)) addRow(builder, row, market);
    else builder.rejectShape(`instruments-info row: ${describe(row)}`);
  }
  return builder;
}

function addRow(builder: CatalogueBuilder, row: JsonRecord, market: Market): void {
  if (saysOtherwise(row.status, 'Trading')) return;
  const type = row.contractType === undefined ? typeByName(row.symbol, market) : row.contractType;
  const contract = CONTRACT_TYPES.get(type);
  if (contract === undefined) {
    builder.rejectField(row.symbol, 'contractType', row.contractType);
    return;
  }
  builder.add({
    instrumentId: row.symbol,
    base: row.baseCoin,
    quote: row.quoteCoin,
    isPerpetual: contract.isPerpetual,
    margin: contract.margin,
    contractValue: 1,
  });
}

/** Where the venue leaves the type out: dated ones are `BTC-26DEC25`, `BTCUSDT-26DEC25` and, inverse, `BTCUSDZ25`. */
function typeByName(symbol: unknown, market: Market): string {
  const isDated = typeof symbol === 'string' && /-\d{1,2}[A-Z]{3}\d{2}$|USD[FGHJKMNQUVXZ]\d{2}$/.test(symbol);
  return `${market === 'linear' ? 'Linear' : 'Inverse'}${isDated ? 'Futures' : 'Perpetual'}`;
}

/** `GET /v5/market/tickers`: open interest and mark price of every contract of one category, at once. */
export function mapOpenInterest(answer: unknown, context: MapContext): MappedMessage {
  return mapTickers(answer, context, (builder, instrument, row) => addTicker(builder, instrument, row, true));
}

/** The same answer, read for its mark prices alone. */
export function mapMarkPrices(answer: unknown, context: MapContext): MappedMessage {
  return mapTickers(answer, context, (builder, instrument, row) => builder.addMarkPrice(instrument, row.markPrice));
}

/**
 * One ticker, from REST or websocket. Only `singleOpenInterest` is read: `openInterest` counts both sides and would be
 * twice every other venue's figure. Where a whole ticker lacks the single one it is a reject, not half of the other: the
 * day Bybit drops the field is the day nobody knows what the other one counts.
 * @param isWhole false for a delta, in which a field that is not there has not changed and is by no means zero
 */
export function addTicker(builder: MessageBuilder, instrument: Instrument, ticker: JsonRecord, isWhole: boolean): void {
  if (isWhole || ticker.singleOpenInterest !== undefined)
    builder.addOpenInterest(instrument, ticker.singleOpenInterest);
  if (isWhole || ticker.markPrice !== undefined) builder.addMarkPrice(instrument, ticker.markPrice);
}

type AddRow = (builder: MessageBuilder, instrument: Instrument, row: JsonRecord) => void;

function mapTickers(answer: unknown, context: MapContext, add: AddRow): MappedMessage {
  const builder = new MessageBuilder('bybit', context);
  const result = resultOf(answer);
  if (result === undefined) builder.reject('unknown_shape', `tickers: ${describeAnswer(answer)}`);
  for (const row of result?.rows ?? []) {
    if (!isRecord(row)) {
      builder.reject('unknown_shape', `ticker: ${describe(row)}`);
      continue;
    }
    const instrument = builder.findListed(row.symbol);
    if (instrument) add(builder, instrument, row);
  }
  return builder;
}

/**
 * The rows of an answer that succeeded; a refusal comes with status 200 and a `retCode` other than 0. A bare list, as
 * recorders and proxies leave it, is taken too.
 */
function resultOf(answer: unknown): { readonly rows: readonly unknown[]; readonly cursor: unknown } | undefined {
  if (isList(answer)) return { rows: answer, cursor: undefined };
  if (!isRecord(answer) || answer.retCode !== 0 || !isRecord(answer.result)) return undefined;
  const { list, nextPageCursor } = answer.result;
  return isList(list) ? { rows: list, cursor: nextPageCursor } : undefined;
}
