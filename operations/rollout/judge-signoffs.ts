// Which sign-offs count, and in one sentence each why the others do not. Pure: the time comes in.
import { type CheckResult, critical, ok } from '../check-result.ts';
import type { Entry } from './ledger.ts';
import type { SignoffRecord } from './record.ts';
import { addressOf, ROLES, type Role, type SignoffPlan } from './signoff-file.ts';

export interface Question {
  readonly plan: SignoffPlan;
  readonly entries: readonly Entry[];
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface JudgedRole {
  readonly role: Role;
  readonly finding: CheckResult;
}

interface Signoff {
  readonly entry: Entry;
  readonly record: SignoffRecord;
}

const DAY_MS = 86_400_000;
/** Two machines need not agree to the second. */
const CLOCK_SLACK_MS = 300_000;

/** One finding a role, in the order of the roles; `critical` where it still stands in the way. */
export function judgeSignoffs(question: Question): readonly JudgedRole[] {
  const taken = new Map<string, Role>();
  return ROLES.map((role) => ({ role, finding: judgeRole(role, question, taken) }));
}

function judgeRole(role: Role, question: Question, taken: Map<string, Role>): CheckResult {
  const { minimum, approvers, escalation } = question.plan.roles[role];
  const name = `sign-off ${role}`;
  const newest = newestByPerson(role, question.entries);
  const reasons: string[] = [];
  const counted: string[] = [];
  for (const signoff of newest) {
    const fault = faultOf(signoff, role, question, taken);
    if (fault !== undefined) {
      reasons.push(fault);
      continue;
    }
    counted.push(`${signoff.record.by} on ${dayOf(Date.parse(signoff.record.at))}`);
    if (question.plan.one_person_one_role) taken.set(addressOf(signoff.record.by), role);
  }
  const isRejected = newest.some((signoff) => isStandingRejection(signoff, role, question));
  const seen = `${counted.length} of ${minimum}${counted.length > 0 ? `: ${counted.join(', ')}` : ''}`;
  if (counted.length >= minimum && !isRejected) return ok(name, [seen, ...reasons].join('; '));
  const mend =
    approvers.length < minimum
      ? `enter who may approve in rollout/signoff.yml (at least ${minimum}); to be asked: ${escalation}`
      : `npm run rollout -- approve --role ${JSON.stringify(role)} … by ${approvers.join(' or ')}; no answer: ${escalation}`;
  return critical(name, [seen, ...reasons].join('; '), mend);
}

/** The last word of each person; an earlier one of the same person is taken back by it. */
function newestByPerson(role: Role, entries: readonly Entry[]): readonly Signoff[] {
  const newest = new Map<string, Signoff>();
  for (const entry of entries) {
    const { record } = entry;
    if (record.type === 'sign-off' && record.role === role) newest.set(addressOf(record.by), { entry, record });
  }
  return [...newest.values()];
}

function faultOf(
  { entry, record }: Signoff,
  role: Role,
  { plan, commit, now }: Question,
  taken: ReadonlyMap<string, Role>,
): string | undefined {
  const { by } = record;
  const { approvers, items, valid_days } = plan.roles[role];
  if (entry.fault !== undefined) return entry.fault;
  if (addressOf(entry.author ?? '') !== addressOf(by)) return `it names ${by}, but ${entry.author} committed it`;
  if (!approvers.some((person) => addressOf(person) === addressOf(by))) return `${by} may not approve for ${role}`;
  if (record.commit !== commit) {
    return `${by} signed for commit ${record.commit.slice(0, 12)}, and this is ${commit.slice(0, 12)}: to be signed again`;
  }
  const at = Date.parse(record.at);
  if (at > now + CLOCK_SLACK_MS) return `${by}'s lies in the future (${record.at})`;
  if (now - at > valid_days * DAY_MS)
    return `${by}'s expired on ${dayOf(at + valid_days * DAY_MS)}: to be signed again`;
  if (record.decision === 'rejected') return `rejected by ${by}: ${record.evidence}`;
  const unseen = items.filter((item) => !record.items.includes(item));
  if (unseen.length > 0) return `${by} did not confirm: ${unseen.join(', ')}`;
  const other = taken.get(addressOf(by));
  return other === undefined ? undefined : `${by} already signed for ${other}: one person, one role`;
}

/** A no of somebody who may say it stands until that person takes it back, whatever others say. */
function isStandingRejection({ entry, record }: Signoff, role: Role, { plan, commit }: Question): boolean {
  return (
    record.decision === 'rejected' &&
    record.commit === commit &&
    entry.fault === undefined &&
    plan.roles[role].approvers.some((person) => addressOf(person) === addressOf(record.by)) &&
    addressOf(entry.author ?? '') === addressOf(record.by)
  );
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
