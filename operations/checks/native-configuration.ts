// The configuration of all four programs, judged by the programs themselves on a copy; nothing that runs sees it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../common/errors.ts';
import { findEngines } from '../../engines/find-engines.ts';
import { renderConfig } from '../../engines/render-config.ts';
import type { NativeSettings } from '../../engines/stack-settings.ts';
import { checkConfigurations, checkRules } from '../../supervisor/preflight.ts';
import { configLoaders } from '../../supervisor/service-configs.ts';
import { type CheckResult, critical, ok } from '../check-result.ts';
import { runOrThrow } from '../external.ts';
import type { Site } from '../stack/stack.ts';

export async function configurationCheck({ environment, say }: Site, settings: NativeSettings): Promise<CheckResult> {
  const scratch = mkdtempSync(join(tmpdir(), 'derivatives-alerts-check-'));
  try {
    checkConfigurations(configLoaders.map((load) => () => load(environment)));
    const engines = await findEngines({ cacheDir: settings.cacheDir, log: say });
    await checkRules(engines.promtool, settings.checkout, say);
    // Engines look whether the credential's file is there; its content does not matter here.
    const token = join(scratch, 'token');
    writeFileSync(token, 'not-the-token');
    const config = renderConfig({ ...settings, dataDir: scratch }, token);
    await runOrThrow([engines.promtool, 'check', 'config', config.prometheus], 'CONFIG_INVALID');
    await runOrThrow([engines.amtool, 'check-config', config.alertmanager], 'CONFIG_INVALID');
    return ok('configuration', 'exporter, alert-bridge, promtool and amtool accept it');
  } catch (error) {
    return critical('configuration', errorText(error), 'mend what is named above');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
