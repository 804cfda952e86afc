import t from 'tap';
import { canonicalSymbol, epochMs, usd } from '../../common/brands.ts';
import { createLogger } from '../../common/logger.ts';
import type { MappedMessage, MarketEvent } from '../../exporter/events.ts';
import { createPipeline } from '../../exporter/pipeline.ts';
import { ClockOffsets } from '../../exporter/windows/clock-offset.ts';
import { LatestState } from '../../exporter/windows/latest-state.ts';
import { LiquidationStore } from '../../exporter/windows/liquidation-store.ts';
import { SIMULATED } from '../support/venues.ts';
import { createManualClock } from './connections/manual-clock.ts';
import { liquidation, START } from './windows/liquidations.ts';

const BTC = canonicalSymbol('BTC');
const NOW = epochMs(START);

function openPipeline() {
  const clock = createManualClock(START);
  const liquidations = new LiquidationStore({ symbols: [BTC], exchanges: SIMULATED, ringSize: 4 });
  const offsets = new ClockOffsets();
  const state = new LatestState();
  const lags: number[] = [];
  const rejects: string[] = [];
  const lines: { readonly reason: string; readonly leftOut: number; readonly detail: string }[] = [];
  const pipeline = createPipeline({
    clock,
    logger: createLogger('test', 'info', { write: (line: string) => lines.push(JSON.parse(line)) }),
    liquidations,
    offsets,
    state,
    metrics: {
      observeLag: ({ receiveTime, eventTime }) => lags.push(receiveTime - eventTime),
      countReject: (exchange, feed, reason) => rejects.push(`${exchange} ${feed} ${reason}`),
    },
  });
  return { clock, liquidations, offsets, state, lags, rejects, lines, pipeline };
}

function message(events: readonly MarketEvent[], part: Partial<MappedMessage> = {}): MappedMessage {
  return { events, rejects: [], sentTime: undefined, ...part };
}

t.test('a liquidation is counted, kept in its window and its lag observed', async (t) => {
  const { pipeline, liquidations, lags, rejects } = openPipeline();
  pipeline.take({
    exchange: 'bybit',
    feed: 'liquidations',
    message: message([liquidation({ at: -400, lagMs: 400 })]),
    receiveTime: NOW,
  });

  t.equal([...liquidations.totals()].find(({ exchange, side }) => exchange === 'bybit' && side === 'long')?.events, 1);
  t.equal(liquidations.symbolViews(NOW)[0]?.bursts.slots.length, 1);
  t.same(lags, [400]);
  t.same(rejects, []);
});

t.test('the offset of the venue’s clock moves event times to ours', async (t) => {
  const { pipeline, liquidations } = openPipeline();
  // The venue is a minute ahead: without the offset its events would lie in the future.
  const ahead = { sentTime: epochMs(START + 60_000) };
  pipeline.take({
    exchange: 'bybit',
    feed: 'liquidations',
    message: message([liquidation({ at: 59_900, lagMs: -59_900 })], ahead),
    receiveTime: NOW,
  });

  t.equal(liquidations.symbolViews(NOW)[0]?.bursts.slots[0]?.endTime, START - 100);
});

t.test('an event of the future and an absurd one are rejects, nothing else', async (t) => {
  const { pipeline, liquidations, lags, rejects } = openPipeline();
  const events = [liquidation({ at: 2_001, lagMs: -2_001 }), liquidation({ at: 0, notionalUsd: 10_000_000_001 })];
  pipeline.take({ exchange: 'bybit', feed: 'liquidations', message: message(events), receiveTime: NOW });

  t.same(rejects, ['bybit liquidations future_event', 'bybit liquidations invalid_field']);
  t.same(lags, []);
  t.same(liquidations.symbolViews(NOW), []);
});

t.test('open interest and mark prices become state, from whichever feed', async (t) => {
  const { pipeline, state } = openPipeline();
  state.cover('okx', [{ instrumentId: 'X', symbol: BTC, margin: 'linear', quote: 'USDT' }]);
  const contract = { exchange: 'okx', instrumentId: 'X', symbol: BTC, receiveTime: NOW } as const;
  pipeline.take({
    exchange: 'okx',
    feed: 'liquidations',
    message: message([{ ...contract, type: 'mark_price', priceUsd: usd(80_000) }]),
    receiveTime: NOW,
  });
  const openInterest = { ...contract, type: 'open_interest', baseQuantity: 2, notionalUsd: undefined } as const;
  pipeline.take({ exchange: 'okx', feed: 'open_interest', message: message([openInterest]), receiveTime: NOW });

  t.match([...state.read(NOW, () => 60_000)], [{ openInterestBase: 2, openInterestUsd: 160_000 }]);
});

t.test(
  'every reject is counted; each reason of a feed is logged once a minute, with how many were left out',
  async (t) => {
    const { pipeline, clock, rejects, lines } = openPipeline();
    const reject = { reason: 'not_json', detail: 'x'.repeat(500) } as const;
    for (let each = 0; each < 5; each += 1) pipeline.drop('okx', 'liquidations', reject);
    pipeline.take({
      exchange: 'okx',
      feed: 'liquidations',
      message: message([], { rejects: [{ reason: 'binary', detail: '' }] }),
      receiveTime: NOW,
    });
    pipeline.drop('bybit', 'liquidations', reject);
    await clock.advance(60_000);
    pipeline.drop('okx', 'liquidations', reject);

    t.equal(rejects.length, 8);
    t.same(
      lines.map(({ reason, leftOut }) => [reason, leftOut]),
      [
        ['not_json', 0],
        ['binary', 0],
        ['not_json', 0],
        ['not_json', 4],
      ],
    );
    t.equal(lines[0]?.detail.length, 200);
  },
);
