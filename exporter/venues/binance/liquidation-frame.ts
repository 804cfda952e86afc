// Binance's liquidation on the combined stream, in the one shape in which it is sent since 2024. A pattern reads that shape in
// less than half the time of JSON.parse.
import { framePattern, matchAt, timeOf } from '../mapping/frame-pattern.ts';

const ORDER =
  '{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":TIME,"o":{"s":TEXT,"S":"(SELL|BUY)","o":"LIMIT","f":"IOC","q":TEXT,"p":TEXT,"ap":TEXT,"X":"FILLED","l":TEXT,"z":TEXT,"T":TIME';
/** `ps` and `st` came with the merged streams of 2026. */
const FRAME = framePattern(`${ORDER}(?:,"ps":TEXT,"st":(1|2))?}}}END`);

/** What JSON.parse gives, or `undefined` for a message of any other shape. */
export function parseKnownFrame(text: string): unknown {
  const match = matchAt(FRAME, text, 0);
  if (match === undefined) return undefined;
  const [, sent, s, S, q, p, ap, l, z, happened, ps, section] = match;
  const T = timeOf(happened);
  const order =
    ps === undefined
      ? { s, S, o: 'LIMIT', f: 'IOC', q, p, ap, X: 'FILLED', l, z, T }
      : { s, S, o: 'LIMIT', f: 'IOC', q, p, ap, X: 'FILLED', l, z, T, ps, st: section === '1' ? 1 : 2 };
  return { stream: '!forceOrder@arr', data: { e: 'forceOrder', E: timeOf(sent), o: order } };
}
