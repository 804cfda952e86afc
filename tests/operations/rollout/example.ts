// A plan with made-up people and records, for tests of what counts.
import type { Entry, Ledger } from '../../../operations/rollout/ledger.ts';
import type { Situation } from '../../../operations/rollout/progress.ts';
import {
  type CheckRecord,
  type DeployRecord,
  type RolloutRecord,
  recordPath,
  type SignoffRecord,
} from '../../../operations/rollout/record.ts';
import type { Role, RolePlan, SignoffPlan } from '../../../operations/rollout/signoff-file.ts';

export const COMMIT = 'a'.repeat(40);
export const OTHER_COMMIT = 'b'.repeat(40);
export const NOW = Date.parse('2026-11-20T12:00:00Z');

export const ANN = 'Ann <ann@example.org>';
export const BOB = 'Bob <bob@example.org>';

export function hoursAgo(hours: number): string {
  return new Date(NOW - hours * 3_600_000).toISOString();
}

/** Every role has one approver of its own, `ROLE <ROLE@example.org>`, and one item. */
export function examplePlan(changes: Partial<Record<Role, Partial<RolePlan>>> = {}): SignoffPlan {
  const role = (name: Role): RolePlan => ({
    before: 'canary',
    minimum: 1,
    valid_days: 7,
    approvers: [approverOf(name)],
    escalation: 'the owner',
    items: ['looked at it'],
    ...changes[name],
  });
  return {
    observing_hours: 24,
    checks_valid_hours: 72,
    one_person_one_role: true,
    roles: {
      technical: role('technical'),
      product: role('product'),
      security: role('security'),
      operations: role('operations'),
      business: role('business'),
      QA: role('QA'),
      DevOps: role('DevOps'),
      'user representative': role('user representative'),
      risk: role('risk'),
    },
  };
}

export function approverOf(role: Role): string {
  return `${role} <${role.replace(' ', '')}@example.org>`;
}

export function signoff(by: string, changes: Partial<SignoffRecord> = {}): SignoffRecord {
  return {
    ...{ format: 1, type: 'sign-off', commit: COMMIT, at: hoursAgo(1), by, role: 'technical' },
    ...{ decision: 'approved', items: ['looked at it'], evidence: 'read the report' },
    ...changes,
  };
}

export function checkOf(checkpoint: CheckRecord['checkpoint'], changes: Partial<CheckRecord> = {}): CheckRecord {
  const base = { format: 1, type: 'check', commit: COMMIT, at: hoursAgo(2), by: ANN, mode: 'native' } as const;
  return { ...base, checkpoint, verdict: 'passed', evidence: [], ...changes };
}

export function deploymentOf(stage: DeployRecord['stage'], changes: Partial<DeployRecord> = {}): DeployRecord {
  const base = { format: 1, type: 'deployment', commit: COMMIT, at: hoursAgo(2), by: ANN, mode: 'native' } as const;
  return { ...base, stage, verdict: 'passed', evidence: [], ...changes };
}

/** As if each had been committed by whom it names. */
export function entriesOf(...records: readonly RolloutRecord[]): readonly Entry[] {
  return records.map((record) => ({ path: recordPath(record), record, author: record.by, fault: undefined }));
}

export function situationOf(records: readonly RolloutRecord[], changes: Partial<Ledger> = {}): Situation {
  const entries = entriesOf(...records).toSorted((one, other) => one.record.at.localeCompare(other.record.at));
  const ledger: Ledger = { commit: COMMIT, uncommitted: [], unreadable: [], entries, ...changes };
  return { ledger, plan: examplePlan(), now: NOW };
}
