// rollout/signoff.yml: who must have agreed, to what, before which stage, and for how long that holds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Errors } from 'typebox/value';
import { parse } from 'yaml';
import { AppError, errorText } from '../../common/errors.ts';
import { STAGES } from './steps.ts';

export const ROLES = [
  ...(['technical', 'product', 'security', 'operations', 'business'] as const),
  ...(['QA', 'DevOps', 'user representative', 'risk'] as const),
] as const;
export type Role = (typeof ROLES)[number];

const closed = { additionalProperties: false };
const RolePlan = Type.Object(
  {
    /** The stage that is not deployed without this role. */
    before: Type.Enum(STAGES),
    minimum: Type.Integer({ minimum: 1, maximum: 9 }),
    valid_days: Type.Number({ exclusiveMinimum: 0, maximum: 365 }),
    /** `Name <address>` as git writes it. */
    approvers: Type.Array(Type.String({ pattern: '^.+ <.+>$' })),
    /** Whom to ask next when nobody of this role answers. */
    escalation: Type.String({ minLength: 1 }),
    items: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
  },
  closed,
);
export type RolePlan = Static<typeof RolePlan>;

const Schema = Type.Object(
  {
    observing_hours: Type.Number({ exclusiveMinimum: 0, maximum: 24 * 30 }),
    /** A machine check that is older than this is made again before it counts. */
    checks_valid_hours: Type.Number({ exclusiveMinimum: 0, maximum: 24 * 30 }),
    /** Nobody's word counts for two roles. */
    one_person_one_role: Type.Boolean(),
    roles: Type.Object(
      {
        technical: RolePlan,
        product: RolePlan,
        security: RolePlan,
        operations: RolePlan,
        business: RolePlan,
        QA: RolePlan,
        DevOps: RolePlan,
        'user representative': RolePlan,
        risk: RolePlan,
      },
      closed,
    ),
  },
  closed,
);
export type SignoffPlan = Static<typeof Schema>;

const PATH = 'rollout/signoff.yml';

/** @throws AppError CONFIG_INVALID with all faults at once */
export function readSignoffPlan(checkout: string): SignoffPlan {
  let value: unknown;
  try {
    value = parse(readFileSync(join(checkout, PATH), 'utf8'));
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `${PATH} cannot be read: ${errorText(cause)}`, { cause });
  }
  const faults = [...Errors(Schema, value)].map(({ instancePath, message }) => `  ${instancePath || '/'}: ${message}`);
  if (faults.length > 0 || !isPlan(value)) {
    throw new AppError('CONFIG_INVALID', `${PATH} is not as it must be:\n${faults.join('\n')}`);
  }
  const doubled = ROLES.filter((role) => {
    const { approvers } = value.roles[role];
    return new Set(approvers.map(addressOf)).size < approvers.length;
  });
  if (doubled.length === 0) return value;
  throw new AppError(
    'CONFIG_INVALID',
    `${PATH}: somebody is listed twice among the approvers of ${doubled.join(', ')}`,
  );
}

/** People are told apart by the address: names are written in many ways. */
export function addressOf(person: string): string {
  return (/<([^<>]*)>$/.exec(person.trim())?.[1] ?? person).trim().toLowerCase();
}

function isPlan(value: unknown): value is SignoffPlan {
  return [...Errors(Schema, value)].length === 0;
}
