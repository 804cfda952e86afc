// A hand-made fault: one spot of the source, changed in a way that somebody could really get wrong. `tests/runner/mutants.ts`
// applies each to a copy and expects the named tests to fail; a mutant that survives is a behaviour that no test holds.

export interface Mutant {
  /** What is wrong with it, in a few words. */
  readonly name: string;
  /** The function, class or constant at the top level of a file that holds the spot, wherever that file is. */
  readonly in: string;
  /** A folder above that file, where several files define the name and the text. */
  readonly room?: string;
  /** Text that stands there exactly once; space, line breaks, trailing commas and the kind of quotes do not matter. */
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one must fail, from the root of the project. */
  readonly tests: readonly string[];
}
