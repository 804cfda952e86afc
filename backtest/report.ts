// A back-test's result as text for people. Pure.
import type { BacktestResult, FiredAlert, Verdict } from './run.ts';
import { formatTable } from './table.ts';
import { countAlerts } from './totals.ts';

const SHOWN_FAULTS = 20;

export function formatReport(result: BacktestResult, limit: number): string {
  return [
    ...formatInput(result),
    ...formatFaults(result),
    '',
    ...result.verdicts.flatMap((verdict) => [...formatAlerts(verdict, limit), '']),
    'Alerts per day (UTC)',
    formatTotals(result),
    '',
    ...formatOrigin(result),
  ].join('\n');
}

function formatInput({ recording, sessions, symbols, simulated }: BacktestResult): readonly string[] {
  const { liquidations, state } = recording;
  const first = sessions[0]?.start;
  const last = sessions.at(-1)?.end;
  const readings = state.filter(({ type }) => type === 'open_interest').length;
  const span = first === undefined || last === undefined ? 'nothing' : `${day(first)} to ${day(last)}`;
  const outside =
    simulated.outside > 0 ? [`${simulated.outside} liquidations were late or absurd: no part of a burst`] : [];
  return [
    `Recorded: ${count(liquidations.length)} liquidations, ${count(readings)} readings of open interest, ${span}, in ${sessions.length} stretch(es)`,
    `Watched: ${symbols === undefined ? 'every symbol' : symbols.join(', ')}`,
    ...outside,
  ];
}

function formatFaults({ recording: { faults, faultCount } }: BacktestResult): readonly string[] {
  if (faultCount === 0) return [];
  const shown = faults.slice(0, SHOWN_FAULTS).map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`);
  const hidden = faultCount - shown.length;
  return [`Skipped: ${count(faultCount)} rows`, ...shown, ...(hidden > 0 ? [`  … and ${count(hidden)} more`] : [])];
}

function formatAlerts({ thresholds, alerts }: Verdict, limit: number): readonly string[] {
  const singles = alerts.reduce((sum, alert) => sum + (alert.singles ?? 0), 0);
  const tells = singles > 0 ? `, among them those of ${count(singles)} large single liquidations` : '';
  const title = `${count(alerts.length)} alerts with ${thresholds}${tells}`;
  const listed = alerts.slice(0, limit);
  const rows = listed.map((alert) => [
    new Date(alert.firedAt).toISOString().slice(0, 19).replace('T', ' '),
    alert.alert,
    nameOf(alert),
    alert.endedAt === undefined ? 'still firing' : `${Math.round((alert.endedAt - alert.firedAt) / 1_000)} s`,
    formatFigures(alert),
  ]);
  if (rows.length === 0) return [title];
  const hidden = alerts.length - listed.length;
  return [
    title,
    formatTable([['time (UTC)', 'alert', 'symbol', 'lasted', 'figures when it fired, and the peak'], ...rows]),
    ...(hidden > 0 ? [`… and ${count(hidden)} more (--limit lists them)`] : []),
  ];
}

/** The symbol and the tier, or what other labels tell alerts of one name apart. */
function nameOf({ labels }: FiredAlert): string {
  const { symbol, tier, priority, severity, category, ...others } = labels;
  const more = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [symbol ?? '', tier === undefined ? '' : `×${tier}`, ...more].filter((part) => part !== '').join(' ');
}

function formatFigures({ figures, value, peak, peakAt, firedAt, singles = 1 }: FiredAlert): string {
  const shown = Object.entries(figures ?? { value: String(value) }).map(([name, figure]) => `${name} ${trim(figure)}`);
  const later = Math.round((peakAt - firedAt) / 1_000);
  return [
    ...shown,
    ...(later > 0 ? [`peak ${Number(peak.toPrecision(6))} after ${later} s`] : []),
    ...(singles > 1 ? [`${singles} single liquidations`] : []),
  ].join(', ');
}

/** `99634.4000000000` → `99634.4`. */
function trim(figure: string): string {
  return figure.replace(/^(-?\d+)\.0+$/, '$1').replace(/^(-?\d+\.\d*[1-9])0+$/, '$1');
}

function formatTotals({ verdicts, sessions }: BacktestResult): string {
  const rows = countAlerts(
    verdicts.map(({ alerts }) => alerts),
    sessions,
  );
  const head = ['day', 'alert', ...verdicts.map(({ thresholds }) => thresholds)];
  const body = rows.map(({ day: when, alert, counts }) => [when, alert, ...counts]);
  const numbers = new Set(verdicts.map((_, index) => index + 2));
  return body.length === 0 ? 'none' : formatTable([head, ...body], numbers);
}

function formatOrigin({ engineVersion, plan, missing, simulated }: BacktestResult): readonly string[] {
  const alerts = new Set(plan.alerts.map(({ name }) => name)).size;
  return [
    `The engine's: every value and condition. Prometheus ${engineVersion} evaluated ${plan.levels.flat().length} recording rules and ${alerts} alerts`,
    `  (${plan.alerts.length} alert rules) over ${count(simulated.samples)} samples; the windows are the exporter's own code.`,
    'Ours: when to ask (every second near liquidations, once a minute elsewhere), `for` and `keep_firing_for`, and the',
    '  text of the figures. Receive times are those in the messages, else the event times: no delay of the network.',
    "Not in it: what Alertmanager mutes and groups and the bridge's quotas; a reader gets fewer messages than this.",
    `Left out: ${plan.leftOut.length} alerts that watch the stack itself (category="stack").`,
    `Not in a recording, so absent here: ${missing.join(', ') || 'nothing'}.`,
  ];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
