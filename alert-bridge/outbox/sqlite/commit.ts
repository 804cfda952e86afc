// One transaction on the bridge's database; what SQLite throws becomes one code.
import { AppError, errorText } from '../../../common/errors.ts';
import type { Connection } from './connection.ts';

/** @throws AppError OUTBOX_UNAVAILABLE when the database cannot commit: nothing of the work is kept. */
export function commit<Result>(db: Connection, work: () => Result): Result {
  try {
    return db.transaction(work);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('OUTBOX_UNAVAILABLE', `the outbox could not commit: ${errorText(error)}`, { cause: error });
  }
}
