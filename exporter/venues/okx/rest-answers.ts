// OKX v5 REST answers → contracts, open interest, mark prices. The rows of the websocket channels have the same shape.

import { isList, isRecord, type JsonRecord } from '../../../common/json-shape.ts';
import type { CatalogueAnswer, MapContext } from '../../catalogue/contract-list.ts';
import type { MappedMessage } from '../../events.ts';
import { CatalogueBuilder } from '../mapping/catalogue-builder.ts';
import { describe, describeAnswer, saysOtherwise } from '../mapping/describe.ts';
import { MessageBuilder } from '../mapping/message-builder.ts';
import { readNumber } from '../mapping/numeric.ts';

/**
 * `GET /api/v5/public/instruments` for `SWAP` and `FUTURES`; linear and inverse come in one list. Contracts that are not
 * live (suspended, in pre-open, expired) are left out without a word.
 * @see https://www.okx.com/docs-v5/en/#public-data-rest-api-get-instruments
 */
export function mapInstruments(answer: unknown): CatalogueAnswer {
  const builder = new CatalogueBuilder('okx');
  const rows = rowsOf(answer);
  if (rows === undefined) builder.rejectShape(`instruments: ${describeAnswer(answer)}`);
  for (const row of rows ?? []) {
    if (isRecord(row)) addInstrument(builder, row);
    else builder.rejectShape(`instruments row: ${describe(row)}`);
  }
  return builder;
}

function addInstrument(builder: CatalogueBuilder, row: JsonRecord): void {
  if (saysOtherwise(row.state, 'live')) return;
  const type = row.instType === undefined ? typeByName(row.instId) : row.instType;
  if (type !== 'SWAP' && type !== 'FUTURES') {
    builder.rejectField(row.instId, 'instType', type);
    return;
  }
  if (row.ctType !== 'linear' && row.ctType !== 'inverse') {
    builder.rejectField(row.instId, 'ctType', row.ctType);
    return;
  }
  // `baseCcy` and `quoteCcy` are empty for derivatives: the underlying says both, `BTC-USDT`.
  const family = row.uly || row.instFamily || familyByUnits(row);
  const [base, quote, ...rest] = typeof family === 'string' ? family.split('-') : [];
  if (!base || !quote || rest.length > 0) {
    builder.rejectField(row.instId, 'uly', family);
    return;
  }
  // One contract is `ctVal` of `ctValCcy`; were that another currency, the size would mean something else.
  const unit = row.ctType === 'linear' ? base : 'USD';
  if (saysOtherwise(row.ctValCcy, unit)) {
    builder.rejectField(row.instId, `ctVal in ${unit} expected, ctValCcy`, row.ctValCcy);
    return;
  }
  builder.add({
    instrumentId: row.instId,
    base,
    quote,
    isPerpetual: type === 'SWAP',
    margin: row.ctType,
    contractValue: readNumber(row.ctVal) * readNumber(row.ctMult ?? '1'),
  });
}

/** Where the venue leaves the type out: a swap's name says what it is. */
function typeByName(instId: unknown): 'SWAP' | 'FUTURES' {
  return typeof instId === 'string' && instId.endsWith('-SWAP') ? 'SWAP' : 'FUTURES';
}

/** Where the venue leaves the underlying out: a linear contract counts in its base and settles in its quote, an inverse the other way. */
function familyByUnits({ ctType, ctValCcy, settleCcy }: JsonRecord): string | undefined {
  if (typeof ctValCcy !== 'string' || typeof settleCcy !== 'string') return undefined;
  return ctType === 'linear' ? `${ctValCcy}-${settleCcy}` : `${settleCcy}-${ctValCcy}`;
}

/** `GET /api/v5/public/open-interest?instType=SWAP`: every contract in one answer. */
export function mapOpenInterest(answer: unknown, context: MapContext): MappedMessage {
  return mapRows(answer, context, addOpenInterestRow);
}

/** `GET /api/v5/public/mark-price?instType=SWAP`: every contract in one answer. */
export function mapMarkPrices(answer: unknown, context: MapContext): MappedMessage {
  return mapRows(answer, context, addMarkPriceRow);
}

/** `oi` is contracts; `oiCcy` and `oiUsd` are the venue's own conversions and are not read. */
export function addOpenInterestRow(builder: MessageBuilder, row: JsonRecord): void {
  const instrument = builder.findListed(row.instId);
  if (instrument) builder.addOpenInterest(instrument, row.oi);
}

export function addMarkPriceRow(builder: MessageBuilder, row: JsonRecord): void {
  const instrument = builder.findListed(row.instId);
  if (instrument) builder.addMarkPrice(instrument, row.markPx);
}

function mapRows(
  answer: unknown,
  context: MapContext,
  addRow: (builder: MessageBuilder, row: JsonRecord) => void,
): MappedMessage {
  const builder = new MessageBuilder('okx', context);
  const rows = rowsOf(answer);
  if (rows === undefined) builder.reject('unknown_shape', describeAnswer(answer));
  for (const row of rows ?? []) {
    if (isRecord(row)) addRow(builder, row);
    else builder.reject('unknown_shape', `row: ${describe(row)}`);
  }
  return builder;
}

/**
 * The rows of an answer that succeeded; throttling (50011) comes with status 200 and a `code` other than `"0"`. A bare
 * list, as recorders and proxies leave it, is taken too.
 */
function rowsOf(answer: unknown): readonly unknown[] | undefined {
  if (isList(answer)) return answer;
  return isRecord(answer) && answer.code === '0' && isList(answer.data) ? answer.data : undefined;
}
