// What every page has: head, title, links.
import { type Html, html } from '../../common/html.ts';
import { STYLE } from './style.ts';

export interface Layout {
  readonly title: string;
  /** Reads itself again after so many seconds; never where somebody may be typing. */
  readonly refreshSeconds?: number;
  readonly body: Html;
}

export function renderLayout({ title, refreshSeconds, body }: Layout): Html {
  const refresh = refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${title}</title><style>${STYLE}</style></head>
<body><header><h1>${title}</h1><nav><a href="/">Alerts</a><a href="/settings">Subscriptions and silences</a></nav></header>
${body}
</body></html>
`;
}

/** `2026-11-20 12:00:00 UTC`. */
export function clockText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
