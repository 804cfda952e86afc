// The one client of Prometheus: the alerts that fire, and samples of an expression. Answers are unknown until checked; what
// is no finite number is left out.
import { requestJson } from '../../common/http-json.ts';
import { field, listOf, textsOf } from '../../common/json-shape.ts';
import { figure, type Texts } from '../model/alert.ts';

export interface LiveAlert {
  readonly labels: Texts;
  readonly annotations: Texts;
}

export interface SamplePoint {
  readonly atMs: number;
  readonly value: number;
}

export interface Series {
  readonly labels: Texts;
  /** In the order of time; one for an instant, none where no value is a finite number. */
  readonly points: readonly SamplePoint[];
}

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
}

/** Every call throws an Error where Prometheus does not answer in time or not with a 2xx. */
export interface PrometheusClient {
  /** The alerts that fire now. */
  alerts(): Promise<readonly LiveAlert[]>;
  /** What an expression is at a moment; without one, now. */
  query(expression: string, atMs?: number): Promise<readonly Series[]>;
  queryRange(expression: string, range: TimeRange): Promise<readonly Series[]>;
}

export function createPrometheusClient(url: string): PrometheusClient {
  const seconds = (ms: number) => (ms / 1_000).toFixed(3);
  async function seriesOf(path: string, parameters: Readonly<Record<string, string>>): Promise<readonly Series[]> {
    const answer = await requestJson(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    return listOf(field(answer, 'data', 'result')).map(readSeries);
  }
  return {
    async alerts() {
      return listOf(field(await requestJson(`${url}/api/v1/alerts`), 'data', 'alerts'))
        .filter((alert) => field(alert, 'state') === 'firing')
        .map((alert) => ({
          labels: textsOf(field(alert, 'labels')),
          annotations: textsOf(field(alert, 'annotations')),
        }));
    },
    query: (query, atMs) => seriesOf('query', { query, ...(atMs === undefined ? {} : { time: seconds(atMs) }) }),
    queryRange: (query, { fromMs, toMs, stepSeconds }) =>
      seriesOf('query_range', { query, start: seconds(fromMs), end: seconds(toMs), step: String(stepSeconds) }),
  };
}

/** An instant's answer has one `value`, a range's a list of `values`. */
function readSeries(series: unknown): Series {
  const samples = [field(series, 'value'), ...listOf(field(series, 'values'))];
  return { labels: textsOf(field(series, 'metric')), points: samples.flatMap(readPoint) };
}

function readPoint(sample: unknown): readonly SamplePoint[] {
  const [at, text] = listOf(sample);
  const value = figure(String(text ?? ''));
  return typeof at === 'number' && value !== undefined ? [{ atMs: at * 1_000, value }] : [];
}
