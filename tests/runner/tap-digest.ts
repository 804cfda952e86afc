// tap's raw stream, cut down to what a person wants in a log: one line a file, and of a failed file what failed in it.

/** Gathers lines and returns what to print of them, piece by piece. */
export interface TapDigest {
  add(line: string): readonly string[];
}

const FILE_END = /^(not )?ok \d+ - (.+)$/;
const FAILURE = /^(\s+)not ok \d+/;

export function createTapDigest(): TapDigest {
  let block: string[] = [];
  return {
    add(line) {
      const end = FILE_END.exec(line);
      if (!end) {
        // A block that never ends must not grow without bound; its beginning says least about a failure at its end.
        if (block.length >= 200_000) block = block.slice(100_000);
        block.push(line);
        return [];
      }
      const failures = end[1] === undefined ? [] : failuresIn(block);
      block = [];
      return [`${end[1] === undefined ? '✓' : '✗'} ${end[2]}`, ...failures];
    },
  };
}

/** Each failed assertion with the details below it, which are indented further and end with `...`. */
function failuresIn(block: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let isInside = false;
  for (const line of block) {
    if (FAILURE.test(line)) isInside = true;
    if (isInside) kept.push(line);
    if (line.trim() === '...') isInside = false;
  }
  return kept;
}
