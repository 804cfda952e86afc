// A closed trade and a point of the equity curve, read from the rows of a journal that somebody else writes.

export interface ClosedTrade {
  readonly strategy: string;
  readonly symbol: string;
  /** Milliseconds since 1970. */
  readonly closedAt: number;
  /** Account currency; above 0 is a win. */
  readonly pnl: number;
}

export interface EquityPoint {
  readonly at: number;
  readonly equity: number;
}

type Row = Readonly<Record<string, unknown>>;

/** Larger numbers are milliseconds: in seconds this would be the year 5138. */
const LARGEST_SECONDS = 1e11;

/** `undefined` for what cannot be read; the caller counts it. */
export function readTrade(row: Row): ClosedTrade | undefined {
  const closedAt = readTime(row.closed_ts);
  const { pnl, symbol, strategy } = row;
  if (closedAt === undefined || typeof pnl !== 'number' || !Number.isFinite(pnl)) return undefined;
  if (typeof symbol !== 'string' || symbol === '') return undefined;
  return { strategy: typeof strategy === 'string' && strategy !== '' ? strategy : 'none', symbol, closedAt, pnl };
}

export function readEquity(row: Row): EquityPoint | undefined {
  const at = readTime(row.ts);
  const { equity } = row;
  return at === undefined || typeof equity !== 'number' || !Number.isFinite(equity) ? undefined : { at, equity };
}

/** Seconds or milliseconds as a number, or a text that a Date understands; without a zone it is UTC, as SQLite writes it. */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0)
    return value > LARGEST_SECONDS ? value : value * 1_000;
  if (typeof value !== 'string' || value === '') return undefined;
  const isPlain = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(value);
  const time = Date.parse(isPlain ? `${value.replace(' ', 'T')}Z` : value);
  return Number.isNaN(time) ? undefined : time;
}
