// A message before it is sent: lines of plain text and links, turned into Telegram's HTML or into plain text.

import type { Keyboard, Link } from './buttons.ts';
import { cleanLine, escapeHtml } from './escape.ts';
import { cut, keepFitting, MAX_LINE_LENGTH, MAX_MESSAGE_LENGTH, wrap } from './length.ts';

export interface MessageParts {
  /** The lines that stand first, in this order, whatever follows. */
  readonly lines: readonly string[];
  /** Lines that may be wrapped, and go first when the message is too long. */
  readonly more?: readonly string[];
  readonly links?: readonly Link[];
}

/** One message in both forms. `html` and `plain` show the same characters. */
export interface MessageText {
  readonly html: string;
  readonly plain: string;
  /** Buttons under it; a destination that has none leaves them out. */
  readonly keyboard?: Keyboard;
}

/** Puts a message together: clean lines, each under 40 characters, under 500 in all, escaped. */
export function composeMessage({ lines, more = [], links = [] }: MessageParts): MessageText {
  const fixed = lines.map((line) => cut(cleanLine(line), MAX_LINE_LENGTH)).filter((line) => line !== '');
  const wrapped = more.flatMap((line) => wrap(cleanLine(line))).filter((line) => line !== '');
  const linkLine = cut(links.map((link) => cleanLine(link.label)).join(' · '), MAX_LINE_LENGTH);
  const budget = MAX_MESSAGE_LENGTH - (linkLine === '' ? 0 : linkLine.length + 1);
  const body = keepFitting([...fixed, ...wrapped], budget);
  const htmlLinks = links.map((link) => `<a href="${escapeHtml(link.url)}">${escapeHtml(cleanLine(link.label))}</a>`);
  return {
    html: [...body.map(escapeHtml), ...(linkLine === '' ? [] : [htmlLinks.join(' · ')])].join('\n'),
    plain: [...body, ...links.map((link) => `${cleanLine(link.label)}: ${link.url}`)].join('\n'),
  };
}
