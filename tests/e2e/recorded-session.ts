// The recorded session: simulators that list what was recorded, and everything played through their sockets: each frame, the
// dense stretches at their own pace, all other orders too old for any window.
import { setTimeout as delay } from 'node:timers/promises';
import { startBinanceSimulator } from '../../simulators/venues/binance.ts';
import { startBybitSimulator } from '../../simulators/venues/bybit.ts';
import { BINANCE_CONTRACTS, BYBIT_CONTRACTS, OKX_CONTRACTS } from '../../simulators/venues/contracts.ts';
import { startOkxSimulator } from '../../simulators/venues/okx.ts';
import type { Venues } from '../../simulators/venues/start-venues.ts';
import type { SimulatorContract } from '../../simulators/venues/venue-simulator.ts';
import { contractsOfFrames, playFrames } from './recorded-frames.ts';
import { asPlayed, baseOf, frameOf, type PlayedEvent, type RecordedOrder, usdOf } from './recorded-orders.ts';

/** The dense parts, played at their own pace, the second after an idle gap that lets every alert end. */
const FIRST_STRETCH = [Date.parse('2025-01-27T16:52:58Z'), Date.parse('2025-01-27T16:55:00Z')] as const;
const QUIET_STRETCH = [Date.parse('2024-08-17T12:20:00Z'), Date.parse('2024-08-17T12:20:10Z')] as const;
const SECOND_STRETCH = [Date.parse('2025-01-27T17:08:07Z'), Date.parse('2025-01-27T17:09:16Z')] as const;
const GAP_MS = 52_000;
/** Where in the gap the quiet stretch is played: over 30 s from the liquidations of its symbol on either side. */
const QUIET_AT_MS = 22_000;

/** Binance sends about a second after the trade. */
const TRANSPORT_MS = 1_000;
/** All other orders arrive this old: counted, but in no window (EXP-7), since the file has none there. */
const LATE_MS = 40_000;

/** The three venues with every contract of the recordings. */
export async function startRecordedVenues(orders: readonly RecordedOrder[]): Promise<Venues> {
  const own = [...Map.groupBy(orders, ({ s }) => s)].map(([instrumentId, [first]]): SimulatorContract => {
    const quote = instrumentId.endsWith('USDC') ? 'USDC' : 'USDT';
    const base = baseOf(instrumentId);
    // One price for one coin: a scaled listing that disagrees with the other venues would rightly be left out.
    const listed = BINANCE_CONTRACTS.find((contract) => contract.base === base)?.price;
    const price = listed ?? (first ? usdOf(first) / Number(first.z) : 1);
    return {
      instrumentId,
      base,
      quote,
      margin: 'linear',
      contractValue: 1,
      price,
      openInterest: 1_000,
    };
  });
  const [binance, bybit, okx] = await Promise.all([
    startBinanceSimulator({ contracts: unique([...BINANCE_CONTRACTS, ...own, ...contractsOfFrames('binance')]) }),
    startBybitSimulator({ contracts: unique([...BYBIT_CONTRACTS, ...contractsOfFrames('bybit')]) }),
    startOkxSimulator({ contracts: unique([...OKX_CONTRACTS, ...contractsOfFrames('okx')]) }),
  ]);
  const all = [binance, bybit, okx];
  return {
    binance,
    bybit,
    okx,
    all,
    environment: () => Object.assign({}, ...all.map((venue) => venue.environment())),
    async close() {
      await Promise.all(all.map((venue) => venue.close()));
    },
  };
}

function unique(contracts: readonly SimulatorContract[]): readonly SimulatorContract[] {
  return [...new Map(contracts.toReversed().map((contract) => [contract.instrumentId, contract])).values()];
}

/** Everything that was recorded, as it was played. */
export async function play(venues: Venues, orders: readonly RecordedOrder[]): Promise<readonly PlayedEvent[]> {
  const within = ([from, to]: readonly [number, number]) => orders.filter(({ T }) => T >= from && T < to);
  const stretches = [FIRST_STRETCH, QUIET_STRETCH, SECOND_STRETCH].map(within);
  const own = new Set(stretches.flat());
  const played: PlayedEvent[] = [...playFrames(venues, Date.now())];
  for (const [index, order] of orders.filter((order) => !own.has(order)).entries()) {
    if (index % 50 === 0) await delay(20);
    played.push(send(venues, order, Date.now() - LATE_MS, true));
  }
  const [first = [], quiet = [], second = []] = stretches;
  const startOfSecond = FIRST_STRETCH[1] - FIRST_STRETCH[0] + GAP_MS;
  const schedule = [
    ...first.map((order) => ({ order, at: order.T - FIRST_STRETCH[0] })),
    ...quiet.map((order) => ({
      order,
      at: order.T - QUIET_STRETCH[0] + FIRST_STRETCH[1] - FIRST_STRETCH[0] + QUIET_AT_MS,
    })),
    ...second.map((order) => ({ order, at: order.T - SECOND_STRETCH[0] + startOfSecond })),
  ];
  const startedAt = Date.now();
  for (const { order, at } of schedule) {
    const waitMs = startedAt + at + TRANSPORT_MS - Date.now();
    if (waitMs > 0) await delay(waitMs);
    played.push(send(venues, order, startedAt + at, false));
  }
  return played;
}

function send(venues: Venues, order: RecordedOrder, time: number, isLate: boolean): PlayedEvent {
  venues.binance.sendRaw(frameOf(order, time, Date.now()));
  return asPlayed(order, time, isLate);
}
