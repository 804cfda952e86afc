import { readFile } from 'node:fs/promises';
import t from 'tap';
import { renderDelivery } from '../../../alert-bridge/format/render.ts';
import type { Delivery, Phase, StoredAlert, Subject } from '../../../alert-bridge/outbox/delivery.ts';
import { epochMs } from '../../../common/brands.ts';
import { HOLD_MS } from '../../../exporter/windows/window-bounds.ts';
import { cascade, collapse, explosion, largeLiquidation, resolved, stackAlert, stored } from '../support/alerts.ts';
import { START_MS } from '../support/clocks.ts';

const NO_NAMES: ReadonlyMap<string, string> = new Map();

const NO_LINKS = { grafana: undefined, bridge: undefined, alertmanager: undefined };

function delivery(subject: Subject, change: Partial<Delivery> = {}): Delivery {
  return {
    id: 1,
    chat: { key: '1', chatId: '1', threadId: undefined },
    phase: 'firing',
    priority: 'high',
    attempts: 0,
    isResend: false,
    acceptedAt: epochMs(START_MS),
    target: undefined,
    subject,
    ...change,
  };
}

interface Circumstances {
  readonly phase?: Phase;
  readonly afterMs?: number;
  readonly environment?: string;
  readonly venueNames?: ReadonlyMap<string, string>;
  readonly change?: Partial<Delivery>;
}

function lines(
  alert: StoredAlert,
  {
    phase = 'firing',
    afterMs = 1_000,
    environment = 'production',
    venueNames = NO_NAMES,
    change = {},
  }: Circumstances = {},
) {
  const now = epochMs(START_MS + afterMs);
  const subject = { type: 'alert', alert } as const;
  const text = renderDelivery(
    delivery(subject, { phase, ...change }),
    { now, wallNow: now },
    { environment, venueNames, publicUrls: NO_LINKS },
  );
  return text.plain.split('\n');
}

t.test('a venue has the name that the exporter gives it, and until that is known the usual spelling', (t) => {
  const venueNames = new Map([['mercato', 'MerCato']]);
  const alert = (exchange: string) => stored(largeLiquidation({ annotations: { exchange } }));
  t.match(lines(alert('mercato'), { venueNames })[1], 'on MerCato');
  t.match(lines(alert('mercato'))[1], 'on Mercato');
  t.match(lines(alert('okx'))[1], 'on OKX');
  t.match(lines(alert('MerCato'))[1], 'on MerCato', 'a name that somebody has spelt out stays');
  const line = lines(stored(cascade({ annotations: { venues: 'mercato=600000,okx=400000' } })), { venueNames });
  t.ok(
    line.some((text) => text.includes('MerCato') && text.includes('OKX')),
    line.join('\n'),
  );
  t.end();
});

t.test('a cascade begins with the five lines of the contract', (t) => {
  t.same(lines(stored(cascade())).slice(0, 5), [
    '🚨 BTC LIQUIDATION CASCADE',
    '⚡ 7 liquidations in 30 seconds',
    '💰 Total: $1.2M liquidated',
    '📉 5 longs, 2 shorts',
    '⚠️ Potential price impact expected',
  ]);
  t.end();
});

t.test('an explosion of open interest begins with the five lines of the contract', (t) => {
  t.same(lines(stored(explosion())).slice(0, 5), [
    '🚨 BTC OI EXPLOSION',
    '📈 +18% increase in 15 minutes',
    '💰 $2.1B → $2.5B (+$400M)',
    '🏦 3/3 exchanges confirming',
    '⚡ Institutional positioning detected',
  ]);
  t.end();
});

t.test('a collapse mirrors the explosion', (t) => {
  t.same(lines(stored(collapse())).slice(0, 5), [
    '📉 BTC OI COLLAPSE',
    '📉 -18% decrease in 15 minutes',
    '💰 $2.5B → $2.1B (-$400M)',
    '🏦 3/3 exchanges confirming',
    '⚡ Institutional unwinding detected',
  ]);
  t.end();
});

t.test('a large liquidation says size, side, price and venue in one line', (t) => {
  t.same(lines(stored(largeLiquidation())), ['🔥 BTC LARGE LIQUIDATION', '💰 $150K long at $82,500 on Bybit']);
  t.end();
});

