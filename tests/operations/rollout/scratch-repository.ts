// A git repository of its own with one commit, and people who commit to it.
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { runOrThrow } from '../../../operations/external.ts';
import { ANN } from './example.ts';
import { identityOf } from './git-identity.ts';

const CHECKOUT = dirname(dirname(dirname(import.meta.dirname)));

export interface ScratchRepository {
  readonly checkout: string;
  git(person: string, ...args: readonly string[]): Promise<string>;
}

/** The test process itself is Ann to git from now on, in this test file. */
export async function scratchRepository(t: Test): Promise<ScratchRepository> {
  const checkout = join(t.testdir(), 'repository');
  mkdirSync(checkout, { recursive: true });
  cpSync(join(CHECKOUT, 'rollout', 'signoff.yml'), join(checkout, 'rollout', 'signoff.yml'));
  Object.assign(process.env, identityOf(ANN));
  const git = (person: string, ...args: readonly string[]) =>
    runOrThrow(['git', ...args], 'TEST_GIT', { cwd: checkout, env: { ...process.env, ...identityOf(person) } });
  await git(ANN, 'init', '-q', '-b', 'main');
  await git(ANN, 'add', '-A');
  await git(ANN, 'commit', '-q', '-m', 'the first');
  return { checkout, git };
}
