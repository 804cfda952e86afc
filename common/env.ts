// Environment variables → typed values. Reads `*_FILE` twins of secrets and gathers every fault instead of the first.
import { readFileSync } from 'node:fs';
import { envSchema } from 'env-schema';
import type { Static, TObject } from 'typebox';
import { AppError, errorText } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvReading<Values> {
  /** Present only where the schema itself found no fault. */
  readonly values: Values | undefined;
  readonly faults: readonly string[];
}

interface AjvFault {
  readonly keyword?: string;
  readonly instancePath?: string;
  readonly message?: string;
  readonly params?: { readonly missingProperty?: string; readonly allowedValues?: readonly unknown[] };
}

/**
 * Reads the variables a schema names. An empty value counts as absent (`PORT=""` in an env file means "default").
 * A variable listed in `secrets` may come from the file that `NAME_FILE` points to; both at once is a fault.
 */
export function readEnv<Schema extends TObject>(
  schema: Schema,
  environment: Environment,
  secrets: readonly string[] = [],
): EnvReading<Static<Schema>> {
  const faults: string[] = [];
  const data: Record<string, string> = {};
  for (const name of Object.keys(schema.properties)) {
    const value = environment[name]?.trim();
    if (value) data[name] = value;
  }
  for (const name of secrets) readSecretFile(name, environment, data, faults);
  try {
    const values = envSchema<Static<Schema>>({ schema: structuredClone(schema), data, env: false });
    return { values: faults.length === 0 ? values : undefined, faults };
  } catch (error) {
    const listed = (error as { readonly errors?: readonly AjvFault[] }).errors;
    if (!listed) throw error;
    for (const fault of listed) faults.push(describeFault(fault, data, secrets, schema));
    return { values: undefined, faults };
  }
}

/** @throws AppError CONFIG_INVALID with all faults in one message, when there are any. */
export function throwFaults(program: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  throw new AppError(
    'CONFIG_INVALID',
    `${program} cannot start: ${count} in its configuration\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
  );
}

function readSecretFile(name: string, environment: Environment, data: Record<string, string>, faults: string[]): void {
  const path = environment[`${name}_FILE`]?.trim();
  if (!path) return;
  if (data[name]) {
    faults.push(`${name} and ${name}_FILE are both set: keep one of them`);
    return;
  }
  try {
    const value = readFileSync(path, 'utf8').trim();
    if (value) data[name] = value;
    else faults.push(`${name}_FILE: ${path} is empty`);
  } catch (error) {
    faults.push(`${name}_FILE: cannot read ${path} (${errorText(error)})`);
  }
}

/** Instead of a pattern, which is for machines, a schema's `description` says what is wanted. */
function describeFault(
  fault: AjvFault,
  data: Record<string, string>,
  secrets: readonly string[],
  schema: TObject,
): string {
  const name = fault.instancePath?.split('/')[1];
  if (!name) return `${fault.params?.missingProperty ?? 'configuration'}: ${fault.message ?? 'is not valid'}`;
  const given = secrets.includes(name) ? '' : ` (it is ${JSON.stringify(data[name])})`;
  const allowed = fault.params?.allowedValues?.join(', ');
  const wanted = fault.keyword === 'pattern' ? Object(schema.properties[name]).description : undefined;
  if (typeof wanted === 'string') return `${name}: must be ${wanted}${given}`;
  return `${name}: ${fault.message ?? 'is not valid'}${allowed ? `: ${allowed}` : ''}${given}`;
}
