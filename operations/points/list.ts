// The table of roll-back points.
import type { Manifest } from './manifest.ts';

export function describePoints(points: readonly Manifest[]): string {
  if (points.length === 0) return 'no roll-back points yet: rollback.sh --create NAME, or the next start takes one';
  const rows = points.map(({ name, createdAt, mode, git, database, files, reason }) => [
    name,
    createdAt.slice(0, 19).replace('T', ' '),
    mode,
    git === undefined ? '–' : `${git.commit.slice(0, 10)}${git.isDirty ? '+' : ''}`,
    database === undefined
      ? 'no data'
      : database.integrity === 'ok'
        ? `data, schema ${database.schema}`
        : 'data damaged',
    `${(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1_048_576).toFixed(1)} MB`,
    reason,
  ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
