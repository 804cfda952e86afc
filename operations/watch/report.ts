// The report of an incident: one Markdown file, written anew after each step.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskSecrets } from '../../common/logger.ts';
import { makeDirectory } from '../../common/make-directory.ts';
import type { Incident } from './ladder.ts';
import { PLANS } from './triggers.ts';

export interface IncidentReport {
  readonly incident: Incident;
  readonly isAlertingOff: boolean;
}

export function reportPath(dataDir: string, id: string): string {
  return join(dataDir, 'reports', `rollback-${id}.md`);
}

export function writeReport(dataDir: string, report: IncidentReport): string {
  const path = reportPath(dataDir, report.incident.id);
  makeDirectory(join(dataDir, 'reports'));
  writeFileSync(path, maskSecrets(describeIncident(report)), { mode: 0o600 });
  return path;
}

export function describeIncident({ incident, isAlertingOff }: IncidentReport): string {
  const { trigger, what, seenAt, steps } = incident;
  const first = steps[0];
  const { limitMs, words } = PLANS[trigger];
  const waitedMs = first === undefined ? undefined : first.begunAt - seenAt;
  const verdict =
    waitedMs === undefined
      ? ''
      : `${seconds(waitedMs)} (limit ${seconds(limitMs)}): ${waitedMs <= limitMs ? 'in time' : 'LATE'}`;
  return [
    `# Automatic roll-back: ${trigger}`,
    '',
    `- condition: ${words}`,
    `- seen: ${iso(seenAt)}: ${what}`,
    `- from seen to the first step begun: ${verdict}`,
    `- alerting: ${isAlertingOff ? 'OFF' : 'on'}`,
    '',
    '## Steps',
    '',
    ...steps.flatMap(({ step, begunAt, endedAt, outcome, details = [] }, index) => [
      `${index + 1}. **${step}**, begun ${iso(begunAt)}${endedAt === undefined ? '' : `, took ${seconds(endedAt - begunAt)}`}: ${outcome ?? 'not finished'}`,
      ...details.flatMap((detail) => detail.split('\n')).map((line) => `   - ${line.trim()}`),
    ]),
    '',
    'What to do next: docs/rollback.md, "After an automatic roll-back".',
    '',
  ].join('\n');
}

const iso = (at: number): string => new Date(at).toISOString();
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
