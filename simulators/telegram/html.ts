// Reads a message's HTML the way the Bot API does: known tags, closed in order, four named entities; and refuses in its words.

const TAGS = new Set([
  'b',
  'strong',
  'i',
  'em',
  'u',
  'ins',
  's',
  'strike',
  'del',
  'span',
  'tg-spoiler',
  'a',
  'code',
  'pre',
  'blockquote',
]);
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
]);

export type ParsedHtml =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'refused'; readonly description: string };

export function parseHtml(html: string): ParsedHtml {
  const open: string[] = [];
  let text = '';
  let at = 0;
  const offset = () => Buffer.byteLength(html.slice(0, at));
  const refused = (reason: string): ParsedHtml => ({
    type: 'refused',
    description: `Bad Request: can't parse entities: ${reason} at byte offset ${offset()}`,
  });
  while (at < html.length) {
    const rest = html.slice(at);
    if (rest.startsWith('<')) {
      const end = /^<\/([a-z-]*)\s*>/i.exec(rest);
      if (end) {
        const expected = open.pop();
        if (expected === undefined) return refused('Unexpected end tag');
        if (end[1] !== '' && end[1]?.toLowerCase() !== expected) {
          return refused(`Unmatched end tag, expected "</${expected}>", found "</${end[1]}>"`);
        }
        at += end[0].length;
        continue;
      }
      const start = /^<([a-z-]*)((?:\s+[a-z-]+(?:=(?:"[^"]*"|'[^']*'|[\w.-]+))?)*)\s*>/i.exec(rest);
      const name = (start?.[1] ?? /^<([^\s>]*)/.exec(rest)?.[1] ?? '').toLowerCase();
      if (!TAGS.has(name)) return refused(`Unsupported start tag "${name}"`);
      if (!start) return refused('Unclosed start tag');
      open.push(name);
      at += start[0].length;
      continue;
    }
    const entity = /^&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/i.exec(rest);
    if (entity) {
      const code = entity[1] ? Number(entity[1]) : entity[2] ? Number.parseInt(entity[2], 16) : undefined;
      // An entity that Telegram does not know stays as it stands.
      text +=
        code === undefined
          ? (ENTITIES.get(entity[3] ?? '') ?? entity[0])
          : String.fromCodePoint(Math.min(code, 0x10ffff));
      at += entity[0].length;
      continue;
    }
    text += html.charAt(at);
    at += 1;
  }
  const unclosed = open.pop();
  return unclosed === undefined
    ? { type: 'text', text }
    : refused(`Can't find end tag corresponding to start tag "${unclosed}"`);
}
