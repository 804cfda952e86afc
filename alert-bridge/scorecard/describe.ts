// The scorecard in lines for a chat: each target, and whether it was met.

import { formatDuration, plural } from '../format/figures.ts';
import type { Scorecard, TargetResult } from './scorecard.ts';

const MARKS: Readonly<Record<TargetResult, string>> = { met: '✅', missed: '❌', 'no data': '▫️' };

export const KIND_NAMES = {
  cascade: 'cascades',
  large_liquidation: 'large liquidations',
  oi_explosion: 'OI explosions',
  oi_collapse: 'OI collapses',
} as const;

export function scorecardLines({ useful, acknowledged, kinds }: Scorecard): readonly string[] {
  const seen =
    acknowledged.medianSeconds === undefined
      ? ''
      : `, after ${formatDuration(acknowledged.medianSeconds)} in the median`;
  return [
    `${MARKS[useful.verdict]} useful: ${usefulText(useful)} (target ${wholePercent(useful.targetRatio)})`,
    `👀 seen: ${acknowledged.alerts} of ${acknowledged.told} alerts${seen}`,
    ...kinds.filter(({ lead }) => lead.judged > 0).map(leadLine),
  ];
}

/** `75% of 4 votes`. */
export function usefulText({ ratio, votes }: Scorecard['useful']): string {
  return ratio === undefined ? 'no votes yet' : `${wholePercent(ratio)} of ${plural(votes, 'vote')}`;
}

export function wholePercent(ratio: number): string {
  return `${Math.round(ratio * 100)}%`;
}

function leadLine({ kind, lead }: Scorecard['kinds'][number]): string {
  const median = lead.medianSeconds === undefined ? 'no move followed' : formatDuration(lead.medianSeconds);
  const target = formatDuration(lead.targetSeconds);
  return `${MARKS[lead.verdict]} ${KIND_NAMES[kind]} ahead by ${median} (target ${target}), ${lead.followed} of ${lead.judged} followed`;
}
