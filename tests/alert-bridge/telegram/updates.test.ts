import { TelegramApiError } from 'node-telegram-bot-api';
import t from 'tap';
import { readUpdate } from '../../../alert-bridge/telegram/incoming.ts';
import { pollUpdates } from '../../../alert-bridge/telegram/updates.ts';
import { createFastClock } from '../support/clocks.ts';

const refused = (code: number, retryAfter?: number) =>
  new TelegramApiError(code, 'no', retryAfter === undefined ? {} : { retry_after: retryAfter });

/** Answers one script item a poll; waits for the end of the test after the last. */
function poll(script: readonly (readonly unknown[] | Error)[]) {
  const stopping = new AbortController();
  const offsets: (number | undefined)[] = [];
  const troubles: unknown[] = [];
  const source = {
    async getUpdates(offset: number | undefined, _timeout: number, signal: AbortSignal): Promise<readonly unknown[]> {
      const item = script[offsets.length];
      offsets.push(offset);
      if (item instanceof Error) throw item;
      if (item) return item;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const clock = createFastClock(100);
  const onTrouble = (error: unknown) => void troubles.push(error);
  return { updates: pollUpdates({ source, clock, signal: stopping.signal, onTrouble }), stopping, offsets, troubles };
}

t.test('updates come once each, and Telegram hears with the next poll that they did', async (t) => {
  const { updates, stopping, offsets } = poll([[{ update_id: 7 }, { update_id: 8 }], [{ update_id: 9 }], []]);
  const seen: unknown[] = [];
  for await (const update of updates) {
    seen.push(update);
    if (seen.length === 3) stopping.abort();
  }
  t.same(seen, [{ update_id: 7 }, { update_id: 8 }, { update_id: 9 }]);
  t.same(offsets, [undefined, 9]);
});

t.test('a failure that can heal is waited out', async (t) => {
  // A wait by the clock alone does not keep a process alive.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(alive));
  const { updates, stopping, troubles } = poll([new Error('reset'), refused(502), refused(429, 2), [{ update_id: 1 }]]);
  t.same((await updates.next()).value, { update_id: 1 });
  t.equal(troubles.length, 3);
  stopping.abort();
  t.ok((await updates.next()).done);
});

t.test('a conflict and a refused token end the poll', async (t) => {
  await t.rejects(poll([refused(409)]).updates.next(), { code: 'TG_CONFLICT' });
  await t.rejects(poll([refused(401)]).updates.next(), { code: 'TG_UNAUTHORIZED' });
  await t.rejects(poll([refused(404)]).updates.next(), { code: 'TG_UNAUTHORIZED' });
});

t.test('a stop ends a poll that waits, and a wait after a failure', async (t) => {
  const waiting = poll([]);
  const next = waiting.updates.next();
  waiting.stopping.abort();
  t.ok((await next).done);
  const failing = poll([refused(429, 3_600)]);
  const later = failing.updates.next();
  await new Promise((resolve) => setImmediate(resolve));
  failing.stopping.abort();
  t.ok((await later).done);
});

t.test('an update becomes what somebody said or pressed, or nothing', (t) => {
  const chat = { id: -5, type: 'supergroup' };
  const from = { id: 1, first_name: 'Ann', username: 'ann' };
  t.same(
    readUpdate({ message: { chat, from, text: '/help', date: 5, is_topic_message: true, message_thread_id: 3 } }),
    {
      type: 'text',
      place: { chatId: '-5', threadId: 3, isPrivate: false },
      person: { id: 1, name: '@ann' },
      text: '/help',
      sentAtMs: 5_000,
    },
  );
  t.match(
    readUpdate({ message: { chat: { id: 1, type: 'private' }, from: { id: 1 }, text: 'x', message_thread_id: 3 } }),
    {
      place: { threadId: undefined, isPrivate: true },
      person: { name: '1' },
      sentAtMs: 0,
    },
  );
  t.match(readUpdate({ callback_query: { id: 'q', from, message: { chat, message_id: 9 }, data: 'k:1' } }), {
    type: 'query',
    messageId: 9,
    data: 'k:1',
  });
  const nothing: readonly unknown[] = [
    undefined,
    7,
    {},
    { message: {} },
    { message: { chat, from } },
    { message: { chat, text: 'x' } },
    { message: { chat: { id: 'x' }, from, text: 'x' } },
    { message: { chat, from: { id: 1.5 }, text: 'x' } },
    { callback_query: { id: 'q', from } },
    { callback_query: { id: 7, from, message: { chat, message_id: 9 } } },
    { callback_query: { id: 'q', from, message: { chat } } },
  ];
  for (const update of nothing) t.equal(readUpdate(update), undefined, JSON.stringify(update));
  t.end();
});
