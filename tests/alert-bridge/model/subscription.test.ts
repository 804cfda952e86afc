import t from 'tap';
import { type Alert, describeAlert } from '../../../alert-bridge/model/alert.ts';
import { parseQuietHours } from '../../../alert-bridge/model/quiet-hours.ts';
import { EVERYTHING, judgeSubscription, type Subscription } from '../../../alert-bridge/model/subscription.ts';
import { subscribe, unsubscribe } from '../../../alert-bridge/subscriptions/change.ts';
import { describeSubscription } from '../../../alert-bridge/subscriptions/describe.ts';
import { cascade, collapse, largeLiquidation, stackAlert } from '../support/alerts.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const wants = (change: Partial<Subscription>): Subscription => ({ ...EVERYTHING, ...change });
const judge = (change: Partial<Subscription>, alert: Alert, wallMs = NOON) =>
  judgeSubscription(wants(change), describeAlert(alert), wallMs);
const LOUD = { type: 'wanted', isSilent: false };
const FILTERED = { type: 'filtered', reason: 'not_subscribed' };
const low = largeLiquidation({ labels: { priority: 'low' } });

t.test('symbols, types and the lowest priority filter, and nothing else does', (t) => {
  t.same(judge({}, low), LOUD);
  t.same(judge({ symbols: ['BTC'] }, cascade()), LOUD);
  t.same(judge({ symbols: ['ETH'] }, cascade()), FILTERED);
  t.same(judge({ symbols: ['ETH'] }, stackAlert()), LOUD, 'an alert without a symbol');
  t.same(judge({ exceptSymbols: ['BTC'] }, cascade()), FILTERED);
  t.same(judge({ types: ['oi'] }, collapse()), LOUD);
  t.same(judge({ types: ['oi', 'large'] }, cascade()), FILTERED);
  t.same(judge({ lowestPriority: 'medium' }, largeLiquidation()), LOUD);
  t.same(judge({ lowestPriority: 'medium' }, low), FILTERED);
  t.same(judge({ lowestPriority: 'high' }, largeLiquidation()), FILTERED);
  t.same(judge({ isPaused: true }, cascade()), { type: 'filtered', reason: 'paused' });
  t.end();
});

t.test('in quiet hours high rings, medium comes silently, low waits for their end; all holds everything', (t) => {
  const quiet = parseQuietHours('11:00-13:00 UTC');
  const all = parseQuietHours('11:00-13:00 UTC all');
  const held = { type: 'held', delayMs: 3_600_000 };
  t.same(judge({ quiet }, cascade()), LOUD);
  t.same(judge({ quiet }, largeLiquidation()), { type: 'wanted', isSilent: true });
  t.same(judge({ quiet }, low), held);
  t.same(judge({ quiet: all }, cascade()), held);
  t.same(judge({ quiet }, low, NOON + 3_600_000), LOUD, 'after them');
  t.end();
});

function after(change: typeof subscribe, before: Partial<Subscription>, words: string): Partial<Subscription> | string {
  const result = change(wants(before), words.split(' ').filter(Boolean));
  return result.type === 'changed' ? result.subscription : result.problem;
}

t.test('a wish in words changes what it names', (t) => {
  t.match(after(subscribe, {}, 'btc eth'), { symbols: ['BTC', 'ETH'], types: undefined });
  t.match(after(subscribe, { symbols: ['BTC'] }, 'sol'), { symbols: ['BTC', 'SOL'] });
  t.match(after(subscribe, {}, 'cascades OI high'), {
    types: ['cascade', 'oi'],
    lowestPriority: 'high',
    symbols: undefined,
  });
  t.match(after(subscribe, { exceptSymbols: ['SOL'] }, 'sol'), { exceptSymbols: [], symbols: undefined });
  t.match(after(subscribe, { isPaused: true, symbols: ['BTC'] }, ''), { isPaused: false, symbols: ['BTC'] });
  t.match(after(subscribe, { symbols: ['BTC'], lowestPriority: 'high' }, 'all'), {
    symbols: undefined,
    lowestPriority: 'low',
  });
  t.match(after(subscribe, {}, 'BTC $$$'), /"\$\$\$" is no symbol/);
  t.match(after(unsubscribe, {}, ''), { isPaused: true });
  t.match(after(unsubscribe, {}, 'sol'), { symbols: undefined, exceptSymbols: ['SOL'] });
  t.match(after(unsubscribe, { symbols: ['BTC', 'SOL'] }, 'sol'), { symbols: ['BTC'], exceptSymbols: [] });
  t.match(after(unsubscribe, {}, 'large'), { types: ['cascade', 'market', 'oi', 'stack', 'other'] });
  t.match(after(unsubscribe, { symbols: ['SOL'] }, 'sol'), /would leave nothing/);
  t.match(after(unsubscribe, {}, 'low'), /\/subscribe low/);
  t.match(after(unsubscribe, {}, '<b>'), /is no symbol/);
  t.match(
    after(subscribe, {}, Array.from({ length: 201 }, (_, index) => `S${index}`).join(' ')),
    /200 symbols at most/,
  );
  t.end();
});

t.test('a subscription is told in lines', (t) => {
  const quiet = parseQuietHours('22:00-07:00 Europe/Berlin');
  const lines = describeSubscription(
    wants({ symbols: ['BTC'], exceptSymbols: ['SOL'], types: ['oi'], lowestPriority: 'medium', quiet, isPaused: true }),
  );
  t.same(lines, [
    '⏸ paused: nothing is sent',
    'symbols: BTC but SOL',
    'types: oi',
    'priority: medium and above',
    'quiet: 22:00-07:00 Europe/Berlin',
  ]);
  t.same(describeSubscription(EVERYTHING), ['symbols: all', 'types: all', 'priority: all', 'quiet: never']);
  t.end();
});
