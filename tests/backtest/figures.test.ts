import t from 'tap';
import { figuresAt } from '../../backtest/figures.ts';
import type { Sample } from '../../backtest/query-answer.ts';
import { countSingles } from '../../backtest/singles.ts';

/** Answers every query with the same samples and remembers what was asked. */
function answering(samples: readonly Sample[]) {
  const asked: string[] = [];
  const query = async (expression: string) => {
    asked.push(expression);
    return samples;
  };
  return { asked, query };
}

const BINANCE = { labels: { exchange: 'binance' }, value: 600.4 };
const OKX = { labels: { exchange: 'okx' }, value: 400 };

const templates = [
  { name: 'the value of the alert', template: '{{ printf "%.0f" $value }}', figure: '1235', asked: undefined },
  {
    name: 'one value',
    template:
      '{{ with printf `max(a{symbol=%[1]q} and b{symbol=%[1]q})` $labels.symbol\n  | query }}{{ . | first | value | printf "%.3f" }}{{ end }}',
    figure: '600.400',
    asked: 'max(a{symbol="BTC"} and b{symbol="BTC"})',
  },
  {
    name: 'one label',
    template: '{{ with printf `a{symbol=%q}` $labels.symbol | query }}{{ . | first | label "exchange" }}{{ end }}',
    figure: 'binance',
    asked: 'a{symbol="BTC"}',
  },
  {
    name: 'a list',
    template:
      '{{ range $i, $part := query `sort_desc(a)` }}{{ if $i }},{{ end -}}\n{{ $part.Labels.exchange }}={{ printf "%.0f" $part.Value }}{{ end }}',
    figure: 'binance=600,okx=400',
    asked: 'sort_desc(a)',
  },
] as const;

for (const { name, template, figure, asked } of templates) {
  t.test(`fills in ${name}`, async (t) => {
    const engine = answering([BINANCE, OKX]);
    const alert = { annotations: { figure: template }, labels: { symbol: 'BTC' }, value: 1234.5 };

    t.strictSame(await figuresAt(alert, 0, engine), { figure });
    t.strictSame(engine.asked, asked === undefined ? [] : [asked]);
  });
}

t.test('leaves out what has no answer, text for people, and what no recording says', async (t) => {
  const query = '{{ with query `a` }}{{ . | first | value | printf "%.0f" }}{{ end }}';
  const annotations = { empty: query, summary: 'hello {{ $labels.symbol }}', coverage: query };

  t.strictSame(await figuresAt({ annotations, labels: {}, value: 1 }, 0, answering([])), {});
});

t.test('passes numbers on that are none', async (t) => {
  const annotations = { figure: '{{ with query `a` }}{{ . | first | value | printf "%.0f" }}{{ end }}' };
  const engine = answering([{ labels: {}, value: Number.POSITIVE_INFINITY }]);

  t.strictSame(await figuresAt({ annotations, labels: {}, value: 1 }, 0, engine), { figure: 'Infinity' });
});

const episode = {
  alert: 'LargeLiquidation',
  labels: { symbol: 'BTC', tier: '1' },
  annotations: { price_usd: 'x', event_timestamp: '{{ with printf `a{symbol=%q}` $labels.symbol | query }}{{ end }}' },
  firedAt: 0,
  endedAt: 5_000,
  value: 1,
  peak: 1,
  peakAt: 0,
} as const;

t.test('counts the single liquidations of an alert by their times', async (t) => {
  const series = { labels: {}, times: [0, 1_000, 2_000], values: [7, 7, 9] };
  const engine = { queryRange: async () => [series] };

  t.equal(await countSingles(episode, engine), 2);
  t.equal(await countSingles({ ...episode, labels: { symbol: 'BTC', tier: '4' } }, engine), undefined);
  t.equal(await countSingles({ ...episode, annotations: {} }, engine), undefined);
  t.equal(await countSingles({ ...episode, annotations: { price_usd: 'x', event_timestamp: '' } }, engine), undefined);
});
