// A validation as one page that needs nothing else: no script, no font, no picture from anywhere. Pure.
import { CHECKPOINTS, type Checked, type Validation, verdictOf } from './checkpoint.ts';
import { escapeXml } from './junit-report.ts';

const STYLE = `
:root{color-scheme:light dark;--ok:#1a7f37;--critical:#cf222e;--warning:#9a6700;--skipped:#6e7781;--line:#8884}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .4rem}
.facts{color:var(--skipped);margin:.2rem 0 1.2rem}.sum{display:flex;gap:.8rem;flex-wrap:wrap;margin:1rem 0}
.card{border:1px solid var(--line);border-radius:.5rem;padding:.6rem 1rem;min-width:9rem}.card b{display:block;font-size:1.3rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.45rem .5rem;vertical-align:top}
td:first-child{width:6rem;font-weight:600}td:nth-child(2){width:14rem}td:last-child{width:5rem;text-align:right;color:var(--skipped)}
.ok{color:var(--ok)}.critical{color:var(--critical)}.warning{color:var(--warning)}.skipped{color:var(--skipped)}
.mend{display:block;color:var(--skipped)}`;

const WORDS: Readonly<Record<Checked['level'], string>> = {
  ok: '✓ passed',
  warning: '! look',
  critical: '✗ failed',
  skipped: '– skipped',
};

export function toHtml({ checks, startedAt, version, commit, mode }: Validation): string {
  const verdict = verdictOf(checks);
  const present = CHECKPOINTS.filter((checkpoint) => checks.some((check) => check.checkpoint === checkpoint));
  const tone = verdict === 'passed' ? 'ok' : 'critical';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Validation ${verdict}</title><style>${STYLE}</style></head><body>
<h1>Validation <span class="${tone}">${verdict}</span></h1>
<p class="facts">${escapeXml(startedAt.slice(0, 19).replace('T', ' '))} UTC · version ${escapeXml(version)} · ${escapeXml(mode)} · commit ${escapeXml(commit?.slice(0, 12) ?? 'not known')}</p>
<div class="sum">${present.map((checkpoint) => card(checkpoint, checks)).join('')}</div>
${present.map((checkpoint) => section(checkpoint, checks)).join('\n')}
</body></html>
`;
}

function card(checkpoint: string, checks: readonly Checked[]): string {
  const own = checks.filter((check) => check.checkpoint === checkpoint);
  const failed = own.filter(({ level }) => level === 'critical').length;
  const words = failed === 0 ? `${own.length} checks` : `${failed} of ${own.length} failed`;
  return `<div class="card"><b class="${failed === 0 ? 'ok' : 'critical'}">${failed === 0 ? '✓' : '✗'} ${escapeXml(checkpoint)}</b>${words}</div>`;
}

function section(checkpoint: string, checks: readonly Checked[]): string {
  const rows = checks.filter((check) => check.checkpoint === checkpoint).map(row);
  return `<h2>${escapeXml(checkpoint)}</h2>\n<table>${rows.join('')}</table>`;
}

function row({ name, level, detail, mend, milliseconds }: Checked): string {
  const help = mend === undefined ? '' : `<span class="mend">→ ${escapeXml(mend)}</span>`;
  const time = milliseconds === undefined ? '' : `${milliseconds} ms`;
  return `<tr><td class="${level}">${WORDS[level]}</td><td>${escapeXml(name)}</td><td>${escapeXml(detail)}${help}</td><td>${time}</td></tr>`;
}
