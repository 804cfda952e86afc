// Alertmanager's silences: read while it runs, and given back to it as new ones of the same content.

import { createSilenceClient, type NewSilence, readSilenceContent } from '../../common/alertmanager-silences.ts';
import { createSystemClock } from '../../common/clock.ts';
import { listOf } from '../../common/json-shape.ts';

/** Those that are or will be in force, without their ids; nothing where Alertmanager does not answer. */
export async function readSilences(alertmanagerUrl: string): Promise<readonly NewSilence[]> {
  const silences = await createSilenceClient(alertmanagerUrl)
    .list()
    .catch(() => []);
  return silences.filter(({ state }) => state !== 'expired').map(readSilenceContent);
}

/** Makes those that are not over yet and not there. @returns how many it made */
export async function restoreSilences(alertmanagerUrl: string, kept: readonly NewSilence[]): Promise<number> {
  const client = createSilenceClient(alertmanagerUrl);
  const present = new Set((await readSilences(alertmanagerUrl)).map(identity));
  const now = createSystemClock().wallNow();
  let made = 0;
  for (const silence of kept) {
    if (Date.parse(silence.endsAt) <= now || present.has(identity(silence))) continue;
    const isMade = await client.create(silence).then(
      () => true,
      () => false,
    );
    if (isMade) made += 1;
  }
  return made;
}

export function parseSilences(text: string): readonly NewSilence[] {
  return listOf(JSON.parse(text)).map(readSilenceContent);
}

function identity({ matchers, endsAt }: NewSilence): string {
  return `${JSON.stringify(matchers)} ${Date.parse(endsAt)}`;
}
