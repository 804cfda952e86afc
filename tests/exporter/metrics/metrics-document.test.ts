import { readFileSync } from 'node:fs';
import t from 'tap';
import { openMetrics } from './metrics-stand.ts';

const DOCUMENT = readFileSync(new URL('../../../METRICS.md', import.meta.url), 'utf8');

/** Families of a text by name, with their type. */
function families(text: string): readonly (readonly [name: string, type: string])[] {
  return Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type = '']) => [name, type]);
}

t.test('METRICS.md lists every family of the exporter with its type and labels, and no other', async (t) => {
  const { metrics } = openMetrics();
  const ours = families(await metrics.metrics()).filter(([name]) => name.startsWith('derivatives_'));
  const listed = Array.from(DOCUMENT.matchAll(/^\| `(derivatives_\w+)` \| (\w+) \|/gm), ([, name = '', type = '']) => [
    name,
    type,
  ]);
  t.same(listed.toSorted(), ours.toSorted());
});

t.test('METRICS.md puts each family under the endpoint that serves it', async (t) => {
  const { metrics } = openMetrics();
  const [, alertingPart = ''] = DOCUMENT.split('### Served');
  const alerting = families(await metrics.alertingMetrics()).map(([name]) => name);
  const listed = Array.from(alertingPart.matchAll(/^\| `(\w+)` \|/gm), ([, name = '']) => name);
  t.same(listed.toSorted(), alerting.toSorted());
});

t.test('HELP says what the figures are not', async (t) => {
  const text = await openMetrics().metrics.metrics();
  const help = new Map(Array.from(text.matchAll(/^# HELP (\S+) (.*)$/gm), ([, name = '', line = '']) => [name, line]));
  for (const [name, words] of [
    [
      'derivatives_liquidation_notional_usd_total',
      /bankruptcy price on Bybit.*stablecoins at par|stablecoins at par.*bankruptcy price on Bybit/,
    ],
    ['derivatives_liquidations_total', /reported, not all there are: Binance.*OKX/],
    ['derivatives_liquidation_window_notional_usd', /lower bound/],
    ['derivatives_feed_messages_rejected_total', /not quoted in dollars/],
    ['derivatives_open_interest_base', /one side counted \(Bybit singleOpenInterest\)/],
    ['derivatives_open_interest_existing_usd', /both sides on Bybit/],
    ['derivatives_feed_sampled', /largest order per symbol and second/],
  ] as const) {
    t.match(help.get(name), words, name);
  }
  for (const [name, line] of help)
    if (name.startsWith('derivatives_')) t.match(line, /^[A-Z01].*\.$/, `${name} is a sentence`);
});
