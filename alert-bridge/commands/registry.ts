// Every command, in the order of `/help`.
import { alerts } from './alerts.ts';
import type { Command } from './command.ts';
import { createHelp } from './help.ts';
import { history } from './history.ts';
import { quiet } from './quiet.ts';
import { silence } from './silence.ts';
import { silences } from './silences.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { subscribe, unsubscribe } from './subscribe.ts';
import { unsilence } from './unsilence.ts';

export const COMMANDS: readonly Command[] = [
  start,
  createHelp(() => COMMANDS),
  status,
  alerts,
  history,
  subscribe,
  unsubscribe,
  quiet,
  silences,
  silence,
  unsilence,
];
