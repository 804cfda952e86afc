// What a roll-out leaves in git: one JSON file for each check, sign-off and deployment. Written once, never changed.
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { LEVELS } from '../check-result.ts';
import { CHECKPOINTS } from '../validation/checkpoint.ts';
import { ROLES } from './signoff-file.ts';
import { STAGES } from './steps.ts';

const base = {
  format: Type.Literal(1),
  /** The commit that it speaks for: the newest one that changed anything but records. */
  commit: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
  /** ISO 8601, UTC. */
  at: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' }),
  /** `Name <address>`. */
  by: Type.String({ minLength: 1 }),
};

const Evidence = Type.Array(
  Type.Object({
    name: Type.String(),
    level: Type.Enum(LEVELS),
    detail: Type.String(),
    mend: Type.Optional(Type.String()),
    milliseconds: Type.Optional(Type.Number()),
  }),
);

const CheckRecord = Type.Object({
  ...base,
  type: Type.Literal('check'),
  checkpoint: Type.Enum(CHECKPOINTS),
  mode: Type.String(),
  verdict: Type.Union([Type.Literal('passed'), Type.Literal('failed')]),
  evidence: Evidence,
});
export type CheckRecord = Static<typeof CheckRecord>;

const SignoffRecord = Type.Object({
  ...base,
  type: Type.Literal('sign-off'),
  role: Type.Enum(ROLES),
  decision: Type.Union([Type.Literal('approved'), Type.Literal('rejected')]),
  /** The items that this person looked at. */
  items: Type.Array(Type.String()),
  evidence: Type.String({ minLength: 1 }),
});
export type SignoffRecord = Static<typeof SignoffRecord>;

const DeployRecord = Type.Object({
  ...base,
  type: Type.Literal('deployment'),
  stage: Type.Enum(STAGES),
  mode: Type.String(),
  verdict: Type.Union([Type.Literal('passed'), Type.Literal('failed')]),
  evidence: Evidence,
});
export type DeployRecord = Static<typeof DeployRecord>;

const AnyRecord = Type.Union([CheckRecord, SignoffRecord, DeployRecord]);
export type RolloutRecord = Static<typeof AnyRecord>;

/** `undefined` for what is no record. */
export function parseRecord(text: string): RolloutRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Check(AnyRecord, value) && !Number.isNaN(Date.parse(value.at)) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const RECORDS = 'rollout/records';

/** Where a record is kept, below the checkout; sorted by name means sorted by time. */
export function recordPath(record: RolloutRecord): string {
  const time = record.at.replace(/[-:]/g, '');
  return `${recordFolder(record.commit)}/${time}-${subjectOf(record).replaceAll(' ', '-')}.json`;
}

export function recordFolder(commit: string): string {
  return `${RECORDS}/${commit.slice(0, 12)}`;
}

export function subjectOf(record: RolloutRecord): string {
  switch (record.type) {
    case 'check':
      return `check ${record.checkpoint} ${record.verdict}`;
    case 'sign-off':
      return `sign-off ${record.role} ${record.decision}`;
    case 'deployment':
      return `deployment ${record.stage} ${record.verdict}`;
  }
}
