// What came out of a stack, in the words in which the test counts it: counters, when alerts began, first texts.
import type { Test } from 'tap';
import type { Episode } from './episode-count.ts';
import type { PlayedEvent } from './recorded-orders.ts';
import { type E2eStack, MARKET_CHAT } from './stack.ts';

/** `binance BTC long` → count and dollars, cents. */
export function sumsOf(events: readonly PlayedEvent[]): Record<string, string> {
  const groups = Map.groupBy(events, ({ exchange, symbol, side }) => `${exchange} ${symbol} ${side}`);
  return Object.fromEntries(
    [...groups]
      .map(
        ([key, group]) => [key, `${group.length} ${group.reduce((sum, { usd }) => sum + usd, 0).toFixed(1)}`] as const,
      )
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

export async function countersOf(stack: E2eStack): Promise<Record<string, string>> {
  // The slow job brings them, every 15 s.
  await stack.waitForQuery(`min(timestamp(derivatives_liquidations_total)) > ${Date.now() / 1_000}`, 60_000);
  const [counts, dollars] = await Promise.all([
    stack.query('derivatives_liquidations_total > 0'),
    stack.query('derivatives_liquidation_notional_usd_total > 0'),
  ]);
  const keyOf = (labels: Readonly<Record<string, string>>) => `${labels.exchange} ${labels.symbol} ${labels.side}`;
  const usd = new Map(dollars.map(({ labels, value }) => [keyOf(labels), value]));
  return Object.fromEntries(
    counts
      .map(({ labels, value }) => [keyOf(labels), `${value} ${usd.get(keyOf(labels))?.toFixed(1)}`] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

export async function sumOf(stack: E2eStack, metric: string): Promise<number | undefined> {
  return (await stack.query(`sum(${metric})`))[0]?.value;
}

interface Start {
  readonly symbol: string;
  readonly tier: number;
  /** Prometheus' clock, milliseconds. */
  readonly at: number;
}

/** When each alert began to fire, since the start of the stack. */
export async function startsOf(stack: E2eStack, alert: string): Promise<readonly Start[]> {
  const series = await stack.queryRange(`ALERTS_FOR_STATE{alertname="${alert}"}`);
  return series.flatMap(({ labels, values }) =>
    [...new Set(values)].map((seconds) => ({
      symbol: labels.symbol ?? '',
      tier: Number(labels.tier ?? 1),
      at: seconds * 1_000,
    })),
  );
}

/** Every value that a series of a symbol has had. */
export async function figuresOf(stack: E2eStack, metric: string): Promise<readonly string[]> {
  const series = await stack.queryRange(metric);
  const figures = series.flatMap(({ labels, values }) =>
    values.map((value) => `${labels.symbol} ${Math.round(value)}`),
  );
  return [...new Set(figures)].sort();
}

/** The same alerts, each begun within a few seconds of the event that makes it. */
export function sameStarts(t: Test, found: readonly Start[], expected: readonly Episode[]): void {
  const order = (one: { symbol: string; tier: number; at: number }, other: typeof one) =>
    one.symbol.localeCompare(other.symbol) || one.tier - other.tier || one.at - other.at;
  const wanted = expected.map(({ symbol, tier, start }) => ({ symbol, tier, at: start })).toSorted(order);
  const got = found.toSorted(order);
  const name = ({ symbol, tier }: Start) => `${symbol} ×${tier}`;
  t.same(got.map(name), wanted.map(name));
  for (const [index, { at }] of got.entries()) {
    const lag = at - (wanted[index]?.at ?? Number.NaN);
    t.ok(
      lag > -1_000 && lag < 8_000,
      `${wanted[index] && name(wanted[index])} began ${Math.round(lag)} ms after its event`,
    );
  }
}

export function firstTexts({ telegram }: E2eStack): readonly string[] {
  return telegram.messages.filter(({ chatId }) => chatId === MARKET_CHAT).map(({ texts }) => texts[0] ?? '');
}

export function dollars(text: string): number {
  const scale = { K: 1e3, M: 1e6, B: 1e9 }[text.at(-1) ?? ''] ?? 1;
  return Number.parseFloat(text) * scale;
}
