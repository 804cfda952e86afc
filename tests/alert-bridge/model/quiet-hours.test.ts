import t from 'tap';
import { formatQuietHours, parseQuietHours, quietUntilMs } from '../../../alert-bridge/model/quiet-hours.ts';

const at = (iso: string) => Date.parse(iso);
const until = (text: string, iso: string) => {
  const quiet = parseQuietHours(text);
  const end = quiet && quietUntilMs(quiet, at(iso));
  return end === undefined ? undefined : new Date(end).toISOString();
};

t.test('quiet hours are read and written as people write them', (t) => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['22:00-07:00 Europe/Berlin', '22:00-07:00 Europe/Berlin'],
    ['22:00 – 7:00 europe/berlin', '22:00-07:00 Europe/Berlin'],
    ['9:30-10:00', '09:30-10:00 UTC'],
    ['22:00-07:00 Asia/Kolkata all', '22:00-07:00 Asia/Kolkata all'],
    ['22:00-07:00 ALL', '22:00-07:00 UTC all'],
    ['22:00-22:00 Europe/Berlin', undefined],
    ['24:00-07:00', undefined],
    ['22:60-07:00', undefined],
    ['22:00-07:00 Europe/Atlantis', undefined],
    ['22-7', undefined],
    ['', undefined],
  ];
  for (const [text, wanted] of table) {
    const quiet = parseQuietHours(text);
    t.equal(quiet && formatQuietHours(quiet), wanted, JSON.stringify(text));
  }
  t.end();
});

t.test('a span over midnight is quiet on both sides of it, in its own zone', (t) => {
  const berlin = '22:00-07:00 Europe/Berlin';
  t.equal(until(berlin, '2026-11-20T20:59:59Z'), undefined);
  t.equal(until(berlin, '2026-11-20T21:00:00Z'), '2026-11-21T06:00:00.000Z');
  t.equal(until(berlin, '2026-11-21T05:59:59Z'), '2026-11-21T06:00:00.000Z');
  t.equal(until(berlin, '2026-11-21T06:00:00Z'), undefined);
  t.end();
});

t.test('a span within a day ends that day', (t) => {
  t.equal(until('12:00-13:30 Asia/Kolkata', '2026-11-20T06:30:30Z'), '2026-11-20T08:00:00.000Z');
  t.equal(until('12:00-13:30 Asia/Kolkata', '2026-11-20T08:00:00Z'), undefined);
  t.end();
});

t.test('the night of a change of summer time ends by the wall clock', (t) => {
  const berlin = '22:00-07:00 Europe/Berlin';
  t.equal(until(berlin, '2026-10-24T21:00:00Z'), '2026-10-25T06:00:00.000Z', 'an hour longer');
  t.equal(until(berlin, '2026-03-28T22:00:00Z'), '2026-03-29T05:00:00.000Z', 'an hour shorter');
  t.end();
});
