// Claims about a running stack: each is printed as it is decided, and the last line counts them.
import { setTimeout as delay } from 'node:timers/promises';

export interface Claims {
  /** Decides one claim; a thrown error or a text decides against it. */
  claim(title: string, check: () => Promise<undefined | string> | undefined | string): Promise<boolean>;
  /** Prints `N passed, N failed`. @returns the exit code */
  finish(): number;
}

export function openClaims(): Claims {
  let passed = 0;
  let failed = 0;
  return {
    async claim(title, check) {
      const startedAt = performance.now();
      const fault = await Promise.resolve()
        .then(check)
        .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      if (fault === undefined) passed += 1;
      else failed += 1;
      console.log(
        `${fault === undefined ? 'ok    ' : 'NOT OK'} ${title} (${seconds} s)${fault ? `\n       ${fault}` : ''}`,
      );
      return fault === undefined;
    },
    finish() {
      console.log(`${passed} passed, ${failed} failed`);
      return failed === 0 ? 0 : 1;
    },
  };
}

/** Asks again until the answer is there. @throws Error saying what was waited for. */
export async function waitFor<Value>(
  what: string,
  limitMs: number,
  ask: () => Promise<Value | undefined>,
  everyMs = 500,
): Promise<Value> {
  const until = performance.now() + limitMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > until) throw new Error(`waited ${limitMs / 1_000} s for ${what}`);
    await delay(everyMs);
  }
}
