// Which signatures count, and what is said of the others.
import t from 'tap';
import { judgeSignoffs } from '../../../operations/rollout/judge-signoffs.ts';
import type { Entry } from '../../../operations/rollout/ledger.ts';
import type { Role, SignoffPlan } from '../../../operations/rollout/signoff-file.ts';
import { ANN, BOB, COMMIT, entriesOf, examplePlan, hoursAgo, NOW, OTHER_COMMIT, signoff } from './example.ts';

const planOf = (minimum = 1) => examplePlan({ technical: { approvers: [ANN, BOB], minimum } });

function judge(entries: readonly Entry[], plan: SignoffPlan = planOf(), role: Role = 'technical') {
  const found = judgeSignoffs({ plan, entries, commit: COMMIT, now: NOW }).find((judged) => judged.role === role);
  return found?.finding;
}

t.test('the word of somebody who may give it counts', async (t) => {
  t.match(judge(entriesOf(signoff(ANN))), { level: 'ok', detail: `1 of 1: ${ANN} on 2026-11-20` });
});

for (const [words, entries, sentence] of [
  [
    'for another commit',
    entriesOf(signoff(ANN, { commit: OTHER_COMMIT })),
    /signed for commit bbbbbbbbbbbb, and this is aaaaaaaaaaaa: to be signed again/,
  ],
  [
    'that has expired',
    entriesOf(signoff(ANN, { at: hoursAgo(24 * 7 + 1) })),
    /'s expired on 2026-11-20: to be signed again/,
  ],
  ['from the future', entriesOf(signoff(ANN, { at: hoursAgo(-1) })), /lies in the future/],
  [
    'of somebody who is not listed',
    entriesOf(signoff('Eve <eve@example.org>')),
    /Eve <eve@example.org> may not approve for technical/,
  ],
  [
    'committed by somebody else',
    entriesOf(signoff(ANN)).map((entry) => ({ ...entry, author: BOB })),
    /it names Ann .+, but Bob .+ committed it/,
  ],
  [
    'that no commit has',
    entriesOf(signoff(ANN)).map((entry) => ({ ...entry, author: undefined, fault: 'it is not committed' })),
    /it is not committed/,
  ],
  ['without all items', entriesOf(signoff(ANN, { items: [] })), /did not confirm: looked at it/],
] as const) {
  t.test(`a sign-off ${words} is refused with a sentence`, async (t) => {
    const finding = judge(entries);
    t.equal(finding?.level, 'critical');
    t.match(finding?.detail, sentence);
    t.match(finding?.mend, /npm run rollout -- approve --role "technical" .+no answer: the owner/);
  });
}

t.test('a person counts once, however often they sign and however they write their name', async (t) => {
  const twice = entriesOf(signoff(ANN, { at: hoursAgo(2) }), signoff('A. Miller <ANN@example.org>'));
  t.match(judge(twice, planOf(2)), { level: 'critical', detail: /^1 of 2/ });
  t.equal(judge(entriesOf(signoff(ANN), signoff(BOB)), planOf(2))?.level, 'ok');
});

t.test('a person counts for one role, unless the plan says otherwise', async (t) => {
  const plan = examplePlan({ technical: { approvers: [ANN] }, security: { approvers: [ANN] } });
  const both = entriesOf(signoff(ANN), signoff(ANN, { role: 'security' }));
  t.match(judge(both, plan, 'security'), {
    level: 'critical',
    detail: /already signed for technical: one person, one role/,
  });
  t.equal(judge(both, { ...plan, one_person_one_role: false }, 'security')?.level, 'ok');
});

t.test('a no stands until the same person takes it back', async (t) => {
  const no = signoff(ANN, { decision: 'rejected', at: hoursAgo(3), items: [], evidence: 'too early' });
  t.match(judge(entriesOf(no, signoff(BOB))), { level: 'critical', detail: /rejected by Ann .+: too early/ });
  t.equal(judge(entriesOf(no, signoff(BOB), signoff(ANN)))?.level, 'ok');
  const stranger = signoff('Eve <eve@example.org>', { decision: 'rejected', evidence: 'no' });
  t.equal(judge(entriesOf(stranger, signoff(BOB)))?.level, 'ok', 'the no of a stranger stops nobody');
});

t.test('a role that nobody may sign for says whom to ask', async (t) => {
  const plan = examplePlan({ technical: { approvers: [] } });
  t.match(judge([], plan)?.mend, /enter who may approve in rollout\/signoff\.yml .+the owner/);
});
