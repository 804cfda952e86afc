// The watcher's logic on a clock that is moved by hand: real state on disk, a real simulator of Telegram, and steps that are
// only written down.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Check, Fault } from '../../../operations/watch/checks/check.ts';
import { createIncidentHandler } from '../../../operations/watch/incident-handler.ts';
import type { Incident } from '../../../operations/watch/ladder.ts';
import { createLookOut } from '../../../operations/watch/look-out.ts';
import { openNotebook } from '../../../operations/watch/notebook.ts';
import { requestRollback, watchRequests } from '../../../operations/watch/request.ts';
import { loadWatchSettings } from '../../../operations/watch/settings.ts';
import { readState, writeState } from '../../../operations/watch/state.ts';
import type { StepRequest, StepResult } from '../../../operations/watch/step.ts';
import { PLANS, TRIGGERS, type Trigger } from '../../../operations/watch/triggers.ts';
import { createWatcher } from '../../../operations/watch/watcher.ts';
import { startTelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { createManualClock } from '../../alert-bridge/support/clocks.ts';
import { idleStack } from './idle-stack.ts';

const never = new AbortController().signal;
const EVERY_MS = 2_000;

interface World {
  faults: readonly Fault[];
  isCascade: boolean;
  isRunning: boolean;
  /** What the next steps do instead of succeeding. */
  failure: string | undefined;
}

async function open(t: Test, auto: string, target = 'original') {
  const telegram = await startTelegramSimulator();
  t.teardown(() => telegram.close());
  const dataDir = join(t.testdir(), 'data');
  const clock = createManualClock();
  const world: World = { faults: [], isCascade: false, isRunning: true, failure: undefined };
  const wishes: StepRequest[] = [];
  const said: string[] = [];
  const site = {
    checkout: t.testdirName,
    environment: {
      AUTO_ROLLBACK: auto,
      AUTO_ROLLBACK_TO: target,
      TELEGRAM_BOT_TOKEN: '1:test-token',
      TELEGRAM_STACK_CHAT_ID: '200',
      TELEGRAM_API_URL: telegram.url,
    },
    say: (line: string) => said.push(line),
  };
  const settings = loadWatchSettings(site);
  const stack = idleStack({ dataDir, isRunning: async () => world.isRunning });
  const now = () => clock.now();

  /** As after a restart: everything but the disk is new. */
  function create() {
    const notebook = openNotebook({ dataDir, telegram: settings.telegram, now, say: site.say });
    const act = async (_site: unknown, _stack: unknown, wish: StepRequest): Promise<StepResult> => {
      wishes.push(wish);
      if (world.failure !== undefined) throw new Error(world.failure);
      const isOff = wish.step === 'roll-back' && wish.target === 'original';
      if (isOff) world.isRunning = false;
      return { outcome: `did ${wish.step}`, isAlertingOff: isOff, details: ['a detail'] };
    };
    const desk = createIncidentHandler({ site, stack, settings, notebook, now, act });
    const check: Check = { name: 'x', everyMs: 0, confirmations: 1, look: async () => world.faults };
    const readAlerts = async () => ({ isAnswering: true, faults: [], isCascade: world.isCascade });
    const lookOut = createLookOut({ checks: [check, watchRequests(dataDir)], readAlerts, now, say: site.say });
    return { watcher: createWatcher({ stack, settings, lookOut, notebook, desk, now, say: site.say }), notebook };
  }
  let current = create();
  const round = async () => {
    const result = await current.watcher.round(never);
    await current.notebook.sendAll();
    return result;
  };
  return {
    ...{ world, wishes, said, telegram, clock, dataDir, round },
    restart: () => {
      current = create();
    },
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += EVERY_MS) {
        clock.advance(EVERY_MS);
        await round();
      }
    },
    told: () => telegram.messages.map(({ text }) => text),
    steps: () => wishes.map(({ step }) => step),
    report: () => {
      const [name = ''] = readdirSync(join(dataDir, 'reports'));
      return readFileSync(join(dataDir, 'reports', name), 'utf8');
    },
  };
}

const fault = (trigger: Trigger): Fault => ({ trigger, what: `${trigger} is wrong` });

for (const trigger of TRIGGERS) {
  t.test(`${trigger}: the first step begins within its limit, and everything is over within 5 minutes`, async (t) => {
    const { world, clock, pass, wishes, steps, told, report } = await open(t, trigger);
    await pass(20_000);
    t.same(wishes, [], 'nothing without a condition');
    const seenAt = clock.now();
    world.faults = [fault(trigger)];
    await pass(300_000);
    t.same(steps(), PLANS[trigger].ladder);
    t.ok((wishes[0]?.now ?? 0) - seenAt <= PLANS[trigger].limitMs);
    t.ok((wishes.at(-1)?.now ?? 0) - seenAt + 30_000 <= 300_000);
    t.match(
      told().at(-1),
      new RegExp(`ROLLED BACK: ${trigger}\\n${trigger} is wrong\\ndid roll-back\\n.*ALERTING IS OFF`),
    );
    t.match(report(), /: in time\n- alerting: OFF/);
    t.match(report(), /a detail/);
  });
}

t.test('a trigger that is not allowed is told once and does nothing', async (t) => {
  const { world, pass, steps, told } = await open(t, 'breach');
  world.faults = [fault('endpoint')];
  await pass(60_000);
  t.same(steps(), []);
  t.equal(told().length, 1);
  t.match(told()[0], /AUTO_ROLLBACK does not name endpoint/);
});

