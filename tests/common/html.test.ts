import t from 'tap';
import { type Html, html } from '../../common/html.ts';

t.test('what is put in is escaped, in text and in attributes', async (t) => {
  const hostile = `<script>"it's" & more</script>`;
  const escaped = '&lt;script&gt;&quot;it&#39;s&quot; &amp; more&lt;/script&gt;';
  t.equal(html`<p title="${hostile}">${hostile}</p>`.toString(), `<p title="${escaped}">${escaped}</p>`);
  t.equal(html`${7} ${-0.5}`.toString(), '7 -0.5');
});

t.test('markup of the same kind goes in as it is, alone or as a list', async (t) => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  t.equal(html`<ul>${items}</ul>${html`<hr>`}${[]}`.toString(), '<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>');
});

t.test('markup that became text is text again', async (t) => {
  t.equal(html`${String(html`<b>`)}`.toString(), '&lt;b&gt;');
  t.equal(html`${`${html`<b>`}`}`.toString(), '&lt;b&gt;');
});

t.test('nothing but the tag makes markup', async (t) => {
  // @ts-expect-error: an object that only looks like it
  const lookalike: Html = { toString: () => '<b>' };
  t.equal(html`${lookalike}`.toString(), '&lt;b&gt;');
  // @ts-expect-error: a list of plain text, which would run together
  t.equal(html`${['<b>']}`.toString(), '&lt;b&gt;');
});
