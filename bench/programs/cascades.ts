// Precision and recall of the exporter's bursts against brute force, over random episodes with an injected clock.
import { judgeEpisodes } from '../../tests/exporter/windows/episodes.ts';
import { seededRandom } from '../../tests/exporter/windows/liquidations.ts';
import { isAsked, report, runMeasurement } from '../program.ts';

const EPISODES = isAsked('quick') ? 4_000 : 12_000;

await runMeasurement(async () => {
  const seed = Date.now() % 2 ** 31;
  const { hit, missed, invented } = judgeEpisodes(EPISODES, seededRandom(seed));
  const note = `${EPISODES} episodes, seed ${seed}: ${hit} found, ${missed} missed, ${invented} invented`;
  report('cascade_precision', hit / (hit + invented), note);
  report('cascade_recall', hit / (hit + missed), note);
});
