// Posts the heartbeat to a service outside, which raises the alarm when it stops: nothing on this machine can report that the
// machine itself is gone. The URL is a secret and is never logged.
import { request } from 'undici';
import type { EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { errorText } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

export interface DeadManSwitch {
  /** A heartbeat has arrived. Posts in the background; a failure is only logged. */
  beat(): void;
}

export interface DeadManSwitchOptions {
  /** `undefined`: no such service. */
  readonly url: string | undefined;
  readonly environment: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Services of this kind count minutes: posting more often adds nothing. */
const LEAST_PAUSE_MS = 30_000;
const TIMEOUT_MS = 10_000;

export function createDeadManSwitch({ url, environment, clock, logger }: DeadManSwitchOptions): DeadManSwitch {
  let triedAt: EpochMs | undefined;
  let isReached = true;
  return {
    beat() {
      const now = clock.now();
      if (url === undefined || (triedAt !== undefined && now - triedAt < LEAST_PAUSE_MS)) return;
      triedAt = now;
      post(url, { service: 'derivatives-alerts', environment, at: new Date(now).toISOString() }).then(
        () => {
          if (!isReached) logger.info('dead man’s switch reached again');
          isReached = true;
        },
        (error: unknown) => {
          if (isReached) logger.warn({ reason: errorText(error) }, 'dead man’s switch not reached');
          isReached = false;
        },
      );
    },
  };
}

async function post(url: string, body: unknown): Promise<void> {
  const answer = await request(url, {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.body.dump();
  if (answer.statusCode < 200 || answer.statusCode > 299) throw new Error(`it answered ${answer.statusCode}`);
}
