// How long each step usually takes, as docs/ledgers.md says it.

/** Seconds of each step, read from rows such as "| `types` | 4 s | …" and "| `tests` | 13 min 25 s | …". */
export function readStepTimes(ledger: string): ReadonlyMap<string, number> {
  const rows = ledger.matchAll(/^\| `([a-z-]+)` \| (?:(\d+) min )?(\d+) s \|/gm);
  return new Map(
    [...rows].map(([, name = '', minutes = '0', seconds]) => [name, Number(minutes) * 60 + Number(seconds)]),
  );
}

export function describeTime(seconds: number | undefined): string {
  if (seconds === undefined) return 'not measured';
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
