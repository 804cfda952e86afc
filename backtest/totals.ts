// How often each alert fired: per day, in all, and per week where the recording is long enough to say. Pure.
import type { Episode } from './alert-machine.ts';
import type { Session } from './timeline.ts';

const DAY_MS = 86_400_000;
/** A rate per week from less would be a guess. */
const WEEK_MS = 7 * DAY_MS;

export interface TotalsRow {
  /** A date, `total` or `per week`. */
  readonly day: string;
  /** With its tier. */
  readonly alert: string;
  /** One for each set of thresholds. */
  readonly counts: readonly string[];
}

/** @param verdicts what fired under each set of thresholds */
export function countAlerts(
  verdicts: readonly (readonly Pick<Episode, 'alert' | 'labels' | 'firedAt'>[])[],
  sessions: readonly Session[],
): readonly TotalsRow[] {
  const recordedMs = sessions.reduce((sum, { start, end }) => sum + end - start, 0);
  const byDay = tally(verdicts, ({ firedAt }) => new Date(firedAt).toISOString().slice(0, 10));
  const inAll = tally(verdicts, () => 'total');
  const rows = [...byDay, ...inAll].map(({ day, alert, counts }) => ({ day, alert, counts: counts.map(String) }));
  if (recordedMs < WEEK_MS) return rows;
  const perWeek = inAll.map(({ alert, counts }) => ({
    day: 'per week',
    alert,
    counts: counts.map((count) => ((count * WEEK_MS) / recordedMs).toFixed(2)),
  }));
  return [...rows, ...perWeek];
}

interface Tally {
  readonly day: string;
  readonly alert: string;
  readonly counts: readonly number[];
}

function tally(
  verdicts: readonly (readonly Pick<Episode, 'alert' | 'labels' | 'firedAt'>[])[],
  dayOf: (alert: Pick<Episode, 'firedAt'>) => string,
): readonly Tally[] {
  const entries = verdicts.flatMap((alerts, index) =>
    alerts.map((alert) => ({ index, day: dayOf(alert), alert: nameOf(alert) })),
  );
  const groups = Map.groupBy(entries, ({ day, alert }) => `${day} ${alert}`);
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => ({
      day: group[0]?.day ?? '',
      alert: group[0]?.alert ?? '',
      counts: verdicts.map((_, index) => group.filter((entry) => entry.index === index).length),
    }));
}

function nameOf({ alert, labels }: Pick<Episode, 'alert' | 'labels'>): string {
  return [alert, labels.symbol, labels.tier === undefined ? undefined : `×${labels.tier}`]
    .filter((part) => part !== undefined)
    .join(' ');
}
