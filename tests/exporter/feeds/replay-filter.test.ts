import t from 'tap';
import { canonicalSymbol, epochMs, usd } from '../../../common/brands.ts';
import type { Liquidation } from '../../../exporter/events.ts';
import { ReplayFilter } from '../../../exporter/feeds/replay-filter.ts';

const START = 1_790_000_000_000;

function liquidation(eventTime: number, notional = 1_000): Liquidation {
  return {
    type: 'liquidation',
    exchange: 'okx',
    instrumentId: 'BTC-USDT-SWAP',
    symbol: canonicalSymbol('BTC'),
    liquidatedSide: 'long',
    priceUsd: usd(80_000),
    notionalUsd: usd(notional),
    eventTime: epochMs(eventTime),
    receiveTime: epochMs(eventTime),
  };
}

function message(...events: readonly Liquidation[]) {
  return { events, rejects: [], sentTime: undefined };
}

t.test('trap 9: drops what is older than the connection, as not yet seen as it may be', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const witness = filter.witness(epochMs(START));

  const { events, rejects } = filter.filter(
    message(liquidation(START - 10_001), liquidation(START - 10_000)),
    witness,
    false,
  );
  t.same(
    events.map((event) => event.type === 'liquidation' && event.eventTime),
    [START - 10_000],
  );
  t.same(
    rejects.map(({ reason }) => reason),
    ['replayed'],
  );
});

t.test('trap 9: measures age on the venue’s clock', async (t) => {
  for (const offsetMs of [-60_000, 60_000]) {
    const filter = new ReplayFilter(true, () => offsetMs);
    const witness = filter.witness(epochMs(START));
    const fresh = liquidation(START - offsetMs + 100);
    const stale = liquidation(START - offsetMs - 30_000);

    t.same(filter.filter(message(fresh, stale), witness, false).events, [fresh], `offset ${offsetMs}`);
  }
});

t.test('is tolerant of a minute while the venue’s clock is not known', async (t) => {
  const filter = new ReplayFilter(true, () => undefined);
  const witness = filter.witness(epochMs(START));
  t.equal(filter.filter(message(liquidation(START - 60_000)), witness, false).events.length, 1);
  t.equal(filter.filter(message(liquidation(START - 121_000)), witness, false).events.length, 0);
});

t.test('trap 9: lets late and unordered events of a long connection pass', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const witness = filter.witness(epochMs(START));
  const events = [900_000, 420_000, 421_000].map((age) => liquidation(START + age));
  t.same(filter.filter(message(...events), witness, false).events, events);
});

t.test('trap 16: counts identical liquidations of one connection one by one', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const witness = filter.witness(epochMs(START));
  const twin = liquidation(START + 5);
  t.equal(filter.filter(message(twin, twin), witness, false).events.length, 2);
  t.equal(filter.filter(message(twin), witness, false).events.length, 1);
});

t.test('drops on a second connection what the first one told, and no more than that', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const first = filter.witness(epochMs(START));
  const twin = liquidation(START + 5);
  filter.filter(message(twin, twin), first, false);

  const second = filter.witness(epochMs(START + 1_000));
  const { events, rejects } = filter.filter(message(twin, twin, twin), second, false);
  t.equal(events.length, 1);
  t.same(
    rejects.map(({ reason }) => reason),
    ['replayed', 'replayed'],
  );
});

t.test('compares overlapping connections of a venue that does not replay, and trusts a single one', async (t) => {
  const filter = new ReplayFilter(false, () => 0);
  const [old, fresh] = [filter.witness(epochMs(START)), filter.witness(epochMs(START))];
  const event = liquidation(START - 500_000);

  t.equal(filter.filter(message(event), old, true).events.length, 1, 'age is no matter here');
  t.equal(filter.filter(message(event), fresh, true).events.length, 0);
  t.equal(filter.filter(message(event), fresh, false).events.length, 1);
});

t.test('remembers a bounded number of events', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const witness = filter.witness(epochMs(START));
  for (let index = 0; index < 10_001; index += 1) filter.filter(message(liquidation(START + index)), witness, false);
  t.equal(witness.told.size, 10_000);
});
