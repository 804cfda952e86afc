import t from 'tap';
import { readUserEnvironment } from '../../supervisor/user-environment.ts';

t.test('is the shell where there is no .env', async (t) => {
  const shell = { SYMBOLS: 'BTC' };

  t.equal(readUserEnvironment(t.testdir(), shell, t.fail), shell);
});

t.test('takes from .env what the shell does not say, and names it without values', async (t) => {
  const checkout = t.testdir({ '.env': 'SYMBOLS=ETH\nTELEGRAM_BOT_TOKEN="1:test-token"\n' });
  const lines: string[] = [];

  const environment = readUserEnvironment(checkout, { SYMBOLS: 'BTC' }, (line) => lines.push(line));

  t.same(environment, { SYMBOLS: 'BTC', TELEGRAM_BOT_TOKEN: '1:test-token' });
  t.match(lines, [/settings from .+\.env: SYMBOLS, TELEGRAM_BOT_TOKEN$/]);
});

t.test('says that a .env is empty', async (t) => {
  const lines: string[] = [];

  readUserEnvironment(t.testdir({ '.env': '# nothing\n' }), {}, (line) => lines.push(line));

  t.match(lines, [/: none$/]);
});
