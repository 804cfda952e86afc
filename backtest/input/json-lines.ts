// Recorded websocket messages, one JSON a line, read by the mappers that read the live ones: Binance's `forceOrder` (also
// without its envelope, `{"o":{…}}`), Bybit's `allLiquidation`, OKX's `liquidation-orders`, each wrapped or bare, and the
// line of a recorder that keeps a message as text (`{"raw":"…"}`).
//
// A message arrived when the venue says that it sent it, else when the newest event in it happened.
import { epochMs } from '../../common/brands.ts';
import { isList, isRecord, type JsonRecord } from '../../common/json-shape.ts';
import { VENUES } from '../../exporter/venues/registry.ts';
import type { Venue } from '../../exporter/venues/venue.ts';
import type { FindInstrument } from './instrument-files.ts';
import { fault, NOTHING, type ReadRow, type RowContent } from './row-reader.ts';

export function createJsonLineReader(findInstrument: FindInstrument): ReadRow {
  return (text) => {
    const message = unwrap(parse(text));
    if (message === undefined) return fault('not a JSON object');
    if (isControl(message)) return NOTHING;
    const venue = VENUES.find(({ isOwnMessage }) => isOwnMessage(message));
    return venue ? mapLine(message, venue, findInstrument) : fault('a message of no known venue');
  };
}

function mapLine(message: unknown, { name, mapMessage }: Venue, findInstrument: FindInstrument): RowContent {
  const receiveTime = epochMs(0);
  const mapped = mapMessage(message, {
    receiveTime,
    instrument: (instrumentId) => findInstrument(name, instrumentId),
  });
  const happened = mapped.events.map((event) => (event.type === 'liquidation' ? event.eventTime : 0));
  const arrival = epochMs(Math.max(mapped.sentTime ?? 0, ...happened));
  if (arrival === 0 && mapped.events.length > 0) return fault('a message that does not say when it was sent');
  return {
    events: mapped.events.map((event) => ({ ...event, receiveTime: arrival })),
    faults: mapped.rejects.map(({ reason, detail }) =>
      reason === 'unknown_instrument'
        ? `a contract whose size the name does not say: ${detail} (--instruments FILE can)`
        : `${reason}: ${detail}`,
    ),
  };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A recorder's envelope goes, and a bare order gets the one that the stream has. */
function unwrap(value: unknown): JsonRecord | readonly unknown[] | undefined {
  if (isList(value)) return value;
  if (!isRecord(value)) return undefined;
  if (typeof value.raw === 'string') return unwrap(parse(value.raw));
  return isRecord(value.o) && value.e === undefined ? { e: 'forceOrder', ...value } : value;
}

/** Acknowledgements, pongs and notices stand between the data of every recorder: no data, and no fault. */
function isControl(message: JsonRecord | readonly unknown[]): boolean {
  if (isList(message)) return false;
  return message.op !== undefined || message.event !== undefined || (message.id !== undefined && 'result' in message);
}
