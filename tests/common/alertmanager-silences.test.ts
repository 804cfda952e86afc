import t from 'tap';
import { createSilenceClient, type NewSilence, readSilenceContent } from '../../common/alertmanager-silences.ts';
import { startAlertmanagerSimulator } from '../../simulators/alertmanager/alertmanager-simulator.ts';

const SILENCE: NewSilence = {
  matchers: [{ name: 'priority', value: 'low|medium', isRegex: true, isEqual: false }],
  startsAt: '2026-11-20T12:00:00.000Z',
  endsAt: '2030-01-01T00:00:00.000Z',
  createdBy: 'somebody',
  comment: 'maintenance',
};

t.test('a silence is made, listed with all that it says, and ended', async (t) => {
  const alertmanager = await startAlertmanagerSimulator();
  t.teardown(() => alertmanager.close());
  const client = createSilenceClient(alertmanager.url);
  const id = await client.create(SILENCE);
  t.same(await client.list(), [{ ...SILENCE, id, state: 'active' }]);
  await client.expire(id);
  t.match(await client.list(), [{ id, state: 'expired' }]);
  await t.rejects(client.expire('not there'), /answered 404/);
  alertmanager.failWith(500);
  await t.rejects(client.create(SILENCE), /answered 500/);
  await t.rejects(client.list(), /answered 500/);
});

t.test('an Alertmanager that is not there is an error', async (t) => {
  await t.rejects(createSilenceClient('http://127.0.0.1:1').list());
  await t.rejects(createSilenceClient('').list());
});

t.test('a matcher that names no negation has none, and what is not there is empty', async (t) => {
  t.same(readSilenceContent({ matchers: [{ name: 'symbol', value: 'BTC' }], endsAt: 7 }), {
    matchers: [{ name: 'symbol', value: 'BTC', isRegex: false, isEqual: true }],
    startsAt: '',
    endsAt: '7',
    createdBy: '',
    comment: '',
  });
});
