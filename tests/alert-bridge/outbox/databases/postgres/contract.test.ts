// The outbox on PostgreSQL keeps the contract that the one on SQLite keeps.
import t, { type Test } from 'tap';
import type { OutboxRules } from '../../../../../alert-bridge/outbox/store.ts';
import { epochMs } from '../../../../../common/brands.ts';
import { postgresMissing } from '../../../../runner/postgres.ts';
import { START_MS } from '../../../support/clocks.ts';
import { type OpenedStore, testStoreContract } from '../store-contract.ts';
import { LEASE_MS, openBridge, sharedServer } from './open-postgres.ts';

t.setTimeout(300_000);

const skip = await postgresMissing();

async function openAt(t: Test, url: string, rules: OutboxRules, afterMs: number): Promise<OpenedStore> {
  const { store, clock, close } = await openBridge(t, url, { rules, afterMs });
  // Whoever held claims before has died by now: its lease runs out.
  clock.advance(LEASE_MS);
  const recovered = await store.recover(epochMs(START_MS + afterMs));
  return {
    store: { ...store, recovered },
    async reopen(later) {
      await close();
      return openAt(t, url, rules, later);
    },
  };
}

t.test('the outbox on PostgreSQL keeps the contract', { skip }, (t) => {
  const server = sharedServer(t);
  testStoreContract(t, async (t, rules) => openAt(t, await (await server()).createDatabase(), rules, 0));
  t.end();
});
