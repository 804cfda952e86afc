// `/unsilence 3`, `/unsilence BTC`: lifts a silence before its time.
import { plural } from '../format/figures.ts';
import { describeScope, parseScope } from '../model/silence-scope.ts';
import type { Command } from './command.ts';

export const unsilence: Command = {
  name: 'unsilence',
  usage: '3 | BTC',
  summary: 'lifts a silence; /silences shows the numbers',
  needs: 'admin',
  async run({ words }, services) {
    const wanted = words.join(' ');
    const id = wanted === '' ? undefined : await idOf(words, services);
    if (id === undefined) return 'Say which one: /silences shows them, /unsilence 3 lifts the third.';
    const { title, hidden } = await services.silences.undo(id);
    return `🔔 ${title} is heard again. ${hidden === 0 ? 'Nothing was hidden.' : `${plural(hidden, 'alert')} hidden meanwhile.`}`;
  },
};

async function idOf(words: readonly string[], services: Parameters<Command['run']>[1]): Promise<string | undefined> {
  const [word = ''] = words;
  if (words.length === 1 && /^(\d{1,15}|[0-9a-f]{8}-[0-9a-f-]{27})$/i.test(word)) return word;
  const scope = parseScope(words);
  if (scope === undefined) return undefined;
  const matchers = scope.map(({ name, value }) => `${name}=${value}`).join(', ');
  const found = (await services.silences.list()).find((silence) => silence.matchers === matchers);
  return found ? String(found.shortId ?? found.id) : `for ${describeScope(scope)}`;
}
