// The results as a table for people.
import type { Change } from './compare.ts';
import { meetsTarget } from './figures.ts';
import type { Result } from './results.ts';

const COLUMNS = ['figure', 'value', 'target', 'unit', 'spread', ''] as const;

export function describeResults(results: readonly Result[]): string {
  return layOut([COLUMNS, ...results.map(rowOf)]);
}

function rowOf(result: Result): readonly string[] {
  const { name, value, unit, target, better, runs, reason, note } = result;
  const bound = target === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${formatNumber(target)}`;
  if (value === null) return [name, '–', bound, unit, '', `not measured: ${reason ?? ''}`];
  const spread = runs.length < 2 ? '' : `${formatNumber(Math.min(...runs))} – ${formatNumber(Math.max(...runs))}`;
  return [name, formatNumber(value), bound, unit, spread, [verdictOf(result), note ?? ''].filter(Boolean).join(' · ')];
}

function verdictOf({ value, target, better = 'lower', unit }: Result): string {
  if (value === null || target === null) return '';
  return meetsTarget({ target, better, unit }, value) ? 'met' : 'MISSED';
}

export function describeChanges(changes: readonly Change[]): string {
  const rows = changes.map(({ name, before, after, verdict }) => [
    name,
    before === undefined ? '–' : formatNumber(before),
    after === undefined ? '–' : formatNumber(after),
    before === undefined || after === undefined || before === 0
      ? ''
      : `${after >= before ? '+' : ''}${formatNumber((100 * (after - before)) / before)} %`,
    verdict,
  ]);
  return layOut([['figure', 'before', 'after', 'change', 'verdict'], ...rows]);
}

/** Four significant digits are more than any of this is repeatable to. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(4)));
}

function layOut(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          isFigure(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function isFigure(column: number): boolean {
  return column === 1 || column === 2;
}
