import t from 'tap';
import type { CatalogueStatus } from '../../../exporter/catalogue/catalogue-refresher.ts';
import type { PriceDeviation, PriceFinding } from '../../../exporter/catalogue/price-check.ts';
import { describeHealth, isReady } from '../../../exporter/http/health.ts';
import { contract } from '../../fixtures/frames/contracts.ts';
import { ALL_FEEDS, feedStatus } from '../metrics/metrics-stand.ts';

const blind: CatalogueStatus = { exchange: 'okx', contracts: 0, missing: ['SWAP'], problem: 'no list of contracts' };

function healthOf(feeds = ALL_FEEDS, verdicts: readonly PriceDeviation[] = []) {
  return describeHealth({
    feeds: () => feeds,
    catalogues: () => [blind],
    verdicts: () => verdicts,
    unlisted: () => ['BTTC'],
    existingServiceError: () => 'no answer',
    uptimeSeconds: () => 12.6,
  });
}

function verdict(finding: PriceFinding, name: string): PriceDeviation {
  return { instrument: contract('bybit', name, 'PEPE'), finding, priceUsd: 2, othersUsd: 1 };
}

t.test('says how many feeds are connected in one word, and everything of each', async (t) => {
  const down = feedStatus('okx', 'liquidations', { connected: false, lastMessageAt: undefined, lastError: 'mute' });

  t.match(healthOf(), { status: 'ok', uptimeSeconds: 13, catalogues: [blind] });
  t.match(healthOf(), { unlistedSymbols: ['BTTC'], existingServiceError: 'no answer' });
  t.equal(healthOf([...ALL_FEEDS, down]).status, 'degraded');
  t.equal(healthOf([down]).status, 'down');
  t.match(healthOf([down]).feeds, [{ connected: false, lastMessageAt: undefined, lastError: 'mute' }]);
  t.match(healthOf().feeds[0]?.lastMessageAt, /^\d{4}-.*Z$/);
});

t.test('names the gravest verdicts first, fifty at most, and counts all', async (t) => {
  const many = Array.from({ length: 60 }, (_, index) => verdict('unchecked', `C${index}`));
  const { priceCheck } = healthOf(ALL_FEEDS, [...many, verdict('differs', 'D'), verdict('excluded', 'E')]);

  t.same(priceCheck.counts, { excluded: 1, differs: 1, unreviewed: 0, unchecked: 60 });
  t.equal(priceCheck.contracts.length, 50);
  t.same(priceCheck.contracts[0], {
    finding: 'excluded',
    exchange: 'bybit',
    contract: 'E',
    symbol: 'PEPE',
    priceUsd: 2,
    othersUsd: 1,
  });
  t.equal(priceCheck.contracts[1]?.finding, 'differs');
});

t.test('is ready as soon as the liquidations of one venue are heard', async (t) => {
  t.notOk(isReady([feedStatus('okx', 'open_interest'), feedStatus('okx', 'liquidations', { connected: false })]));
  t.ok(isReady([feedStatus('okx', 'liquidations'), feedStatus('bybit', 'liquidations', { connected: false })]));
});
