import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createSystemClock } from '../../common/clock.ts';
import { type ServiceEvent, startService } from '../../supervisor/service.ts';
import { isThere, waitUntil } from '../support/waiting.ts';

const BRISK = { baseMs: 20, capMs: 160, jitterRatio: 0 };

function begin(t: Test, script: string, clock = createSystemClock(), cwd = process.cwd()) {
  const events: ServiceEvent[] = [];
  const logDir = t.testdir();
  const spec = { name: 'sample', command: '/bin/sh', args: ['-c', script], env: process.env, cwd, logDir };
  const service = startService(spec, { clock, onEvent: (event) => events.push(event), backoff: BRISK });
  t.teardown(() => service.stop(100));
  const ended = () => events.filter((event) => event.type === 'ended');
  return { service, events, ended, logFile: join(logDir, 'sample.log') };
}

t.test('starts a program again that ends, each time later, up to the cap', async (t) => {
  const { ended, events } = begin(t, 'echo last words; exit 3');

  await waitUntil('five ends', () => ended().length >= 5);

  t.same(
    ended()
      .slice(0, 5)
      .map((event) => event.restartInMs),
    [20, 40, 80, 160, 160],
  );
  t.same(ended()[0]?.ending, { code: 3, signal: undefined });
  t.same(ended()[0]?.lastLines, ['last words']);
  t.ok(events.filter((event) => event.type === 'started').length >= 5);
});

t.test('starts a killed program again', async (t) => {
  const { service, ended } = begin(t, 'sleep 600');
  const first = service.pid();
  t.ok(first);

  process.kill(Number(first), 'SIGKILL');

  await waitUntil('another process', () => service.pid() !== undefined && service.pid() !== first);
  t.same(ended()[0]?.ending, { code: undefined, signal: 'SIGKILL' });
});

t.test('begins at the first step again after a steady life', async (t) => {
  let now = 0;
  // Every look at this clock finds a minute gone, so that each life counts as a long one.
  const tick = () => {
    now += 60_000;
    return now;
  };
  const { ended } = begin(t, 'exit 0', { ...createSystemClock(), monotonicMs: tick });

  await waitUntil('three ends', () => ended().length >= 3);

  t.same(
    ended()
      .slice(0, 3)
      .map((event) => event.restartInMs),
    [20, 20, 20],
  );
});

t.test('keeps what a program prints in its log file and passes it on line by line', async (t) => {
  const { service, events, logFile } = begin(t, 'echo one; echo two >&2; sleep 600');
  await waitUntil('two lines', () => events.filter((event) => event.type === 'line').length === 2);

  await service.stop(2_000);

  t.same(readFileSync(logFile, 'utf8').trim().split('\n').sort(), ['one', 'two']);
});

t.test('stops a program without starting it again', async (t) => {
  const { service, ended } = begin(t, 'sleep 600');
  const pid = Number(service.pid());

  await service.stop(5_000);

  t.notOk(isThere(pid));
  t.equal(service.pid(), undefined);
  t.same(ended(), []);
});

t.test('kills a program that does not end when asked', async (t) => {
  const { service, events } = begin(t, "trap '' TERM; echo ready; while :; do sleep 0.1; done");
  await waitUntil('the trap is set', () => events.some((event) => event.type === 'line'));
  const pid = Number(service.pid());

  await service.stop(100);

  t.notOk(isThere(pid));
});

t.test('stops at once between two lives', async (t) => {
  const { service, ended } = begin(t, 'exit 1');
  await waitUntil('a pause', () => ended().length >= 4 && service.pid() === undefined);

  await service.stop(5_000);

  t.equal(service.pid(), undefined);
});

t.test('goes on trying where no process can be made', async (t) => {
  const { ended } = begin(t, 'true', createSystemClock(), '/no/such/folder');

  await waitUntil('two tries', () => ended().length >= 2);

  t.match(ended()[0]?.lastLines[0], /could not be started/);
});
