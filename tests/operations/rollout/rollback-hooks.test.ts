// Hooks around a roll-back.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { withRollbackHooks } from '../../../operations/rollout/rollback-hooks.ts';
import { createNativeStack } from '../../../operations/stack/native-stack.ts';

t.test('an objection is told, and the roll-back goes on', async (t) => {
  const checkout = t.testdir();
  const hooks = join(checkout, 'rollout', 'hooks');
  mkdirSync(hooks, { recursive: true });
  writeFileSync(join(hooks, 'pre_rollback'), '#!/bin/sh\necho "no, to $ROLLOUT_TO"\nexit 1\n', { mode: 0o755 });
  writeFileSync(join(hooks, 'post_rollback'), '#!/bin/sh\necho "$ROLLOUT_MODE"\n', { mode: 0o755 });
  const environment = { PATH: process.env.PATH, DATA_DIR: join(checkout, 'data') };
  const site = { checkout, environment, say: () => undefined };

  const { result, said } = await withRollbackHooks(
    site,
    createNativeStack(site),
    'original',
    async () => 'rolled back',
  );

  t.equal(result, 'rolled back');
  t.match(said, [
    { level: 'critical', detail: 'ended with 1: no, to original' },
    { level: 'ok', detail: 'ended with 0: native' },
  ]);
});
