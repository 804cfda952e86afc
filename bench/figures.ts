// Every figure that the benchmark reports: its unit, the target it is held to, and which way is better. A target is never
// loosened here; where one cannot be reached docs/performance.md says why.

export interface FigureDefinition {
  readonly unit: string;
  /** `undefined` where nobody has set one: the figure is for comparison. */
  readonly target?: number;
  readonly better: 'higher' | 'lower';
}

const lower = (unit: string, target?: number): FigureDefinition => define(unit, 'lower', target);
const higher = (unit: string, target?: number): FigureDefinition => define(unit, 'higher', target);

function define(unit: string, better: 'higher' | 'lower', target: number | undefined): FigureDefinition {
  return target === undefined ? { unit, better } : { unit, better, target };
}

export const FIGURES = {
  ingest_frames_per_second: higher('frames/s'),
  ingest_vs_json_parse_ratio: higher('ratio', 0.7),
  ingest_vs_peer_ratio: higher('ratio', 1),
  ingest_vs_ccxt_ratio: higher('ratio', 2),
  ingest_batched_frames_per_second: higher('frames/s'),
  ingest_batched_vs_json_parse_ratio: higher('ratio', 0.7),
  ingest_cpu_percent_at_2000_frames: lower('% of a core', 50),
  ingest_lag_p99_ms: lower('ms', 50),
  scrape_alerting_loaded_p99_ms: lower('ms'),
  burst_20000_lost_events: lower('events', 0),
  burst_20000_absorbed_ms: lower('ms'),
  event_to_scrape_p99_ms: lower('ms', 600),
  event_to_rule_p99_ms: lower('ms'),
  event_to_webhook_p99_ms: lower('ms'),
  event_to_telegram_p50_ms: lower('ms', 600),
  event_to_telegram_p99_ms: lower('ms', 1_200),
  event_to_telegram_loaded_p50_ms: lower('ms', 600),
  event_to_telegram_loaded_p99_ms: lower('ms', 1_200),
  memory_pss_mb: lower('MB', 90),
  exporter_pss_mb: lower('MB'),
  bridge_pss_mb: lower('MB', 60),
  stack_rss_mb: lower('MB', 250),
  bare_node_pss_mb: lower('MB'),
  cpu_percent_at_1000_per_minute: lower('% of a core', 10),
  exporter_cpu_percent_at_1000_per_minute: lower('% of a core'),
  scrape_alerting_p99_ms: lower('ms', 10),
  scrape_p99_ms_3_symbols: lower('ms'),
  scrape_p99_ms_800_symbols: lower('ms', 100),
  series_per_symbol: lower('series'),
  exporter_pss_mb_800_symbols: lower('MB'),
  scale_series: lower('series'),
  scale_series_stormy: lower('series'),
  scale_scrape_ms: lower('ms'),
  scale_scrape_stormy_ms: lower('ms', 100),
  scale_rules_stormy_ms: lower('ms'),
  scale_cpu_percent: lower('% of a core'),
  scale_cpu_stormy_percent: lower('% of a core'),
  scale_prometheus_rss_mb: lower('MB'),
  scale_stack_rss_mb: lower('MB'),
  scale_disk_gb_per_day: lower('GB'),
  cascade_precision: higher('ratio', 1),
  cascade_recall: higher('ratio', 1),
  cascade_prometheus_precision: higher('ratio', 1),
  cascade_prometheus_recall: higher('ratio', 1),
  oi_detected_within_300s_ratio: higher('ratio', 0.95),
  duplicates_per_million: lower('per million', 0),
  webhook_accept_p99_ms: lower('ms', 10),
  storm_10000_alerts_seconds: lower('s'),
  storm_bridge_pss_mb: lower('MB', 60),
  first_message_p99_ms: lower('ms', 100),
  storm_pace_ratio: higher('ratio', 0.95),
  storm_largest_gap_ms: lower('ms', 1_500),
  answer_p99_ms: lower('ms', 1_000),
  silence_button_p99_ms: lower('ms', 1_000),
  database_insert_p99_ms: lower('ms', 5),
  database_claim_p99_ms: lower('ms', 5),
  database_history_p99_ms: lower('ms', 5),
  startup_ms: lower('ms'),
  soak_growth_kb_per_hour: lower('kB/h', 0),
} as const satisfies Readonly<Record<string, FigureDefinition>>;

export type FigureName = keyof typeof FIGURES;

export function isFigureName(name: string): name is FigureName {
  return Object.hasOwn(FIGURES, name);
}

/** Whether a value meets its target; `undefined` where there is no target. */
export function meetsTarget({ target, better }: FigureDefinition, value: number): boolean | undefined {
  if (target === undefined) return undefined;
  return better === 'higher' ? value >= target : value <= target;
}
