import t from 'tap';
import { epochMs } from '../../../common/brands.ts';
import { at, EventColumns, type EventView } from '../../../exporter/windows/event-columns.ts';
import { VenueSides } from '../../../exporter/windows/venue-sides.ts';
import { START, seededRandom } from './liquidations.ts';

const SIDES = new VenueSides(['binance', 'bybit', 'okx']);

function put(columns: EventColumns, time: number, arrival: number, amount = 0): void {
  columns.append({ time: START + time, arrival: START + arrival, amount, extra: amount * 2, code: amount % 6 });
}

function rows(view: EventView): readonly (readonly [time: number, amount: number])[] {
  return Array.from({ length: view.end - view.start }, (_, offset) => {
    const index = view.start + offset;
    t.equal(at(view.extras, index), at(view.amounts, index) * 2, 'columns stay together');
    t.equal(view.codes[index], at(view.amounts, index) % 6, 'columns stay together');
    return [at(view.times, index) - START, at(view.amounts, index)];
  });
}

t.test('shows arrivals without order in order of event time, equal times in order of arrival', (t) => {
  const columns = new EventColumns(100, SIDES);
  const times = [5, 9, 7, 7, 1, 9, 12, 3];
  for (const [index, time] of times.entries()) put(columns, time, 12, index);
  t.same(rows(columns.view(epochMs(START + 12))), [
    [1, 4],
    [3, 7],
    [5, 0],
    [7, 2],
    [7, 3],
    [9, 1],
    [9, 5],
    [12, 6],
  ]);
  t.end();
});

t.test('keeps order through any mix of arrivals and readings', (t) => {
  const random = seededRandom(7);
  const columns = new EventColumns(100_000, SIDES);
  let expected: (readonly [number, number])[] = [];
  for (let index = 0; index < 3_000; index++) {
    const arrival = index * 30;
    const time = arrival - Math.floor(random() * 10_000);
    put(columns, time, arrival, index);
    expected.push([time, index]);
    if (random() < 0.01) columns.view(epochMs(START + arrival));
  }
  const now = 2_999 * 30;
  expected = expected
    .filter(([time]) => time > now - 50_000)
    .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  t.same(rows(columns.view(epochMs(START + now))), expected);
  t.end();
});

t.test('forgets an event when it is 50 seconds old, not a millisecond before', (t) => {
  const columns = new EventColumns(10, SIDES);
  put(columns, 0, 0);
  put(columns, 1, 1, 1);
  t.same(rows(columns.view(epochMs(START + 49_999))), [
    [0, 0],
    [1, 1],
  ]);
  t.same(rows(columns.view(epochMs(START + 50_000))), [[1, 1]]);
  t.same(rows(columns.view(epochMs(START + 50_001))), []);
  t.end();
});

t.test('drops the oldest beyond its bound and counts them', (t) => {
  const columns = new EventColumns(100, SIDES);
  for (let index = 0; index < 1_000; index++) put(columns, index, index, index);
  t.equal(columns.size, 100);
  t.equal(columns.dropped, 900);
  t.same(rows(columns.view(epochMs(START + 1_000)))[0], [900, 900]);
  t.end();
});

t.test('drops in order of event time also when everything arrives backwards', (t) => {
  const columns = new EventColumns(3, SIDES);
  for (let index = 0; index < 6; index++) put(columns, 100 - index, 100, index);
  t.equal(columns.size, 3);
  t.equal(columns.dropped, 3);
  columns.view(epochMs(START + 100));
  for (let index = 0; index < 4; index++) put(columns, 200 - index, 200, index);
  t.equal(columns.size, 3);
  t.end();
});

t.test('takes a burst of 50,000 events without order whole, unread', (t) => {
  const random = seededRandom(1);
  const columns = new EventColumns(2 ** 18, SIDES);
  for (let index = 0; index < 50_000; index++) put(columns, Math.floor(random() * 1_000), 1_000, index);
  const shown = columns.view(epochMs(START + 1_000));
  t.equal(shown.end - shown.start, 50_000);
  t.equal(columns.dropped, 0);
  let isOrdered = true;
  for (let index = shown.start + 1; index < shown.end; index++) {
    isOrdered &&= at(shown.times, index - 1) <= at(shown.times, index);
  }
  t.ok(isOrdered);
  t.end();
});

t.test('is bounded by time also when nobody reads', (t) => {
  const columns = new EventColumns(2 ** 18, SIDES);
  for (let index = 0; index < 200_000; index++) put(columns, index * 100, index * 100);
  t.ok(columns.byteLength < 100_000, `${columns.byteLength} bytes for 450 events`);
  t.end();
});

t.test('gives memory back when a storm has passed', (t) => {
  const columns = new EventColumns(2 ** 18, SIDES);
  const before = columns.byteLength;
  for (let index = 0; index < 100_000; index++) put(columns, 0, 0);
  t.ok(columns.byteLength > 3_000_000);
  columns.view(epochMs(START + 60_000));
  t.equal(columns.byteLength, before);
  t.end();
});

t.test('an index outside of the columns is an error, not a number', (t) => {
  t.throws(() => at(new Float64Array(1), 1), /no event at 1/);
  t.end();
});
