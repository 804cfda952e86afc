// One thing that was looked at, and the table in which a person reads what was found.

export const LEVELS = ['ok', 'skipped', 'warning', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

export interface CheckResult {
  readonly name: string;
  readonly level: Level;
  /** What was seen, with its figures. */
  readonly detail: string;
  /** How to mend it; where there is something to mend. */
  readonly mend?: string;
  readonly milliseconds?: number;
}

const MARKS: Readonly<Record<Level, string>> = { ok: '✓', skipped: '–', warning: '!', critical: '✗' };

export const ok = (name: string, detail: string): CheckResult => ({ name, level: 'ok', detail });
export const skipped = (name: string, detail: string): CheckResult => ({ name, level: 'skipped', detail });
export const warning = (name: string, detail: string, mend: string): CheckResult => {
  return { name, level: 'warning', detail, mend };
};
export const critical = (name: string, detail: string, mend: string): CheckResult => {
  return { name, level: 'critical', detail, mend };
};

/** The worst of them; `undefined` of none. The first one counts where several are equally bad. */
export function worstOf(findings: readonly CheckResult[]): CheckResult | undefined {
  let worst: CheckResult | undefined;
  for (const finding of findings) {
    if (worst === undefined || LEVELS.indexOf(finding.level) > LEVELS.indexOf(worst.level)) worst = finding;
  }
  return worst;
}

export function describeCheckResults(findings: readonly CheckResult[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length), 4) + 2;
  return findings
    .map(({ name, level, detail, mend }) => {
      const line = `${MARKS[level]} ${name.padEnd(width)}${detail}`;
      return mend === undefined ? line : `${line}\n${' '.repeat(width + 2)}→ ${mend}`;
    })
    .join('\n');
}

/** Runs the looks at the same time, each with its duration; a look that fails is a finding too. */
export async function lookAt(looks: readonly (() => Promise<CheckResult>)[]): Promise<readonly CheckResult[]> {
  return Promise.all(
    looks.map(async (look) => {
      const startedAt = performance.now();
      const finding = await look();
      return { ...finding, milliseconds: Math.round(performance.now() - startedAt) };
    }),
  );
}
