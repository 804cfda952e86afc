// Two snapshots side by side: what a deployment left behind, and what others did meanwhile. Pure.
import { SNAPSHOT_KINDS, type Snapshot, type SnapshotKind } from './snapshot.ts';

export interface Difference {
  readonly kind: SnapshotKind;
  readonly change: 'appeared' | 'vanished';
  readonly what: string;
}

/** How to tell ours from what somebody else on the host did between the two snapshots. */
export interface Ownership {
  /** The compose project; containers, networks and volumes of ours begin with it. */
  readonly project: string;
  readonly ports: readonly number[];
}

export interface Comparison {
  readonly ours: readonly Difference[];
  /** On a busy host these are no fault of ours; they are shown, and judged by a person. */
  readonly others: readonly Difference[];
}

export function compareSnapshots(before: Snapshot, after: Snapshot, ownership: Ownership): Comparison {
  const differences = SNAPSHOT_KINDS.flatMap((kind) => compareKind(kind, before[kind], after[kind]));
  return {
    ours: differences.filter((difference) => isOurs(difference, ownership) && !isEdit(difference, differences)),
    others: differences.filter((difference) => !isOurs(difference, ownership) || isEdit(difference, differences)),
  };
}

export function describeComparison({ ours, others }: Comparison): string {
  const list = (differences: readonly Difference[]) =>
    differences.map(({ kind, change, what }) => `    ${kind}: ${what} ${change}`);
  const verdict =
    ours.length === 0
      ? ['✓ the host is as it was before the start: programs, ports, containers, networks, volumes and files compared']
      : ['✗ the host is not as it was before the start:', ...list(ours)];
  const foreign = others.length === 0 ? [] : ['  changed meanwhile, and not by this stack:', ...list(others)];
  return [...verdict, ...foreign].join('\n');
}

function compareKind(kind: SnapshotKind, before: readonly string[], after: readonly string[]): readonly Difference[] {
  return [
    ...after.filter((what) => !before.includes(what)).map((what) => ({ kind, change: 'appeared', what }) as const),
    ...before.filter((what) => !after.includes(what)).map((what) => ({ kind, change: 'vanished', what }) as const),
  ];
}

/** A file that is there before and after was edited: rules are edited while the stack runs, and by people. */
function isEdit({ kind, change, what }: Difference, all: readonly Difference[]): boolean {
  const nameOf = (line: string) => line.split(' ')[0];
  return kind === 'files' && all.some((other) => other.change !== change && nameOf(other.what) === nameOf(what));
}

function isOurs({ kind, what }: Difference, { project, ports }: Ownership): boolean {
  switch (kind) {
    case 'processes':
    case 'files':
      return true;
    case 'ports':
      return ports.some((port) => what.endsWith(`:${port}`));
    case 'containers':
    case 'networks':
    case 'volumes':
      return what.startsWith(`${project}_`) || what.startsWith(`${project}-`);
  }
}
