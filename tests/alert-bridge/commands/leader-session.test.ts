// Who listens for commands as leadership comes and goes, without a database.
import t from 'tap';
import { createLeaderSession, createListeningState } from '../../../alert-bridge/commands/leader-session.ts';
import type { SessionOptions } from '../../../alert-bridge/commands/session.ts';
import { createManualClock } from '../support/clocks.ts';

const HANDOVER_MS = 30_000;

function setUp(handoverMs = HANDOVER_MS) {
  const clock = createManualClock();
  const state = { isLeader: false, started: 0, stopped: 0, ended: [] as string[] };
  let endNow: SessionOptions['onEnded'] = () => {};
  const listening = createListeningState();
  const session = createLeaderSession({
    clock,
    listening,
    handoverMs,
    isLeader: () => state.isLeader,
    onEnded: (reason) => void state.ended.push(reason),
    start(onEnded) {
      state.started += 1;
      let isListening = true;
      endNow = (reason) => {
        isListening = false;
        onEnded(reason);
      };
      return {
        isListening: () => isListening,
        username: () => 'bot',
        async stop() {
          isListening = false;
          state.stopped += 1;
        },
      };
    },
  });
  return { clock, state, listening, session, end: (reason: 'conflict' | 'unauthorized') => endNow(reason) };
}

t.test('only the leader listens, and stops when it leads no more', async (t) => {
  const { state, listening, session } = setUp();
  await session.check();
  t.equal(listening.isListening(), false);
  t.equal(listening.username(), undefined);
  state.isLeader = true;
  await session.check();
  await session.check();
  t.equal(listening.isListening(), true);
  t.equal(listening.username(), 'bot');
  state.isLeader = false;
  await session.check();
  t.match(state, { started: 1, stopped: 1, ended: [] });
  t.equal(listening.isListening(), false);
});

t.test('a conflict just after taking over is the leader of before, and is waited out', async (t) => {
  const { state, listening, session, clock, end } = setUp();
  state.isLeader = true;
  await session.check();
  end('conflict');
  await session.check();
  t.equal(state.started, 1, 'not at once');
  clock.advance(2_000);
  await session.check();
  t.equal(listening.isListening(), true);
  t.same(state.ended, []);
});

t.test('a conflict that stays is another program: listening ends, and is told once', async (t) => {
  const { state, session, clock, end } = setUp();
  state.isLeader = true;
  await session.check();
  clock.advance(HANDOVER_MS);
  end('conflict');
  clock.advance(60_000);
  await session.check();
  t.match(state, { started: 1, ended: ['conflict'] });
});

t.test('a bridge alone gives way to a conflict at once; a refused token ends it for everybody', async (t) => {
  const alone = setUp(0);
  alone.state.isLeader = true;
  await alone.session.check();
  alone.end('conflict');
  t.same(alone.state.ended, ['conflict']);
  const refused = setUp();
  refused.state.isLeader = true;
  await refused.session.check();
  refused.end('unauthorized');
  await refused.session.check();
  t.match(refused.state, { started: 1, ended: ['unauthorized'] });
});

t.test('a conflict heard after leadership was lost is no news: somebody else leads', async (t) => {
  const { state, session, end } = setUp(0);
  state.isLeader = true;
  await session.check();
  state.isLeader = false;
  end('conflict');
  await session.check();
  t.same(state.ended, []);
});
