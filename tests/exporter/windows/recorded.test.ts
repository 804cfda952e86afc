// Real orders of Binance through the windows: the best 30 seconds must be those that were measured on the file itself.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { canonicalSymbol, epochMs, usd } from '../../../common/brands.ts';
import { LiquidationStore } from '../../../exporter/windows/liquidation-store.ts';
import { SIMULATED } from '../../support/venues.ts';
import { liquidation } from './liquidations.ts';

const FILE = new URL('../../../../shared/data/liquidations/binance_usdm_forceorder_orders.jsonl.gz', import.meta.url);
const CASCADE_DAY = '2025-01-27';

interface Order {
  readonly s: string;
  readonly S: string;
  readonly z: string;
  readonly p: string;
  readonly ap?: string;
  readonly T: number;
}

/** The venue's own words, read as plainly as possible: what maps them for good is tested elsewhere. */
function readOrders(): readonly Order[] {
  const lines = gunzipSync(readFileSync(FILE)).toString('utf8').trim().split('\n');
  return lines.map((line): Order => JSON.parse(line).o);
}

function notionalOf({ z, ap, p }: Order): number {
  const average = Number(ap);
  return Number(z) * (Number.isFinite(average) && average > 0 ? average : Number(p));
}

t.test(
  'recorded orders give the best windows that were measured on them',
  { skip: !existsSync(FILE) && 'no ../shared/data here' },
  (t) => {
    const symbols = ['BTC', 'ETH', 'SOL'].map(canonicalSymbol);
    const liquidations = new LiquidationStore({ symbols, exchanges: SIMULATED, ringSize: 8 });
    const best = new Map<string, number>();
    const raise = (name: string, value: number) => best.set(name, Math.max(value, best.get(name) ?? 0));
    for (const order of readOrders()) {
      const event = liquidation({
        at: 0,
        exchange: 'binance',
        symbol: order.s.replace(/USDT$|USDC$/, ''),
        side: 'long',
      });
      const receiveTime = epochMs(order.T + 1_000);
      liquidations.take({ ...event, notionalUsd: usd(notionalOf(order)), eventTime: epochMs(order.T), receiveTime }, 0);
      const day = new Date(order.T).toISOString().slice(0, 10) === CASCADE_DAY ? 'cascade' : 'quiet';
      for (const { burst } of liquidations.marketView(receiveTime).bursts) {
        raise(`${day} dollars`, burst.notionalUsd);
        raise(`${day} orders`, burst.events);
      }
      for (const { symbol, bursts } of liquidations.symbolViews(receiveTime)) {
        for (const burst of bursts.slots) raise(symbol, burst.notionalUsd);
      }
    }
    const thousands = (name: string) => Math.round((best.get(name) ?? 0) / 1_000);
    t.equal(thousands('cascade dollars'), 831);
    t.equal(best.get('cascade orders'), 292);
    t.equal(thousands('quiet dollars'), 82);
    t.equal(best.get('quiet orders'), 55);
    t.same(symbols.map(thousands), [253, 108, 75]);
    t.end();
  },
);
