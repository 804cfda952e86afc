// The notice at the end of a silence: what it hid.
import { plural } from './figures.ts';

type Hidden = readonly (readonly [name: string, count: number])[];

const MAX_NAMES = 5;

/** It came to its end. */
export function endNotice(title: string, hidden: Hidden): string {
  return [`🔔 Silence over: ${title}`, ...hiddenLines(hidden)].join('\n');
}

/** Somebody lifted it elsewhere. */
export function liftedNotice(title: string, hidden: Hidden): string {
  return [`🔔 Silence lifted: ${title}`, ...hiddenLines(hidden)].join('\n');
}

function hiddenLines(hidden: Hidden): readonly string[] {
  const total = hidden.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return ['Nothing was hidden.'];
  const rest = hidden.length - MAX_NAMES;
  return [
    `${plural(total, 'alert')} hidden:`,
    ...hidden.slice(0, MAX_NAMES).map(([name, count]) => `${count} × ${name}`),
    ...(rest > 0 ? [`and ${rest} more kinds`] : []),
  ];
}
