/** Liquidations of the whole episode, beyond its largest window; `undefined` where Prometheus could not say. */
export interface EpisodeTotals {
  readonly longUsd: number;
  readonly shortUsd: number;
  readonly longEvents: number;
  readonly shortEvents: number;
}
