import t from 'tap';
import { createPacer } from '../../../alert-bridge/telegram/pacing.ts';
import { createManualClock } from '../support/clocks.ts';

const chat = (chatId: string) => ({ key: chatId, chatId, threadId: undefined });

/** Sends as fast as the pacer lets it for so long; returns how many left. */
function sendFor(ms: number, chats: readonly string[], isHigh: boolean): number {
  const clock = createManualClock();
  const pacer = createPacer(clock);
  let sent = 0;
  for (let at = 0; at < ms; at += 10) {
    for (const id of chats) {
      if (pacer.waitMs(chat(id), isHigh) > 0) continue;
      pacer.started(chat(id));
      sent += 1;
    }
    clock.advance(10);
  }
  return sent;
}

t.test('a chat gets one message a second', (t) => {
  const sent = sendFor(10_000, ['1'], true);
  t.ok(sent >= 9 && sent <= 10, `${sent}`);
  t.end();
});

t.test('a group gets twenty a minute, four of them kept for high priority', (t) => {
  t.equal(sendFor(59_000, ['-1'], true), 20);
  t.equal(sendFor(59_000, ['-1'], false), 16);
  t.end();
});

t.test('all chats together get thirty a second, four of them kept for high priority', (t) => {
  const chats = Array.from({ length: 60 }, (_, index) => String(index + 1));
  t.equal(sendFor(1_000, chats, true), 30);
  t.equal(sendFor(1_000, chats, false), 26);
  t.end();
});

t.test('topics of one group share its limits', (t) => {
  const pacer = createPacer(createManualClock());
  pacer.started({ key: '-1/1', chatId: '-1', threadId: 1 });
  t.ok(pacer.waitMs({ key: '-1/2', chatId: '-1', threadId: 2 }, true) > 900);
  t.end();
});

t.test('retry_after closes its chat for exactly as long, and slows the others', (t) => {
  const clock = createManualClock();
  const pacer = createPacer(clock);
  pacer.refused(chat('1'), 8_000);
  t.equal(pacer.waitMs(chat('1'), true), 8_000);
  clock.advance(7_999);
  t.equal(pacer.waitMs(chat('1'), true), 1);
  t.equal(pacer.waitMs(chat('2'), true), 0);
  pacer.started(chat('2'));
  t.ok(pacer.waitMs(chat('2'), true) > 1_400, 'slower than one a second');
  clock.advance(70_000);
  pacer.started(chat('2'));
  t.ok(pacer.waitMs(chat('2'), true) < 1_100, 'and back to speed after a quiet minute');
  t.end();
});

t.test('refusals in a row slow down further, up to a bound', (t) => {
  const clock = createManualClock();
  const pacer = createPacer(clock);
  for (let index = 0; index < 20; index += 1) pacer.refused(chat(String(index)), 1);
  clock.advance(10);
  let sent = 0;
  for (let index = 100; index < 200; index += 1) {
    if (pacer.waitMs(chat(String(index)), true) > 0) continue;
    pacer.started(chat(String(index)));
    sent += 1;
  }
  t.equal(sent, 3);
  t.end();
});

t.test('the gap counts from the answer, since nobody knows when Telegram counted', (t) => {
  const clock = createManualClock();
  const pacer = createPacer(clock);
  pacer.started(chat('1'));
  clock.advance(400);
  pacer.answered(chat('1'));
  t.equal(pacer.waitMs(chat('1'), true), 1_005);
  t.end();
});

t.test('the terminal has no limits', (t) => {
  const pacer = createPacer(createManualClock());
  pacer.started(chat('terminal'));
  t.equal(pacer.waitMs(chat('terminal'), false), 0);
  t.end();
});