t.test('a higher tier adds its size to the first line', (t) => {
  t.equal(lines(stored(cascade({ labels: { tier: '4' } })))[0], '🚨🚨 BTC LIQUIDATION CASCADE ×4');
  t.equal(lines(stored(cascade({ labels: { tier: '64' } })))[0], '🚨🚨🚨🚨 BTC LIQUIDATION CASCADE ×64');
  t.equal(lines(stored(largeLiquidation({ labels: { tier: '16' } })))[0], '🔥🔥🔥 BTC LARGE LIQUIDATION ×16');
  t.end();
});

t.test('context follows the fixed lines: coverage, venues, largest, price', (t) => {
  const annotations = {
    coverage: 'Binance sampled, Bybit silent 40 s',
    mark_price_usd: '82500',
    price_change_1m_ratio: '-0.012',
    price_change_15m_ratio: '-0.034',
    open_interest_ratio: '0.0123',
  };
  t.same(lines(stored(cascade({ annotations }))).slice(5), [
    'ℹ️ ≥ 7: Binance sampled,',
    'Bybit silent 40 s',
    '🏦 Binance $600K, Bybit $400K,',
    'OKX $200K',
    '🔥 Largest $400K',
    '💵 $82,500 · -1.2% 1m · -3.4% 15m',
    '📊 1.2% of open interest',
  ]);
  t.end();
});

t.test('a market-wide cascade names the symbols with most, and whose the largest single one is', (t) => {
  const alert = cascade({
    labels: { alertname: 'MarketWideCascade', symbol: '' },
    annotations: { symbols: 'BTC=900000,ETH=300000', largest_usd: '250000', largest_symbol: 'SOL' },
  });
  const text = lines(stored(alert));
  t.equal(text[0], '🚨 MARKET-WIDE CASCADE');
  t.ok(text.includes('🪙 BTC $900K, ETH $300K'));
  t.ok(text.includes('🔥 Largest $250K SOL'));
  t.end();
});

t.test('missing or broken figures leave their line out', (t) => {
  const blank = {
    events: '',
    notional_usd: 'NaN',
    long_events: 'Infinity',
    short_events: '<no value>',
    venues: 'x',
    largest_usd: '-',
  };
  t.same(lines(stored(cascade({ annotations: blank }))), [
    '🚨 BTC LIQUIDATION CASCADE',
    '⚠️ Potential price impact expected',
  ]);
  const none = { change_ratio: '', from_usd: '', to_usd: '+Inf', confirming: '', voting: '' };
  t.same(lines(stored(explosion({ annotations: none }))), [
    '🚨 BTC OI EXPLOSION',
    '⚡ Institutional positioning detected',
  ]);
  const bare = { notional_usd: '', side: 'sell', exchange: '', price_usd: '0' };
  t.same(lines(stored(largeLiquidation({ annotations: bare }))), ['🔥 BTC LARGE LIQUIDATION']);
  t.end();
});

t.test('one of a thing is told in the singular', (t) => {
  const text = lines(stored(cascade({ annotations: { events: '1', long_events: '1', short_events: '0' } })));
  t.equal(text[1], '⚡ 1 liquidation in 30 seconds');
  t.equal(text[3], '📉 1 long, 0 shorts');
  t.end();
});

t.test('lateness is told past its bound and not before', (t) => {
  const late = (alert: StoredAlert, afterMs: number) => lines(alert, { afterMs }).find((line) => line.startsWith('⏱'));
  t.equal(late(stored(cascade()), 14_000), undefined);
  t.equal(late(stored(cascade()), 42_000), '⏱ 42 s late');
  t.equal(late(stored(explosion()), 59_000), undefined);
  t.equal(late(stored(explosion()), 90_000), '⏱ 90 s late');
  t.equal(late(stored(stackAlert()), 900_000), undefined);
  t.end();
});

t.test('an edit keeps the lateness of the first telling', (t) => {
  const target = { messageId: 5, notifiedAt: epochMs(START_MS + 3_000), isReplaced: false };
  const text = lines(stored(cascade()), { phase: 'update', afterMs: 300_000, change: { target } });
  t.notOk(text.some((line) => line.includes('late')));
  t.end();
});

t.test('a message sent again after a crash says so', (t) => {
  t.ok(lines(stored(cascade()), { change: { isResend: true } }).includes('🔁 Sent again after a restart'));
  t.end();
});

