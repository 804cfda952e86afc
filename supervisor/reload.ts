// npm run reload: checks rules and configuration, then tells the running Prometheus and Alertmanager to read them again.
import { dirname } from 'node:path';
import { commandLine } from '../common/command-line.ts';
import { AppError } from '../common/errors.ts';
import { findEngines } from '../engines/find-engines.ts';
import { reloadEngines } from '../engines/reload.ts';
import { loadNativeSettings } from '../engines/stack-settings.ts';
import { runInForeground } from './foreground.ts';
import { readUserEnvironment } from './user-environment.ts';

commandLine({
  name: 'npm run reload --',
  purpose: `Checks rules and configuration, then tells the running Prometheus and Alertmanager to read them again. A fault is told
and nothing is reloaded.`,
});
const checkout = dirname(import.meta.dirname);
const say = (line: string) => console.log(line);

await runInForeground(async () => {
  const environment = readUserEnvironment(checkout, process.env, () => undefined);
  const { dataDir, cacheDir } = loadNativeSettings(environment, checkout);
  const engines = await findEngines({ cacheDir, log: say });
  const failure = await reloadEngines({ checkout, dataDir, engines, say });
  if (failure !== undefined) throw new AppError('RELOAD_REFUSED', failure);
});
