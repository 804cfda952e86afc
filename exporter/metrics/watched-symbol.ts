// Whom the rules serve, and the thresholds that the environment sets for them.
import type { Registry } from 'prom-client';
import type { CanonicalSymbol } from '../../common/brands.ts';
import { registerGauge } from './snapshot-metric.ts';
import type { MetricsSources, Reading } from './sources.ts';

export function registerWatchedSymbol(registry: Registry, sources: MetricsSources, reading: () => Reading): void {
  registerGauge(registry, {
    name: 'derivatives_watched_symbol',
    help: '1 for each watched symbol: the configured ones, or with SYMBOLS=ALL those that were seen.',
    labelNames: ['symbol'],
    *read() {
      for (const symbol of watchedSymbols(sources, reading())) yield { labels: { symbol }, value: 1 };
    },
  });
  registerGauge(registry, {
    name: 'derivatives_threshold_override',
    help: 'A threshold given by an environment variable, which the rules prefer over YAML; US dollars, a count, or a ratio, as its kind says.',
    labelNames: ['symbol', 'kind'],
    *read() {
      // Two variables may name one symbol (`…_BTC`, `…_btc`): the last one counts, as in the environment itself.
      const last = new Map(sources.overrides.map((override) => [`${override.kind} ${override.symbol}`, override]));
      for (const { symbol, kind, value } of last.values()) yield { labels: { symbol, kind }, value };
    },
  });
}

function watchedSymbols({ symbols, liquidations }: MetricsSources, { state }: Reading): Iterable<CanonicalSymbol> {
  if (symbols) return symbols;
  const seen = new Set(state.map(({ symbol }) => symbol));
  for (const { symbol } of liquidations.totals()) seen.add(symbol);
  return seen;
}
