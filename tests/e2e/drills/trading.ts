// The existing bot's journal: one that loses, and one that is gone.
import { rmSync } from 'node:fs';
import type { Journal } from '../../exporter/trading/journals.ts';
import type { Drill } from './drill.ts';

const DAY_SECONDS = 86_400;
const TRADES = 30;

/** Two of three trades lost over a month, and equity a tenth below its highest. */
export function losingStore(nowSeconds: number) {
  const at = (index: number) => nowSeconds - (TRADES - index) * DAY_SECONDS;
  const days = Array.from({ length: TRADES }, (_, index) => index);
  return {
    trades: days.map((day) => ({ closed: at(day), pnl: day % 3 === 0 ? 20 : -15 })),
    equity: days.map((day) => [at(day), 1_000 - day * 4] as const),
  };
}

export const tradingDrills: readonly Drill<Journal>[] = [
  {
    alerts: [
      'TradingWinRatioLow',
      'TradingProfitFactorLow',
      'TradingRewardToRiskLow',
      'TradingDrawdownHigh',
      'TradingSharpeLow',
    ],
    fault: 'the existing bot loses two of three trades and a tenth of its equity',
    isFromStart: true,
    make: () => undefined,
  },
  {
    alerts: ['TradeJournalUnreadable'],
    fault: "the existing bot's journal disappears",
    make({ path, bot }) {
      bot.close();
      for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
      return undefined;
    },
  },
];
