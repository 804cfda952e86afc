// npm run demo: the same stack as npm start between simulators of the venues and of Telegram. Needs no network and no
// account.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSystemClock } from '../../common/clock.ts';
import { commandLine } from '../../common/command-line.ts';
import { startTelegramSimulator } from '../../simulators/telegram/telegram-simulator.ts';
import { startVenues } from '../../simulators/venues/start-venues.ts';
import { runInForeground } from '../foreground.ts';
import { prepareDataDirectory } from '../preflight.ts';
import { configLoaders } from '../service-configs.ts';
import { runStack } from '../stack.ts';
import { demoEnvironment } from './environment.ts';
import { writeHistory } from './history.ts';
import { phoneEnvironment, showPhone } from './phone.ts';
import { demoMarkets, playSession } from './session.ts';

commandLine({
  name: 'npm run demo --',
  purpose: `Runs the stack of npm start on simulators of the venues and of Telegram, and plays a market in which alerts fire.
Needs no network and no account. Ctrl-C stops it.`,
});
const checkout = dirname(dirname(import.meta.dirname));
const say = (line: string) => console.log(line);
const clock = createSystemClock();

await runInForeground(async (signal) => {
  const venues = await startVenues();
  const telegram = await startTelegramSimulator({ isLimited: true });
  const simulators = { ...venues.environment(), ...phoneEnvironment(telegram) };
  say('demo: made-up markets on simulators of Binance, Bybit, OKX and Telegram; everything between is the real thing');
  try {
    await runStack({
      checkout,
      environment: await demoEnvironment(process.env, simulators, checkout, say),
      say,
      configLoaders,
      async prepare(settings, { promtool }) {
        const { dataDir } = settings;
        // A demo begins with nothing told yet: what the last one sent would hold back the same messages now.
        for (const folder of ['bridge', 'prometheus', 'alertmanager']) {
          await rm(join(dataDir, folder), { recursive: true, force: true });
        }
        prepareDataDirectory(dataDir);
        await writeHistory(promtool, settings, demoMarkets(), clock.wallNow() / 1_000);
      },
      async accompany() {
        await Promise.all([playSession(venues, say, signal), showPhone(telegram, say, signal)]);
      },
      signal,
    });
  } finally {
    await Promise.all([venues.close(), telegram.close()]);
  }
});
