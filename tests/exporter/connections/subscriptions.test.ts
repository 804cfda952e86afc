import t from 'tap';
import { Subscriptions } from '../../../exporter/connections/subscriptions.ts';

/** Sends everything that may be sent. */
function drain(subscriptions: Subscriptions, nowMs = 0) {
  const requests = [];
  for (let next = subscriptions.next(nowMs); next; next = subscriptions.next(nowMs)) requests.push(next);
  return requests;
}

t.test('asks in batches and keeps at most four unanswered', async (t) => {
  const subscriptions = new Subscriptions(2);
  subscriptions.want(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);

  const requests = drain(subscriptions);
  t.same(
    requests.map(({ topics }) => topics.join('')),
    ['ab', 'cd', 'ef', 'gh'],
  );
  subscriptions.confirm('1', undefined);
  t.same(
    drain(subscriptions).map(({ topics }) => topics.join('')),
    ['i'],
  );
  t.notOk(subscriptions.isSettled);
  for (const id of ['2', '3', '4', '5']) subscriptions.confirm(id, undefined);
  t.ok(subscriptions.isSettled);
});

t.test('asks for a topic once, however often it is wanted', async (t) => {
  const subscriptions = new Subscriptions(10);
  subscriptions.want(['a', 'b']);
  drain(subscriptions);
  subscriptions.want(['b', 'c']);
  t.same(drain(subscriptions), [{ id: '2', topics: ['c'] }]);
});

t.test('trap 11: asks again for the rest of a batch without the topic that spoilt it', async (t) => {
  const subscriptions = new Subscriptions(10);
  subscriptions.want(['a', 'bad', 'c']);
  drain(subscriptions);

  t.same(subscriptions.reject('1', 'bad', false), ['bad']);
  t.same(drain(subscriptions), [{ id: '2', topics: ['a', 'c'] }]);
  subscriptions.confirm('2', undefined);
  t.same(
    ['a', 'bad', 'c'].map((topic) => subscriptions.isConfirmed(topic)),
    [true, false, true],
  );
});

t.test('trap 11: asks topic by topic when the venue does not name the culprit', async (t) => {
  const subscriptions = new Subscriptions(10);
  subscriptions.want(['a', 'bad']);
  drain(subscriptions);

  t.same(subscriptions.reject('1', undefined, false), []);
  t.same(
    drain(subscriptions).map(({ topics }) => topics),
    [['a'], ['bad']],
  );
  subscriptions.confirm('2', undefined);
  t.same(subscriptions.reject('3', undefined, false), ['bad']);
  t.ok(subscriptions.isSettled);
});

t.test('takes "already subscribed" for a confirmation', async (t) => {
  const subscriptions = new Subscriptions(10);
  subscriptions.want(['a', 'b']);
  drain(subscriptions);

  t.same(subscriptions.reject('1', 'a', true), []);
  t.ok(subscriptions.isConfirmed('a'));
  t.same(drain(subscriptions), [{ id: '2', topics: ['b'] }]);
});

t.test('matches an answer without an id by its topic, else to the oldest request', async (t) => {
  const subscriptions = new Subscriptions(1);
  subscriptions.want(['a', 'b', 'c']);
  drain(subscriptions);

  subscriptions.confirm(undefined, 'b');
  t.ok(subscriptions.isConfirmed('b'));
  subscriptions.confirm('', undefined);
  t.ok(subscriptions.isConfirmed('a'));
  t.notOk(subscriptions.isConfirmed('c'));
});

t.test('waits for every topic of a request that is acknowledged one by one', async (t) => {
  const subscriptions = new Subscriptions(2);
  subscriptions.want(['a', 'b']);
  drain(subscriptions);

  subscriptions.confirm('1', 'a');
  t.notOk(subscriptions.isSettled);
  subscriptions.confirm('1', 'b');
  t.ok(subscriptions.isSettled);
});

t.test('asks an unanswered request once more, then leaves it unconfirmed', async (t) => {
  const subscriptions = new Subscriptions(2);
  subscriptions.want(['a']);
  drain(subscriptions, 0);

  t.same(subscriptions.expire(4_999, 5_000), []);
  t.same(subscriptions.expire(5_000, 5_000), []);
  t.equal(drain(subscriptions, 5_000).length, 1);
  t.same(subscriptions.expire(10_000, 5_000), ['a']);
  t.ok(subscriptions.isSettled);
  t.notOk(subscriptions.isConfirmed('a'));
});

t.test('ignores answers to what it never asked', async (t) => {
  const subscriptions = new Subscriptions(2);
  subscriptions.confirm('9', 'x');
  t.same(subscriptions.reject('9', 'x', false), []);
  t.notOk(subscriptions.isConfirmed('x'));
  t.ok(subscriptions.isSettled);
});
