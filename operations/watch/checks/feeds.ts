// The liquidation feeds as the exporter itself tells, for when Prometheus cannot. More than half of the exchanges must be
// unstable: what befalls one of them is that exchange's doing.
import { field, listOf } from '../../../common/json-shape.ts';
import { call } from '../../http-answer.ts';
import type { Check, Fault } from './check.ts';

const EVERY_MS = 10_000;
const WINDOW_MS = 300_000;
/** Within the window. */
const LOOP_RECONNECTS = 10;

interface Sample {
  readonly at: number;
  readonly isConnected: boolean;
  readonly reconnects: number;
}

export function watchFeeds(exporterUrl: string, now: () => number): Check {
  const history = new Map<string, Sample[]>();

  return {
    name: 'feeds',
    everyMs: EVERY_MS,
    confirmations: 1,
    async look() {
      const { status, json } = await call({ url: `${exporterUrl}/health` });
      // An exporter that does not answer tells nothing of its feeds.
      if (status !== 200 && status !== 503) return [];
      const at = now();
      const present = new Set<string>();
      for (const feed of listOf(field(json, 'feeds'))) {
        if (field(feed, 'feed') !== 'liquidations') continue;
        const exchange = String(field(feed, 'exchange'));
        present.add(exchange);
        const samples = [...(history.get(exchange) ?? []), sampleOf(feed, at)];
        history.set(
          exchange,
          samples.filter((sample) => at - sample.at <= WINDOW_MS + EVERY_MS),
        );
      }
      for (const exchange of [...history.keys()]) if (!present.has(exchange)) history.delete(exchange);
      return judge(history);
    },
  };
}

function sampleOf(feed: unknown, at: number): Sample {
  return {
    at,
    isConnected: field(feed, 'connected') === true,
    reconnects: Number(field(feed, 'reconnects') ?? 0),
  };
}

function judge(history: ReadonlyMap<string, readonly Sample[]>): readonly Fault[] {
  const unstable = [...history].filter(([, samples]) => isUnstable(samples)).map(([exchange]) => exchange);
  if (unstable.length * 2 <= history.size) return [];
  const what = `the liquidation feeds of ${unstable.join(', ')} were disconnected for 5 minutes or reconnect all the time`;
  return [{ trigger: 'websocket', what }];
}

function isUnstable(samples: readonly Sample[]): boolean {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return false;
  // A count that fell belongs to an exporter that was restarted.
  if (last.reconnects - first.reconnects >= LOOP_RECONNECTS) return true;
  return last.at - first.at >= WINDOW_MS && samples.every(({ isConnected }) => !isConnected);
}
