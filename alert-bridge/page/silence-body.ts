// A requested silence (JSON of the API, fields of a form) → ours, or every fault in words. Pure.
import { field, isRecord } from '../../common/json-shape.ts';
import { parseScope, type Scope } from '../model/silence-scope.ts';
import { MAX_SILENCE_MS, parseDuration } from '../silences/duration.ts';

export type SilenceBody =
  | {
      readonly type: 'valid';
      readonly scope: Scope;
      readonly durationMs: number;
      readonly by: string;
      readonly comment: string;
    }
  | { readonly type: 'invalid'; readonly faults: readonly string[] };

const EXAMPLE = '{"symbol": "BTC", "duration": "1h", "comment": "maintenance", "createdBy": "me"}';

/** @param from `API` or `page`: what Alertmanager shows where the request names nobody */
export function readSilenceBody(body: unknown, from: string): SilenceBody {
  if (!isRecord(body)) {
    return { type: 'invalid', faults: [`the body must be a JSON object such as ${EXAMPLE}`] };
  }
  const faults: string[] = [];
  const text = (name: string) => {
    const value = field(body, name) ?? '';
    if (typeof value === 'string') return value.trim().slice(0, 200);
    faults.push(`${name}: must be text`);
    return '';
  };
  const words = [text('alert'), text('symbol')].filter((word) => word !== '');
  const scope = parseScope(words);
  if (!scope) faults.push('symbol, alert: give a symbol such as BTC, an alert such as LiquidationCascade, or both');
  const durationMs = parseDuration(text('duration'));
  if (durationMs === undefined) faults.push('duration: must be such as "15m", "1h" or "1h30m"');
  else if (durationMs > MAX_SILENCE_MS) faults.push('duration: 24h at most');
  const by = text('createdBy') || from;
  const comment = text('comment') || `from the ${from}`;
  if (faults.length > 0 || !scope || durationMs === undefined) return { type: 'invalid', faults };
  return { type: 'valid', scope, durationMs, by, comment };
}
