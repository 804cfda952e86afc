// What a reading of the journal says, as a whole and by strategy and symbol.
import { type EquityFigures, equityFigures, type TradeFigures, tradeFigures } from './figures.ts';
import type { JournalState } from './journal-state.ts';
import type { JournalReading } from './read-journal.ts';
import type { ClosedTrade } from './trade.ts';

export interface TradeGroup {
  readonly strategy: string;
  readonly symbol: string;
  readonly figures: TradeFigures;
}

export interface TradingPerformance {
  readonly state: JournalState;
  /** `undefined` without a closed trade. */
  readonly all: TradeFigures | undefined;
  /** `undefined` where the journal has no equity curve. */
  readonly equity: EquityFigures | undefined;
  readonly groups: readonly TradeGroup[];
  /** Milliseconds since 1970. */
  readonly lastTradeAt: number | undefined;
  readonly skippedRows: number;
}

/** Names come from somebody else's table: beyond this many of each they share the name `other`, so that series stay bounded. */
export const MOST_NAMES = 20;
const OTHER = 'other';

export function judgePerformance({ state, trades, equity, skippedRows }: JournalReading): TradingPerformance {
  const strategies = mostTraded(trades, ({ strategy }) => strategy);
  const symbols = mostTraded(trades, ({ symbol }) => symbol);
  const groups = new Map<
    string,
    { readonly strategy: string; readonly symbol: string; readonly trades: ClosedTrade[] }
  >();
  for (const trade of trades) {
    const strategy = strategies.has(trade.strategy) ? trade.strategy : OTHER;
    const symbol = symbols.has(trade.symbol) ? trade.symbol : OTHER;
    const key = JSON.stringify([strategy, symbol]);
    const group = groups.get(key);
    if (group) group.trades.push(trade);
    else groups.set(key, { strategy, symbol, trades: [trade] });
  }
  return {
    state,
    all: trades.length === 0 ? undefined : tradeFigures(trades),
    equity: equityFigures(equity),
    groups: [...groups.values()].map(({ trades: own, ...names }) => ({ ...names, figures: tradeFigures(own) })),
    lastTradeAt: trades.reduce<number | undefined>((last, { closedAt }) => Math.max(last ?? 0, closedAt), undefined),
    skippedRows,
  };
}

function mostTraded(trades: readonly ClosedTrade[], nameOf: (trade: ClosedTrade) => string): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const trade of trades) counts.set(nameOf(trade), (counts.get(nameOf(trade)) ?? 0) + 1);
  const byCount = [...counts].toSorted(([one, count], [other, more]) => more - count || one.localeCompare(other));
  return new Set(byCount.slice(0, MOST_NAMES).map(([name]) => name));
}
