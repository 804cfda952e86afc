// The gentlest step: alerts of low and medium priority are held back by a silence in Alertmanager, where everybody sees it,
// can lift it, and it ends by itself.

import { createSilenceClient, type SilenceClient } from '../../common/alertmanager-silences.ts';
import { AppError, errorText } from '../../common/errors.ts';
import type { StepRequest, StepResult } from './step.ts';

const SIGNATURE = 'automatic roll-back';
const LASTS_MS = 3_600_000;
/** The watcher's own alerts are of high priority, and so is everything a trader must hear. */
const MATCHERS = [{ name: 'priority', value: 'low|medium', isRegex: true, isEqual: true }];
const ALARMS = [{ name: 'alertname', value: 'Watchdog', isRegex: false, isEqual: false }];

export async function holdBack(
  alertmanagerUrl: string,
  { trigger, what, now }: Pick<StepRequest, 'trigger' | 'what' | 'now'>,
): Promise<StepResult> {
  const client = createSilenceClient(alertmanagerUrl);
  const silenceId = (await findOwn(client)) ?? (await make(client, `${trigger}: ${what}`, now));
  const until = new Date(now + LASTS_MS).toISOString().slice(11, 16);
  return {
    outcome: `Alerts of low and medium priority are held back until ${until} UTC.`,
    isAlertingOff: false,
    details: [`silence ${silenceId} in Alertmanager; it can be lifted there at any time`],
    silenceId,
  };
}

/** Lifts it where it is still there. */
export async function letGo(alertmanagerUrl: string, silenceId: string): Promise<void> {
  await createSilenceClient(alertmanagerUrl)
    .expire(silenceId)
    .catch(() => {});
}

/** One that an interrupted step left. */
async function findOwn(client: SilenceClient): Promise<string | undefined> {
  const silences = await client.list().catch(() => []);
  return silences.find(({ createdBy, state }) => createdBy === SIGNATURE && state === 'active')?.id;
}

async function make(client: SilenceClient, why: string, now: number): Promise<string> {
  try {
    return await client.create({
      // The heartbeat is of low priority too: silenced, the bridge would say that detection is dead.
      matchers: [...MATCHERS, ...ALARMS],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + LASTS_MS).toISOString(),
      createdBy: SIGNATURE,
      comment: `held back by the roll-back watcher: ${why.slice(0, 200)}`,
    });
  } catch (error) {
    throw new AppError('HOLD_BACK_FAILED', `Alertmanager took no silence: ${errorText(error)}`, { cause: error });
  }
}
