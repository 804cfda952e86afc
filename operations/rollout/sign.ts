// rollout approve and reject: one person's word for one role about one commit.
import { AppError } from '../../common/errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Site } from '../stack/stack.ts';
import { keepRecord, whoAmI } from './ledger.ts';
import type { Situation } from './progress.ts';
import { addressOf, ROLES, type Role } from './signoff-file.ts';

export interface Signing {
  readonly role: string | undefined;
  readonly decision: 'approved' | 'rejected';
  /** What was looked at, or why not. */
  readonly evidence: string | undefined;
  /** `all`, or the numbers of the items of this role. */
  readonly items: string | undefined;
  readonly situation: Situation;
  readonly isCommitting: boolean;
}

/** @throws AppError USAGE, ROLLOUT_REFUSED */
export async function sign({ checkout, say }: Site, wishes: Signing): Promise<ExitCode> {
  const { situation, decision } = wishes;
  const { ledger, plan, now } = situation;
  const role = findRole(wishes.role);
  const by = await whoAmI(checkout);
  const { approvers, items, valid_days } = plan.roles[role];
  if (!approvers.some((person) => addressOf(person) === addressOf(by))) {
    const who = approvers.length === 0 ? 'nobody yet' : approvers.join(', ');
    throw new AppError('ROLLOUT_REFUSED', `${by} may not sign for ${role}; who may, by rollout/signoff.yml: ${who}`);
  }
  if (ledger.uncommitted.length > 0) {
    throw new AppError(
      'ROLLOUT_REFUSED',
      `not committed: ${ledger.uncommitted.join(', ')}; a sign-off speaks for a commit`,
    );
  }
  const other = decision === 'approved' ? otherRoleOf(by, role, situation) : undefined;
  if (other !== undefined) {
    throw new AppError(
      'ROLLOUT_REFUSED',
      `${by} already signed for ${other}: one person, one role (rollout/signoff.yml)`,
    );
  }
  const evidence = wishes.evidence?.trim();
  if (!evidence) {
    const option = decision === 'approved' ? '--evidence "what you looked at, and where"' : '--reason "why not"';
    throw new AppError('USAGE', `say it: ${option}`);
  }
  const confirmed = decision === 'approved' ? confirm(role, items, wishes.items) : [];
  const at = new Date(now).toISOString();
  const kept = await keepRecord(
    checkout,
    { format: 1, type: 'sign-off', commit: ledger.commit, at, by, role, decision, items: [...confirmed], evidence },
    wishes.isCommitting,
  );
  const until = decision === 'approved' ? `, valid for ${valid_days} days` : '';
  say(`${decision} by ${by} for ${role}, commit ${ledger.commit.slice(0, 12)}${until}; ${kept}`);
  return EXIT.ok;
}

/** Another role that this person approved for the same commit; only where nobody may hold two. */
function otherRoleOf(by: string, role: Role, { ledger, plan }: Situation): Role | undefined {
  if (!plan.one_person_one_role) return undefined;
  const others = ledger.entries.flatMap(({ record }) => (record.type === 'sign-off' ? [record] : []));
  return others.find((record) => {
    const isSamePerson = addressOf(record.by) === addressOf(by);
    return isSamePerson && record.commit === ledger.commit && record.decision === 'approved' && record.role !== role;
  })?.role;
}

function findRole(text: string | undefined): Role {
  const role = ROLES.find((name) => name.toLowerCase() === text?.toLowerCase());
  if (role !== undefined) return role;
  throw new AppError(
    'USAGE',
    `--role: ${text === undefined ? 'missing' : JSON.stringify(text)}; one of ${ROLES.join(', ')}`,
  );
}

function confirm(role: Role, items: readonly string[], asked: string | undefined): readonly string[] {
  if (asked?.trim() === 'all') return items;
  const numbers = new Set((asked ?? '').split(',').map((number) => Number(number)));
  const open = items.flatMap((item, index) => (numbers.has(index + 1) ? [] : [`  ${index + 1}. ${item}`]));
  if (open.length === 0) return items;
  throw new AppError('USAGE', `${role} confirms with --items all (or the numbers):\n${open.join('\n')}`);
}
