// The bridge's process alone before a Telegram simulator, and webhooks to it.
import type { Environment } from '../../common/env.ts';
import { startTelegramSimulator, type TelegramSimulator } from '../../simulators/telegram/telegram-simulator.ts';
import { sumOf } from './exposition.ts';
import { BENCH_WEBHOOK_TOKEN, type OneService, startOne } from './one-service.ts';

export interface BridgeUnderTest {
  readonly service: OneService;
  readonly telegram: TelegramSimulator;
  /** @returns the HTTP status */
  post(body: string): Promise<number>;
  /** Messages that still have to leave. */
  waiting(): Promise<number>;
  stop(): Promise<void>;
}

/** @param environment on top of one chat at the simulator */
export async function startBridgeUnderTest(environment: Environment = {}): Promise<BridgeUnderTest> {
  const telegram = await startTelegramSimulator();
  const service = await startOne('alert-bridge', {
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_CHAT_ID: '100',
    TELEGRAM_API_URL: telegram.url,
    // Nothing listens there: the bridge does without Prometheus.
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    ALERTMANAGER_URL: 'http://127.0.0.1:1',
    ...environment,
  });
  return {
    service,
    telegram,
    async post(body) {
      const response = await fetch(`${service.url}/webhook`, {
        method: 'POST',
        headers: { authorization: `Bearer ${BENCH_WEBHOOK_TOKEN}`, 'content-type': 'application/json' },
        body,
      });
      await response.text();
      return response.status;
    },
    async waiting() {
      const text = await (await fetch(`${service.url}/metrics`)).text();
      return (
        sumOf(text, 'alertbridge_outbox_messages', ['state="pending"']) +
        sumOf(text, 'alertbridge_outbox_messages', ['state="claimed"'])
      );
    },
    async stop() {
      await service.stop();
      await telegram.close();
    },
  };
}