t.test(
  'that alerting is off is said every hour, until the stack runs again; then a new condition counts again',
  async (t) => {
    const { world, pass, clock, round, told, steps } = await open(t, 'on');
    world.faults = [fault('breach')];
    await round();
    t.same(steps(), ['roll-back']);
    await pass(4_000);
    t.equal(told().length, 1, 'nothing twice');
    for (let hour = 1; hour <= 3; hour += 1) {
      clock.advance(3_600_000);
      await round();
      t.match(told().at(-1), new RegExp(`ALERTING IS OFF since .+ \\(${hour} h\\)\\nAutomatic roll-back: breach`));
      await round();
      t.equal(told().length, 1 + hour);
    }
    world.faults = [];
    world.isRunning = true;
    await round();
    t.match(told().at(-1), /ALERTING IS ON again/);
    world.faults = [fault('breach')];
    await round();
    t.same(steps(), ['roll-back', 'roll-back']);
  },
);

t.test('alerting is not switched off by the cascade it is there for', async (t) => {
  const { world, pass, steps, told } = await open(t, 'on');
  world.isCascade = true;
  world.faults = [fault('endpoint')];
  await pass(1_200_000);
  t.same(steps(), ['hold-back', 'stop-calling']);
  t.equal(told().filter((text) => text.includes('ROLL-BACK WAITS')).length, 1, 'and that is said once');
  world.isCascade = false;
  await pass(290_000);
  t.same(steps(), ['hold-back', 'stop-calling'], 'its echo counts too');
  await pass(20_000);
  t.same(steps(), ['hold-back', 'stop-calling', 'roll-back']);
});

t.test('a step that helped ends it: what was held back is let go and said', async (t) => {
  const { world, pass, steps, told } = await open(t, 'on');
  world.faults = [fault('endpoint')];
  await pass(70_000);
  t.same(steps(), ['hold-back', 'stop-calling']);
  world.faults = [];
  await pass(310_000);
  t.same(steps(), ['hold-back', 'stop-calling']);
  t.match(told().at(-1), /endpoint is over\n.+\nThe existing service is not called until the next start/);
});

t.test('a watcher that was killed in the middle of a roll-back brings it to its end, and tells it', async (t) => {
  const { world, restart, round, dataDir, steps, told, clock } = await open(t, 'on');
  const incident: Incident = {
    ...{ id: 'x', trigger: 'breach' as const, what: 'it was', seenAt: clock.now(), lastSeenAt: clock.now() },
    steps: [{ step: 'roll-back', begunAt: clock.now() }],
  };
  writeState(dataDir, { ...readState(dataDir), incident });
  world.isRunning = false;
  restart();
  await round();
  t.same(steps(), ['roll-back']);
  t.match(told()[0], /ROLLED BACK: breach\nit was[\s\S]+ALERTING IS OFF/);
  restart();
  await round();
  t.same(steps(), ['roll-back'], 'once');
});

t.test('a message whose fate a crash hid is sent again and says so; Telegram out of reach loses none', async (t) => {
  const { world, restart, round, dataDir, told, telegram, clock } = await open(t, 'on');
  writeState(dataDir, { ...readState(dataDir), owed: [{ text: 'hello', chat: '200', triedAt: 1 }] });
  restart();
  await round();
  t.same(told(), ['hello\n(perhaps told before)']);

  telegram.answerAlways({ type: 'raw', status: 502, body: 'bad gateway' });
  world.faults = [fault('breach')];
  await round();
  t.equal(told().length, 1);
  telegram.answerAlways();
  clock.advance(15_000);
  restart();
  await round();
  t.match(told()[1], /^⏪ ROLLED BACK: breach/);
  t.notMatch(told()[1], /perhaps told before/, 'a refusal is known');
});

t.test('a roll-back that fails is said, tried again, and succeeds', async (t) => {
  const { world, pass, steps, told } = await open(t, 'on');
  world.failure = 'docker is away';
  world.faults = [fault('breach')];
  await pass(10_000);
  t.same(steps(), ['roll-back']);
  t.match(told()[0], /could not roll back\nbreach: breach is wrong\ndocker is away\nAct by hand/);
  world.failure = undefined;
  await pass(40_000);
  t.same(steps(), ['roll-back', 'roll-back']);
  t.match(told().at(-1), /ROLLED BACK/);
});

t.test('where a roll-back to a point did not help, the next goes to the state without this stack', async (t) => {
  const { world, pass, wishes } = await open(t, 'on', 'good');
  world.faults = [fault('delivery')];
  await pass(200_000);
  t.same(
    wishes.filter(({ step }) => step === 'roll-back').map(({ target }) => target),
    ['good', 'original'],
  );
});

t.test('a request by hand acts whatever AUTO_ROLLBACK says, once, and not on a stack that does not run', async (t) => {
  const { world, round, dataDir, wishes, said } = await open(t, 'off');
  requestRollback(dataDir, 'the desk wants it off');
  await round();
  t.match(wishes, [{ step: 'roll-back', trigger: 'manual', what: 'asked for by hand: the desk wants it off' }]);
  world.isRunning = true;
  await round();
  await round();
  t.equal(wishes.length, 1);
  world.isRunning = false;
  requestRollback(dataDir, 'again');
  await round();
  t.ok(said.includes('the stack does not run: nothing to roll back'));
  world.isRunning = true;
  await round();
  t.equal(wishes.length, 1, 'a request does not wait for the next start');
});
