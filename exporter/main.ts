// The exporter's process: configuration, logger, signals, exit codes. Everything else is in `exporter.ts`.
import closeWithGrace from 'close-with-grace';
import { AppError, errorText } from '../common/errors.ts';
import { createLogger } from '../common/logger.ts';
import { startStallGuard } from '../common/stall-guard.ts';
import { VERSION } from '../common/version.ts';
import { type ExporterConfig, loadExporterConfig } from './config/config.ts';
import { createExporter } from './exporter.ts';

/** Well inside the ten seconds that a supervisor or Docker waits before it kills. */
const STOP_WITHIN_MS = 8_000;

function readConfig(): ExporterConfig {
  try {
    return loadExporterConfig(process.env);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = readConfig();
const logger = createLogger('exporter', config.logLevel);
const exporter = createExporter({ config, logger, version: VERSION });
const guard = startStallGuard({ onUnavailable: (err) => logger.warn({ err }, 'no shell to watch the event loop') });

closeWithGrace({ delay: STOP_WITHIN_MS, logger: false }, async ({ err, signal }) => {
  if (err) logger.fatal({ err }, 'stopping after an error nobody caught');
  else logger.info({ signal }, 'stopping');
  await exporter.stop();
  guard.stop();
});

try {
  const address = await exporter.start();
  logger.info({ address, exchanges: config.exchanges, symbols: config.symbols ?? 'ALL' }, 'listening');
} catch (error) {
  const isBusy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const hint = `port ${config.port} on ${config.host} is taken by another program; stop it or set EXPORTER_PORT`;
  process.stderr.write(`exporter cannot start: ${isBusy ? hint : errorText(error)}\n`);
  process.exit(1);
}
