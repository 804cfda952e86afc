// A browser for the tests of the bridge's page. As root it is installed like any package; for others that test skips itself.
import { existsSync } from 'node:fs';
import { type Outcome, runCommand, type Step } from './step.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const INSTALL = ['apt-get', 'install', '--yes', '--quiet', '--no-install-recommends', 'chromium'] as const;

export const browserStep: Step = {
  name: 'browser',
  title: 'Browser for the pages (chromium)',
  async run(): Promise<Outcome> {
    if (!existsSync(CHROMIUM) && process.getuid?.() === 0) await install();
    const isThere = existsSync(CHROMIUM);
    console.log(isThere ? CHROMIUM : `no browser at ${CHROMIUM}: the pages are not tested (apt-get install chromium)`);
    return { passed: isThere ? 1 : 0, failed: 0 };
  },
};

async function install(): Promise<void> {
  await runCommand(['apt-get', 'update', '--quiet']);
  await runCommand([...INSTALL]);
}
