// Bursts against an independent count: 10,000 random episodes, judged once by the exporter's slots at its scrapes and
// once by brute force over every 30 s of the events. The two must agree always (precision = recall = 1.000).
import t from 'tap';
import { judgeEpisodes } from './episodes.ts';
import { seededRandom } from './liquidations.ts';

const EPISODES = 10_000;

t.test('the slots reach a threshold exactly when some 30 s of admitted events hold it', (t) => {
  const seed = Number(process.env.ORACLE_SEED ?? 20_261_120);
  const tally = judgeEpisodes(EPISODES, seededRandom(seed));
  t.equal(tally.thinned, 0, 'no front had to be thinned, so the comparison is a fair one');
  t.match(tally, { missed: 0, invented: 0 }, `recall and precision are 1 (ORACLE_SEED=${seed})`);
  t.ok(tally.hit > 1_000 && tally.quiet > 1_000, `both outcomes are common (${JSON.stringify(tally)})`);
  t.end();
});
