// Silences in force that somebody made from Telegram without being listed as one who may. The bridge refuses such people;
// this looks at what really is in force, so that a bridge that was tricked is found out.
import { createSilenceClient } from '../../../common/alertmanager-silences.ts';
import type { Check } from './check.ts';

/** As the bridge signs for people: `name (Telegram 123)`. The name is their own choice, so only the end counts. */
const TELEGRAM_PERSON = /\(Telegram (\d+)\)$/;

export function watchStrangers(alertmanagerUrl: string, adminIds: readonly number[]): Check {
  const client = createSilenceClient(alertmanagerUrl);
  return {
    name: 'strangers',
    everyMs: 3_000,
    confirmations: 1,
    async look() {
      const silences = await client.list().catch(() => []);
      const strangers = silences.flatMap(({ state, createdBy }) => {
        if (state !== 'active') return [];
        const id = TELEGRAM_PERSON.exec(createdBy)?.[1];
        return id === undefined || adminIds.includes(Number(id)) ? [] : [id];
      });
      if (strangers.length === 0) return [];
      const ids = [...new Set(strangers)].slice(0, 5).join(', ');
      return [{ trigger: 'breach', what: `a silence is in force by somebody who may not: Telegram user ${ids}` }];
    },
  };
}
