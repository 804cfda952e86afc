// OKX v5 websocket messages → events. Listings and REST figures are `okx-rest.ts`.

import { isList, isRecord, type JsonRecord } from '../../../common/json-shape.ts';
import type { MapContext } from '../../catalogue/contract-list.ts';
import type { MappedMessage, Side } from '../../events.ts';
import { describe } from '../mapping/describe.ts';
import type { VenueMapper } from '../mapping/mapper.ts';
import { MessageDraft } from '../mapping/message-builder.ts';
import { addMarkPriceRow, addOpenInterestRow, mapInstruments, mapMarkPrices, mapOpenInterest } from './rest-answers.ts';

export const okxMapper: VenueMapper = { exchange: 'okx', mapMessage, mapInstruments, mapOpenInterest, mapMarkPrices };

/**
 * Maps the channels `liquidation-orders`, `open-interest`, `mark-price` and `tickers`. A ticker holds no mark price: it
 * proves the route and times the clock. `sentTime` is the newest `ts` of the rows, milliseconds; a liquidation's `ts` is
 * when it happened, up to minutes before it was sent, and no such sample.
 */
function mapMessage(message: unknown, context: MapContext): MappedMessage {
  const draft = new MessageDraft('okx', context);
  const channel = isRecord(message) && isRecord(message.arg) ? message.arg.channel : undefined;
  const addRow = typeof channel === 'string' ? CHANNELS.get(channel) : undefined;
  if (addRow === undefined || !isRecord(message) || !isList(message.data)) {
    draft.reject('unknown_shape', `channel ${describe(channel)} in ${describe(message)} without rows`);
    return draft;
  }
  for (const row of message.data) {
    if (isRecord(row)) addRow(draft, row);
    else draft.reject('unknown_shape', `row of ${describe(channel)}: ${describe(row)}`);
  }
  return draft;
}

const CHANNELS: ReadonlyMap<string, (draft: MessageDraft, row: JsonRecord) => void> = new Map([
  ['liquidation-orders', addLiquidations],
  ['open-interest', timed(addOpenInterestRow)],
  ['mark-price', timed(addMarkPriceRow)],
  ['tickers', timed(() => undefined)],
]);

function timed(addRow: (draft: MessageDraft, row: JsonRecord) => void) {
  return (draft: MessageDraft, row: JsonRecord): void => {
    draft.noteSentTime(row.ts);
    addRow(draft, row);
  };
}

/**
 * One contract's liquidations: all `details`, which are neither complete nor in order. `sz` is contracts, often a
 * fraction; `bkPx` is the price of the trade with OKX's liquidation account; event time is `ts`.
 * @see https://www.okx.com/docs-v5/en/#public-data-websocket-liquidation-orders-channel
 */
function addLiquidations(draft: MessageDraft, row: JsonRecord): void {
  const instrument = draft.findInstrument(row.instId);
  if (instrument === undefined) return;
  if (!isList(row.details)) {
    draft.rejectField(row.instId, 'details', row.details);
    return;
  }
  for (const detail of row.details) {
    if (!isRecord(detail)) {
      draft.rejectField(row.instId, 'an entry of details', detail);
      continue;
    }
    const side = readSide(detail);
    if (side === undefined)
      draft.rejectField(row.instId, 'posSide', `${describe(detail.posSide)}/${describe(detail.side)}`);
    else draft.addLiquidation(instrument, side, detail.sz, detail.bkPx, detail.ts);
  }
}

/** `posSide` is the position's side; `net` (one-way mode), or none, leaves the **order** side, where sell closes a long. */
function readSide({ posSide, side }: JsonRecord): Side | undefined {
  if (posSide === 'long' || posSide === 'short') return posSide;
  if (posSide !== 'net' && posSide !== undefined && posSide !== '') return undefined;
  return side === 'sell' ? 'long' : side === 'buy' ? 'short' : undefined;
}
