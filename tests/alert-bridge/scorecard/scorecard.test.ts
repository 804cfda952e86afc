import t from 'tap';
import { scorecardLines } from '../../../alert-bridge/scorecard/describe.ts';
import { leadMs } from '../../../alert-bridge/scorecard/horizons.ts';
import { summarise } from '../../../alert-bridge/scorecard/scorecard.ts';
import type { TrackSamples } from '../../../alert-bridge/scorecard/store.ts';

const NOTHING: TrackSamples = { moves: [], leads: [], useful: 0, useless: 0, acknowledgedAfterMs: [], told: 0 };

t.test('the lead is the time to the first price far enough away, in either direction', (t) => {
  const prices = (...values: readonly number[]) => values.map((price, index) => ({ atMs: index * 5_000, price }));
  t.equal(leadMs(prices(100, 100.2, 100.4), 0.003), 10_000);
  t.equal(leadMs(prices(100, 99.6, 100.4), 0.003), 5_000);
  t.equal(leadMs(prices(100, 100.1), 0.003), undefined);
  t.equal(leadMs([], 0.003), undefined);
  t.equal(leadMs(prices(0, 1), 0.003), undefined);
  t.end();
});

t.test('targets are met, missed, or without data, and never anything else', (t) => {
  t.match(summarise(NOTHING), {
    useful: { verdict: 'no data' },
    kinds: [{ kind: 'cascade', lead: { verdict: 'no data' } }],
  });
  t.equal(summarise({ ...NOTHING, useful: 4, useless: 1 }).useful.verdict, 'met');
  t.equal(summarise({ ...NOTHING, useful: 3, useless: 1 }).useful.verdict, 'missed');
  const lead = (...leads: readonly (number | undefined)[]) =>
    summarise({ ...NOTHING, leads: leads.map((leadMs) => ({ kind: 'cascade' as const, leadMs })) }).kinds[0]?.lead;
  t.match(lead(30_000, 40_000), { medianSeconds: 35, verdict: 'met', followed: 2, judged: 2 });
  t.match(lead(10_000, undefined), { medianSeconds: 10, verdict: 'missed', followed: 1, judged: 2 });
  t.match(lead(undefined), { medianSeconds: undefined, verdict: 'missed' }, 'no move followed: nothing was announced');
  t.end();
});

t.test('moves are told by their size, whichever way the price went', (t) => {
  const moves = [0.01, -0.03].map((ratio) => ({ kind: 'oi_collapse' as const, horizon: 15 as const, ratio }));
  const score = summarise({ ...NOTHING, moves }).kinds.find(({ kind }) => kind === 'oi_collapse');
  t.match(score?.moves[2], { horizonMinutes: 15, medianRatio: 0.02, alerts: 2 });
  t.match(score?.moves[0], { medianRatio: undefined, alerts: 0 });
  t.end();
});

t.test('the scorecard in a chat shows missed targets as missed', (t) => {
  const card = summarise({
    ...NOTHING,
    useful: 1,
    useless: 1,
    told: 4,
    acknowledgedAfterMs: [60_000],
    leads: [{ kind: 'cascade', leadMs: 5_000 }],
  });
  t.same(scorecardLines(card), [
    '❌ useful: 50% of 2 votes (target 80%)',
    '👀 seen: 1 of 4 alerts, after 1 min in the median',
    '❌ cascades ahead by 5 s (target 30 s), 1 of 1 followed',
  ]);
  t.end();
});
