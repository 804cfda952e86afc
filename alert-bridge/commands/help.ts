// `/help`: every command that the asker may use. Also the answer to what is not understood.

import type { Command } from './command.ts';
import { isEnough, type Rights } from './rights.ts';

export function helpText(commands: readonly Command[], rights: Rights): string {
  const lines = commands
    .filter((command) => isEnough(rights, command.needs))
    .map(({ name, usage, summary }) => `/${name}${usage === '' ? '' : ` ${usage}`}\n    ${summary}`);
  return [
    ...lines,
    '',
    'Types: cascade, large, market, oi, stack, other. Priorities: high, medium, low.',
    'Under each alert: silence it, say that you have seen it, say whether it was useful.',
  ].join('\n');
}

export function createHelp(list: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: '',
    summary: 'this list',
    needs: 'member',
    run: async ({ rights }) => helpText(list(), rights),
  };
}
