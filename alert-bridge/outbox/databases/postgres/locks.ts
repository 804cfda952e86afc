// The advisory locks of PostgreSQL that bridges share, in a class of our own, so that they meet no other program's by chance.

const LOCK_CLASS = 0x61_6c_72_74;
const LOCKS = {
  /** Held by a transaction that decides: what it read stays true until its commit. */
  decide: 1,
  /** Held while the tables are made or changed. */
  migrate: 2,
  /** Held by the session of the one bridge that does what must be done once. */
  lead: 3,
} as const;

/** The two arguments of PostgreSQL's lock functions. */
export function lockKey(name: keyof typeof LOCKS): string {
  return `${LOCK_CLASS}, ${LOCKS[name]}`;
}
