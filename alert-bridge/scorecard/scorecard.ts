// The track record against its targets: each with its figures, and whether it was met. Pure.
import { medianOf } from '../../common/median.ts';
import {
  HORIZONS,
  type Horizon,
  LEAD_TARGETS,
  SCORED_KINDS,
  type ScoredKind,
  USEFUL_TARGET_RATIO,
} from './horizons.ts';
import type { TrackSamples } from './store.ts';

export type TargetResult = 'met' | 'missed' | 'no data';

export interface KindScore {
  readonly kind: ScoredKind;
  /** Median size of the price's move after each horizon, as a ratio, with how many alerts stand behind it. */
  readonly moves: readonly {
    readonly horizonMinutes: Horizon;
    readonly medianRatio: number | undefined;
    readonly alerts: number;
  }[];
  readonly lead: {
    readonly medianSeconds: number | undefined;
    readonly targetSeconds: number;
    /** Alerts after which the price went as far as announced within the hour, of all that were judged. */
    readonly followed: number;
    readonly judged: number;
    readonly verdict: TargetResult;
  };
}

export interface Scorecard {
  readonly useful: {
    readonly votes: number;
    readonly ratio: number | undefined;
    readonly targetRatio: number;
    readonly verdict: TargetResult;
  };
  readonly acknowledged: { readonly alerts: number; readonly told: number; readonly medianSeconds: number | undefined };
  readonly kinds: readonly KindScore[];
}

export function summarise(samples: TrackSamples): Scorecard {
  const votes = samples.useful + samples.useless;
  const ratio = votes === 0 ? undefined : samples.useful / votes;
  return {
    useful: { votes, ratio, targetRatio: USEFUL_TARGET_RATIO, verdict: resultOf(ratio, USEFUL_TARGET_RATIO) },
    acknowledged: {
      alerts: samples.acknowledgedAfterMs.length,
      told: samples.told,
      medianSeconds: toSeconds(medianOf(samples.acknowledgedAfterMs)),
    },
    kinds: SCORED_KINDS.map((kind) => scoreOf(kind, samples)),
  };
}

function scoreOf(kind: ScoredKind, { moves, leads }: TrackSamples): KindScore {
  const judged = leads.filter((lead) => lead.kind === kind);
  const followed = judged.flatMap((lead) => lead.leadMs ?? []);
  const medianSeconds = toSeconds(medianOf(followed));
  const targetSeconds = LEAD_TARGETS[kind].leadMs / 1_000;
  // Alerts that no move followed announced nothing: a target cannot be met by silence.
  const result = judged.length > 0 && medianSeconds === undefined ? 'missed' : resultOf(medianSeconds, targetSeconds);
  return {
    kind,
    moves: HORIZONS.map((horizonMinutes) => {
      const sizes = moves.filter((move) => move.kind === kind && move.horizon === horizonMinutes);
      return {
        horizonMinutes,
        medianRatio: medianOf(sizes.map((move) => Math.abs(move.ratio))),
        alerts: sizes.length,
      };
    }),
    lead: { medianSeconds, targetSeconds, followed: followed.length, judged: judged.length, verdict: result },
  };
}

function resultOf(value: number | undefined, target: number): TargetResult {
  if (value === undefined) return 'no data';
  return value >= target ? 'met' : 'missed';
}

function toSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}
