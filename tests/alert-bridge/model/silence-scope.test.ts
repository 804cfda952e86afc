import t from 'tap';
import {
  alertScope,
  covers,
  describeScope,
  parseScope,
  symbolScope,
} from '../../../alert-bridge/model/silence-scope.ts';
import { parseDuration } from '../../../alert-bridge/silences/duration.ts';

t.test('durations are read as people write them', (t) => {
  const table: readonly (readonly [string, number | undefined])[] = [
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['90 min', 5_400_000],
    ['2 hours', 7_200_000],
    ['1d', 86_400_000],
    ['0m', undefined],
    ['30', undefined],
    ['30s', undefined],
    ['soon', undefined],
    ['', undefined],
  ];
  for (const [text, ms] of table) t.equal(parseDuration(text), ms, JSON.stringify(text));
  t.end();
});

t.test('what stands before the duration is a symbol, an alert, or both', (t) => {
  const read = (...words: readonly string[]) => {
    const scope = parseScope(words);
    return scope?.map(({ name, value }) => `${name}=${value}`).join(' ');
  };
  t.equal(read('btc'), 'symbol=BTC');
  t.equal(read('Btc'), 'symbol=BTC', 'a phone that begins with a capital');
  t.equal(read('LiquidationCascade'), 'alertname=LiquidationCascade');
  t.equal(read('eth', 'LiquidationCascade'), 'alertname=LiquidationCascade symbol=ETH');
  t.equal(read(), undefined);
  t.equal(read('BTC', 'ETH'), undefined);
  t.equal(read('FeedDown', 'FeedMute'), undefined);
  t.equal(read('BTC', 'FeedDown', 'x'), undefined);
  t.equal(read('$$'), undefined);
  t.end();
});

t.test('a silence of an alert covers its growth and no other alert', (t) => {
  const labels = { alertname: 'LiquidationCascade', symbol: 'BTC', tier: '1', priority: 'high' };
  const scope = alertScope(labels);
  t.equal(describeScope(scope), 'LiquidationCascade BTC');
  t.ok(covers(scope, { ...labels, tier: '16' }));
  t.notOk(covers(scope, { ...labels, symbol: 'ETH' }));
  t.notOk(covers(scope, { ...labels, alertname: 'LargeLiquidation' }));
  t.ok(covers(symbolScope('BTC'), { alertname: 'LargeLiquidation', symbol: 'BTC' }));
  t.notOk(covers([], labels), 'nothing is no scope for everything');
  t.end();
});
