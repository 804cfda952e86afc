// Binance websocket messages → events. USD-M and COIN-M arrive merged on one stream since 2026-06-30 and are told apart
// by the contract itself. REST answers are read by `rest-answers.ts`.

import { isList, isRecord, type JsonRecord } from '../../../common/json-shape.ts';
import type { MapContext } from '../../catalogue/contract-list.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { MappedMessage } from '../../events.ts';
import { describe, describeAnswer } from '../mapping/describe.ts';
import { MessageBuilder } from '../mapping/message-builder.ts';
import { isZero } from '../mapping/numeric.ts';

/** `st` of an order: 1 is USD-M, 2 is COIN-M. Older frames do not carry it. */
const SECTION_MARGIN: ReadonlyMap<unknown, Instrument['margin']> = new Map([
  [1, 'linear'],
  [2, 'inverse'],
]);

/**
 * Maps `forceOrder` and `markPriceUpdate`, bare, in the envelope of a combined stream, or as a list of them.
 * `sentTime` is `E`, milliseconds.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Liquidation-Order-Streams
 */
export function mapMessage(message: unknown, context: MapContext): MappedMessage {
  const builder = new MessageBuilder('binance', context);
  const payload = isRecord(message) && message.stream !== undefined ? message.data : message;
  if (isList(payload)) for (const entry of payload) mapPayload(builder, entry);
  else mapPayload(builder, payload);
  return builder;
}

function mapPayload(builder: MessageBuilder, payload: unknown): void {
  if (!isRecord(payload)) {
    builder.reject('unknown_shape', `a message that is ${describe(payload)}`);
  } else if (payload.e === 'forceOrder') {
    builder.noteSentTime(payload.E);
    mapForceOrder(builder, payload);
  } else if (payload.e === 'markPriceUpdate') {
    builder.noteSentTime(payload.E);
    const instrument = builder.findInstrument(payload.s);
    if (instrument) builder.addMarkPrice(instrument, payload.p);
  } else {
    builder.reject('unknown_shape', `event ${describe(payload.e)}: ${describeAnswer(payload)}`);
  }
}

/**
 * One liquidation. `S` is the side of the closing **order**: SELL closes a long. Size is `z`, all that was filled (`l`
 * is the last fill only, up to 16 times less), in base units on USD-M and in contracts on COIN-M; price is `ap`, the
 * average fill (`p` is the limit price, up to 10 % off). Event time is `T`.
 */
function mapForceOrder(builder: MessageBuilder, payload: JsonRecord): void {
  const order = payload.o;
  if (!isRecord(order)) {
    builder.reject('unknown_shape', `forceOrder whose o is ${describe(order)}`);
    return;
  }
  const instrument = builder.findInstrument(order.s);
  if (instrument === undefined) return;
  // Seen inside the order in every live frame; the documentation puts it beside.
  const section = order.st ?? payload.st;
  if (section !== undefined && SECTION_MARGIN.get(section) !== instrument.margin) {
    builder.rejectField(order.s, `a ${instrument.margin} contract, but st`, section);
    return;
  }
  const side = order.S === 'SELL' ? 'long' : order.S === 'BUY' ? 'short' : undefined;
  if (side === undefined) {
    builder.rejectField(order.s, 'S', order.S);
    return;
  }
  if (isZero(order.z) || isZero(order.ap)) {
    // Nothing filled yet: the order as it was placed is all there is.
    builder.addLiquidation(instrument, side, order.q, order.p, order.T);
    return;
  }
  const size = isAbsent(order.z) ? order.q : order.z;
  const price = isAbsent(order.ap) ? order.p : order.ap;
  builder.addLiquidation(instrument, side, size, price, order.T);
}

/** `"None"` is how some recorders wrote a field that was not there; recorded orders hold it. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === 'None';
}
