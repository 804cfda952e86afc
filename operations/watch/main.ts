// npm run watch:rollback, and rollback.sh --watch: the watcher as a process of its own on the host.
import { setTimeout as delay } from 'node:timers/promises';
import { createSystemClock } from '../../common/clock.ts';
import type { Options } from '../../common/command-line.ts';
import { errorText } from '../../common/errors.ts';
import { type Program, runProgram } from '../command-line.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openSite, openStack, STACK_OPTIONS } from '../site.ts';
import { assembleWatcher } from './assemble.ts';
import { requestRollback } from './request.ts';
import { loadWatchSettings } from './settings.ts';
import { PLANS, TRIGGERS } from './triggers.ts';
import { lockWatch } from './watch-lock.ts';
import type { Round, Watcher } from './watcher.ts';

const EVERY_MS = 2_000;

export const WATCH_OPTIONS = {
  once: { help: 'watching: one look that believes what it sees, what it demands, and the end' },
  'until-rolled-back': { help: 'watching: end after the first roll-back' },
  'patience-seconds': {
    value: 'N',
    least: 0,
    most: 600,
    help: 'watching: between two steps, instead of each step’s own: for rehearsals',
  },
  now: {
    value: 'REASON',
    help: 'watching: roll back now, by hand: through the running watcher where there is one',
  },
} as const;

export const watchProgram: Program = {
  name: 'npm run watch:rollback --',
  purpose: `Watches the stack and the existing system from outside and acts where AUTO_ROLLBACK allows it (on, or names of triggers:
${TRIGGERS.join(', ')}). Without it, it only tells.`,
  options: { ...STACK_OPTIONS, ...WATCH_OPTIONS },
  examples: ['npm run watch:rollback -- --native', 'npm run watch:rollback -- --native --now "by hand"'],
  run: watch,
};

export async function watch(options: Options, signal: AbortSignal): Promise<ExitCode> {
  const site = openSite();
  const settings = loadWatchSettings(site);
  const stack = await openStack(site, options);
  const reason = options.text('now');
  if (reason !== undefined) requestRollback(stack.dataDir, reason);
  const lock = lockWatch(stack.dataDir);
  if (lock === undefined) {
    if (reason === undefined) site.say('another watcher watches this stack already');
    else site.say('✓ the running watcher was told: it rolls back within seconds');
    return reason === undefined ? EXIT.refused : EXIT.ok;
  }
  try {
    const clock = createSystemClock();
    const patience = options.number('patience-seconds');
    const { watcher, notebook } = await assembleWatcher({
      site,
      stack,
      settings,
      now: () => clock.now(),
      patienceMs: patience === undefined ? undefined : patience * 1_000,
    });
    const may = TRIGGERS.filter((trigger) => settings.allowed.has(trigger));
    site.say(
      `watching ${stack.mode} stack; may roll back for: ${may.map((trigger) => `${trigger} (${PLANS[trigger].words})`).join(', ')}`,
    );
    if (settings.telegram.token === undefined)
      site.say('! no TELEGRAM_BOT_TOKEN: what happens is told here and in the reports only');
    const isOnce = options.flag('once') || reason !== undefined;
    const last = isOnce
      ? await watcher.round(signal, true)
      : await goRound(watcher, signal, options.flag('until-rolled-back'), notebook.sendAll, site.say);
    await notebook.sendAll();
    return verdictOf(last);
  } finally {
    lock.release();
  }
}

async function goRound(
  watcher: Watcher,
  signal: AbortSignal,
  isUntilRolledBack: boolean,
  sendAll: () => Promise<void>,
  say: (line: string) => void,
): Promise<Round | undefined> {
  let round: Round | undefined;
  while (!signal.aborted) {
    try {
      round = await watcher.round(signal);
      if (isUntilRolledBack && round.step === 'roll-back') return round;
    } catch (error) {
      // A watcher that ends because of one bad round would be worse than one that goes on.
      say(`! this round failed: ${errorText(error)}`);
    }
    // Telegram may be slow: the next look does not wait for it.
    sendAll().catch((error: unknown) => say(`! ${errorText(error)}`));
    await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return round;
}

function verdictOf(round: Round | undefined): ExitCode {
  if (round === undefined) return EXIT.ok;
  if (round.isAlertingOff) return EXIT.critical;
  return round.conditions.length > 0 ? EXIT.warning : EXIT.ok;
}

if (import.meta.main) await runProgram(watchProgram);
