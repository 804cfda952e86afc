// Binance REST answers → contracts, open interest, mark prices. The two hosts answer alike: fapi is `linear` (USD-M, sizes
// in base units), dapi is `inverse` (COIN-M, sizes in contracts of `contractSize` dollars).

import { isList, isRecord } from '../../../common/json-shape.ts';
import type { CatalogueAnswer, MapContext } from '../../catalogue/contract-list.ts';
import type { MappedMessage } from '../../events.ts';
import { CatalogueBuilder } from '../mapping/catalogue-builder.ts';
import { describe, describeAnswer, saysOtherwise } from '../mapping/describe.ts';
import { MessageBuilder } from '../mapping/message-builder.ts';
import { readNumber } from '../mapping/numeric.ts';

type Market = 'linear' | 'inverse';

/**
 * `GET /fapi/v1/exchangeInfo`, `/dapi/v1/exchangeInfo`. Contracts that do not trade are left out without a word.
 * @see https://developers.binance.com/docs/derivatives/coin-margined-futures/market-data/rest-api/Exchange-Information
 */
export function mapInstruments(answer: unknown, market: Market): CatalogueAnswer {
  const builder = new CatalogueBuilder('binance');
  // A bare list, as recorders and proxies leave it, is taken too.
  const rows = isRecord(answer) ? answer.symbols : answer;
  if (!isList(rows)) {
    builder.rejectShape(`exchangeInfo: ${describeAnswer(answer)}`);
    return builder;
  }
  for (const row of rows) {
    if (isRecord(row)) addRow(builder, row, market);
    else builder.rejectShape(`exchangeInfo row: ${describe(row)}`);
  }
  return builder;
}

function addRow(builder: CatalogueBuilder, row: Readonly<Record<string, unknown>>, market: Market): void {
  // fapi says `status`, dapi says `contractStatus`.
  if (saysOtherwise(row.status ?? row.contractStatus, 'TRADING')) return;
  const contractType = row.contractType === undefined ? typeByName(row.symbol) : row.contractType;
  if (typeof contractType !== 'string') {
    builder.rejectField(row.symbol, 'contractType', contractType);
    return;
  }
  // Margined in its own base means inverse. Were the hosts' lists merged as their streams are, this would notice.
  const isInverse = row.marginAsset === row.baseAsset;
  if (row.marginAsset !== undefined && isInverse !== (market === 'inverse')) {
    builder.rejectField(row.symbol, `${market}, but marginAsset`, row.marginAsset);
    return;
  }
  builder.add({
    instrumentId: row.symbol,
    base: row.baseAsset,
    quote: row.quoteAsset,
    // PERPETUAL, and TRADIFI_PERPETUAL for stocks and metals; dated ones are CURRENT_QUARTER and the like.
    isPerpetual: contractType.endsWith('PERPETUAL'),
    margin: market,
    contractValue: market === 'inverse' ? readNumber(row.contractSize) : 1,
  });
}

/** Where the venue leaves the type out: only a dated contract's name ends in its day, `BTCUSDT_261225`. */
function typeByName(symbol: unknown): string {
  return typeof symbol === 'string' && /_\d{6}$/.test(symbol) ? 'DATED' : 'PERPETUAL';
}

/**
 * `GET /fapi/v1/openInterest` (base units) and `/dapi/v1/openInterest` (contracts): one contract an answer, there is no
 * bulk call. `time` is the matching engine's and may be old on a quiet contract, so it is not judged.
 */
export function mapOpenInterest(answer: unknown, context: MapContext): MappedMessage {
  const builder = new MessageBuilder('binance', context);
  if (!isRecord(answer) || answer.symbol === undefined) {
    builder.reject('unknown_shape', `openInterest: ${describeAnswer(answer)}`);
    return builder;
  }
  const instrument = builder.findInstrument(answer.symbol);
  if (instrument) builder.addOpenInterest(instrument, answer.openInterest);
  return builder;
}

/** `GET /fapi/v1/premiumIndex`, `/dapi/v1/premiumIndex`: a list, or one object where a symbol was asked for. */
export function mapMarkPrices(answer: unknown, context: MapContext): MappedMessage {
  const builder = new MessageBuilder('binance', context);
  for (const row of isList(answer) ? answer : [answer]) {
    if (!isRecord(row) || row.symbol === undefined) {
      builder.reject('unknown_shape', `premiumIndex: ${describeAnswer(row)}`);
      continue;
    }
    const instrument = builder.findListed(row.symbol);
    if (instrument) builder.addMarkPrice(instrument, row.markPrice);
  }
  return builder;
}
