// What `npm test -- WORD...` asks for: steps by name, test files by path, or everything.
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';

export interface Selection {
  readonly steps: readonly string[];
  /** From the root of the project. */
  readonly files: readonly string[];
  /** One sentence on each word that is neither. */
  readonly faults: readonly string[];
}

/** @param names of the steps there are */
export function readSelection(words: readonly string[], names: readonly string[], checkout: string): Selection {
  const steps = words.filter((word) => names.includes(word));
  const rest = words.filter((word) => !names.includes(word));
  const isPath = (word: string) => word.includes('/') || word.endsWith('.ts');
  const files = rest.filter(isPath).map((path) => (isAbsolute(path) ? relative(checkout, path) : path));
  return {
    steps,
    files,
    faults: [
      ...files.flatMap((path) => {
        if (!/^(\.\/)?tests\/.+\.test\.ts$/.test(path)) return [`${path} is no test file: they are tests/…/x.test.ts`];
        return existsSync(join(checkout, path)) ? [] : [`${path} does not exist`];
      }),
      ...rest.filter((word) => !isPath(word)).map((word) => `there is no step ${word}: steps are ${names.join(', ')}`),
    ],
  };
}
