// The simulator holds the bridge to Telegram's limits, so that a bridge that sends too fast is seen to fail.
import t from 'tap';
import { createSendLimits } from '../../../simulators/telegram/limits.ts';

t.test('one message a second to a chat', async (t) => {
  const limits = createSendLimits();

  t.equal(limits.refusal('1', 0), undefined);
  t.equal(limits.refusal('1', 500), 1);
  t.equal(limits.refusal('2', 500), undefined, 'another chat has its own');
  t.equal(limits.refusal('1', 1_000), undefined);
});

t.test('thirty a second in all', async (t) => {
  const limits = createSendLimits();

  for (let chat = 0; chat < 30; chat += 1) t.equal(limits.refusal(String(chat), 0), undefined);
  t.equal(limits.refusal('30', 100), 1);
  t.equal(limits.refusal('30', 1_000), undefined);
});

t.test('twenty a minute to a group, and it says how long to wait', async (t) => {
  const limits = createSendLimits();

  for (let second = 0; second < 20; second += 1) t.equal(limits.refusal('-5', second * 1_000), undefined);
  t.equal(limits.refusal('-5', 20_000), 40);
  t.equal(limits.refusal('-5', 60_001), undefined);
});

t.test('a person may have more than twenty a minute', async (t) => {
  const limits = createSendLimits();

  for (let second = 0; second < 30; second += 1) t.equal(limits.refusal('5', second * 1_000), undefined);
});
