// Takes down what the proof saw, step by step, as checks of a report; one that fails ends the part it is in.
import { errorText } from '../../../common/errors.ts';
import { type CheckResult, critical, describeCheckResults, ok } from '../../../operations/check-result.ts';
import type { Ran } from '../../../operations/external.ts';
import type { Checked } from '../../../operations/validation/checkpoint.ts';

export interface Journal {
  readonly checks: readonly Checked[];
  /** @throws Error when what was expected was not seen; the journal has it */
  step(part: string, name: string, look: () => Promise<string | CheckResult>): Promise<void>;
}

/** @param places folders of this run, and what the report calls them: it outlives them */
export function openJournal(say: (line: string) => void, places: Readonly<Record<string, string>> = {}): Journal {
  const rename = (text: string) =>
    Object.entries(places).reduce((all, [path, name]) => all.replaceAll(path, name), text);
  const checks: Checked[] = [];
  return {
    checks,
    async step(part, name, look) {
      const startedAt = performance.now();
      const seen = await look().catch((error: unknown) => critical(name, errorText(error), 'see the log of this run'));
      const finding = typeof seen === 'string' ? ok(name, seen) : { ...seen, name };
      const detail = rename(finding.detail);
      const checked = { ...finding, detail, checkpoint: part, milliseconds: Math.round(performance.now() - startedAt) };
      checks.push(checked);
      say(describeCheckResults([checked]));
      if (checked.level === 'critical') throw new Error(`${name}: ${checked.detail}`);
    },
  };
}

/**
 * Expects a program's exit code and words in what it printed; returns the first of these lines as evidence.
 * @throws Error with everything it printed
 */
export function expectEnd(ran: Ran, codes: readonly number[], ...words: readonly RegExp[]): string {
  const text = `${ran.stdout}${ran.stderr}`;
  const missing = words.filter((word) => !word.test(text));
  if (codes.includes(ran.code) && missing.length === 0) {
    const lines = text.split('\n').filter((line) => words.some((word) => word.test(line)));
    return (
      [...new Set(lines)]
        .map((line) => line.trim())
        .slice(0, 8)
        .join('\n') || `ended with ${ran.code}`
    );
  }
  throw new Error(
    `ended with ${ran.code} (wanted ${codes.join(' or ')}), not said: ${missing.join(' ') || '–'}\n${text}`,
  );
}
