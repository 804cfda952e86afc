// The long poll: yields the updates of the bot one after the other until the signal aborts. A second poller of the same token
// (409) ends it: the two would take each other's updates.
import { TelegramApiError } from 'node-telegram-bot-api';
import { backoffDelayMs } from '../../common/backoff.ts';
import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { field } from '../../common/json-shape.ts';

export interface UpdateSource {
  /** Resolves with updates from `offset` on, after `timeoutSeconds` at most. */
  getUpdates(offset: number | undefined, timeoutSeconds: number, signal: AbortSignal): Promise<readonly unknown[]>;
}

export interface UpdateOptions {
  readonly source: UpdateSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called for each failure after which the poll goes on. */
  readonly onTrouble: (error: unknown) => void;
}

const POLL_SECONDS = 25;
const BACKOFF = { baseMs: 1_000, capMs: 30_000, jitterRatio: 0.2 };

/** @throws AppError TG_CONFLICT when another program polls with the token, TG_UNAUTHORIZED when the token is refused. */
export async function* pollUpdates({ source, clock, signal, onTrouble }: UpdateOptions): AsyncGenerator<unknown> {
  let offset: number | undefined;
  let failures = 0;
  while (!signal.aborted) {
    let updates: readonly unknown[];
    try {
      updates = await source.getUpdates(offset, POLL_SECONDS, signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      throwFinal(error);
      onTrouble(error);
      await clock.sleep(waitAfter(error, failures), signal).catch(() => {});
      failures += 1;
      continue;
    }
    for (const update of updates) {
      if (signal.aborted) return;
      // The next poll confirms the update to Telegram, which then forgets it.
      offset = Math.max(offset ?? 0, updateId(update) + 1);
      yield update;
    }
  }
}

function throwFinal(error: unknown): void {
  if (!(error instanceof TelegramApiError)) return;
  if (error.errorCode === 409) {
    throw new AppError('TG_CONFLICT', 'another program polls Telegram with this token', { cause: error });
  }
  if (error.errorCode === 401 || error.errorCode === 404) {
    throw new AppError('TG_UNAUTHORIZED', 'Telegram refuses the bot token', { cause: error });
  }
}

function waitAfter(error: unknown, failures: number): number {
  const asked = error instanceof TelegramApiError ? (error.retryAfter ?? 0) * 1_000 : 0;
  return Math.max(asked, backoffDelayMs(failures, BACKOFF));
}

function updateId(update: unknown): number {
  const id = field(update, 'update_id');
  return typeof id === 'number' ? id : -1;
}
