import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { hashThresholdTable } from '../../../common/threshold-table-hash.ts';
import { watchThresholdTable } from '../../../exporter/metrics/threshold-table.ts';
import { openMetrics, seriesOf } from './metrics-stand.ts';

const SERIES = 'derivatives_threshold_table_info';

t.test('shows the hash of the table as it is now, however it was replaced', async (t) => {
  const path = join(t.testdir({ 'thresholds.yml': 'BTC: 1\n' }), 'thresholds.yml');
  const { metrics } = openMetrics({ thresholdTableHash: watchThresholdTable(path) });
  const shown = async () => seriesOf(await metrics.metrics(), SERIES);
  const series = (text: string) => [`{hash="${hashThresholdTable(text)}"} 1`];
  t.same(await shown(), series('BTC: 1'));

  writeFileSync(`${path}.new`, 'BTC: 2\n');
  renameSync(`${path}.new`, path);
  t.same(await shown(), series('BTC: 2'));

  writeFileSync(path, 'BTC: 2 # a comment\n');
  t.same(await shown(), series('BTC: 2'));

  rmSync(path);
  t.same(await shown(), ['{hash="unreadable"} 1']);
});

t.test('is absent where nobody said which file it is', async (t) => {
  t.same(seriesOf(await openMetrics().metrics.metrics(), SERIES), []);
});
