// Keeps the performance of the existing bot's journal up to date: reads it when it has changed, and says when its state does.
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { journalMark } from './journal-database.ts';
import { judgePerformance, type TradingPerformance } from './performance.ts';
import { readJournal } from './read-journal.ts';

export interface TradeJournal {
  /** As of the last look; `undefined` before the first. */
  readonly performance: TradingPerformance | undefined;
  /** Looks until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface TradeJournalOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly periodMs?: number;
}

const PERIOD_MS = 30_000;

export function createTradeJournal({ path, clock, logger, periodMs = PERIOD_MS }: TradeJournalOptions): TradeJournal {
  let performance: TradingPerformance | undefined;
  let mark: string | undefined;

  async function look(): Promise<void> {
    const before = journalMark(path);
    if (performance?.state === 'ok' && before !== undefined && before === mark) return;
    const reading = await readJournal(path);
    // One that is being written to keeps its last figures: a moment later it can be read again.
    const isPassing = reading.state === 'locked' && performance !== undefined;
    const present = isPassing && performance ? { ...performance, state: reading.state } : judgePerformance(reading);
    if (present.state !== performance?.state) {
      const fields = { state: present.state, reason: reading.reason, trades: present.all?.trades ?? 0 };
      if (present.state === 'ok') logger.info(fields, 'trade journal is read');
      else logger.warn(fields, 'trade journal gives no figures');
    }
    performance = present;
    mark = before;
  }

  return {
    get performance() {
      return performance;
    },
    async run(signal) {
      while (!signal.aborted) {
        await look();
        await clock.sleep(periodMs, signal).catch(() => undefined);
      }
    },
  };
}
