// The stores beside the outbox, on SQLite.
import { join } from 'node:path';
import t from 'tap';
import { openConnection } from '../../../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { createSqliteStore } from '../../../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { epochMs } from '../../../../../common/brands.ts';
import { START_MS } from '../../../support/clocks.ts';
import { testChatOperationsContract } from '../chat-operations-contract.ts';
import { MARKET, rules, STACK } from '../store-contract.ts';

t.test('the stores beside the outbox keep their contract on SQLite', (t) => {
  testChatOperationsContract(t, async (t) => {
    const db = openConnection(join(t.testdir(), 'outbox.sqlite'));
    const store = await createSqliteStore(db, { rules: rules(), chats: [MARKET, STACK], now: epochMs(START_MS) });
    t.teardown(() => store.close());
    return { db, store };
  });
  t.end();
});
