// A hand-made fault: one spot of the source, changed in a way that somebody could really get wrong. `tests/runner/mutants.ts`
// applies each to a copy and expects the named tests to fail; a mutant that survives is a behaviour that no test holds.

export interface Mutant {
  /** What is wrong with it, in a few words. */
  readonly name: string;
  /** Source file, from the root of the project. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one must fail, from the root of the project. */
  readonly tests: readonly string[];
}
