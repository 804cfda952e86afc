// A bridge in a process of its own that kills itself, as hard as the kernel can, at the step named in CRASH_AT.
// Run by `promises.test.ts` and the tests of several bridges; every variable of the bridge applies.
import { writeFileSync } from 'node:fs';
import { startBridge } from '../../../alert-bridge/bridge.ts';
import { loadBridgeConfig } from '../../../alert-bridge/config.ts';
import { createSystemClock } from '../../../common/clock.ts';
import { createLogger } from '../../../common/logger.ts';

const crashAt = process.env.CRASH_AT ?? '';

function crashIf(step: string): void {
  if (step === crashAt) process.kill(process.pid, 'SIGKILL');
}

const bridge = await startBridge({
  config: loadBridgeConfig(process.env),
  clock: createSystemClock(),
  logger: createLogger('alert-bridge', process.env.LOG_LEVEL ?? 'silent'),
  writeTerminal: () => {},
  wrapStore: (store) => ({
    ...store,
    async claim(chatKeys, now, lowestRank) {
      const delivery = await store.claim(chatKeys, now, lowestRank);
      if (delivery) crashIf('after claim');
      return delivery;
    },
    async accept(alerts, present) {
      crashIf('before commit');
      const summary = await store.accept(alerts, present);
      crashIf('after commit');
      return summary;
    },
    async settle(id, settlement, now) {
      crashIf('before mark');
      await store.settle(id, settlement, now);
      crashIf('after mark');
    },
  }),
  wrapSender: (sender) => ({
    ...sender,
    async send(chat, text, options) {
      crashIf('before send');
      const outcome = await sender.send(chat, text, options);
      crashIf('after send');
      return outcome;
    },
  }),
});
writeFileSync(process.env.URL_FILE ?? '/dev/null', bridge.url);
process.on('SIGTERM', () => void bridge.stop());
