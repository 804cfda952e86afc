// Every alert about the stack itself fires because its fault was really made: real Prometheus and Alertmanager, our services,
// simulators at both ends. Rules are the shipped ones with their times divided by ten (drills/shortened-rules.ts).
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { parseDocument } from 'yaml';
import { parseRuleFile } from '../../engines/rules/rule-file.ts';
import { startBinanceSimulator } from '../../simulators/venues/binance.ts';
import { startBybitSimulator } from '../../simulators/venues/bybit.ts';
import { startOkxSimulator } from '../../simulators/venues/okx.ts';
import { writeJournal } from '../exporter/trading/journals.ts';
import {
  CHATS,
  conflictDrills,
  credentialDrills,
  databaseDrills,
  deliveryDrills,
  unseenDrills,
} from './drills/delivery.ts';
import { runDrills, watchAlerts } from './drills/drill.ts';
import { drillRules, memoryDrills, processDrills, ruleDrills } from './drills/engines.ts';
import { hostDrills, probeDrills } from './drills/host.ts';
import { shortenRules } from './drills/shortened-rules.ts';
import { losingStore, tradingDrills } from './drills/trading.ts';
import { BYBIT_CLOCK_OFFSET_MS, binanceDrills, bybitDrills, okxDrills, openInterestDrills } from './drills/venues.ts';
import { startStack } from './stack.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));
const SHIPPED = join(CHECKOUT, 'prometheus', 'rules');
const BALLAST = pathToFileURL(join(import.meta.dirname, 'programs', 'ballast.ts')).href;

const DIVISOR = 10;
/** What takes ten minutes and more: a missing canary is told after fifteen seconds, a missing journal after twenty. */
const DIVISORS: Readonly<Record<string, number>> = { 'stack-canary.yml': 60, 'trading.yml': 30 };
/** Made in a test of its own, with a shipped rule file of its own. */
const ELSEWHERE = ['rollback.yml'];

const CHAIN_DRILLS = [
  ...[...binanceDrills, ...bybitDrills, ...okxDrills, ...openInterestDrills, ...deliveryDrills],
  ...[
    ...credentialDrills,
    ...unseenDrills,
    ...conflictDrills,
    ...databaseDrills,
    ...memoryDrills,
    ...ruleDrills,
    ...processDrills,
    ...tradingDrills,
  ],
];

// In the folder of the whole file: the stack clears that of its own test.
const journal = writeJournal(t, losingStore(Date.now() / 1_000));

t.setTimeout(420_000);

t.test('every alert about the stack has a drill', async (t) => {
  const drilled = new Set([...CHAIN_DRILLS, ...hostDrills, ...probeDrills].flatMap(({ alerts }) => alerts));
  const files = readdirSync(SHIPPED).filter((name) => !ELSEWHERE.includes(name));

  for (const file of files) {
    for (const { type, name, labels } of parseRuleFile(readFileSync(join(SHIPPED, file), 'utf8')).rules) {
      if (type === 'alert' && labels.category?.text === 'stack') t.ok(drilled.has(name), `${name} (${file})`);
    }
  }
});

t.test('every alert about the chain fires when its fault is made', async (t) => {
  const [binance, bybit, okx] = await Promise.all([
    startBinanceSimulator(),
    startBybitSimulator({ clockOffsetMs: BYBIT_CLOCK_OFFSET_MS }),
    startOkxSimulator(),
  ]);
  const all = [binance, bybit, okx];
  const close = async () => {
    await Promise.all(all.map((venue) => venue.close()));
  };
  t.teardown(close);
  const environment = () => Object.assign({}, ...all.map((venue) => venue.environment()));
  const stack = await startStack(t, {
    venues: { binance, bybit, okx, all, environment, close },
    environment: {
      TELEGRAM_CHAT_ID: CHATS.join(','),
      TELEGRAM_COMMANDS: 'polling',
      MAX_ALERTS_PER_HOUR: '1000',
      ALERT_RATE_LIMIT_SECONDS: '0',
      TRADE_JOURNAL_PATH: journal.path,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${BALLAST}`,
    },
    adapt: ({ prometheus }) => hurry(prometheus),
  });
  t.teardown(() => {
    if (!t.passing()) t.comment(stack.lines.slice(-200).join('\n'));
  });
  const watch = watchAlerts(async () => {
    const firing = await stack.query('ALERTS{alertstate="firing"}');
    return new Set(firing.map(({ labels }) => labels.alertname ?? ''));
  });
  const run = runDrills.bind(undefined, t, watch);

  await Promise.all([
    run(stack, binanceDrills),
    Promise.all([run(stack, bybitDrills), run(stack, okxDrills)]).then(() => run(stack, openInterestDrills)),
    run(stack, [...unseenDrills, ...conflictDrills, ...credentialDrills, ...deliveryDrills, ...databaseDrills]),
    run(stack, memoryDrills),
    run(journal, tradingDrills),
  ]);
  await run(stack, ruleDrills);
  await run(stack, processDrills);
});

/** Every job once a second but the fast one, which is faster; rules from a folder of this stack's own, with shorter times. */
function hurry(configFile: string): void {
  const config = parseDocument(readFileSync(configFile, 'utf8'));
  config.setIn(['global', 'scrape_interval'], '1s');
  config.setIn(['global', 'scrape_timeout'], '1s');
  const folder = drillRules(dirname(dirname(configFile)));
  config.setIn(['rule_files'], [join(folder, '*.yml')]);
  writeFileSync(configFile, config.toString());
  mkdirSync(folder);
  for (const file of readdirSync(SHIPPED)) {
    const text = shortenRules(readFileSync(join(SHIPPED, file), 'utf8'), DIVISORS[file] ?? DIVISOR);
    writeFileSync(join(folder, file), text);
  }
}
