// What surrounds a stage: the plan's file, its settings, hooks, and the transcripts of a person.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { runHook } from '../../../operations/rollout/hooks.ts';
import { recordFolder } from '../../../operations/rollout/record.ts';
import { readSignoffPlan } from '../../../operations/rollout/signoff-file.ts';
import { stageEnvironment } from '../../../operations/rollout/stage-environment.ts';
import { keepStage, stageInForce } from '../../../operations/rollout/stage-in-force.ts';
import { BOT_COMMANDS, lookAtTranscripts } from '../../../operations/rollout/transcripts.ts';
import { COMMIT } from './example.ts';

const CHECKOUT = dirname(dirname(dirname(import.meta.dirname)));

function put(t: Test, path: string, text: string): string {
  const checkout = t.testdir();
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), text);
  return checkout;
}

t.test('the plan that comes with the product names nine roles and nobody yet', async (t) => {
  const { roles } = readSignoffPlan(CHECKOUT);
  t.equal(Object.keys(roles).length, 9);
  t.ok(Object.values(roles).every(({ approvers }) => approvers.length === 0));
});

t.test('a faulty plan is refused with all faults', async (t) => {
  t.throws(() => readSignoffPlan(put(t, 'rollout/signoff.yml', 'observing_hours: -1\nroles: {technical: {}}')), {
    code: 'CONFIG_INVALID',
    message: /observing_hours[\s\S]+roles/,
  });
  t.throws(() => readSignoffPlan(t.testdir()), { code: 'CONFIG_INVALID', message: /cannot be read/ });
});

t.test('stages tell nobody, then one chat, then all', async (t) => {
  t.match(stageEnvironment('isolated', {}), { TELEGRAM_CHAT_ID: '', MARKET_DATA_URL: '' });
  t.notHas(stageEnvironment('integration', {}), { MARKET_DATA_URL: '' });
  t.match(stageEnvironment('canary', { CANARY_CHAT_ID: ' -100/7 ' }), {
    TELEGRAM_CHAT_ID: '-100/7',
    TELEGRAM_STACK_CHAT_ID: '-100/7',
  });
  t.same(stageEnvironment('production', {}), {});
  t.throws(() => stageEnvironment('canary', {}), { message: /name the one chat/ });
  t.throws(() => stageEnvironment('canary', { CANARY_CHAT_ID: '1,2' }), { message: /is not one chat/ });
});

t.test('a stage stays in force until the next start of everything', async (t) => {
  const dataDir = t.testdir();
  t.same(stageInForce(dataDir), {}, 'there was none yet');
  keepStage(dataDir, { ROLLOUT_STAGE: 'canary', CANARY_CHAT_ID: '300', TELEGRAM_CHAT_ID: '100,200' });
  t.match(stageInForce(dataDir), { TELEGRAM_CHAT_ID: '300', TELEGRAM_STACK_CHAT_ID: '300', ENVIRONMENT: 'canary' });
  t.throws(() => keepStage(dataDir, { ROLLOUT_STAGE: 'canray' }), { code: 'CONFIG_INVALID', message: /canray/ });
  keepStage(dataDir, { TELEGRAM_CHAT_ID: '100,200' });
  t.same(stageInForce(dataDir), {}, 'a start by hand is production');
  mkdirSync(join(dataDir, 'operations'), { recursive: true });
  writeFileSync(join(dataDir, 'operations', 'stage.json'), '{"TELEGRAM');
  t.throws(() => stageInForce(dataDir), { code: 'STAGE_UNREADABLE', message: /stage\.json/ });
});

t.test('a hook is told what goes on, is obeyed, and its words are kept', async (t) => {
  const checkout = put(t, 'rollout/hooks/pre_deploy', '#!/bin/sh\necho "$ROLLOUT_HOOK $ROLLOUT_STAGE"\nexit "$CODE"\n');
  const run = (code: string) =>
    runHook({ checkout, environment: { PATH: process.env.PATH, CODE: code }, say: () => undefined }, 'pre_deploy', {
      STAGE: 'canary',
    });
  t.match(await run('0'), [{ level: 'critical', detail: /not executable/, mend: /chmod/ }]);
  chmodSync(join(checkout, 'rollout/hooks/pre_deploy'), 0o755);
  t.match(await run('0'), [{ level: 'ok', detail: 'ended with 0: pre_deploy canary' }]);
  t.match(await run('3'), [{ level: 'critical', detail: 'ended with 3: pre_deploy canary' }]);
  t.same(await runHook({ checkout, environment: {}, say: () => undefined }, 'post_deploy', {}), [], 'none is none');
});

t.test('the answers of the existing bot are asked for, one by one', async (t) => {
  const environment = { MARKET_DATA_URL: 'http://localhost:8001' };
  t.match(lookAtTranscripts(t.testdir(), COMMIT, {}), { level: 'skipped' });
  t.match(lookAtTranscripts(t.testdir(), COMMIT, environment), { level: 'critical', detail: /is not there/ });
  const path = `${recordFolder(COMMIT)}/transcripts.md`;
  const answered = BOT_COMMANDS.map((command) => `## ${command} BTC\n\n82,500`);
  const some = put(t, path, [...answered.slice(0, 4), `## ${BOT_COMMANDS[4]}\n\n`].join('\n'));
  t.match(lookAtTranscripts(some, COMMIT, environment), { level: 'critical', detail: /no answer to \/profile$/ });
  t.match(lookAtTranscripts(put(t, path, answered.join('\n')), COMMIT, environment), { level: 'ok' });
});
