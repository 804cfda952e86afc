import { join } from 'node:path';
import t from 'tap';
import { createSystemClock } from '../../common/clock.ts';
import { SERVICE_NAMES, type ServiceName } from '../../engines/stack-settings.ts';
import type { ServiceEvent, ServiceSpec } from '../../supervisor/service.ts';
import { superviseServices } from '../../supervisor/supervisor.ts';
import { isThere, waitUntil } from '../support/waiting.ts';

t.test('stops the programs in the order in which alerts flow', async (t) => {
  const logDir = t.testdir();
  const events: ServiceEvent[] = [];
  const script = `trap 'echo stopped; exit 0' TERM; echo ready; while :; do sleep 0.02; done`;
  const spec = (name: ServiceName): ServiceSpec => ({
    ...{ name, logDir, command: '/bin/sh', args: ['-c', script], env: process.env, cwd: join(logDir) },
  });
  const supervisor = superviseServices({
    specs: {
      exporter: spec('exporter'),
      'alert-bridge': spec('alert-bridge'),
      prometheus: spec('prometheus'),
      alertmanager: spec('alertmanager'),
    },
    clock: createSystemClock(),
    onEvent: (event) => events.push(event),
  });
  const said = (text: string) =>
    events.flatMap((event) => (event.type === 'line' && event.text === text ? [event.name] : []));
  await waitUntil('all four are ready', () => said('ready').length === 4);
  const pids = Object.values(supervisor.pids());
  t.equal(pids.length, 4);

  await Promise.all([supervisor.stop(), supervisor.stop()]);

  t.same(said('stopped').slice(0, 2).sort(), ['exporter', 'prometheus']);
  t.same(said('stopped').slice(2), ['alertmanager', 'alert-bridge']);
  t.notOk(pids.some(isThere));
  t.same(supervisor.pids(), {});
  t.same(new Set(events.map((event) => event.name)), new Set(SERVICE_NAMES));
});
