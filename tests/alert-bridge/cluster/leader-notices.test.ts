// Who says what all bridges notice.
import t from 'tap';
import { createLeaderNotices } from '../../../alert-bridge/cluster/leader-notices.ts';
import { NO_PEERS } from '../../../alert-bridge/outbox/databases/postgres/membership.ts';
import { createManualClock } from '../support/clocks.ts';

function setUp() {
  const clock = createManualClock();
  const state = { isLeader: false, isAlive: true, isLedByOther: false };
  const said: string[] = [];
  const stopping = new AbortController();
  const cluster = {
    isLeader: () => state.isLeader,
    isAlive: () => state.isAlive,
    peers: () => ({ ...NO_PEERS, isLedByOther: state.isLedByOther }),
  };
  const tell = createLeaderNotices({ cluster, clock, signal: stopping.signal, say: (text) => void said.push(text) });
  const pass = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { state, said, stopping, tell, pass };
}

t.test('the leader says it at once, whoever follows says nothing', async (t) => {
  const leader = setUp();
  leader.state.isLeader = true;
  leader.tell('silent');
  t.same(leader.said, ['silent']);
  const follower = setUp();
  follower.state.isLedByOther = true;
  follower.tell('silent');
  follower.state.isLeader = true;
  await follower.pass();
  t.same(follower.said, [], 'also when it leads later: it was said');
});

t.test('where nobody leads, whoever leads next says it', async (t) => {
  const { state, said, tell, pass } = setUp();
  tell('silent');
  await pass();
  t.same(said, []);
  state.isLeader = true;
  await pass();
  t.same(said, ['silent']);
});

t.test('a leader of before a cut is no leader until it is heard of again', async (t) => {
  const { state, said, tell, pass } = setUp();
  state.isLedByOther = true;
  state.isAlive = false;
  tell('silent');
  await pass();
  state.isAlive = true;
  await pass();
  state.isLeader = true;
  await pass();
  t.same(said, []);
});

t.test('a bridge that stops has nothing more to say', async (t) => {
  const { state, said, stopping, tell, pass } = setUp();
  tell('silent');
  stopping.abort();
  state.isLeader = true;
  await pass();
  t.same(said, []);
});
