// Alertmanager's silences: read while it runs, and given back to it as new ones of the same content.

import { createSystemClock } from '../../common/clock.ts';
import { field, listOf } from '../../common/json-shape.ts';
import { call } from '../http-answer.ts';

/** As its API takes them: without `id`, so that restoring makes a new one. */
export interface KeptSilence {
  readonly matchers: unknown;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

/** Those that are or will be in force; nothing where Alertmanager does not answer. */
export async function readSilences(alertmanagerUrl: string): Promise<readonly KeptSilence[]> {
  const { json } = await call({ url: `${alertmanagerUrl}/api/v2/silences` });
  return listOf(json)
    .filter((silence) => field(silence, 'status', 'state') !== 'expired')
    .map(toKept);
}

/** Makes those that are not over yet and not there. @returns how many it made */
export async function restoreSilences(alertmanagerUrl: string, kept: readonly KeptSilence[]): Promise<number> {
  const present = new Set((await readSilences(alertmanagerUrl)).map(identity));
  const now = createSystemClock().wallNow();
  let made = 0;
  for (const silence of kept) {
    if (Date.parse(silence.endsAt) <= now || present.has(identity(silence))) continue;
    const { status } = await call({ url: `${alertmanagerUrl}/api/v2/silences`, method: 'POST', body: silence });
    if (status === 200) made += 1;
  }
  return made;
}

export function parseSilences(text: string): readonly KeptSilence[] {
  const value: unknown = JSON.parse(text);
  return listOf(value).map(toKept);
}

function toKept(silence: unknown): KeptSilence {
  const words = (name: string) => String(field(silence, name) ?? '');
  return {
    matchers: field(silence, 'matchers') ?? [],
    startsAt: words('startsAt'),
    endsAt: words('endsAt'),
    createdBy: words('createdBy'),
    comment: words('comment'),
  };
}

function identity({ matchers, endsAt }: KeptSilence): string {
  return `${JSON.stringify(matchers)} ${Date.parse(endsAt)}`;
}
