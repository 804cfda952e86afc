// Fits lines on a phone: wraps words, drops the least important lines, never cuts inside a character. Works on plain text,
// before any tag or entity exists, so that it cannot cut one.

/** Longest line and message, in UTF-16 units as Telegram counts. */
export const MAX_LINE_LENGTH = 39;
export const MAX_MESSAGE_LENGTH = 499;

/** Cuts at a character, with an ellipsis, so that the result is at most `max` long. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (const character of segmentable(text, max)) {
    if (end + character.length > max - 1) break;
    end += character.length;
  }
  return `${text.slice(0, end).trimEnd()}…`;
}

/** Keeps a name and its figure on one line; shown as a common space. */
export const KEEP_TOGETHER = '\u00a0';

/** Breaks one line at spaces into lines that fit; a word longer than a line is cut into pieces. */
export function wrap(text: string, max = MAX_LINE_LENGTH): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, max))) {
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= max) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((text) => text.replaceAll(KEEP_TOGETHER, ' '));
}

/** Keeps lines from the top while the whole fits into `max`, with an ellipsis line where some had to go. */
export function keepFitting(lines: readonly string[], max: number): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    const added = line.length + (kept.length > 0 ? 1 : 0);
    if (length + added > max) return length + 2 <= max ? [...kept, '…'] : [...kept.slice(0, -1), '…'];
    kept.push(line);
    length += added;
  }
  return kept;
}

function pieces(word: string, max: number): readonly string[] {
  if (word.length <= max) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of segmentable(word, 4_096)) {
    if (part.length + character.length > max && part !== '') {
      parts.push(part);
      part = '';
    }
    part += character.length > max ? '…' : character;
  }
  if (part !== '') parts.push(part);
  return parts;
}

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Characters as people see them (an emoji with its modifiers is one), over no more text than can matter. */
function* segmentable(text: string, max: number): Generator<string> {
  for (const { segment } of SEGMENTER.segment(text.slice(0, max + 16).toWellFormed())) yield segment;
}
