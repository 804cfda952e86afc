// What the metrics read, and the reading they take once per scrape so that all families show the same moment.

import type { Registry } from 'prom-client';
import type { CanonicalSymbol, EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import type { ThresholdOverride } from '../../common/threshold-kinds.ts';
import type { Exchange } from '../events.ts';
import type { FeedStatus } from '../feed.ts';
import type { ClockOffsets } from '../windows/clock-offset.ts';
import type { LatestState, VenueState } from '../windows/latest-state.ts';
import type { LiquidationStore, MarketView, SymbolView } from '../windows/liquidation-store.ts';

/** Open interest as the existing service reports it for one venue; only fresh samples. */
export interface ExistingOpenInterest {
  readonly exchange: Exchange;
  readonly symbol: CanonicalSymbol;
  readonly notionalUsd: number;
}

/** What metrics say of a venue that no message tells. */
export interface VenueTraits {
  readonly name: Exchange;
  /** As people write it. */
  readonly displayName: string;
  /** Only a sample of its liquidations is published. */
  readonly isSampled: boolean;
}

export interface MetricsSources {
  readonly version: string;
  readonly clock: Clock;
  /** `undefined` for all symbols. */
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  /** Whatever is watched of a venue, and how it is told of. */
  readonly venues: readonly VenueTraits[];
  readonly overrides: readonly ThresholdOverride[];
  readonly liquidations: LiquidationStore;
  readonly offsets: ClockOffsets;
  readonly state: LatestState;
  /** How old open interest and mark prices of a venue may be (`maxStateAgeMs`). */
  readonly maxStateAgeMs: (exchange: Exchange) => number;
  readonly feeds: () => readonly FeedStatus[];
  readonly existingOpenInterest: () => readonly ExistingOpenInterest[];
  /** Of the table on disk; left out where nobody said which file it is. */
  readonly thresholdTableHash?: () => string;
  /** Adds series of another room to `/metrics`; not to what alert rules read every second. */
  readonly registerMore?: (registry: Registry) => void;
}

export interface Reading {
  readonly now: EpochMs;
  readonly wallNow: EpochMs;
  readonly symbols: readonly SymbolView[];
  readonly market: MarketView;
  readonly state: readonly VenueState[];
  readonly feeds: readonly FeedStatus[];
  /** Venues whose liquidations arrive: only of them is "none" a fact. */
  readonly liveVenues: ReadonlySet<Exchange>;
}

export function takeReading(sources: MetricsSources): Reading {
  const now = sources.clock.now();
  const feeds = sources.feeds();
  const live = feeds.filter(({ feed, connected }) => feed === 'liquidations' && connected);
  return {
    now,
    wallNow: sources.clock.wallNow(),
    symbols: sources.liquidations.symbolViews(now),
    market: sources.liquidations.marketView(now),
    state: [...sources.state.read(now, sources.maxStateAgeMs)],
    feeds,
    liveVenues: new Set(live.map(({ exchange }) => exchange)),
  };
}
