// OKX v5 websocket messages → events. REST answers are read by `rest-answers.ts`.

import { isList, isRecord, type JsonRecord } from '../../../common/json-shape.ts';
import type { MapContext } from '../../catalogue/contract-list.ts';
import type { MappedMessage, Side } from '../../events.ts';
import { describe } from '../mapping/describe.ts';
import { MessageBuilder } from '../mapping/message-builder.ts';
import { addMarkPriceRow, addOpenInterestRow } from './rest-answers.ts';

/**
 * Maps the channels `liquidation-orders`, `open-interest`, `mark-price` and `tickers`. A ticker holds no mark price: it
 * proves the route and times the clock. `sentTime` is the newest `ts` of the rows, milliseconds; a liquidation's `ts` is
 * when it happened, up to minutes before it was sent, and no such sample.
 */
export function mapMessage(message: unknown, context: MapContext): MappedMessage {
  const builder = new MessageBuilder('okx', context);
  const channel = isRecord(message) && isRecord(message.arg) ? message.arg.channel : undefined;
  const addRow = typeof channel === 'string' ? CHANNELS.get(channel) : undefined;
  if (addRow === undefined || !isRecord(message) || !isList(message.data)) {
    builder.reject('unknown_shape', `channel ${describe(channel)} in ${describe(message)} without rows`);
    return builder;
  }
  for (const row of message.data) {
    if (isRecord(row)) addRow(builder, row);
    else builder.reject('unknown_shape', `row of ${describe(channel)}: ${describe(row)}`);
  }
  return builder;
}

const CHANNELS: ReadonlyMap<string, (builder: MessageBuilder, row: JsonRecord) => void> = new Map([
  ['liquidation-orders', addLiquidations],
  ['open-interest', timed(addOpenInterestRow)],
  ['mark-price', timed(addMarkPriceRow)],
  ['tickers', timed(() => undefined)],
]);

function timed(addRow: (builder: MessageBuilder, row: JsonRecord) => void) {
  return (builder: MessageBuilder, row: JsonRecord): void => {
    builder.noteSentTime(row.ts);
    addRow(builder, row);
  };
}

/**
 * One contract's liquidations: all `details`, which are neither complete nor in order. `sz` is contracts, often a
 * fraction; `bkPx` is the price of the trade with OKX's liquidation account; event time is `ts`.
 * @see https://www.okx.com/docs-v5/en/#public-data-websocket-liquidation-orders-channel
 */
function addLiquidations(builder: MessageBuilder, row: JsonRecord): void {
  const instrument = builder.findInstrument(row.instId);
  if (instrument === undefined) return;
  if (!isList(row.details)) {
    builder.rejectField(row.instId, 'details', row.details);
    return;
  }
  for (const detail of row.details) {
    if (!isRecord(detail)) {
      builder.rejectField(row.instId, 'an entry of details', detail);
      continue;
    }
    const side = readSide(detail);
    if (side === undefined)
      builder.rejectField(row.instId, 'posSide', `${describe(detail.posSide)}/${describe(detail.side)}`);
    else builder.addLiquidation(instrument, side, detail.sz, detail.bkPx, detail.ts);
  }
}

/** `posSide` is the position's side; `net` (one-way mode), or none, leaves the **order** side, where sell closes a long. */
function readSide({ posSide, side }: JsonRecord): Side | undefined {
  if (posSide === 'long' || posSide === 'short') return posSide;
  if (posSide !== 'net' && posSide !== undefined && posSide !== '') return undefined;
  return side === 'sell' ? 'long' : side === 'buy' ? 'short' : undefined;
}
