// Alerts with their deliveries, the price after them and people's reactions: for `/history`, the page and the API.
import type { Texts } from '../model/alert.ts';

export interface HistoryDelivery {
  readonly chat: string;
  readonly state: string;
  readonly reason: string | undefined;
  readonly text: string | undefined;
  /** From acceptance to the final state. */
  readonly tookMs: number | undefined;
}

export interface HistoryEntry {
  readonly id: number;
  readonly name: string;
  readonly symbol: string | undefined;
  readonly tier: number;
  readonly priority: string;
  readonly status: string;
  readonly startsAt: string;
  readonly endsAt: string | undefined;
  readonly figures: Texts;
  readonly deliveries: readonly HistoryDelivery[];
  readonly seen: { readonly by: string; readonly afterMs: number } | undefined;
  readonly useful: number;
  readonly useless: number;
  /** Change of the price by minutes after the event: `{ "1": 0.002 }`. */
  readonly priceMoves: Readonly<Record<string, number>>;
}

export interface HistoryQuery {
  readonly symbol: string | undefined;
  readonly limit: number;
  /** Entries before this id: the last id of the page before. */
  readonly before: number | undefined;
  /** Only alerts that reached at least one chat. */
  readonly isNotifiedOnly: boolean;
}

export interface HistoryStore {
  /** Newest first. */
  read(query: HistoryQuery): Promise<readonly HistoryEntry[]>;
}
