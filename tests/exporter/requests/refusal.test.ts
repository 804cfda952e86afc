import t from 'tap';
import { describeRefusal } from '../../../exporter/requests/refusal.ts';

t.test('names in plain words why a venue refuses', async (t) => {
  const cases = [
    [451, /does not serve this location/],
    [403, /refuses this address/],
    [418, /has banned this address/],
    [429, /fewer requests/],
    [404, /check the configured URL/],
    [500, /in trouble/],
    [503, /in trouble/],
    [302, /HTTP 302/],
  ] as const;
  for (const [status, text] of cases) t.match(describeRefusal(status, undefined, 0).text, text, String(status));
});

t.test('leaves a venue alone for a minute exactly where hurrying makes it worse', async (t) => {
  const patient = new Set([403, 418, 429, 451]);
  for (let status = 100; status < 600; status += 1) {
    const { waitMs } = describeRefusal(status, undefined, 0);
    if (waitMs !== (patient.has(status) ? 60_000 : 0)) t.fail(`${status} waits ${waitMs}`);
  }
  t.pass('every status from 100 to 599');
});

t.test('obeys Retry-After in seconds or as a date, up to an hour', async (t) => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const cases = [
    ['30', 30_000],
    ['0', 0],
    ['-5', 0],
    ['Fri, 20 Nov 2026 12:00:45 GMT', 45_000],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['999999999', 3_600_000],
    ['soon', 60_000],
    ['', 60_000],
  ] as const;
  for (const [header, waitMs] of cases) t.equal(describeRefusal(429, header, now).waitMs, waitMs, header);
});
