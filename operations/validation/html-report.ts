// A validation as one page that needs nothing else: no script, no font, no picture from anywhere. Pure.
import { type Html, html } from '../../common/html.ts';
import { VERSION } from '../../common/version.ts';
import { type Checked, partsOf, type Validation, verdictOf } from './checkpoint.ts';
import { STYLE } from './html-style.ts';

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
  const day = startedAt.slice(0, 19).replace('T', ' ');
  const facts = [
    `${day} UTC`,
    `version ${VERSION}`,
    mode,
    `commit ${commit?.slice(0, 12) ?? 'not known'}`,
    took(checks),
  ];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} ${verdict}</title><style>${STYLE}</style></head><body>
<header class="${tone}"><h1>${title} <span>${verdict}</span></h1>
<p>${tally(checks)}</p></header>
<p class="facts">${facts.map((fact) => html`<span>${fact}</span> `)}</p>
${openMatters(checks)}
<nav>${parts.map(([name, own], index) => card(name, own, index))}</nav>
${parts.map(([name, own], index) => section(name, own, index))}
</body></html>
`;
  return page.toString();
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
function openMatters(checks: readonly Checked[]): Html {
  const open = checks.filter(({ level }) => level === 'critical' || level === 'warning');
  if (open.length === 0) return html``;
  const worstFirst = open.toSorted((one, other) => one.level.localeCompare(other.level));
  const items = worstFirst.map(({ name, level, detail, mend, checkpoint }) => {
    const todo = mend === undefined ? '' : html`<span class="mend">→ ${mend}</span>`;
    return html`<li class="${level}"><b>${name}</b> <small>${checkpoint}</small><br>${detail}${todo}</li>`;
  });
  return html`<section class="open"><h2>To do</h2><ul>${items}</ul></section>`;
}

function card(name: string, own: readonly Checked[], index: number): Html {
  const failed = own.filter(({ level }) => level === 'critical').length;
  const words =
    failed === 0 ? `${own.length} check${own.length === 1 ? '' : 's'}` : `${failed} of ${own.length} failed`;
  const tone = failed === 0 ? 'ok' : 'critical';
  return html`<a href="#part-${index}"><b class="${tone}">${failed === 0 ? '✓' : '✗'} ${name}</b>${words}</a>`;
}

function section(name: string, own: readonly Checked[], index: number): Html {
  return html`<section id="part-${index}"><h2>${name}</h2>\n<table>${own.map(row)}</table></section>\n`;
}

function row({ name, level, detail, mend, milliseconds }: Checked): Html {
  const help = mend === undefined ? '' : html`<span class="mend">→ ${mend}</span>`;
  const time = milliseconds === undefined ? '' : describeTime(milliseconds);
  return html`<tr><td class="${level}">${WORDS[level]}</td><th scope="row">${name}</th><td>${detail}${help}</td><td>${time}</td></tr>`;
}

function took(checks: readonly Checked[]): string {
  return `took ${describeTime(checks.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0))}`;
}

function describeTime(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
