// Journals of an existing bot as it writes them, in the test's own folder.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Test } from 'tap';

export const DAY = 86_400;
export const START = 1_790_000_000 - (1_790_000_000 % DAY);

export interface TradeRow {
  readonly symbol?: string;
  readonly strategy?: string;
  readonly closed?: number | string | null;
  readonly pnl: number | null;
}

export interface JournalWishes {
  readonly trades?: readonly TradeRow[];
  readonly equity?: readonly (readonly [ts: number, equity: number])[];
  readonly hasStrategy?: boolean;
  readonly mode?: 'WAL' | 'DELETE';
}

/** The bot's own connection, to write on with. */
export interface Journal {
  readonly path: string;
  readonly bot: DatabaseSync;
  add(...trades: readonly TradeRow[]): void;
}

export function writeJournal(t: Test, wishes: JournalWishes = {}): Journal {
  const { trades = [], equity = [], hasStrategy = false, mode = 'WAL' } = wishes;
  const path = join(t.testdir(), 'journal.sqlite');
  const bot = new DatabaseSync(path);
  t.teardown(() => bot.isOpen && bot.close());
  bot.exec(`PRAGMA journal_mode = ${mode}`);
  bot.exec(`CREATE TABLE trades (ticket INTEGER PRIMARY KEY, symbol TEXT, side TEXT, entry_price REAL, sl REAL, tp REAL,
    volume REAL, opened_ts, closed_ts, exit_price REAL, pnl REAL, r_multiple REAL, duration_sec REAL
    ${hasStrategy ? ', strategy TEXT' : ''});
    CREATE TABLE equity (ts, balance REAL, equity REAL)`);
  const add = (...rows: readonly TradeRow[]) => {
    const insert = bot.prepare(
      `INSERT INTO trades (symbol, closed_ts, pnl ${hasStrategy ? ', strategy' : ''}) VALUES (?, ?, ? ${hasStrategy ? ', ?' : ''})`,
    );
    for (const { symbol = 'BTC/USDT', closed = START, pnl, strategy } of rows) {
      insert.run(symbol, closed, pnl, ...(hasStrategy ? [strategy ?? null] : []));
    }
  };
  add(...trades);
  const insert = bot.prepare('INSERT INTO equity VALUES (?, ?, ?)');
  for (const [ts, value] of equity) insert.run(ts, value, value);
  return { path, bot, add };
}
