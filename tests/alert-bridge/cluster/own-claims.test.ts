// A bridge that has been taken for dead sends nothing, and leaves alone what is another's by now.
import t from 'tap';
import { sendOnlyWhileAlive } from '../../../alert-bridge/cluster/own-claims.ts';
import { createReplyPacer, createSharedPacer } from '../../../alert-bridge/cluster/shared-pacer.ts';
import type { SeenPace } from '../../../alert-bridge/outbox/databases/postgres/store.ts';
import { FRESH_OVERALL } from '../../../alert-bridge/outbox/pace.ts';
import { AppError } from '../../../common/errors.ts';
import { createLogger } from '../../../common/logger.ts';
import { cascade, webhookOf } from '../support/alerts.ts';
import { createManualClock } from '../support/clocks.ts';
import { runBridge } from '../support/running-bridge.ts';

const CHAT = { key: '1', chatId: '1', threadId: undefined };
const TEXT = { html: 'x', plain: 'x' };

t.test('a bridge whose lease has run out sends and edits nothing', async (t) => {
  let isAlive = true;
  const sent: string[] = [];
  const told = (what: string) => async () => {
    sent.push(what);
    return { type: 'delivered', messageId: 1 } as const;
  };
  const sender = sendOnlyWhileAlive(
    { send: told('send'), edit: told('edit'), close: async () => void sent.push('close') },
    () => isAlive,
  );
  await sender.send(CHAT, TEXT, { isSilent: false });
  await sender.edit(CHAT, 1, TEXT);
  isAlive = false;
  t.match(await sender.send(CHAT, TEXT, { isSilent: false }), { type: 'healable' });
  t.match(await sender.edit(CHAT, 1, TEXT), { type: 'healable' });
  await sender.close();
  t.same(sent, ['send', 'edit', 'close']);
});

t.test('what came of a message that is another’s by now is not insisted on', { timeout: 60_000 }, async (t) => {
  let settlements = 0;
  const { post, telegram, clock, log } = await runBridge(t, {
    wrapStore: (store) => ({
      ...store,
      async settle(id, settlement, now) {
        settlements += 1;
        if (settlements === 1) throw new AppError('OUTBOX_CONFLICT', 'taken over');
        await store.settle(id, settlement, now);
      },
    }),
  });
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await telegram.waitUntil(() => log().includes('no longer ours to record'), 30_000);
  await post(webhookOf([cascade({ labels: { symbol: 'ETH' }, startsAt: clock.now() })]));
  await telegram.waitFor(({ text }) => text.includes('ETH LIQUIDATION'), 30_000);
  t.ok(settlements >= 1);
});

t.test('the pace that was seen in the database says when another look is worth while', (t) => {
  const clock = createManualClock();
  let seen: SeenPace | undefined;
  const pacer = createSharedPacer({ pace: () => seen }, clock);
  t.equal(pacer.waitMs(CHAT, true), 0, 'nothing seen yet');
  const chats = new Map([['1', { lastAt: 5_000, closedUntil: 0, recent: [] }]]);
  seen = { at: 5_000, overall: FRESH_OVERALL, chats, seenAtMs: clock.monotonicMs() };
  t.equal(pacer.waitMs(CHAT, true), 1_005);
  t.equal(pacer.waitMs({ ...CHAT, chatId: '2' }, true), 0);
  t.equal(pacer.waitMs({ ...CHAT, chatId: 'terminal' }, true), 0);
  clock.advance(1_005);
  t.equal(pacer.waitMs(CHAT, true), 0);
  pacer.started(CHAT);
  pacer.answered(CHAT);
  pacer.refused(CHAT, 1_000);
  t.equal(pacer.waitMs(CHAT, true), 0, 'slots are taken where claims are made');
  t.end();
});

t.test('an answer to a command that cannot be counted goes all the same', async (t) => {
  const lines: string[] = [];
  const logger = createLogger('test', 'debug', { write: (line: string) => void lines.push(line) });
  const counted: string[] = [];
  const takeSlot = async ({ chatId }: typeof CHAT) => {
    counted.push(chatId);
    throw new AppError('OUTBOX_UNAVAILABLE', 'gone');
  };
  const pacer = createReplyPacer({ takeSlot }, logger);
  pacer.started(CHAT);
  pacer.answered(CHAT);
  await new Promise((resolve) => setImmediate(resolve));
  t.same(counted, ['1']);
  t.match(lines.join(''), /not counted/);
});
