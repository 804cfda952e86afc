// The scorecard as a table: each target with its figures, and whether it was met.
import { type Html, html } from '../../common/html.ts';
import { formatDuration, formatShare } from '../format/figures.ts';
import { KIND_NAMES, usefulText, wholePercent } from '../scorecard/describe.ts';
import type { Scorecard, TargetResult } from '../scorecard/scorecard.ts';

export function renderScorecard({ useful, acknowledged, kinds }: Scorecard): Html {
  const seen = acknowledged.medianSeconds === undefined ? '' : `, after ${formatDuration(acknowledged.medianSeconds)}`;
  const rows = kinds.map(({ kind, moves, lead }) => {
    const median = lead.medianSeconds === undefined ? '–' : formatDuration(lead.medianSeconds);
    const cells = moves.map((move) =>
      move.medianRatio === undefined
        ? html`<td>–</td>`
        : html`<td>${formatShare(move.medianRatio)} (${move.alerts})</td>`,
    );
    return html`<tr><td>${KIND_NAMES[kind]}</td>${cells}<td>${median} of ${formatDuration(lead.targetSeconds)}</td>
<td class="${className(lead.verdict)}">${lead.verdict}</td></tr>`;
  });
  return html`<ul class="facts"><li class="${className(useful.verdict)}">useful: ${usefulText(useful)}, target ${wholePercent(useful.targetRatio)}: ${useful.verdict}</li>
<li>seen: ${acknowledged.alerts} of ${acknowledged.told} alerts${seen}</li></ul>
<div class="scroll"><table><thead><tr><th>price moved (alerts)</th><th>1 min</th><th>5 min</th><th>15 min</th><th>60 min</th><th>ahead of the move</th><th>target</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function className(result: TargetResult): string {
  return result === 'no data' ? 'none' : result;
}
