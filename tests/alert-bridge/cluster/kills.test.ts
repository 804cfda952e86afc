// Two bridges on one PostgreSQL, one of them killed at each step of a delivery: the other one finishes its work.
import t from 'tap';
import { startTelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { postgresMissing } from '../../runner/postgres.ts';
import { sharedServer } from '../outbox/databases/postgres/open-postgres.ts';
import { cascade, webhookOf } from '../support/alerts.ts';
import { eventually, startBridgeProcess } from './bridge-process.ts';

t.setTimeout(300_000);
// Most of the time goes into waiting for a lease to run out.
t.jobs = 3;

const skip = await postgresMissing();
const server = sharedServer(t);

const STEPS: readonly (readonly [step: string, messages: number, isMarked: boolean])[] = [
  ['before commit', 1, false],
  ['after claim', 1, true],
  ['before send', 1, true],
  ['after send', 2, true],
  ['before mark', 2, true],
  ['after mark', 1, false],
];

for (const [step, messages, isMarked] of STEPS) {
  t.test(
    `a bridge killed ${step} loses nothing; the other sends at most one marked copy`,
    { skip, buffered: true },
    async (t) => {
      const telegram = await startTelegramSimulator();
      t.teardown(() => telegram.close());
      const databaseUrl = await (await server()).createDatabase();
      const start = (crashAt: string) => startBridgeProcess(t, { databaseUrl, telegramUrl: telegram.url, crashAt });
      const doomed = await start(step);
      const webhook = webhookOf([cascade({ startsAt: Date.now() })]);
      const answer = doomed.post(webhook);
      t.equal(await doomed.gone, 'SIGKILL');
      const heir = await start('');
      // Alertmanager sends again whatever it got no 2xx for.
      if ((await answer) !== 200) t.equal(await heir.post(webhook), 200);
      const delivered = 'alertbridge_outbox_messages{state="delivered"}';
      await eventually('one delivery', async () => (await heir.metric(delivered)) === 1);
      t.equal(telegram.messages.length, messages);
      t.equal(telegram.messages.at(-1)?.text.includes('🔁 Sent again'), isMarked);
      t.equal(await heir.metric('alertbridge_notifications_resent_total'), isMarked ? 1 : 0);
      await heir.stop();
    },
  );
}
