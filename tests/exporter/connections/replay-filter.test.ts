import t from 'tap';
import { canonicalSymbol, epochMs, usd } from '../../../common/brands.ts';
import { ReplayFilter } from '../../../exporter/connections/replay-filter.ts';
import type { Liquidation } from '../../../exporter/events.ts';

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
  const session = filter.addSession(epochMs(START));

  const { events, rejects } = filter.filter(
    message(liquidation(START - 10_001), liquidation(START - 10_000)),
    session,
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
    const session = filter.addSession(epochMs(START));
    const fresh = liquidation(START - offsetMs + 100);
    const stale = liquidation(START - offsetMs - 30_000);

    t.same(filter.filter(message(fresh, stale), session, false).events, [fresh], `offset ${offsetMs}`);
  }
});

t.test('is tolerant of a minute while the venue’s clock is not known', async (t) => {
  const filter = new ReplayFilter(true, () => undefined);
  const session = filter.addSession(epochMs(START));
  t.equal(filter.filter(message(liquidation(START - 60_000)), session, false).events.length, 1);
  t.equal(filter.filter(message(liquidation(START - 121_000)), session, false).events.length, 0);
});

t.test('trap 9: lets late and unordered events of a long connection pass', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const session = filter.addSession(epochMs(START));
  const events = [900_000, 420_000, 421_000].map((age) => liquidation(START + age));
  t.same(filter.filter(message(...events), session, false).events, events);
});

t.test('trap 16: counts identical liquidations of one connection one by one', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const session = filter.addSession(epochMs(START));
  const twin = liquidation(START + 5);
  t.equal(filter.filter(message(twin, twin), session, false).events.length, 2);
  t.equal(filter.filter(message(twin), session, false).events.length, 1);
});

t.test('drops on a second connection what the first one told, and no more than that', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const first = filter.addSession(epochMs(START));
  const twin = liquidation(START + 5);
  filter.filter(message(twin, twin), first, false);

  const second = filter.addSession(epochMs(START + 1_000));
  const { events, rejects } = filter.filter(message(twin, twin, twin), second, false);
  t.equal(events.length, 1);
  t.same(
    rejects.map(({ reason }) => reason),
    ['replayed', 'replayed'],
  );
});

t.test('compares overlapping connections of a venue that does not replay, and trusts a single one', async (t) => {
  const filter = new ReplayFilter(false, () => 0);
  const [old, fresh] = [filter.addSession(epochMs(START)), filter.addSession(epochMs(START))];
  const event = liquidation(START - 500_000);

  t.equal(filter.filter(message(event), old, true).events.length, 1, 'age is no matter here');
  t.equal(filter.filter(message(event), fresh, true).events.length, 0);
  t.equal(filter.filter(message(event), fresh, false).events.length, 1);
});

t.test('counts identical liquidations of overlapping connections by the one that told most', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const [first, second, third] = [1, 2, 3].map((after) => filter.addSession(epochMs(START + after)));
  const twin = liquidation(START + 5_000);
  const told = (session = first) => (session ? filter.filter(message(twin), session, true).events.length : 0);

  t.same([told(first), told(second), told(second), told(first), told(first), told(third)], [1, 0, 1, 0, 1, 0]);
});

t.test('takes for the same only what is alike in contract, side, time, price and value', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const first = filter.addSession(epochMs(START));
  const second = filter.addSession(epochMs(START));
  const event = liquidation(START + 5_000);
  filter.filter(message(event), first, false);

  const others: readonly Liquidation[] = [
    { ...event, instrumentId: 'BTC-USD-SWAP' },
    { ...event, liquidatedSide: 'short' },
    { ...event, eventTime: epochMs(START + 4_999) },
    { ...event, priceUsd: usd(80_001) },
    { ...event, notionalUsd: usd(1_001) },
  ];
  t.same(filter.filter(message(...others, event), second, false).events, others);
});

t.test('finds a replayed event again behind thousands of newer ones', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const first = filter.addSession(epochMs(START));
  const events = Array.from({ length: 3_000 }, (_, index) => liquidation(START + index));
  for (const event of events) filter.filter(message(event), first, false);

  const second = filter.addSession(epochMs(START));
  t.same(filter.filter(message(...events), second, false).events, []);
  const fresh = liquidation(START + 3_000);
  t.same(filter.filter(message(fresh), second, false).events, [fresh]);
  t.same(filter.filter(message(fresh), first, false).events, [], 'and the other way round');
});

t.test('finds what another connection told also after it has been overtaken', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const [old, fresh] = [liquidation(START), liquidation(START + 1)];
  filter.filter(message(old), filter.addSession(epochMs(START)), true);

  const second = filter.addSession(epochMs(START));
  t.same(filter.filter(message(fresh, old), second, true).events, [fresh]);
});

t.test('remembers a bounded number of events, the latest', async (t) => {
  const filter = new ReplayFilter(true, () => 0);
  const session = filter.addSession(epochMs(START));
  for (let index = 0; index < 20_001; index += 1) filter.filter(message(liquidation(START + index)), session, false);
  t.equal(filter.remembered, 20_000);

  const second = filter.addSession(epochMs(START));
  const [forgotten, remembered] = [liquidation(START), liquidation(START + 1)];
  t.same(filter.filter(message(remembered, forgotten), second, false).events, [forgotten]);
});
