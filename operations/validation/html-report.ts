// A validation as one page that needs nothing else: no script, no font, no picture from anywhere. Pure.
import { VERSION } from '../../common/version.ts';
import { type Checked, partsOf, type Validation, verdictOf } from './checkpoint.ts';
import { STYLE } from './html-style.ts';
import { escapeXml } from './junit-report.ts';

const WORDS: Readonly<Record<Checked['level'], string>> = {
  ok: '✓ passed',
  warning: '! look',
  critical: '✗ failed',
  skipped: '– skipped',
};

export function toHtml({ title = 'Validation', checks, startedAt, commit, mode }: Validation): string {
  const verdict = verdictOf(checks);
  const parts = partsOf(checks);
  const tone = verdict === 'passed' ? 'ok' : 'critical';
  const day = escapeXml(startedAt.slice(0, 19).replace('T', ' '));
  const facts = [
    `${day} UTC`,
    `version ${VERSION}`,
    mode,
    `commit ${commit?.slice(0, 12) ?? 'not known'}`,
    took(checks),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)} ${verdict}</title><style>${STYLE}</style></head><body>
<header class="${tone}"><h1>${escapeXml(title)} <span>${verdict}</span></h1>
<p>${tally(checks)}</p></header>
<p class="facts">${facts.map((fact) => `<span>${escapeXml(fact)}</span>`).join(' ')}</p>
${openMatters(checks)}
<nav>${parts.map(([name, own], index) => card(name, own, index)).join('')}</nav>
${parts.map(([name, own], index) => section(name, own, index)).join('\n')}
</body></html>
`;
}

function tally(checks: readonly Checked[]): string {
  const of = (level: Checked['level']) => checks.filter((check) => check.level === level).length;
  const words = [
    `${of('ok')} of ${checks.length} checks passed`,
    ...(of('critical') > 0 ? [`${of('critical')} failed`] : []),
    ...(of('warning') > 0 ? [`${of('warning')} to look at`] : []),
    ...(of('skipped') > 0 ? [`${of('skipped')} skipped`] : []),
  ];
  return words.join(' · ');
}

/** What somebody has to do, before everything that is well. */
function openMatters(checks: readonly Checked[]): string {
  const open = checks.filter(({ level }) => level === 'critical' || level === 'warning');
  if (open.length === 0) return '';
  const worstFirst = open.toSorted((one, other) => one.level.localeCompare(other.level));
  const items = worstFirst.map(({ name, level, detail, mend, checkpoint }) => {
    const todo = mend === undefined ? '' : `<span class="mend">→ ${escapeXml(mend)}</span>`;
    return `<li class="${level}"><b>${escapeXml(name)}</b> <small>${escapeXml(checkpoint)}</small><br>${escapeXml(detail)}${todo}</li>`;
  });
  return `<section class="open"><h2>To do</h2><ul>${items.join('')}</ul></section>`;
}

function card(name: string, own: readonly Checked[], index: number): string {
  const failed = own.filter(({ level }) => level === 'critical').length;
  const words =
    failed === 0 ? `${own.length} check${own.length === 1 ? '' : 's'}` : `${failed} of ${own.length} failed`;
  const tone = failed === 0 ? 'ok' : 'critical';
  return `<a href="#part-${index}"><b class="${tone}">${failed === 0 ? '✓' : '✗'} ${escapeXml(name)}</b>${words}</a>`;
}

function section(name: string, own: readonly Checked[], index: number): string {
  return `<section id="part-${index}"><h2>${escapeXml(name)}</h2>\n<table>${own.map(row).join('')}</table></section>`;
}

function row({ name, level, detail, mend, milliseconds }: Checked): string {
  const help = mend === undefined ? '' : `<span class="mend">→ ${escapeXml(mend)}</span>`;
  const time = milliseconds === undefined ? '' : describeTime(milliseconds);
  return `<tr><td class="${level}">${WORDS[level]}</td><th scope="row">${escapeXml(name)}</th><td>${escapeXml(detail)}${help}</td><td>${time}</td></tr>`;
}

function took(checks: readonly Checked[]): string {
  return `took ${describeTime(checks.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0))}`;
}

function describeTime(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
