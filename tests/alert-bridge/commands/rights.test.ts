// Who may do what: every command and every button, each as a stranger, a member and an admin. What is needed stands once more
// in the tables here, so that a command that loses its guard is noticed, and a new one must be named.
import { join } from 'node:path';
import t from 'tap';
import { BUTTON_ACTIONS } from '../../../alert-bridge/commands/button-actions.ts';
import { handleCallbackQuery } from '../../../alert-bridge/commands/callback-queries.ts';
import { COMMANDS } from '../../../alert-bridge/commands/registry.ts';
import { isEnough, type Rights } from '../../../alert-bridge/commands/rights.ts';
import { createAlertmanager } from '../../../alert-bridge/engines/alertmanager.ts';
import type { ButtonKind } from '../../../alert-bridge/format/buttons.ts';
import { openConnection } from '../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { createSqliteStore } from '../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { createReactions } from '../../../alert-bridge/reactions/sql-reactions.ts';
import { createSilenceService } from '../../../alert-bridge/silences/silence-service.ts';
import { createSilences } from '../../../alert-bridge/silences/sql-silences.ts';
import { createSystemClock } from '../../../common/clock.ts';
import { startAlertmanagerSimulator } from '../../../simulators/alertmanager/alertmanager-simulator.ts';
import { MARKET, rules } from '../outbox/databases/store-contract.ts';
import { runBridge } from '../support/running-bridge.ts';

t.setTimeout(60_000);

const NEEDED: Readonly<Record<string, { readonly alone: Rights; readonly inGroup: Rights }>> = {
  start: { alone: 'member', inGroup: 'member' },
  help: { alone: 'member', inGroup: 'member' },
  status: { alone: 'admin', inGroup: 'admin' },
  alerts: { alone: 'member', inGroup: 'member' },
  history: { alone: 'member', inGroup: 'member' },
  subscribe: { alone: 'member', inGroup: 'admin' },
  unsubscribe: { alone: 'member', inGroup: 'admin' },
  quiet: { alone: 'member', inGroup: 'admin' },
  silences: { alone: 'member', inGroup: 'member' },
  silence: { alone: 'admin', inGroup: 'admin' },
  unsilence: { alone: 'admin', inGroup: 'admin' },
};
const NEEDED_FOR_BUTTON: Readonly<Record<ButtonKind, Rights>> = {
  silence: 'admin',
  undo: 'admin',
  seen: 'member',
  vote: 'member',
};
const DATA: Readonly<Record<ButtonKind, string>> = { silence: 's:1:15:s', undo: 'u:1:1', seen: 'k:1', vote: 'v:1:1' };

const ADMIN = 100;
const MEMBER = 200;
const GROUP = -500;
const STRANGER = 666;
const ASKING: readonly (readonly [who: string, chat: number, person: number, rights: Rights])[] = [
  ['a stranger', STRANGER, STRANGER, 'stranger'],
  ['a member alone', MEMBER, MEMBER, 'member'],
  ['an admin alone', ADMIN, ADMIN, 'admin'],
  ['a member in a group', GROUP, MEMBER, 'member'],
  ['an admin in a group', GROUP, ADMIN, 'admin'],
];

t.test('a command is followed for whoever has the rights that it needs, and for nobody else', async (t) => {
  const alertmanager = await startAlertmanagerSimulator();
  t.teardown(() => alertmanager.close());
  const { telegram, metric, waitForMetric } = await runBridge(t, {
    clock: createSystemClock(),
    environment: {
      TELEGRAM_COMMANDS: 'polling',
      TELEGRAM_CHAT_ID: `${ADMIN},${MEMBER},${GROUP}`,
      TELEGRAM_ADMIN_IDS: String(ADMIN),
      ALERTMANAGER_URL: alertmanager.url,
    },
  });
  t.same(COMMANDS.map(({ name }) => name).toSorted(), Object.keys(NEEDED).toSorted(), 'every command is named here');
  const followed = 'alertbridge_commands_total';
  const refused = (rights: Rights) =>
    `alertbridge_commands_refused_total{reason="${rights === 'stranger' ? 'stranger' : 'not_admin'}"}`;
  for (const { name } of COMMANDS) {
    for (const [who, chat, person, rights] of ASKING) {
      const needed = NEEDED[name]?.[chat === GROUP ? 'inGroup' : 'alone'] ?? 'admin';
      const isAllowed = isEnough(rights, needed);
      const [counted, other] = isAllowed ? [followed, refused(rights)] : [refused(rights), followed];
      const [before, otherBefore] = [(await metric(counted)) ?? 0, await metric(other)];
      telegram.say(chat, `/${name}`, person);
      await waitForMetric(counted, (count) => count === before + 1);
      t.equal(await metric(other), otherBefore, `/${name} by ${who} is ${isAllowed ? 'followed' : 'refused'}`);
    }
  }
});

t.test('a button is followed for whoever has the rights that it needs, and for nobody else', async (t) => {
  const clock = createSystemClock();
  const alertmanager = await startAlertmanagerSimulator();
  t.teardown(() => alertmanager.close());
  const db = openConnection(join(t.testdir(), 'outbox.sqlite'));
  const store = await createSqliteStore(db, { rules: rules(), chats: [MARKET], now: clock.now() });
  t.teardown(() => store.close());
  const silences = createSilenceService({
    alertmanager: createAlertmanager(alertmanager.url),
    store: createSilences(db),
    clock,
    noticeChats: [],
    onNotice: () => {},
  });
  const services = { clock, reactions: createReactions(db), silences, onVote: () => {}, onSeen: () => {} };
  t.same(Object.keys(BUTTON_ACTIONS).toSorted(), Object.keys(DATA).toSorted());
  for (const kind of ['silence', 'undo', 'seen', 'vote'] as const) {
    for (const rights of ['stranger', 'member', 'admin'] as const) {
      const person = { id: 7, name: 'Ann' };
      const button = { data: DATA[kind], person, rights, chatKey: '100' };
      const { answer, isRefused } = await handleCallbackQuery(button, services);
      const isAllowed = isEnough(rights, NEEDED_FOR_BUTTON[kind]);
      t.equal(isRefused, !isAllowed, `${kind} by a ${rights} is ${isAllowed ? 'followed' : 'refused'}`);
      // The database is empty: whoever gets past the guard is told that the alert is gone.
      t.match(answer, isAllowed ? /no longer kept/ : /allow-list. Your id is 7/);
    }
  }
});

t.test('what is enough for a member is enough for an admin, and nothing is for a stranger', async (t) => {
  t.ok(isEnough('admin', 'member'));
  t.notOk(isEnough('member', 'admin'));
  const needs = [...COMMANDS, ...Object.values(BUTTON_ACTIONS)].map((each) => each.needs);
  t.notOk(needs.includes('stranger'));
});
