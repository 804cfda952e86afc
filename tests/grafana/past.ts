// A day of open interest and prices, and of what the rules made of them, for panels that compare the present with the past.
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DemoMarket } from '../../supervisor/demo/history.ts';

const run = promisify(execFile);

const STEP_SECONDS = 60;
const DAY_AND_MORE_SECONDS = 25 * 3_600;
/** The rules want six hours of it. */
const SAMPLED_SECONDS = 7 * 3_600;

/**
 * OpenMetrics text: levels that rise by a tenth in a day, and changes of 15 minutes around zero.
 * @param instance of the exporter, whose series these continue
 */
export function describePast(markets: readonly DemoMarket[], nowSeconds: number, instance: string): string {
  const target = `instance="${instance}",job="exporter-alerting"`;
  const level = (read: (market: DemoMarket) => number) =>
    markets.flatMap((market) =>
      times(nowSeconds, DAY_AND_MORE_SECONDS).map((at) => {
        const share = 1 - (0.1 * (nowSeconds - at)) / DAY_AND_MORE_SECONDS;
        return `{exchange="${market.exchange}",symbol="${market.symbol}",${target}} ${read(market) * share} ${at}`;
      }),
    );
  const symbols = [...new Set(markets.map(({ symbol }) => symbol))];
  const changes = symbols.flatMap((symbol) =>
    times(nowSeconds, SAMPLED_SECONDS).map((at, index) => `{symbol="${symbol}"} ${0.002 * Math.sin(index / 7)} ${at}`),
  );
  const family = (name: string, lines: readonly string[]) => [
    `# TYPE ${name} gauge`,
    ...lines.map((line) => name + line),
  ];
  return [
    ...family(
      'derivatives_open_interest_base',
      level(({ openInterestBase }) => openInterestBase),
    ),
    ...family(
      'derivatives_mark_price_usd',
      level(({ priceUsd }) => priceUsd),
    ),
    ...family('symbol:open_interest_change_ratio:15m_sampled', changes),
    '# EOF\n',
  ].join('\n');
}

/** Writes it into an empty store. @throws Error with what promtool said */
export async function writePast(promtool: string, text: string, runDir: string, store: string): Promise<void> {
  const file = join(runDir, 'past.txt');
  await writeFile(file, text);
  await run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, store]);
  await rm(file);
}

function times(nowSeconds: number, seconds: number): readonly number[] {
  const end = Math.floor(nowSeconds);
  return Array.from({ length: seconds / STEP_SECONDS }, (_, index) => end - seconds + (index + 1) * STEP_SECONDS);
}
