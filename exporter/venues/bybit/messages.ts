// Bybit v5 websocket messages → events. Listings and REST figures are `bybit-rest.ts`.

import { isList, isRecord } from '../../../common/json-shape.ts';
import type { MapContext } from '../../catalogue/contract-list.ts';
import type { MappedMessage } from '../../events.ts';
import { describe } from '../mapping/describe.ts';
import type { VenueMapper } from '../mapping/mapper.ts';
import { MessageDraft } from '../mapping/message-builder.ts';
import { addTicker, mapInstruments, mapMarkPrices, mapOpenInterest } from './rest-answers.ts';

export const bybitMapper: VenueMapper = {
  exchange: 'bybit',
  mapMessage,
  mapInstruments,
  mapOpenInterest,
  mapMarkPrices,
};

/** Maps `allLiquidation.*` and `tickers.*`. `sentTime` is `ts`, milliseconds. Any other topic is a reject. */
function mapMessage(message: unknown, context: MapContext): MappedMessage {
  const draft = new MessageDraft('bybit', context);
  if (!isRecord(message) || typeof message.topic !== 'string') {
    draft.reject('unknown_shape', `a message without a topic: ${describe(message)}`);
  } else if (message.topic.startsWith('allLiquidation.') && isList(message.data)) {
    draft.noteSentTime(message.ts);
    for (const entry of message.data) mapLiquidation(draft, entry);
  } else if (message.topic.startsWith('tickers.') && isRecord(message.data)) {
    draft.noteSentTime(message.ts);
    const instrument = draft.findInstrument(message.data.symbol);
    // A delta leaves out what has not changed.
    if (instrument) addTicker(draft, instrument, message.data, message.type !== 'delta');
  } else {
    draft.reject('unknown_shape', `topic ${describe(message.topic)} with data that is ${describe(message.data)}`);
  }
  return draft;
}

/**
 * One liquidation. `S` is the side of the **position**: `Buy` means that a long was liquidated. `p` is the bankruptcy
 * price, no fill price is published; `v` is base units (linear) or US dollars (inverse); event time is `T`. Two entries that are alike
 * are two liquidations: the venue sends no id.
 * @see https://bybit-exchange.github.io/docs/v5/websocket/public/all-liquidation
 */
function mapLiquidation(draft: MessageDraft, entry: unknown): void {
  if (!isRecord(entry)) {
    draft.reject('unknown_shape', `allLiquidation entry: ${describe(entry)}`);
    return;
  }
  const instrument = draft.findInstrument(entry.s);
  if (instrument === undefined) return;
  const side = entry.S === 'Buy' ? 'long' : entry.S === 'Sell' ? 'short' : undefined;
  if (side === undefined) {
    draft.rejectField(entry.s, 'S', entry.S);
    return;
  }
  draft.addLiquidation(instrument, side, entry.v, entry.p, entry.T);
}
