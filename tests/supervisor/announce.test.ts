import t from 'tap';
import { loadNativeSettings } from '../../engines/stack-settings.ts';
import { describeEvent, describeStack } from '../../supervisor/announce.ts';

t.test('lists addresses, and says that messages appear in the terminal without Telegram', async (t) => {
  const text = describeStack(loadNativeSettings({ BRIDGE_PORT: '1003' }, '/checkout'));

  t.match(text, 'http://127.0.0.1:8002/health');
  t.match(text, 'http://127.0.0.1:9090/alerts');
  t.match(text, 'http://127.0.0.1:9093/');
  t.match(text, 'no Telegram token: messages appear here and on http://127.0.0.1:1003/');
});

t.test('gives the command that reloads this very stack', async (t) => {
  const told = (DATA_DIR?: string) => describeStack(loadNativeSettings({ DATA_DIR }, '/checkout'));

  t.match(told(), 'prometheus/thresholds.yml (an edit is taken over by itself, or: npm run reload)');
  t.match(
    told('data/demo'),
    'prometheus/thresholds.yml (an edit is taken over by itself, or: DATA_DIR="data/demo" npm run reload)',
  );
});

t.test('says that messages go to Telegram', async (t) => {
  const text = describeStack(
    loadNativeSettings({ TELEGRAM_BOT_TOKEN: '1:test-token', TELEGRAM_CHAT_ID: '1' }, '/checkout'),
  );

  t.match(text, 'messages go to the configured chats');
  t.notMatch(text, 'test-token');
});

const ended = { type: 'ended', name: 'exporter', lastLines: ['last words'], restartInMs: 2_000 } as const;
for (const { title, event, words } of [
  {
    title: 'shows what the bridge prints for people',
    event: { type: 'line', name: 'alert-bridge', stream: 'stdout', text: '🚨 BTC' },
    words: '🚨 BTC',
  },
  {
    title: 'keeps logs of the bridge in the file',
    event: { type: 'line', name: 'alert-bridge', stream: 'stdout', text: '{"level":"info"}' },
    words: undefined,
  },
  {
    title: 'keeps what engines print in the file',
    event: { type: 'line', name: 'prometheus', stream: 'stdout', text: 'ts=1' },
    words: undefined,
  },
  {
    title: 'keeps warnings of Node in the file',
    event: { type: 'line', name: 'alert-bridge', stream: 'stderr', text: '(node:1) Warning' },
    words: undefined,
  },
  { title: 'keeps quiet about a start', event: { type: 'started', name: 'exporter', pid: 7 }, words: undefined },
  {
    title: 'says how a program ended, with its last words',
    event: { ...ended, ending: { code: 3, signal: undefined } },
    words: '✗ exporter: ended (exit code 3), starting again in 2 s\n    last words',
  },
  {
    title: 'says which signal ended a program',
    event: { ...ended, ending: { code: undefined, signal: 'SIGKILL' } },
    words: '✗ exporter: ended (SIGKILL), starting again in 2 s\n    last words',
  },
  {
    title: 'says that a program could not be started',
    event: { ...ended, ending: { code: undefined, signal: undefined } },
    words: '✗ exporter: ended (could not be started), starting again in 2 s\n    last words',
  },
] as const) {
  t.test(title, async (t) => {
    t.equal(describeEvent(event), words);
  });
}
