// Binance REST answers → contracts, open interest, mark prices. The two hosts answer alike: fapi is `linear` (USD-M, sizes
// in base units), dapi is `inverse` (COIN-M, sizes in contracts of `contractSize` dollars).

import { isList, isRecord } from '../../../common/json-shape.ts';
import type { CatalogueAnswer, MapContext } from '../../catalogue/contract-list.ts';
import type { MappedMessage } from '../../events.ts';
import { CatalogueDraft } from '../mapping/catalogue-builder.ts';
import { describe, describeAnswer, saysOtherwise } from '../mapping/describe.ts';
import { MessageDraft } from '../mapping/message-builder.ts';
import { readNumber } from '../mapping/numeric.ts';

type Market = 'linear' | 'inverse';

/**
 * `GET /fapi/v1/exchangeInfo`, `/dapi/v1/exchangeInfo`. Contracts that do not trade are left out without a word.
 * @see https://developers.binance.com/docs/derivatives/coin-margined-futures/market-data/rest-api/Exchange-Information
 */
export function mapInstruments(answer: unknown, market: Market): CatalogueAnswer {
  const draft = new CatalogueDraft('binance');
  // A bare list, as recorders and proxies leave it, is taken too.
  const rows = isRecord(answer) ? answer.symbols : answer;
  if (!isList(rows)) {
    draft.rejectShape(`exchangeInfo: ${describeAnswer(answer)}`);
    return draft;
  }
  for (const row of rows) {
    if (isRecord(row)) addRow(draft, row, market);
    else draft.rejectShape(`exchangeInfo row: ${describe(row)}`);
  }
  return draft;
}

function addRow(draft: CatalogueDraft, row: Readonly<Record<string, unknown>>, market: Market): void {
  // fapi says `status`, dapi says `contractStatus`.
  if (saysOtherwise(row.status ?? row.contractStatus, 'TRADING')) return;
  const contractType = row.contractType === undefined ? typeByName(row.symbol) : row.contractType;
  if (typeof contractType !== 'string') {
    draft.rejectField(row.symbol, 'contractType', contractType);
    return;
  }
  // Margined in its own base means inverse. Were the hosts' lists merged as their streams are, this would notice.
  const isInverse = row.marginAsset === row.baseAsset;
  if (row.marginAsset !== undefined && isInverse !== (market === 'inverse')) {
    draft.rejectField(row.symbol, `${market}, but marginAsset`, row.marginAsset);
    return;
  }
  draft.add({
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
export function mapOpenInterest(answer: unknown, _market: Market, context: MapContext): MappedMessage {
  const draft = new MessageDraft('binance', context);
  if (!isRecord(answer) || answer.symbol === undefined) {
    draft.reject('unknown_shape', `openInterest: ${describeAnswer(answer)}`);
    return draft;
  }
  const instrument = draft.findInstrument(answer.symbol);
  if (instrument) draft.addOpenInterest(instrument, answer.openInterest);
  return draft;
}

/** `GET /fapi/v1/premiumIndex`, `/dapi/v1/premiumIndex`: a list, or one object where a symbol was asked for. */
export function mapMarkPrices(answer: unknown, _market: Market, context: MapContext): MappedMessage {
  const draft = new MessageDraft('binance', context);
  for (const row of isList(answer) ? answer : [answer]) {
    if (!isRecord(row) || row.symbol === undefined) {
      draft.reject('unknown_shape', `premiumIndex: ${describeAnswer(row)}`);
      continue;
    }
    const instrument = draft.findListed(row.symbol);
    if (instrument) draft.addMarkPrice(instrument, row.markPrice);
  }
  return draft;
}
