// Cascades one after the other through a running chain, and where the time of each went.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { quantileOf } from '../../common/median.ts';
import { seededRandom } from '../../tests/exporter/windows/liquidations.ts';
import { formatNumber } from '../table.ts';
import type { Chain } from './chain.ts';
import { VENUE_NAMES } from './market.ts';
import { firstSampleAt, queryValue } from './prometheus.ts';

/** Milliseconds since the event was handed to the venue's socket; a stage that was never reached is absent. */
export interface CascadeTimes {
  readonly scrape: number | undefined;
  readonly rule: number | undefined;
  readonly webhook: number | undefined;
  readonly telegram: number | undefined;
}

/** Five on one symbol, above the default threshold of five and $250,000, none of them a large one by itself. */
const EVENTS = 5;
const NOTIONAL_USD = 60_000;
/** Telegram takes one message a second in a chat; rules that run once a second bring two cascades up to a second closer. */
const LEAST_PAUSE_MS = 1_600;
const PAUSE_SPREAD_MS = 600;
const THRESHOLD_ATTEMPTS = 100;
const LAST_MESSAGE_WITHIN_MS = 15_000;

/** Each symbol cascades once, at a random moment between two scrapes. */
export async function playCascades(chain: Chain, symbols: readonly string[]): Promise<readonly CascadeTimes[]> {
  await waitForThresholds(chain, symbols.length);
  const random = seededRandom(Date.now());
  const sentAt = new Map<string, number>();
  for (const symbol of symbols) {
    await delay(LEAST_PAUSE_MS + random() * PAUSE_SPREAD_MS);
    sentAt.set(symbol, Date.now());
    for (let event = 0; event < EVENTS; event += 1) {
      chain.venues.liquidate(VENUE_NAMES[event % 3] ?? 'okx', symbol, NOTIONAL_USD);
    }
  }
  const hasMessage = (symbol: string) => messageOf(chain, symbol) !== undefined;
  await chain.telegram.waitUntil(() => symbols.every(hasMessage), LAST_MESSAGE_WITHIN_MS).catch(() => undefined);
  const acceptedAt = readAccepted(chain);
  return Promise.all(
    symbols.map(async (symbol) => {
      const start = sentAt.get(symbol) ?? 0;
      const since = (time: number | undefined) => (time === undefined ? undefined : time - start);
      const range = Math.ceil((Date.now() - start) / 1_000) + 5;
      return {
        scrape: since(
          await firstSampleAt(chain, `derivatives_liquidation_burst_events{symbol="${symbol}",slot="0"}`, range),
        ),
        rule: since(
          await firstSampleAt(
            chain,
            `ALERTS{alertname="LiquidationCascade",symbol="${symbol}",alertstate="firing"}`,
            range,
          ),
        ),
        webhook: since(acceptedAt.get(symbol)),
        telegram: since(messageOf(chain, symbol)?.sentAt),
      };
    }),
  );
}

/** Thresholds are rules themselves, evaluated every five seconds: a cascade right after the start would wait for the first time. */
async function waitForThresholds(chain: Chain, symbols: number): Promise<void> {
  for (let attempt = 0; attempt < THRESHOLD_ATTEMPTS; attempt += 1) {
    const known = await queryValue(chain, 'count(count by (symbol) (symbol:cascade_value_usd:threshold))');
    if (known !== undefined && known >= symbols) return;
    await delay(200);
  }
  throw new Error('Prometheus has no thresholds for these symbols');
}

function messageOf({ telegram }: Chain, symbol: string) {
  return telegram.messages.find((message) => message.text.includes(`${symbol} LIQUIDATION CASCADE`));
}

/** When the bridge had each cascade on disk. */
function readAccepted({ dataDir }: Chain): ReadonlyMap<string, number> {
  const database = new DatabaseSync(join(dataDir, 'bridge', 'outbox.sqlite'), { readOnly: true });
  const rows = database
    .prepare(`SELECT symbol, MIN(accepted_at) AS at FROM alerts WHERE name = 'LiquidationCascade' GROUP BY symbol`)
    .all();
  database.close();
  return new Map(rows.map(({ symbol, at }) => [String(symbol), Number(at)]));
}

const STAGES = ['scrape', 'rule', 'webhook', 'telegram'] as const;

/** The times of those that reached the stage. */
export function stageTimes(times: readonly CascadeTimes[], stage: (typeof STAGES)[number]): readonly number[] {
  return times.map((time) => time[stage]).filter((time) => time !== undefined);
}

/** @throws Error when one never reached Telegram: a quantile of the others would hide it. */
export function deliveryTimes(times: readonly CascadeTimes[]): readonly number[] {
  const delivered = stageTimes(times, 'telegram');
  if (delivered.length === times.length) return delivered;
  throw new Error(`${times.length - delivered.length} of ${times.length} cascades never reached Telegram`);
}

export function describeStages(times: readonly CascadeTimes[]): string {
  const lines = STAGES.map((stage) => {
    const reached = stageTimes(times, stage);
    if (reached.length === 0) return `  ${stage.padEnd(9)} never`;
    const at = (quantile: number) => formatNumber(Math.round(quantileOf(reached, quantile))).padStart(6);
    return `  ${stage.padEnd(9)} p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)} ms after the event (${reached.length} of ${times.length})`;
  });
  return lines.join('\n');
}
