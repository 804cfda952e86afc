// A validation as JUnit XML, for machines that collect such files. Pure.
import { type Checked, partsOf, type Validation } from './checkpoint.ts';

export function toJunit({ checks, startedAt }: Validation): string {
  const suites = partsOf(checks).flatMap(([part, own]) => {
    const attributes = `name="${escapeXml(part)}" ${counts(own)} timestamp="${startedAt.slice(0, 19)}"`;
    return [`  <testsuite ${attributes}>`, ...own.map(testCase), '  </testsuite>'];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts(checks)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ name, checkpoint, level, detail, mend, milliseconds = 0 }: Checked): string {
  const head = `    <testcase classname="${escapeXml(checkpoint)}" name="${escapeXml(name)}" time="${(milliseconds / 1_000).toFixed(3)}">`;
  return `${head}${outcome(level, detail, mend)}</testcase>`;
}

function outcome(level: Checked['level'], detail: string, mend: string | undefined): string {
  switch (level) {
    case 'ok':
      return `<system-out>${escapeXml(detail)}</system-out>`;
    case 'warning':
      return `<system-out>warning: ${escapeXml(detail)}</system-out>`;
    case 'skipped':
      return `<skipped message="${escapeXml(detail)}"/>`;
    case 'critical':
      return `<failure message="${escapeXml(detail)}">${escapeXml(mend ?? '')}</failure>`;
  }
}

function counts(checks: readonly Checked[]): string {
  const of = (level: Checked['level']) => checks.filter((check) => check.level === level).length;
  return `tests="${checks.length}" failures="${of('critical')}" skipped="${of('skipped')}" errors="0"`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Also drops control characters, which XML 1.0 cannot hold at all. */
function escapeXml(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, '').replace(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
}