t.test('an end state tells the peak, the split, how long it lasted and the venues', (t) => {
  // The alert stands for 70 s after the cascade.
  const alert = stored(resolved(cascade(), START_MS + 170_000), {
    peak: { ...cascade().annotations, events: '12', notional_usd: '2400000' },
  });
  t.same(lines(alert, { phase: 'resolved' }), [
    '✅ BTC LIQUIDATION CASCADE ended',
    '⚡ 12 liquidations in 30 seconds',
    '💰 Total: $2.4M liquidated',
    '📉 5 longs, 2 shorts',
    '⏱ Lasted 1 min 40 s',
    '🏦 Binance $600K, Bybit $400K,',
    'OKX $200K',
  ]);
  t.end();
});

t.test('an end state with totals tells the whole and the peak apart', (t) => {
  const now = epochMs(START_MS + 1_000);
  const alert = stored(resolved(cascade({ labels: { tier: '4' } }), START_MS + 100_000));
  const totals = { longUsd: 3_000_000, shortUsd: 1_100_000, longEvents: 21, shortEvents: 9 };
  const settings = { environment: 'production', venueNames: NO_NAMES, publicUrls: NO_LINKS };
  const text = renderDelivery(
    delivery({ type: 'alert', alert }, { phase: 'resolved' }),
    { now, wallNow: now },
    settings,
    totals,
  );
  t.same(text.plain.split('\n').slice(0, 5), [
    '✅ BTC LIQUIDATION CASCADE ×4 ended',
    '💰 In all: $4.1M',
    '📉 21 longs, 9 shorts',
    '⚡ Peak: 7 in 30 s, $1.2M',
    '⏱ Lasted 30 s',
  ]);
  t.end();
});

t.test('each kind has its end state', (t) => {
  const first = (alert: StoredAlert) => lines(alert, { phase: 'resolved' })[0];
  t.equal(first(stored(resolved(explosion()))), '✅ BTC OI EXPLOSION ended');
  t.equal(first(stored(resolved(collapse()))), '✅ BTC OI COLLAPSE ended');
  t.equal(first(stored(resolved(largeLiquidation()))), '✅ BTC LARGE LIQUIDATION ended');
  t.equal(first(stored(resolved(stackAlert()))), '✅ FeedDown resolved');
  t.equal(
    first(stored(resolved(cascade({ labels: { alertname: 'MarketWideCascade', symbol: '' } })))),
    '✅ MARKET-WIDE CASCADE ended',
  );
  t.end();
});

t.test('any other alert tells what it says of itself', (t) => {
  t.same(lines(stored(stackAlert())), [
    '🟠 FeedDown',
    'OKX liquidations are down',
    'No connection for 60 s.',
    '🏷 exchange=okx feed=liquidations',
    '🕐 since 12:00 UTC',
  ]);
  t.end();
});

t.test('the usual environment is no label worth reading, another one is where it does not stand above', (t) => {
  const isTold = (environment: string, category: string) =>
    lines(stored(stackAlert({ labels: { environment, category } })), { environment })
      .join(' ')
      .includes(`environment=${environment}`);

  t.notOk(isTold('production', 'stack'));
  t.notOk(isTold('staging', 'stack'), 'it is the first line');
  t.ok(isTold('staging', 'other'));
  t.end();
});

t.test('a stack alert names an environment that is not production', (t) => {
  t.equal(lines(stored(stackAlert()), { environment: 'staging' })[0], '🧪 staging');
  t.equal(lines(stored(cascade()), { environment: 'staging' })[0], '🚨 BTC LIQUIDATION CASCADE');
  t.end();
});

t.test('the mark of a generic alert follows its severity', (t) => {
  const mark = (severity: string, priority = 'medium') =>
    lines(stored(stackAlert({ labels: { severity, priority } })))[0]?.split(' ')[0];
  t.equal(mark('critical'), '🔴');
  t.equal(mark('info'), '🔵');
  t.equal(mark('warning'), '🟠');
  const { severity: _severity, ...labels } = stackAlert({ labels: { priority: 'high' } }).labels;
  t.equal(lines({ ...stored(stackAlert({ labels: { priority: 'high' } })), labels })[0], '🔴 FeedDown');
  t.end();
});

t.test('an alert without summary shows its other annotations', (t) => {
  const alert = stored({ ...stackAlert(), annotations: { value: '42', measureUnit: 'kb' } });
  t.ok(lines(alert).includes('value: 42'));
  t.end();
});

