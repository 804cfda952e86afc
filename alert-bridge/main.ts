// The alert bridge as a process: configuration in, signals handled, one clear line when it cannot start.
import closeWithGrace from 'close-with-grace';
import { createSystemClock } from '../common/clock.ts';
import { AppError, errorText } from '../common/errors.ts';
import { createLogger } from '../common/logger.ts';
import { startStallGuard } from '../common/stall-guard.ts';
import { startBridge } from './bridge.ts';
import { loadBridgeConfig } from './config.ts';

/** A stop is clean within ten seconds; a send in flight gets eight of them. */
const DRAIN_MS = 8_000;

async function main(): Promise<void> {
  const config = loadBridgeConfig(process.env);
  const logger = createLogger('alert-bridge', config.logLevel);
  const bridge = await startBridge({
    config,
    clock: createSystemClock(),
    logger,
    writeTerminal: (text) => process.stdout.write(text),
  });
  const guard = startStallGuard();
  logger.info(
    {
      url: bridge.url,
      destination: config.telegramToken === undefined ? 'terminal' : 'telegram',
      chats: config.marketChats.length,
      ...(config.telegramApiUrl === 'https://api.telegram.org' ? {} : { telegramApiUrl: config.telegramApiUrl }),
    },
    config.telegramToken === undefined
      ? 'alert bridge is up: no Telegram token, messages appear here and on the page'
      : 'alert bridge is up',
  );
  closeWithGrace({ delay: DRAIN_MS, logger }, async ({ signal, err }) => {
    if (err) logger.fatal({ err }, 'alert bridge ends after an error nobody handled');
    else logger.info({ signal }, 'alert bridge is stopping');
    await bridge.stop();
    await guard.stop();
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});

function explain(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `alert-bridge cannot start: its port is in use (${errorText(error)}); stop the other program or set BRIDGE_PORT`;
  }
  if (code === 'EACCES') return `alert-bridge cannot start: ${errorText(error)}; set BRIDGE_PORT to a port above 1023`;
  return `alert-bridge cannot start: ${error instanceof Error ? error.stack : String(error)}`;
}
