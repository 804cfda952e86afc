// What a machine cannot see: how the existing bot answers its five commands. A person asks it and keeps the answers here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../common/env.ts';
import { type CheckResult, critical, ok, skipped } from '../check-result.ts';
import { recordFolder } from './record.ts';

export const BOT_COMMANDS = ['/price', '/volume', '/oi', '/cvd', '/profile'] as const;

export function lookAtTranscripts(checkout: string, commit: string, environment: Environment): CheckResult {
  const name = 'the existing bot answers';
  if (!environment.MARKET_DATA_URL?.trim()) return skipped(name, 'no existing system: MARKET_DATA_URL is not set');
  const path = `${recordFolder(commit)}/transcripts.md`;
  const mend =
    `send the existing bot ${BOT_COMMANDS.join(', ')} and keep its answers in ${path}, each below a heading such as ` +
    `"## ${BOT_COMMANDS[0]}"; the commit that adds it says who asked`;
  const file = join(checkout, path);
  if (!existsSync(file)) return critical(name, `${path} is not there`, mend);
  const answers = readAnswers(readFileSync(file, 'utf8'));
  const missing = BOT_COMMANDS.filter((command) => !answers.get(command));
  if (missing.length > 0) return critical(name, `${path} has no answer to ${missing.join(', ')}`, mend);
  return ok(name, `answers to ${BOT_COMMANDS.join(', ')} in ${path}`);
}

/** Command → what stands below its heading. */
function readAnswers(text: string): ReadonlyMap<string, string> {
  const sections = text.split(/^#+\s*(?=\/)/m).slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading.trim().split(/\s/)[0] ?? '', lines.join('\n').trim()] as const;
    }),
  );
}
