// Twenty quiet minutes of open interest and prices before the demo began. An explosion is a change over fifteen minutes, and
// nobody waits that long for a demo; the past is written into Prometheus' store before it starts, the rest is measured.
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type NativeSettings, reachableAt } from '../../engines/stack-settings.ts';

const run = promisify(execFile);

const MINUTES = 20;
const STEP_SECONDS = 30;

export interface DemoMarket {
  readonly exchange: string;
  readonly symbol: string;
  /** Base units, one side, all contracts of the venue. */
  readonly openInterestBase: number;
  readonly priceUsd: number;
}

/**
 * OpenMetrics text of constant series that end at `nowSeconds`.
 * @param exporter `host:port` that the exporter will be scraped at: what it tells then continues these very series
 */
export function describeHistory(markets: readonly DemoMarket[], nowSeconds: number, exporter: string): string {
  const start = Math.floor(nowSeconds) - MINUTES * 60;
  const times = Array.from({ length: (MINUTES * 60) / STEP_SECONDS + 1 }, (_, index) => start + index * STEP_SECONDS);
  const target = `instance="${exporter}",job="exporter-alerting"`;
  const family = (name: string, read: (market: DemoMarket) => number) => [
    `# TYPE ${name} gauge`,
    ...markets.flatMap((market) => {
      const series = `${name}{exchange="${market.exchange}",symbol="${market.symbol}",${target}}`;
      return times.map((time) => `${series} ${read(market)} ${time}`);
    }),
  ];
  return [
    ...family('derivatives_open_interest_base', (market) => market.openInterestBase),
    ...family('derivatives_mark_price_usd', (market) => market.priceUsd),
    '# EOF\n',
  ].join('\n');
}

/** Writes the past into an empty store. @throws Error with what promtool said */
export async function writeHistory(
  promtool: string,
  { dataDir, addresses }: Pick<NativeSettings, 'dataDir' | 'addresses'>,
  markets: readonly DemoMarket[],
  nowSeconds: number,
): Promise<void> {
  const file = join(dataDir, 'run', 'history.txt');
  await writeFile(file, describeHistory(markets, nowSeconds, reachableAt(addresses.exporter)));
  await run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, join(dataDir, 'prometheus')]);
  await rm(file);
}
