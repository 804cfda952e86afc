// Records as git has them: who wrote each, and what proves nothing. On a real repository.
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { keepRecord, readLedger, whoAmI } from '../../../operations/rollout/ledger.ts';
import { recordFolder, recordPath } from '../../../operations/rollout/record.ts';
import { ANN, BOB, checkOf, hoursAgo, OTHER_COMMIT, signoff } from './example.ts';
import { scratchRepository } from './scratch-repository.ts';

t.test('a record is committed alone, by whoever git names, and is about the commit before it', async (t) => {
  const { checkout, git } = await scratchRepository(t);
  const head = (await git(ANN, 'rev-parse', 'HEAD')).trim();
  writeFileSync(join(checkout, 'half-done.txt'), 'of somebody at work');

  const kept = await keepRecord(checkout, signoff(ANN, { commit: head }), true);

  t.match(kept, /recorded in git: rollout\/records\//);
  t.equal(await whoAmI(checkout), ANN);
  const { commit, uncommitted, entries } = await readLedger(checkout);
  t.equal(commit, head, 'a record does not change what is signed');
  t.same(uncommitted, ['half-done.txt']);
  t.match(entries, [{ author: ANN, fault: undefined, record: { by: ANN } }]);
});

t.test('what no commit has, what was changed and what was copied says so', async (t) => {
  const { checkout, git } = await scratchRepository(t);
  const head = (await git(ANN, 'rev-parse', 'HEAD')).trim();
  const [loose, edited, amended, copied] = [1, 2, 3, 4].map((hours) =>
    signoff(ANN, { commit: head, at: hoursAgo(hours) }),
  );
  if (!loose || !edited || !amended || !copied) throw new TypeError('four records');
  t.match(await keepRecord(checkout, loose, false), /it counts when it is committed: git add rollout.+ && git commit/);
  for (const record of [edited, amended, copied]) await keepRecord(checkout, record, true);
  appendFileSync(join(checkout, recordPath(edited)), ' ');
  appendFileSync(join(checkout, recordPath(amended)), ' ');
  await git(BOB, 'commit', '-q', '-m', 'amended', '--', recordPath(amended));
  const elsewhere = recordFolder(OTHER_COMMIT);
  mkdirSync(join(checkout, elsewhere), { recursive: true });
  cpSync(join(checkout, recordPath(copied)), join(checkout, elsewhere, 'copy.json'));
  writeFileSync(join(checkout, elsewhere, 'other.json'), '{"type":"sign-off"}');
  await git(BOB, 'add', elsewhere);
  await git(BOB, 'commit', '-q', '-m', 'copied', '--', elsewhere);

  const { entries, unreadable } = await readLedger(checkout);

  const faults = Object.fromEntries(entries.map(({ path, fault }) => [path, fault]));
  t.match(faults[recordPath(loose)], /is not committed/);
  t.match(faults[recordPath(edited)], /was changed after it was written/);
  t.match(faults[recordPath(amended)], /was changed after it was written/);
  t.equal(faults[recordPath(copied)], undefined);
  t.match(faults[`${elsewhere}/copy.json`], /is a copy of another record/);
  t.same(unreadable, [`${elsewhere}/other.json`]);
});

t.test('any other change is another commit to sign', async (t) => {
  const { checkout, git } = await scratchRepository(t);
  const before = (await readLedger(checkout)).commit;
  await keepRecord(checkout, checkOf('pre-deployment', { commit: before }), true);
  t.equal((await readLedger(checkout)).commit, before);
  appendFileSync(join(checkout, 'rollout', 'signoff.yml'), '# changed');
  await git(ANN, 'commit', '-q', '-m', 'another', '--', 'rollout/signoff.yml');
  t.not((await readLedger(checkout)).commit, before);
});

t.test('a folder without git, and git that will not commit, are said with a way out', async (t) => {
  const { checkout, git } = await scratchRepository(t);
  const hook = join(checkout, '.git', 'hooks', 'pre-commit');
  mkdirSync(join(checkout, '.git', 'hooks'), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\necho "not today" >&2\nexit 1\n', { mode: 0o755 });
  const commit = (await git(ANN, 'rev-parse', 'HEAD')).trim();
  await t.rejects(keepRecord(checkout, signoff(ANN, { commit }), true), {
    code: 'ROLLOUT_NOT_COMMITTED',
    message: /not today[\s\S]+git add rollout/,
  });
  const bare = t.testdir({ empty: {} });
  process.env.GIT_CEILING_DIRECTORIES = bare;
  t.teardown(() => {
    delete process.env.GIT_CEILING_DIRECTORIES;
  });
  await t.rejects(readLedger(join(bare, 'empty')), { code: 'ROLLOUT_NO_GIT' });
});
