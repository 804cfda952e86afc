import fc from 'fast-check';
import t from 'tap';
import { escapeHtml } from '../../../alert-bridge/format/escape.ts';
import { renderDelivery } from '../../../alert-bridge/format/render.ts';
import { epochMs } from '../../../common/brands.ts';
import { parseHtml } from '../../../simulators/telegram/html.ts';
import { cascade, collapse, explosion, largeLiquidation, resolved, stackAlert, stored } from '../support/alerts.ts';
import { START_MS } from '../support/clocks.ts';

const NO_NAMES: ReadonlyMap<string, string> = new Map();

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom(
    '<b>',
    '</b>',
    '<a href="x">',
    '&lt;',
    '&',
    '<br/>',
    '\u202egnp.exe',
    '👩‍👩‍👧‍👦'.repeat(30),
    '\ud800',
    '\u0000',
    'null',
    'NaN',
    '1e999',
    '-0',
    'undefined',
  ),
  fc.string({ minLength: 1, maxLength: 3 }).map((text) => text.repeat(40_000)),
);
const NAMES = [
  'summary',
  'description',
  'events',
  'notional_usd',
  'long_events',
  'short_events',
  'venues',
  'symbols',
  'coverage',
  'change_ratio',
  'from_usd',
  'to_usd',
  'confirming',
  'voting',
  'mark_price_usd',
  'price_usd',
  'side',
  'exchange',
  'dashboard_url',
  'window_seconds',
];
const ANNOTATIONS = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 20 })), HOSTILE, {
  maxKeys: 12,
});
const LABELS = fc.dictionary(fc.constantFrom('symbol', 'instance', 'tier', 'severity', 'job', 'alertname2'), HOSTILE, {
  maxKeys: 5,
});

t.test('whatever an alert says, Telegram can read the message, and it stays short', (t) => {
  const builders = [cascade, largeLiquidation, explosion, collapse, stackAlert];
  fc.assert(
    fc.property(fc.nat({ max: 4 }), ANNOTATIONS, LABELS, fc.boolean(), (kind, annotations, labels, isOver) => {
      const alert = (builders[kind] ?? cascade)({ annotations, labels });
      const now = epochMs(START_MS + 20_000);
      const text = renderDelivery(
        {
          id: 1,
          chat: { key: '1', chatId: '1', threadId: undefined },
          phase: isOver ? 'resolved' : 'firing',
          priority: 'high',
          attempts: 0,
          isResend: false,
          acceptedAt: now,
          target: undefined,
          subject: { type: 'alert', alert: stored(isOver ? resolved(alert) : alert) },
        },
        { now, wallNow: now },
        {
          environment: 'staging',
          venueNames: NO_NAMES,
          publicUrls: { grafana: 'https://grafana.example.org', bridge: undefined, alertmanager: undefined },
        },
      );
      const parsed = parseHtml(text.html);
      if (parsed.type === 'refused') throw new Error(parsed.description);
      if (parsed.text.length >= 500) throw new Error(`${parsed.text.length} characters`);
      if (parsed.text.trim() === '') throw new Error('empty');
      const long = parsed.text.split('\n').find((line) => line.length >= 40);
      if (long !== undefined) throw new Error(`a line of ${long.length}: ${long}`);
      if (!parsed.text.isWellFormed()) throw new Error('a broken surrogate pair');
      if (/[\u202a-\u202e\u2066-\u2069]/.test(parsed.text)) throw new Error('a change of direction');
    }),
    { numRuns: 1_500 },
  );
  t.end();
});

t.test('escaping is undone by what Telegram reads', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const parsed = parseHtml(escapeHtml(text));
      return parsed.type === 'text' && parsed.text === text;
    }),
    { numRuns: 1_000 },
  );
  t.end();
});

t.test('text that looks like an entity stays the text it is', (t) => {
  t.same(parseHtml(escapeHtml('&lt;b&gt; &amp; &#60; "x"')), { type: 'text', text: '&lt;b&gt; &amp; &#60; "x"' });
  t.end();
});
