// approve and reject, on a real repository.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readLedger } from '../../../operations/rollout/ledger.ts';
import { type Signing, sign } from '../../../operations/rollout/sign.ts';
import { ANN, BOB, examplePlan, NOW } from './example.ts';
import { identityOf } from './git-identity.ts';
import { scratchRepository } from './scratch-repository.ts';

const plan = examplePlan({
  technical: { approvers: [ANN], items: ['the rules', 'the messages'] },
  security: { approvers: [ANN, BOB] },
});

async function openSigning(t: Test) {
  const { checkout, git } = await scratchRepository(t);
  const said: string[] = [];
  const site = { checkout, environment: {}, say: (line: string) => said.push(line) };
  const signAs = async (changes: Partial<Signing> = {}) =>
    sign(site, {
      ...{ role: 'technical', decision: 'approved', evidence: 'the report', items: 'all', isCommitting: true },
      situation: { ledger: await readLedger(checkout), plan, now: NOW },
      ...changes,
    });
  return { checkout, git, said, signAs };
}

t.test('a word that is given is in git, with items, evidence and commit', async (t) => {
  const { checkout, said, signAs } = await openSigning(t);
  await signAs();
  t.match(said, [/approved by Ann .+ for technical, commit [0-9a-f]{12}, valid for 7 days; recorded in git/]);
  const { commit, entries } = await readLedger(checkout);
  t.match(entries[0]?.record, { commit, items: ['the rules', 'the messages'], evidence: 'the report' });
  await signAs({ decision: 'rejected', evidence: 'on second thoughts', situation: await later(checkout) });
  t.match((await readLedger(checkout)).entries.at(-1)?.record, { decision: 'rejected', items: [] });
});

for (const [words, changes, code, message] of [
  ['no role', { role: undefined }, 'USAGE', /--role: missing; one of technical, /],
  ['an unknown role', { role: 'boss' }, 'USAGE', /"boss"; one of/],
  ['no evidence', { evidence: ' ' }, 'USAGE', /--evidence/],
  ['no reason', { evidence: undefined, decision: 'rejected' }, 'USAGE', /--reason/],
  ['an item left out', { items: '1' }, 'USAGE', /technical confirms with --items all[\s\S]+2\. the messages/],
  [
    'the role of somebody else',
    { role: 'product' },
    'ROLLOUT_REFUSED',
    /Ann .+ may not sign for product; .+ product </,
  ],
] as const) {
  t.test(`${words} is refused with a sentence, and nothing is written`, async (t) => {
    const { checkout, signAs } = await openSigning(t);
    await t.rejects(signAs(changes), { code, message });
    t.same((await readLedger(checkout)).entries, []);
  });
}

t.test('nobody signs for two roles, nor for what is not committed', async (t) => {
  const { checkout, signAs } = await openSigning(t);
  await signAs();
  await t.rejects(signAs({ role: 'security' }), { message: /already signed for technical: one person, one role/ });
  Object.assign(process.env, identityOf(BOB));
  t.teardown(() => Object.assign(process.env, identityOf(ANN)));
  await signAs({ role: 'SECURITY', items: '1' });
  writeFileSync(join(checkout, 'new.txt'), readFileSync(join(checkout, 'rollout', 'signoff.yml')));
  await t.rejects(signAs({ role: 'security' }), { message: /not committed: new\.txt/ });
});

async function later(checkout: string) {
  return { ledger: await readLedger(checkout), plan, now: NOW + 1_000 };
}
