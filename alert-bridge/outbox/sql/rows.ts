// Reads the columns of a row and checks their types: where a query and the schema disagree, it throws.
import type { Row } from './database.ts';

/** @throws TypeError when the column is no number. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is no number`);
  return value;
}

export function optionalInteger(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' ? value : undefined;
}

/** @throws TypeError when the column is no text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is no text`);
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}

/** The member of a closed list that the column holds. @throws TypeError when it holds another. */
export function member<Value extends string>(row: Row, column: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === row[column]);
  if (found === undefined) throw new TypeError(`${column} is none of ${values.join(', ')}`);
  return found;
}
