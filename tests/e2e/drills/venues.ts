// What venues do to the exporter: they fall silent, refuse, tell late, throw out, and their clocks are wrong.
import { setTimeout as delay } from 'node:timers/promises';
import { liquidate } from '../orders.ts';
import type { E2eStack } from '../stack.ts';
import type { Drill } from './drill.ts';

/** Of Bybit's clock against ours from the start on. */
export const BYBIT_CLOCK_OFFSET_MS = 3_000;

const LATE_MS = 8_000;

export const binanceDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['FeedLag'],
    fault: 'Binance tells of liquidations eight seconds after they happened',
    make({ venues }) {
      const order = { venue: 'binance', symbol: 'SOL', side: 'long', usd: 100 } as const;
      const timer = setInterval(() => liquidate(venues, { ...order, eventTime: Date.now() - LATE_MS }), 500);
      return () => clearInterval(timer);
    },
  },
];

export const bybitDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['ClockSkew'],
    fault: "Bybit's clock is three seconds ahead",
    isFromStart: true,
    make: () => undefined,
  },
  {
    alerts: ['ReconnectLoop'],
    fault: 'Bybit ends every connection as soon as it is open, three times',
    async make({ venues: { bybit } }) {
      for (let round = 0; round < 3; round += 1) {
        const accepted = bybit.accepted;
        bybit.cut();
        // Both routes, linear and inverse, come back by themselves.
        while (bybit.accepted < accepted + 2) await delay(50);
      }
      return undefined;
    },
  },
  {
    alerts: ['FeedDisconnected'],
    fault: 'Bybit ends its connections and refuses new ones',
    make({ venues: { bybit } }) {
      bybit.refuseHandshakes({ status: 503 });
      bybit.cut();
      return () => bybit.refuseHandshakes(undefined);
    },
  },
];

export const okxDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['FeedMute'],
    fault: 'OKX keeps its sockets open and says nothing',
    make({ venues: { okx } }) {
      okx.mute();
      return () => okx.mute(false);
    },
  },
];

export const openInterestDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['OpenInterestBlind'],
    fault: 'Bybit and OKX answer no request and send no open interest',
    make({ venues: { bybit, okx } }) {
      for (const venue of [bybit, okx]) {
        venue.mute();
        venue.failRest({ status: 500 });
      }
      return () => {
        for (const venue of [bybit, okx]) {
          venue.mute(false);
          venue.failRest(undefined);
        }
      };
    },
  },
];
