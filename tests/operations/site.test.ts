// Which stack an operation is about.
import t from 'tap';
import { parseCommandLine } from '../../common/command-line.ts';
import { openStack, STACK_OPTIONS } from '../../operations/site.ts';

const COMMAND = { name: 'x', purpose: '', options: { ...STACK_OPTIONS, only: { value: 'PART', help: '' } } } as const;

t.test('the native stack is opened by its flag, and what cannot be is refused', async (t) => {
  const site = { checkout: t.testdir(), environment: {}, say: () => undefined };
  const open = (...args: readonly string[]) => openStack(site, parseCommandLine(COMMAND, args));

  t.match(await open('--native'), { mode: 'native' });
  t.match(await open('--native', '--only', 'exporter'), { mode: 'native' });
  await t.rejects(open('--native', '--core'), { code: 'USAGE', message: /--core is for containers/ });
  await t.rejects(open('--native', '--only', 'nothing'), { code: 'USAGE', message: /"nothing" is none of exporter/ });
});
