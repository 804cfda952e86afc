import t from 'tap';
import { epochMs } from '../../../common/brands.ts';
import type { Exchange } from '../../../exporter/events.ts';
import { ClockOffsets } from '../../../exporter/windows/clock-offset.ts';
import { START } from './liquidations.ts';

const time = (at: number) => epochMs(START + at);

/** A venue's messages, one a second, sent `aheadMs` before our clock says so and then underway for a while. */
function hear(offsets: ClockOffsets, exchange: Exchange, aheadMs: number, from: number, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    const at = from + second * 1_000;
    const tripMs = [120, 45, 45, 300, 5_000][second % 5] ?? 0;
    offsets.sample(exchange, time(at - aheadMs - tripMs), time(at));
  }
}

for (const hostErrorMs of [-60_000, 0, 60_000]) {
  t.test(`finds a host clock that is ${hostErrorMs / 1_000} s off, to the fastest trip`, (t) => {
    const offsets = new ClockOffsets();
    hear(offsets, 'bybit', hostErrorMs, 0, 30);
    t.equal(offsets.offsetMs('bybit', time(30_000)), hostErrorMs + 45);
    t.end();
  });
}

t.test('before any message windows run on our clock as it is', (t) => {
  t.equal(new ClockOffsets().offsetMs('okx', time(0)), 0);
  t.equal(new ClockOffsets().hostErrorSeconds('okx', time(0), time(0)), undefined, 'and the error is unknown');
  t.end();
});

t.test('a venue that says nothing borrows the median of the others', (t) => {
  const offsets = new ClockOffsets();
  hear(offsets, 'binance', 60_000, 0, 10);
  t.equal(offsets.offsetMs('okx', time(10_000)), 60_045);
  hear(offsets, 'bybit', 61_000, 0, 10);
  t.equal(offsets.offsetMs('okx', time(10_000)), 60_545);
  t.end();
});

t.test('a first OKX event that is eight minutes late moves nothing, with or without other venues', (t) => {
  const offsets = new ClockOffsets();
  offsets.sampleEvent('okx', time(-480_000), time(0));
  t.equal(offsets.offsetMs('okx', time(0)), 0);
  hear(offsets, 'bybit', -60_000, 0, 10);
  offsets.sampleEvent('okx', time(-480_000), time(10_000));
  t.equal(offsets.offsetMs('okx', time(10_000)), -59_955);
  t.end();
});

t.test('a batch of late events is one opinion, not five', (t) => {
  const offsets = new ClockOffsets();
  for (let index = 0; index < 10; index++) offsets.sampleEvent('okx', time(-480_000 + index), time(index));
  t.equal(offsets.offsetMs('okx', time(100)), 0);
  t.end();
});

t.test('event times count when no venue says when it sends, once five agree over ten seconds', (t) => {
  const offsets = new ClockOffsets();
  for (const at of [0, 3_000, 6_000, 9_000, 12_000]) {
    t.equal(offsets.offsetMs('okx', time(at)), 0);
    // One of them says next week; a single broken time stamp must not decide.
    offsets.sampleEvent('okx', time(at - 60_400 + (at === 6_000 ? 80_000_000 : 0)), time(at));
  }
  t.equal(offsets.offsetMs('okx', time(12_000)), 60_400);
  t.equal(offsets.offsetMs('okx', time(140_000)), 0, 'and are forgotten after two minutes');
  t.end();
});

t.test('one or two messages with a broken time stamp move nothing', (t) => {
  const offsets = new ClockOffsets();
  hear(offsets, 'binance', 0, 0, 20);
  offsets.sample('binance', time(3_600_000), time(20_000));
  offsets.sample('binance', epochMs(8e15), time(20_000));
  offsets.sample('binance', time(50_000_000), time(20_000));
  offsets.sampleEvent('binance', epochMs(8e15), time(20_000));
  t.equal(offsets.offsetMs('binance', time(20_000)), 45);
  t.end();
});

t.test('a venue clock that jumps ahead is followed at once, one that jumps back within two minutes', (t) => {
  const offsets = new ClockOffsets();
  hear(offsets, 'bybit', 0, 0, 60);
  hear(offsets, 'bybit', -20_000, 60_000, 10);
  t.equal(offsets.offsetMs('bybit', time(70_000)), -19_955);
  hear(offsets, 'bybit', 0, 70_000, 110);
  t.equal(offsets.offsetMs('bybit', time(180_000)), 45);
  t.end();
});

t.test('a venue that fell silent is forgotten after two minutes', (t) => {
  const offsets = new ClockOffsets();
  hear(offsets, 'bybit', 60_000, 0, 10);
  t.equal(offsets.offsetMs('bybit', time(119_000)), 60_045);
  t.equal(offsets.offsetMs('bybit', time(190_000)), 0);
  t.end();
});

t.test('a host clock set while running changes no offset, and shows in the error', (t) => {
  const offsets = new ClockOffsets();
  hear(offsets, 'okx', 0, 0, 10);
  const now = time(10_000);
  t.equal(offsets.hostErrorSeconds('okx', now, now), 0.045);
  t.equal(offsets.hostErrorSeconds('okx', now, epochMs(now + 30_000)), 30.045);
  t.equal(offsets.offsetMs('okx', now), 45);
  t.end();
});
