// What a venue's message looked like, in a few characters for a log line. Decides nothing.
import { isList, isRecord } from '../../../common/json-shape.ts';

/** Longest `Reject.detail`, characters. */
const MAX_DETAIL = 200;
/** Longest quotation of a venue's text inside a detail. */
const MAX_QUOTE = 60;

/** A value in a few characters. Never walks into it: a hostile message may be nested a million deep. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_QUOTE));
  if (value === undefined) return 'missing';
  if (isList(value)) return 'a list';
  return isRecord(value) ? 'an object' : String(value);
}

/**
 * What an answer that is not data says of itself: Bybit's `retCode` and `retMsg`, OKX's and Binance's `code` and `msg`.
 * Both Bybit and OKX send refusals (10006, 50011) with HTTP status 200.
 */
export function describeAnswer(answer: unknown): string {
  if (!isRecord(answer)) return describe(answer);
  const code = answer.retCode ?? answer.code;
  const text = answer.retMsg ?? answer.msg;
  return code === undefined ? 'an object of another shape' : `code ${describe(code)}, ${describe(text)}`;
}

export function clipDetail(text: string): string {
  return text.length <= MAX_DETAIL ? text : `${text.slice(0, MAX_DETAIL - 1)}…`;
}

/** A field that contradicts what is expected. One that the venue left out contradicts nothing: absence is no statement. */
export function saysOtherwise(value: unknown, expected: string): boolean {
  return value !== undefined && value !== expected;
}
