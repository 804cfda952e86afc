// Asks a running Prometheus every question of the dashboards, and says which panels stay empty.
import { panelQueries } from './expressions.ts';

/** Panels that a fresh stack cannot fill: each needs that much history, or a thing that is not there. */
export const EMPTY_AT_FIRST: Readonly<Record<string, string>> = {
  'Open interest / Distance from the habit of 24 hours': 'six hours of history',
  'Open interest / Momentum, 1 hour': 'an hour of history',
  'Open interest / Trend, 24 hours': 'a day of history',
  'Open interest / As the existing service reports it': 'MARKET_DATA_URL',
  'Alerts and delivery / Called useful, 30 days': 'a vote',
  'Alerts and delivery / Price after the alert, median of 7 days': 'an alert that is minutes old',
};

/** Empty until open interest was known for 15 minutes; the demo brings its history along. */
export const EMPTY_FOR_15_MINUTES: readonly string[] = [
  'Open interest / Total against the least that counts',
  'Open interest / All voting venues, against the threshold',
  'Open interest / Venue by venue',
  'Open interest / Price change in 15 minutes',
];

/** Dashboards about things that need not be there: the standard exporters of profile full, the existing bot's journal. */
export const OPTIONAL_DASHBOARDS = /^(Host and services|Trading) \/ /;

export interface PanelAnswers {
  /** `dashboard / panel`, each once. */
  readonly all: readonly string[];
  readonly empty: readonly string[];
  readonly total: number;
}

/**
 * A panel has data when any of its queries has, lines that only show a limit left out.
 * @param query values of an instant query; it throws where Prometheus refuses the expression
 */
export async function askEveryPanel(query: (expr: string) => Promise<readonly number[]>): Promise<PanelAnswers> {
  const filled = new Map<string, boolean>();
  for (const { dashboard, panel, legend, expr } of panelQueries()) {
    const name = `${dashboard} / ${panel}`;
    const values = await query(expr);
    const isData = !legend.startsWith('limit') && values.some(Number.isFinite);
    filled.set(name, (filled.get(name) ?? false) || isData);
  }
  const all = [...filled.keys()];
  return { all, empty: all.filter((name) => !filled.get(name)), total: all.length };
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/** Values of an instant query. @throws Error when Prometheus refuses it */
export async function queryValues(prometheusUrl: string, expr: string): Promise<readonly number[]> {
  const body = new URLSearchParams({ query: expr });
  const response = await fetch(`${prometheusUrl}/api/v1/query`, { method: 'POST', body });
  const { status, error, data } = (await response.json()) as QueryAnswer;
  if (status !== 'success') throw new Error(`${expr}: ${error}`);
  return data.result.map(({ value }) => Number(value[1]));
}
