// What the commands that only read say, over a desk that is told what to know.
import t from 'tap';
import type { CommandCall, CommandServices } from '../../../alert-bridge/commands/command.ts';
import { COMMANDS } from '../../../alert-bridge/commands/registry.ts';
import type { HistoryEntry } from '../../../alert-bridge/history/store.ts';
import { EVERYTHING } from '../../../alert-bridge/model/subscription.ts';
import { summarise } from '../../../alert-bridge/scorecard/scorecard.ts';
import type { ShownSilence, SilenceService } from '../../../alert-bridge/silences/silence-service.ts';
import { createManualClock, START_MS } from '../support/clocks.ts';

const clock = createManualClock();
const iso = (afterMs: number) => new Date(START_MS + afterMs).toISOString();
const unused = () => Promise.reject(new Error('not asked for'));

const silences: SilenceService = {
  silence: unused,
  undo: unused,
  list: async () => [],
  covering: unused,
  watch: unused,
};

function desk(change: Partial<CommandServices>): CommandServices {
  return {
    clock,
    subscriptions: { list: async () => [], find: unused, put: unused, remove: unused },
    silences,
    history: { read: async () => [] },
    firing: async () => [],
    status: unused,
    scorecard: async () => summarise({ moves: [], leads: [], useful: 0, useless: 0, acknowledgedAfterMs: [], told: 0 }),
    watchedSymbols: async () => undefined,
    subscribersChanged: () => {},
    ...change,
  };
}

const chat = { key: '100', chatId: '100', threadId: undefined };
async function say(text: string, change: Partial<CommandServices> = {}): Promise<string> {
  const [name, ...words] = text.split(' ');
  const call: CommandCall = {
    words,
    chat,
    subscription: EVERYTHING,
    isSubscriber: true,
    person: { id: 1, name: 'Ann' },
    rights: 'admin',
  };
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) throw new Error(`no command ${name}`);
  return command.run(call, desk(change));
}

t.test('/alerts lists what fires, the heartbeat left out, and says when there is more', async (t) => {
  const alert = (alertname: string, labels = {}) => ({
    fingerprint: alertname,
    startsAt: iso(-60_000),
    labels: { alertname, ...labels },
    annotations: {},
    silencedBy: [],
  });
  const some = [
    alert('Watchdog'),
    alert('LiquidationCascade', { symbol: 'BTC', tier: '4' }),
    alert('FeedDown', { tier: '1' }),
  ];
  t.equal(
    await say('alerts', { firing: async () => some }),
    '2 alerts firing\n• BTC LiquidationCascade ×4, since 11:59 UTC\n• FeedDown, since 11:59 UTC',
  );
  t.match(
    await say('alerts', { firing: async () => Array.from({ length: 25 }, () => alert('FeedDown')) }),
    /and 5 more$/,
  );
});

t.test('/status says what is up, and what is not', async (t) => {
  const state = { waiting: 2, failed: 1, heartbeatAtMs: START_MS - 20_000, isSilent: false };
  const feeds = [
    ['binance liquidations', true],
    ['okx open interest', false],
  ] as const;
  const answer = await say('status', { status: async () => ({ ...state, feeds }) });
  t.match(
    answer,
    /^✅ detection is up, heartbeat 20 s ago\n🟢 binance liquidations\n🔴 okx open interest\nqueue: 2 waiting, 1 failed/,
  );
  t.match(
    await say('status', { status: async () => ({ ...state, isSilent: true, feeds: [] }) }),
    /^⚠️ detection is silent[\s\S]*none known yet/,
  );
});

const entry: HistoryEntry = {
  id: 1,
  name: 'LiquidationCascade',
  symbol: 'BTC',
  tier: 4,
  priority: 'high',
  status: 'resolved',
  startsAt: iso(-3_600_000),
  endsAt: undefined,
  figures: {},
  deliveries: [],
  seen: undefined,
  useful: 2,
  useless: 0,
  priceMoves: { '1': -0.004, '15': 0.012 },
};

t.test('/history tells what the price did after each alert', async (t) => {
  const history = { read: async () => [entry, { ...entry, tier: 1, useful: 0, priceMoves: {} }] };
  const answer = await say('history btc', { history });
  t.match(
    answer,
    /• 11:00 UTC BTC LiquidationCascade ×4 👍2 👎0\n {3}-0.4% in 1 m, \+1.2% in 15 m\n• 11:00 UTC BTC LiquidationCascade\n/,
  );
  t.match(await say('history btc'), /^No alerts yet on BTC\./);
  t.match(await say('history'), /^No alerts yet\./);
  t.match(
    await say('status', {
      history,
      status: async () => ({ waiting: 0, failed: 0, heartbeatAtMs: undefined, isSilent: false, feeds: [] }),
    }),
    /last alert: BTC LiquidationCascade, 11:00 UTC/,
  );
});

t.test('/silences shows those made elsewhere by the number that lifts them', async (t) => {
  const foreign: ShownSilence = {
    id: '0a1b2c3d-0000-0000-0000-000000000000',
    state: 'active',
    matchers: 'alertname=~Feed.+',
    createdBy: 'amtool',
    comment: 'moving',
    endsAtMs: START_MS + 3_600_000,
    shortId: undefined,
  };
  const lifted: string[] = [];
  const known: SilenceService = {
    ...silences,
    list: async () => [foreign],
    undo: async (id) => {
      lifted.push(id);
      return { title: 'alertname=~Feed.+', hidden: 3 };
    },
  };
  t.equal(
    await say('silences', { silences: known }),
    `• alertname=~Feed.+ until 13:00 UTC, by amtool: moving\n   /unsilence ${foreign.id}`,
  );
  t.match(await say(`unsilence ${foreign.id}`, { silences: known }), /is heard again. 3 alerts hidden meanwhile/);
  t.same(lifted, [foreign.id]);
  t.match(await say('unsilence a b c', { silences: known }), /Say which one/);
});

t.test('/subscribe says which of its symbols nobody watches: a mistyped type reads as one', async (t) => {
  const subscriptions = { list: async () => [], find: unused, put: async () => {}, remove: unused };
  const watching = (...symbols: readonly string[]) => ({ subscriptions, watchedSymbols: async () => symbols });
  t.match(
    await say('subscribe BTC cascde doge', watching('BTC', 'ETH')),
    /symbols: BTC, CASCDE, DOGE\n[\s\S]*⚠️ nobody watches CASCDE, DOGE now: a slip of the pen\?$/,
  );
  t.notMatch(await say('subscribe BTC high', watching('BTC')), /⚠️/);
  t.notMatch(await say('subscribe all', watching('BTC')), /⚠️/);
  t.notMatch(await say('subscribe DOGE', { subscriptions }), /⚠️/, 'nobody can say');
});
