// Bybit v5 websocket messages → events. REST answers are read by `rest-answers.ts`.

import { isList, isRecord } from '../../../common/json-shape.ts';
import type { MapContext } from '../../catalogue/contract-list.ts';
import type { MappedMessage } from '../../events.ts';
import { describe } from '../mapping/describe.ts';
import { MessageBuilder } from '../mapping/message-builder.ts';
import { addTicker } from './rest-answers.ts';

/** Maps `allLiquidation.*` and `tickers.*`. `sentTime` is `ts`, milliseconds. Any other topic is a reject. */
export function mapMessage(message: unknown, context: MapContext): MappedMessage {
  const builder = new MessageBuilder('bybit', context);
  if (!isRecord(message) || typeof message.topic !== 'string') {
    builder.reject('unknown_shape', `a message without a topic: ${describe(message)}`);
  } else if (message.topic.startsWith('allLiquidation.') && isList(message.data)) {
    builder.noteSentTime(message.ts);
    for (const entry of message.data) mapLiquidation(builder, entry);
  } else if (message.topic.startsWith('tickers.') && isRecord(message.data)) {
    builder.noteSentTime(message.ts);
    const instrument = builder.findInstrument(message.data.symbol);
    // A delta leaves out what has not changed.
    if (instrument) addTicker(builder, instrument, message.data, message.type !== 'delta');
  } else {
    builder.reject('unknown_shape', `topic ${describe(message.topic)} with data that is ${describe(message.data)}`);
  }
  return builder;
}

/**
 * One liquidation. `S` is the side of the **position**: `Buy` means that a long was liquidated. `p` is the bankruptcy
 * price, no fill price is published; `v` is base units (linear) or US dollars (inverse); event time is `T`. Two entries that are alike
 * are two liquidations: the venue sends no id.
 * @see https://bybit-exchange.github.io/docs/v5/websocket/public/all-liquidation
 */
function mapLiquidation(builder: MessageBuilder, entry: unknown): void {
  if (!isRecord(entry)) {
    builder.reject('unknown_shape', `allLiquidation entry: ${describe(entry)}`);
    return;
  }
  const instrument = builder.findInstrument(entry.s);
  if (instrument === undefined) return;
  const side = entry.S === 'Buy' ? 'long' : entry.S === 'Sell' ? 'short' : undefined;
  if (side === undefined) {
    builder.rejectField(entry.s, 'S', entry.S);
    return;
  }
  builder.addLiquidation(instrument, side, entry.v, entry.p, entry.T);
}
