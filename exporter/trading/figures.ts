// The figures by which trading is judged. Pure; every one is `undefined` where it would be a guess.
import type { ClosedTrade, EquityPoint } from './trade.ts';

export interface TradeFigures {
  readonly trades: number;
  /** Trades with a gain, of all closed ones: break-even is no win. */
  readonly winRatio: number | undefined;
  /** Gross gains divided by gross losses; `undefined` without a loss. */
  readonly profitFactor: number | undefined;
  /** Mean gain of a win divided by mean loss of a loss; `undefined` without either. */
  readonly rewardToRisk: number | undefined;
  /** Account currency. */
  readonly pnl: number;
  /** Largest fall of the cumulated result from a high, account currency; the start counts as a high. */
  readonly drawdown: number;
  /** Of daily results; see `sharpeOf`. */
  readonly sharpe: number | undefined;
}

const DAY_MS = 86_400_000;
/** Crypto trades every day of the year. */
const DAYS_PER_YEAR = 365;
/** Below this a Sharpe ratio says nothing. */
export const LEAST_DAYS = 10;

/** @param trades in any order */
export function tradeFigures(trades: readonly ClosedTrade[]): TradeFigures {
  const wins = trades.filter(({ pnl }) => pnl > 0);
  const losses = trades.filter(({ pnl }) => pnl < 0);
  const gains = sumOf(wins.map(({ pnl }) => pnl));
  const lost = -sumOf(losses.map(({ pnl }) => pnl));
  const hasBoth = wins.length > 0 && losses.length > 0;
  return {
    trades: trades.length,
    winRatio: trades.length === 0 ? undefined : wins.length / trades.length,
    profitFactor: losses.length === 0 ? undefined : gains / lost,
    rewardToRisk: hasBoth ? gains / wins.length / (lost / losses.length) : undefined,
    pnl: gains - lost,
    drawdown: fallOf(trades),
    sharpe: sharpeOf(dailyResults(trades)),
  };
}

export interface EquityFigures {
  readonly equity: number;
  /** Present fall from the highest point so far, 0 to 1. */
  readonly drawdownRatio: number;
  /** The deepest such fall there was. */
  readonly largestDrawdownRatio: number;
  /** Of daily returns of equity. */
  readonly sharpe: number | undefined;
}

/** @param points in order of time; those without a positive equity before them give no return */
export function equityFigures(points: readonly EquityPoint[]): EquityFigures | undefined {
  const last = points.at(-1);
  if (last === undefined) return undefined;
  let high = Number.NEGATIVE_INFINITY;
  let largest = 0;
  const closes = new Map<number, number>();
  for (const { at, equity } of points) {
    high = Math.max(high, equity);
    if (high > 0) largest = Math.max(largest, (high - equity) / high);
    closes.set(Math.floor(at / DAY_MS), equity);
  }
  return {
    equity: last.equity,
    drawdownRatio: high > 0 ? (high - last.equity) / high : 0,
    largestDrawdownRatio: largest,
    sharpe: sharpeOf(returnsOf([...closes.values()])),
  };
}

/**
 * Mean of daily values divided by their standard deviation (of a sample), times the root of 365; without a risk-free rate.
 * `undefined` below ten days, or where all days are alike.
 */
export function sharpeOf(daily: readonly number[]): number | undefined {
  if (daily.length < LEAST_DAYS) return undefined;
  const mean = sumOf(daily) / daily.length;
  const deviation = Math.sqrt(sumOf(daily.map((value) => (value - mean) ** 2)) / (daily.length - 1));
  // Equal days differ by rounding only: dividing by that would show an absurd figure.
  return deviation <= Math.abs(mean) * 1e-9 ? undefined : (mean / deviation) * Math.sqrt(DAYS_PER_YEAR);
}

/** Results by UTC day from the first to the last trade; a day without a trade is a day with 0. */
function dailyResults(trades: readonly ClosedTrade[]): readonly number[] {
  const byDay = new Map<number, number>();
  for (const { closedAt, pnl } of trades) {
    const day = Math.floor(closedAt / DAY_MS);
    byDay.set(day, (byDay.get(day) ?? 0) + pnl);
  }
  const days = [...byDay.keys()].toSorted((one, other) => one - other);
  const [first = 0, last = -1] = [days[0], days.at(-1)];
  // One absurd date must not make a list of a million days.
  if (last - first > MOST_DAYS) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => byDay.get(first + index) ?? 0);
}

const MOST_DAYS = 36_500;

function returnsOf(closes: readonly number[]): readonly number[] {
  return closes.slice(1).flatMap((close, index) => {
    const before = closes[index] ?? 0;
    return before > 0 ? [close / before - 1] : [];
  });
}

function fallOf(trades: readonly ClosedTrade[]): number {
  let [sum, high, fall] = [0, 0, 0];
  for (const { pnl } of trades.toSorted((one, other) => one.closedAt - other.closedAt)) {
    sum += pnl;
    high = Math.max(high, sum);
    fall = Math.max(fall, high - sum);
  }
  return fall;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
