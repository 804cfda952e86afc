// OKX's `liquidation-orders` of one contract, one to many details, in the one shape in which it is sent. A pattern reads that
// shape in less than half the time of JSON.parse.
import { framePattern, matchAt } from '../mapping/frame-pattern.ts';

/** `id` is that of our own request, where the venue repeats it. */
const HEAD = framePattern(
  '{(?:"id":TEXT,)?"arg":{"channel":"liquidation-orders","instType":TEXT},"data":[{"details":[',
);
const DETAIL = framePattern(
  '{"bkLoss":TEXT,"bkPx":TEXT,"ccy":TEXT,"posSide":TEXT,"side":TEXT,"sz":TEXT,"ts":TEXT}(,|],)',
);
const TAIL = framePattern('"instFamily":TEXT,"instId":TEXT,"instType":TEXT,"uly":TEXT}]}END');

/** What JSON.parse gives, or `undefined` for a message of any other shape. */
export function parseKnownFrame(text: string): unknown {
  const head = matchAt(HEAD, text, 0);
  if (head === undefined) return undefined;
  const details: unknown[] = [];
  let at = HEAD.lastIndex;
  for (;;) {
    const match = matchAt(DETAIL, text, at);
    if (match === undefined) return undefined;
    const [, bkLoss, bkPx, ccy, posSide, side, sz, ts, follows] = match;
    details.push({ bkLoss, bkPx, ccy, posSide, side, sz, ts });
    at = DETAIL.lastIndex;
    if (follows !== ',') break;
  }
  const tail = matchAt(TAIL, text, at);
  if (tail === undefined) return undefined;
  const [, instFamily, instId, instType, uly] = tail;
  const arg = { channel: 'liquidation-orders', instType: head[2] };
  const data = [{ details, instFamily, instId, instType, uly }];
  return head[1] === undefined ? { arg, data } : { id: head[1], arg, data };
}