t.test('a digest tells how many, which, the largest, since when and why', (t) => {
  const now = epochMs(START_MS + 600_000);
  const digest = {
    since: epochMs(START_MS),
    total: 13,
    unconfirmed: 1,
    bySubject: [
      ['BTC', 5],
      ['ETH', 4],
      ['SOL', 2],
      ['A', 1],
      ['B', 1],
      ['C', 1],
      ['D', 1],
    ],
    byReason: [
      ['quota', 8],
      ['late', 4],
      ['timeout', 1],
    ],
    largest: { subject: 'BTC', name: 'LargeLiquidation', notionalUsd: 3_200_000 },
  } as const;
  const text = renderDelivery(
    delivery({ type: 'digest', digest }, { phase: 'digest' }),
    { now, wallNow: now },
    { environment: 'production', venueNames: NO_NAMES, publicUrls: NO_LINKS },
  );
  t.same(text.plain.split('\n'), [
    '🗂 DIGEST: 12 alerts held back',
    'since 12:00 UTC',
    '🪙 BTC 5, ETH 4, SOL 2, A 1, B 1, C 1',
    'and 1 more',
    '💰 Largest: $3.2M BTC LargeLiquidation',
    '8 over the hourly limit',
    '4 too old on arrival',
    '❔ 1 message may not have arrived',
  ]);
  t.end();
});

t.test('a notice is shown as it was written', (t) => {
  const now = epochMs(START_MS);
  const text = renderDelivery(
    delivery({ type: 'notice', text: '⚠️ first\nsecond' }, { isResend: true }),
    { now, wallNow: now },
    { environment: 'production', venueNames: NO_NAMES, publicUrls: NO_LINKS },
  );
  t.equal(text.plain, '⚠️ first\nsecond\n🔁 Sent again after a restart');
  t.end();
});

t.test('links lead only to public addresses, and to the time of the alert', (t) => {
  const now = epochMs(START_MS);
  const linkOf = (dashboard: string, grafana: string | undefined) => {
    const alert = stored(cascade({ annotations: { dashboard_url: dashboard } }));
    const publicUrls = { grafana, bridge: undefined, alertmanager: undefined };
    const { html } = renderDelivery(
      delivery({ type: 'alert', alert }),
      { now, wallNow: now },
      { environment: 'production', venueNames: NO_NAMES, publicUrls },
    );
    return /href="([^"]*)"/.exec(html)?.[1];
  };
  // Half an hour before and after its start.
  const around = `from=${START_MS - 1_800_000}&amp;to=${START_MS + 1_800_000}`;
  t.equal(linkOf('http://localhost:3000/d/x', undefined), undefined);
  t.equal(
    linkOf('http://localhost:3000/d/x?a=1', 'https://grafana.example.org'),
    `https://grafana.example.org/d/x?a=1&amp;${around}`,
  );
  t.equal(linkOf('/d/x', 'https://example.org/grafana'), `https://example.org/grafana/d/x?${around}`);
  t.equal(
    linkOf('https://grafana.example.org/d/y', 'https://grafana.example.org'),
    `https://grafana.example.org/d/y?${around}`,
  );
  t.equal(linkOf('/d/x?from=now-3h', 'https://g.example.org'), 'https://g.example.org/d/x?from=now-3h');
  t.equal(linkOf('/explore', 'https://g.example.org'), 'https://g.example.org/explore');
  t.equal(linkOf('javascript:alert(1)', 'https://grafana.example.org'), 'https://grafana.example.org');
  t.equal(linkOf('http://[broken', 'https://grafana.example.org'), 'https://grafana.example.org');
  t.equal(linkOf('', 'https://grafana.example.org'), 'https://grafana.example.org');
  t.end();
});

t.test('a cascade of one window is over within its 30 seconds, however long its alert stands', (t) => {
  const alert = stored(resolved(cascade(), START_MS + 70_500));

  t.ok(lines(alert, { phase: 'resolved' }).includes('⏱ Over within 30 seconds'));
  t.end();
});

t.test('how long an alert lingers is what the exporter and the rules make it', async (t) => {
  const rules = await readFile(new URL('../../../prometheus/rules/liquidations.yml', import.meta.url), 'utf8');
  const [, rule = ''] = rules.split('- alert: LiquidationCascade');

  t.match(rule, /keep_firing_for: 60s/);
  t.equal(HOLD_MS, 10_000);
});
