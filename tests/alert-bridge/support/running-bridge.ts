// A whole bridge in this process, on real sockets and a real database, before a Telegram that does as it is told.
import type { Test } from 'tap';
import { type Bridge, type BridgeParts, startBridge } from '../../../alert-bridge/bridge.ts';
import { loadBridgeConfig } from '../../../alert-bridge/config.ts';
import type { Sender } from '../../../alert-bridge/telegram/sender.ts';
import type { Clock } from '../../../common/clock.ts';
import { createLogger } from '../../../common/logger.ts';
import {
  startTelegramSimulator,
  type TelegramSimulator,
  type TelegramSimulatorOptions,
} from '../../../simulators/telegram/telegram-simulator.ts';
import { createFastClock } from './clocks.ts';

export const WEBHOOK_TOKEN = 'test-webhook-token';

export interface RunningBridge {
  readonly bridge: Bridge;
  readonly telegram: TelegramSimulator;
  readonly clock: Clock;
  /** Everything that was logged. */
  readonly log: () => string;
  /** Everything that the terminal showed. */
  readonly terminal: () => string;
  post(payload: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Answer of a GET, as text. */
  read(path: string, headers?: Readonly<Record<string, string>>): Promise<string>;
  /** The value of one series; `undefined` where it is absent. */
  metric(series: string): Promise<number | undefined>;
  /** Polls until the claim about the series' value holds. @throws Error after half a minute. */
  waitForMetric(series: string, claim: (value: number | undefined) => boolean): Promise<void>;
}

export interface BridgeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly telegram?: TelegramSimulatorOptions;
  readonly clock?: Clock;
  readonly wrapSender?: (sender: Sender, apiUrl: string) => Sender;
  readonly wrapStore?: BridgeParts['wrapStore'];
}

export async function runBridge(t: Test, wishes: BridgeOptions = {}): Promise<RunningBridge> {
  const telegram = await startTelegramSimulator(wishes.telegram);
  t.teardown(() => telegram.close());
  const clock = wishes.clock ?? createFastClock(25);
  const lines: string[] = [];
  const shown: string[] = [];
  const bridge = await startBridge({
    config: loadBridgeConfig({
      TELEGRAM_BOT_TOKEN: '1:test-token',
      TELEGRAM_CHAT_ID: '100',
      TELEGRAM_API_URL: telegram.url,
      BRIDGE_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
      BRIDGE_PORT: '0',
      // Nothing listens there: a bridge without Prometheus must work all the same.
      PROMETHEUS_URL: 'http://127.0.0.1:1',
      ...wishes.environment,
      // Another call of testdir would empty a folder that the test has filled.
      DATA_DIR: wishes.environment?.DATA_DIR ?? t.testdir(),
    }),
    clock,
    logger: createLogger('alert-bridge', 'debug', { write: (line: string) => void lines.push(line) }),
    writeTerminal: (text) => void shown.push(text),
    wrapSender: (sender) => wishes.wrapSender?.(sender, telegram.url) ?? sender,
    ...(wishes.wrapStore ? { wrapStore: wishes.wrapStore } : {}),
  });
  let isStopped = false;
  const stop = bridge.stop;
  t.teardown(() => (isStopped ? undefined : stop()));

  const running: RunningBridge = {
    bridge: {
      ...bridge,
      stop() {
        isStopped = true;
        return stop();
      },
    },
    telegram,
    clock,
    log: () => lines.join(''),
    terminal: () => shown.join(''),
    post: (payload, headers = {}) =>
      fetch(`${bridge.url}/webhook`, {
        method: 'POST',
        headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json', ...headers },
        body: typeof payload === 'string' ? payload : JSON.stringify(payload),
      }),
    read: async (path, headers = {}) => (await fetch(`${bridge.url}${path}`, { headers })).text(),
    async metric(series) {
      const line = (await running.read('/metrics')).split('\n').find((text) => text.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
    async waitForMetric(series, claim) {
      for (let tries = 0; tries < 1_500; tries += 1) {
        if (claim(await running.metric(series))) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`${series} is ${await running.metric(series)}`);
    },
  };
  return running;
}
