// Whatever anybody can write into an alert, a silence, a subscription or a chat comes out on the pages as text.
import t from 'tap';
import { renderPage } from '../../../alert-bridge/page/render.ts';
import { renderSettings } from '../../../alert-bridge/page/render-settings.ts';
import type { Snapshot } from '../../../alert-bridge/page/snapshot.ts';
import { summarise } from '../../../alert-bridge/scorecard/scorecard.ts';
import { epochMs } from '../../../common/brands.ts';

/** A field's value that would run, or leave its attribute, if it went out as it is. */
const hostile = (field: string) => `"'><script>${field}</script>`;
const escaped = (field: string) => `&quot;&#39;&gt;&lt;script&gt;${field}&lt;/script&gt;`;

const AT = '2026-11-20T12:00:00.000Z';
const SNAPSHOT: Snapshot = {
  generatedAt: AT,
  destination: 'telegram',
  outbox: { pending: 0, claimed: 0, delivered: 1, suppressed: 0, expired: 0, dead: 0, unknown: 0 },
  oldestWaitingAt: undefined,
  chats: [{ key: hostile('paused-chat'), pausedReason: hostile('paused-reason') }],
  heartbeat: { lastAt: AT, isSilent: true },
  commands: 'off',
  isTableStale: true,
  limits: { marketPerHour: 10, waitingAtMost: 100 },
  subscribers: [{ chat: hostile('subscriber'), wants: [hostile('want-1'), hostile('want-2')] }],
  silences: [
    {
      id: '1',
      matchers: hostile('matchers'),
      createdBy: hostile('created-by'),
      comment: hostile('comment'),
      until: AT,
    },
  ],
  scorecard: summarise({ moves: [], leads: [], useful: 0, useless: 0, acknowledgedAfterMs: [], told: 0 }),
  deliveries: [
    {
      id: 1,
      chat: hostile('chat'),
      phase: hostile('phase'),
      state: 'delivered',
      reason: hostile('reason'),
      priority: 'high',
      alertname: hostile('alertname'),
      symbol: hostile('symbol'),
      text: hostile('text'),
      acceptedAt: AT,
      finishedAt: hostile('finished-at'),
    },
  ],
};
const CHAT = { chatId: '1', threadId: undefined };
const SETTINGS = {
  subscribers: [
    {
      chat: { ...CHAT, key: hostile('chat') },
      isConfigured: false,
      subscription: {
        symbols: [hostile('symbol')],
        exceptSymbols: [hostile('except')],
        types: undefined,
        lowestPriority: 'low' as const,
        quiet: { fromMinute: 0, toMinute: 60, zone: hostile('zone'), isAll: false },
        isPaused: false,
      },
    },
  ],
  silences: [
    {
      id: hostile('id'),
      state: 'active' as const,
      matchers: hostile('matchers'),
      createdBy: hostile('created-by'),
      comment: hostile('comment'),
      endsAtMs: epochMs(Date.parse(AT)),
      shortId: undefined,
    },
  ],
  faults: [hostile('fault')],
  token: hostile('token'),
};

for (const [page, source, markup] of [
  ['of the alerts', SNAPSHOT, renderPage(SNAPSHOT).toString()],
  ['of the settings', SETTINGS, renderSettings(SETTINGS).toString()],
] as const) {
  t.test(`every field that the page ${page} shows comes out as text`, async (t) => {
    const fields = [...JSON.stringify(source).matchAll(/<script>([^<]+)</g)].map(([, field = '']) => field);
    t.ok(fields.length > 5);
    for (const field of fields.filter((name) => name !== 'finished-at')) {
      t.ok(markup.includes(escaped(field)), `${field} is shown, escaped`);
    }
    t.notMatch(markup, /<script/i);
    t.notMatch(markup, /="[^"]*"'/, 'nothing leaves its attribute');
  });
}
