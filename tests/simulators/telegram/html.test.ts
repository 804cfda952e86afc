// The simulator refuses what the Bot API refuses, in its words: a message that passes here would pass there.
import t from 'tap';
import { parseHtml } from '../../../simulators/telegram/html.ts';

for (const [html, text] of [
  ['plain', 'plain'],
  ['<b>a</b> <i>b</i>', 'a b'],
  ['<a href="https://example.org/?a=1">link</a>', 'link'],
  ['<B>a</B>', 'a'],
  ['<b>a</>', 'a'],
  ['<span class=tg-spoiler>a</span>', 'a'],
  ['1 &lt; 2 &amp; 3 &gt; 2 &quot;x&quot;', '1 < 2 & 3 > 2 "x"'],
  ['&#65;&#x42;', 'AB'],
  ['&#x110000;', '\u{10ffff}'],
  ['&nbsp; & alone', '&nbsp; & alone'],
] as const) {
  t.test(`reads ${html}`, async (t) => {
    t.same(parseHtml(html), { type: 'text', text });
  });
}

for (const [html, reason] of [
  ['a</b>', 'Unexpected end tag at byte offset 1'],
  ['<b>a</i>', 'Unmatched end tag, expected "</b>", found "</i>" at byte offset 4'],
  ['<div>a</div>', 'Unsupported start tag "div" at byte offset 0'],
  ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
  ['€<b', 'Unclosed start tag at byte offset 3'],
  ['<b>a', 'Can\'t find end tag corresponding to start tag "b" at byte offset 4'],
] as const) {
  t.test(`refuses ${html}`, async (t) => {
    t.same(parseHtml(html), { type: 'refused', description: `Bad Request: can't parse entities: ${reason}` });
  });
}
