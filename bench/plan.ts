// Which program measures which figures, how often it is repeated, and how long it may take.
import type { FigureName } from './figures.ts';

export interface ProgramPlan {
  /** File in `programs/`. */
  readonly program: string;
  readonly figures: readonly FigureName[];
  /** Times that a full run repeats it; a quick one does it once. */
  readonly repeats: number;
  readonly nodeFlags?: readonly string[];
  readonly timeoutMs: number;
}

export const PLAN: readonly ProgramPlan[] = [
  {
    program: 'ingest',
    figures: [
      'ingest_frames_per_second',
      'ingest_vs_json_parse_ratio',
      'ingest_vs_peer_ratio',
      'ingest_vs_ccxt_ratio',
      'ingest_batched_frames_per_second',
      'ingest_batched_vs_json_parse_ratio',
    ],
    repeats: 2,
    timeoutMs: 240_000,
  },
  {
    program: 'load',
    figures: [
      'ingest_cpu_percent_at_2000_frames',
      'ingest_lag_p99_ms',
      'scrape_alerting_loaded_p99_ms',
      'burst_20000_lost_events',
      'burst_20000_absorbed_ms',
    ],
    repeats: 1,
    timeoutMs: 180_000,
  },
  {
    program: 'latency',
    figures: [
      'event_to_scrape_p99_ms',
      'event_to_rule_p99_ms',
      'event_to_webhook_p99_ms',
      'event_to_telegram_p50_ms',
      'event_to_telegram_p99_ms',
    ],
    repeats: 1,
    timeoutMs: 240_000,
  },
  {
    program: 'latency-loaded',
    figures: ['event_to_telegram_loaded_p50_ms', 'event_to_telegram_loaded_p99_ms'],
    repeats: 1,
    timeoutMs: 240_000,
  },
  {
    program: 'memory',
    figures: [
      'memory_pss_mb',
      'exporter_pss_mb',
      'bridge_pss_mb',
      'stack_rss_mb',
      'cpu_percent_at_1000_per_minute',
      'exporter_cpu_percent_at_1000_per_minute',
    ],
    repeats: 1,
    timeoutMs: 240_000,
  },
  { program: 'dependencies', figures: ['bare_node_pss_mb'], repeats: 1, timeoutMs: 120_000 },
  {
    program: 'scrape',
    figures: [
      'scrape_alerting_p99_ms',
      'scrape_p99_ms_3_symbols',
      'scrape_p99_ms_800_symbols',
      'series_per_symbol',
      'exporter_pss_mb_800_symbols',
    ],
    repeats: 1,
    timeoutMs: 180_000,
  },
  {
    program: 'scale',
    figures: [
      'scale_series',
      'scale_series_stormy',
      'scale_scrape_ms',
      'scale_scrape_stormy_ms',
      'scale_rules_stormy_ms',
      'scale_cpu_percent',
      'scale_cpu_stormy_percent',
      'scale_prometheus_rss_mb',
      'scale_stack_rss_mb',
      'scale_disk_gb_per_day',
    ],
    repeats: 1,
    timeoutMs: 180_000,
  },
  { program: 'cascades', figures: ['cascade_precision', 'cascade_recall'], repeats: 1, timeoutMs: 120_000 },
  {
    program: 'cascades-prometheus',
    figures: ['cascade_prometheus_precision', 'cascade_prometheus_recall'],
    repeats: 1,
    timeoutMs: 240_000,
  },
  { program: 'open-interest', figures: ['oi_detected_within_300s_ratio'], repeats: 1, timeoutMs: 120_000 },
  { program: 'duplicates', figures: ['duplicates_per_million'], repeats: 1, timeoutMs: 120_000 },
  { program: 'webhook', figures: ['webhook_accept_p99_ms'], repeats: 1, timeoutMs: 60_000 },
  { program: 'storm', figures: ['storm_10000_alerts_seconds', 'storm_bridge_pss_mb'], repeats: 1, timeoutMs: 120_000 },
  {
    program: 'outflow',
    figures: ['first_message_p99_ms', 'storm_pace_ratio', 'storm_largest_gap_ms'],
    repeats: 1,
    timeoutMs: 180_000,
  },
  { program: 'answers', figures: ['answer_p99_ms', 'silence_button_p99_ms'], repeats: 1, timeoutMs: 180_000 },
  {
    program: 'database',
    figures: ['database_insert_p99_ms', 'database_claim_p99_ms', 'database_history_p99_ms'],
    repeats: 1,
    timeoutMs: 180_000,
  },
  { program: 'startup', figures: ['startup_ms'], repeats: 2, timeoutMs: 60_000 },
  {
    program: 'growth',
    figures: ['soak_growth_kb_per_hour'],
    repeats: 1,
    nodeFlags: ['--expose-gc', '--optimize-for-size'],
    timeoutMs: 180_000,
  },
];

/** The programs that hold what was asked for by figure or by program. @returns the names that nobody knows beside them */
export function choosePrograms(only: readonly string[]): {
  readonly programs: readonly ProgramPlan[];
  readonly unknown: readonly string[];
} {
  const isHeldBy = (plan: ProgramPlan, name: string) =>
    plan.program === name || plan.figures.some((figure) => figure === name);
  return {
    programs: only.length === 0 ? PLAN : PLAN.filter((plan) => only.some((name) => isHeldBy(plan, name))),
    unknown: only.filter((name) => !PLAN.some((plan) => isHeldBy(plan, name))),
  };
}
