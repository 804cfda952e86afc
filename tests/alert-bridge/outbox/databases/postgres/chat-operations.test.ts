// The stores beside the outbox, on PostgreSQL.
import t from 'tap';
import { postgresMissing } from '../../../../runner/postgres.ts';
import { testChatOperationsContract } from '../chat-operations-contract.ts';
import { openBridge, sharedServer } from './open-postgres.ts';

t.setTimeout(180_000);

t.test('the stores beside the outbox keep their contract on PostgreSQL', { skip: await postgresMissing() }, (t) => {
  const server = sharedServer(t);
  testChatOperationsContract(t, async (t) => openBridge(t, await (await server()).createDatabase()));
  t.end();
});
