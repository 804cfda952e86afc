// The gentlest step: alerts of low and medium priority are held back by a silence in Alertmanager, where everybody sees it,
// can lift it, and it ends by itself.

import { AppError } from '../../common/errors.ts';
import { field, listOf } from '../../common/json-shape.ts';
import { call } from '../http-answer.ts';
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
  const silenceId = (await findOwn(alertmanagerUrl)) ?? (await make(alertmanagerUrl, `${trigger}: ${what}`, now));
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
  await call({ url: `${alertmanagerUrl}/api/v2/silence/${silenceId}`, method: 'DELETE' });
}

/** One that an interrupted step left. */
async function findOwn(alertmanagerUrl: string): Promise<string | undefined> {
  const { json } = await call({ url: `${alertmanagerUrl}/api/v2/silences` });
  const own = listOf(json).find(
    (silence) => field(silence, 'createdBy') === SIGNATURE && field(silence, 'status', 'state') === 'active',
  );
  return own === undefined ? undefined : String(field(own, 'id'));
}

async function make(alertmanagerUrl: string, why: string, now: number): Promise<string> {
  const answer = await call({
    url: `${alertmanagerUrl}/api/v2/silences`,
    method: 'POST',
    body: {
      // The heartbeat is of low priority too: silenced, the bridge would say that detection is dead.
      matchers: [...MATCHERS, ...ALARMS],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + LASTS_MS).toISOString(),
      createdBy: SIGNATURE,
      comment: `held back by the roll-back watcher: ${why.slice(0, 200)}`,
    },
  });
  if (answer.status === 200) return String(field(answer.json, 'silenceID'));
  throw new AppError(
    'HOLD_BACK_FAILED',
    `Alertmanager took no silence: ${answer.failure ?? `status ${answer.status}`}`,
  );
}
