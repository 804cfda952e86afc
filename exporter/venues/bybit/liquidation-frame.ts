// Bybit's `allLiquidation.*`, one to many entries, in the one shape in which it is sent. A pattern reads that shape in less
// than half the time of JSON.parse.
import { framePattern, matchAt, timeOf } from '../mapping/frame-pattern.ts';

const HEAD = framePattern('{"topic":TEXT,"type":"snapshot","ts":TIME,"data":[');
const ENTRY = framePattern('{"T":TIME,"s":TEXT,"S":"(Buy|Sell)","v":TEXT,"p":TEXT}(,|]}END)');

/** What JSON.parse gives, or `undefined` for a message of any other shape. */
export function parseKnownFrame(text: string): unknown {
  const head = matchAt(HEAD, text, 0);
  if (head === undefined) return undefined;
  const data: unknown[] = [];
  let at = HEAD.lastIndex;
  for (;;) {
    const match = matchAt(ENTRY, text, at);
    if (match === undefined) return undefined;
    const [, happened, s, S, v, p, follows] = match;
    data.push({ T: timeOf(happened), s, S, v, p });
    if (follows !== ',') break;
    at = ENTRY.lastIndex;
  }
  return { topic: head[1], type: 'snapshot', ts: timeOf(head[2]), data };
}
